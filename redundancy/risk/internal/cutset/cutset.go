// Package cutset solves fault trees: minimal cut sets, their number, the exact probability of the top, and the part that
// each event has in it.
//
// A tree is made simpler, cut into modules (package tree), and each module becomes a binary decision diagram (package
// bdd), in the best of several orders of its events (package order); its minimal cut sets are read from that (package
// zdd). A module stands in the diagrams of those around it as one event. What is asked is answered by passes over the
// diagrams, and put together: a probability takes the place of a module, and so does a number of sets of each size.
// Pools of independent members need no diagram for their probability (package nested).
package cutset

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/nested"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

// Options say how far a solution may go. The zero value is right for most.
type Options struct {
	Nodes    int                   // most nodes that a diagram may have at a time; 0 is 2^24, 1 GiB
	Progress func(done, parts int) // called as modules are solved; nil is nobody
	Tried    func()                // called as diagrams of one module are tried, or states of it; nil is nobody
}

func (o Options) tried() {
	if o.Tried != nil {
		o.Tried()
	}
}

func (o Options) nodes() int {
	if o.Nodes == 0 {
		return 1 << 24
	}
	return o.Nodes
}

// All is the size up to which all minimal cut sets are in a solution that has all of them.
const All = math.MaxInt32 / 4

// A Solution is a solved fault tree, as far as it could be solved. It does not change, and is safe for concurrent use.
type Solution struct {
	events int
	parts  []part // modules, each after those that stand in it; the last is the whole; none if nothing can fail
	upTo   int    // all sets up to this size are there
}

// UpTo returns the size up to which the solution has all minimal cut sets: [All], or what was asked for of [Solution.WithSets]. It
// is 0 as long as nothing was.
func (s *Solution) UpTo() int { return s.upTo }

// Exact reports whether there is a [Solution.Probability]: otherwise there are [Solution.Bounds] of it.
func (s *Solution) Exact() bool {
	return !slices.ContainsFunc(s.parts, func(p part) bool { return p.function == nil })
}

// Complete returns the solution with the probabilities of the modules that were only glanced at, as far as the nodes suffice. Its cut
// sets stay as they are. The error is the context's.
func (s *Solution) Complete(ctx context.Context, o Options) (*Solution, error) {
	all := &Solution{events: s.events, parts: slices.Clone(s.parts), upTo: s.upTo}
	for i := range all.parts {
		p := &all.parts[i]
		if p.function != nil {
			continue
		}
		levels, f, err := function(ctx, p.module.Tree, affordable(p.module.Tree, o.nodes()), o.tried)
		if err == nil {
			p.function = binary{diagram{f, stands(p.module, levels)}}
		} else if !errors.Is(err, dd.ErrFull) {
			return nil, err
		}
	}
	return all, nil
}

// A part is a module, as far as it is solved.
type part struct {
	module   tree.Part
	pool     *nested.Pool // nil if it is none
	function summed       // nil if it would be too large
	family   diagram      // zero-suppressed: the minimal cut sets
	whole    bool         // all of these
	least    int          // size of the smallest of these
}

// A diagram has at its levels events or, from the number of events on, parts.
type diagram struct {
	dd.Diagram
	stands []int32
}

// Solve solves a tree, as far as the nodes suffice. The error is the context's.
func Solve(ctx context.Context, t *tree.Tree, o Options) (*Solution, error) {
	return solve(ctx, t, o, func(*tree.Tree) int { return o.nodes() })
}

// Glance solves only those modules that are small. [Solution.Complete] goes on.
func Glance(ctx context.Context, t *tree.Tree, o Options) (*Solution, error) {
	return solve(ctx, t, o, func(m *tree.Tree) int { return min(glance(m), o.nodes()) })
}

// glance returns how many nodes a module may have to be called small.
func glance(t *tree.Tree) int { return max(1<<15, firstNodes(t)) }

func solve(ctx context.Context, t *tree.Tree, o Options, nodes func(*tree.Tree) int) (*Solution, error) {
	s := &Solution{events: t.Events, upTo: All}
	modules, err := split(ctx, t)
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		p, err := s.solve(ctx, m, nodes(m.Tree), o.tried)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p.whole = err == nil; p.whole {
			p.least = smallest(p.family.Diagram, s.least(p.family.stands))
		} else {
			s.upTo = 0
		}
		s.parts = append(s.parts, p)
		if o.Progress != nil {
			o.Progress(len(s.parts), len(modules))
		}
	}
	return s, nil
}

func split(ctx context.Context, t *tree.Tree) ([]tree.Part, error) {
	s, err := tree.Simplify(ctx, t)
	if err != nil {
		return nil, err
	}
	return tree.Split(ctx, s)
}

// solve solves a module. Of what comes with an error, the function is known if it is there.
func (s *Solution) solve(ctx context.Context, m tree.Part, limit int, tried func()) (p part, err error) {
	p.module = m
	if of, ok := nested.Of(m.Tree); ok {
		p.pool, p.function = of, pooled{of, stands(m, of.Events)}
		p.family, err = s.poolSets(ctx, &p, All, min(limit, mostOfPool))
		return p, err
	}
	levels, f, err := function(ctx, m.Tree, affordable(m.Tree, limit), tried)
	if err != nil {
		return p, err
	}
	at := stands(m, levels)
	p.function = binary{diagram{f, at}}
	family, err := zdd.Minimal(ctx, f, limit)
	p.family = diagram{family, at}
	return p, err
}

// mostOfPool is how many nodes all cut sets of a pool may have: what is known of it costs so much more than the nodes.
const mostOfPool = 1 << 21

// poolSets returns the cut sets of a pool up to a size.
func (s *Solution) poolSets(ctx context.Context, p *part, size, limit int) (diagram, error) {
	at := stands(p.module, p.pool.Events)
	family, err := p.pool.Sets(ctx, s.least(at), size, limit)
	return diagram{family, at}, err
}

// stands returns what stands at the levels of a module.
func stands(m tree.Part, levels []int32) []int32 {
	at := make([]int32, len(levels))
	for level, event := range levels {
		at[level] = m.Stands[event]
	}
	return at
}
