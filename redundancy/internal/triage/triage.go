// Package triage finds what to refuse, what to take out of rotation and what to switch off right after a loss, so that
// what is left holds, in any topology.
//
// # Three things that are known
//
// While it is settled which components are up and which are in rotation, every share but the waterfall splits load by
// parts that do not depend on it, and what sheds passes its load on unchanged as long as it is not overloaded. So each load
// is base + Σ part · admitted fraction, and the most that can be admitted is a linear program with a column for each demand.
//
// What can be chosen are the servers: the members of what a demand draws on, and of what these pass their load on to in
// the same unit. Servers that are alike, which nothing in the topology tells apart, are counted, not named: a choice is how
// many of each class stay in rotation, and how many out of it. Where there are few choices each is looked at, which proves
// the best; otherwise a search takes good ones.
//
// And no choice whatever admits more than the program in which every pool may split its load at will: see relaxation. Where
// that admits more than was found, and there are not too many classes, it is narrowed down by how many of each are in
// rotation: see partition.
package triage

import (
	"context"

	"github.com/ridethrough/ridethrough/topology"
)

// A Problem is a fleet right after a loss.
type Problem struct {
	Topology *topology.Topology
	Status   []topology.Status // by ID, closed: Up, Ready or Down
	Demand   []float64         // by ID: what is asked for
	Worth    []float64         // by ID: of one unit of that
}

// An Answer is what to do, and what is known of it. What it says of values is of what is admitted.
type Answer struct {
	Fits     bool              // what it says to do overloads nothing
	Hopeless bool              // something is overloaded whatever is done, which is proven
	Admit    []float64         // by ID: fraction of the demand
	Out, Off []topology.ID     // to take out of rotation, to switch off, in order of declaration
	Status   []topology.Status // then
	Live     int               // servers in rotation then
	Value    float64
	Most     float64 // no choice has more
	Every    bool    // every choice was looked at
	Stay     float64 // the most if every server stays as it is; negative if something is overloaded even without load
	Total    float64 // of all that is asked for
	Tight    []topology.ID
}

// Alike is how far apart, in parts of all that is asked for, values may be and count as the same: ten times the tolerance
// of overloads.
const Alike = 10 * topology.Tolerance

// Proven reports whether no choice has more than what was found.
func (a *Answer) Proven() bool {
	return a.Fits && a.Most-a.Value <= Alike*a.Total || a.Hopeless
}

// Solve finds an answer. Of choices with the same value it prefers the one with most servers in rotation, and of these the
// one with fewest switched off. When ctx ends, it returns the best that is known by then together with ctx's error.
func Solve(ctx context.Context, p Problem) (*Answer, error) { return solve(ctx, p, maxChoices) }

// solve finds an answer. If there are no more choices than so many, it looks at each.
func solve(ctx context.Context, p Problem, choices int) (*Answer, error) {
	f := newFleet(p)
	s := newSearch(ctx, f)
	s.few = choices
	bound := f.bound(ctx)
	s.hint = bound.fraction
	a := &Answer{Stay: s.start(), Total: f.total, Hopeless: bound.hopeless, Most: bound.most}
	if !a.Hopeless {
		s.run(bound, a)
	}
	s.answer(a)
	return a, ctx.Err()
}
