package growth

import (
	"context"
	"math"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Ledger is what becomes of a fleet's capacity at the most load that is safe. It prints as a table.
type Ledger struct {
	Family    cascade.Family    `json:"family"`
	Certainty cascade.Certainty `json:"certainty"`
	Reason    string            `json:"reason,omitempty"`
	Looked    int64             `json:"looked"` // scenarios, and nothing lost, of which loads were taken
	First     Limit             `json:"first"`  // the first to cease to hold: at its margin all loads are taken
	Entries   []Entry           `json:"entries"`
}

// An Entry is what becomes of the capacity of some components.
type Entry struct {
	Of       string  `json:"of,omitempty"` // the pattern, or the name of the domain; "" for all of the kind
	Kind     string  `json:"kind"`         // or the name of one that has no kind
	Unit     string  `json:"unit,omitempty"`
	Count    int     `json:"count"`
	Capacity float64 `json:"capacity"`
	Used     float64 `json:"used"`     // of it in the worst scenario of each component
	Stranded float64 `json:"stranded"` // the rest

	// Unclaimed is the part of Stranded that what draws on these could not use in any scenario if it were itself at its
	// capacity: power without servers. The rest waits for load that does not come since something else is full: of servers
	// on boards that are, these are servers without power.
	Unclaimed float64 `json:"unclaimed"`

	Busiest string           `json:"busiest"`     // the component nearest to its capacity,
	Most    float64          `json:"utilization"` // so near,
	Worst   cascade.Scenario `json:"worst"`       // in this scenario
}

// Stranded tells what part of a fleet's capacity can never be used while every scenario of a family must hold.
//
// Load grows, in the mix that it has, to the margin of the first scenario that would cease to hold: there something is full.
// At that load the highest load of each component, in any scenario of the family or with nothing lost, is what it is ever
// used for, so that what is held free for failures counts as used. The rest of its capacity is stranded: no load that is
// safe comes to it, unless what is full is enlarged. Part of it is unclaimed: not even at the full capacity of all that
// draws on it, nameplates and not draws, would it be used.
//
// Loads of every scenario are taken one by one, up to so many that 400 million loads are. Of more scenarios, the first in
// order of the family: then it is Bounded, since others may use more, and less be stranded. The error names what the
// topology does not have. When ctx ends, it returns what is known by then together with ctx's error.
func Stranded(ctx context.Context, t *topology.Topology, f cascade.Family, o Options) (*Ledger, error) {
	o, list, err := o.byGroup(t, f)
	if err != nil {
		return nil, err
	}
	level, err := levelOf(ctx, t, f, cascade.Scenario{}, o.Screening)
	if level == nil {
		return nil, err
	}
	l := &Ledger{Family: f, Certainty: level.Certainty, Reason: level.Reason, First: level.First, Entries: []Entry{}}
	if err != nil {
		return l, err
	}
	return l, l.take(ctx, t, list, o)
}

// take takes the loads of the scenarios, and enters them.
func (l *Ledger) take(ctx context.Context, t *topology.Topology, list []group, o Options) error {
	scan, err := newScan(t, l.factor(), o.Screening)
	if err != nil {
		return err
	}
	count, err := l.Family.Count(t)
	if err != nil {
		return err
	}
	stop := scan.run(ctx, l.Family, count)
	l.Looked = scan.looked
	if left := new(big.Int).Sub(count, big.NewInt(l.Looked-1)); left.Sign() > 0 && l.Certainty == cascade.Exact {
		l.Certainty = cascade.Bounded
		l.Reason = "of " + topology.Quantity(float(count), "") + " scenarios the loads of " + topology.Quantity(float64(l.Looked-1), "") +
			" were taken: in others more may be used."
	}
	for _, g := range list {
		l.Entries = append(l.Entries, scan.entry(g))
	}
	return stop
}

// factor is that of the load at which loads are taken.
func (l *Ledger) factor() float64 {
	if math.IsInf(l.First.Margin, 1) {
		return 1
	}
	return l.First.Margin
}
