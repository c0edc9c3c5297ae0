// Package tipping finds how much a fleet may lose before it tips over.
//
// [Find] asks of the components of a pattern: how many of them may be lost, whichever, so that the fleet holds, and so that
// it does not collapse; how many with luck; how many at random, and how likely that is; how far load may grow, and their
// capacities shrink, with nothing lost; and how soon the worst loss brings the collapse.
//
// Losing more can make a fleet hold, and an order of trips can save it. So each answer says how sure it is, and carries a
// scenario that shows it.
package tipping

import (
	"cmp"
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Point is how many components of a pattern may be lost together: so many that the fleet holds, with nothing
// overloaded and every demand served in full. It prints as that. One made by [Find] also says with how many it
// does not collapse, by the plain rounds of [cascade.Engine], what chance makes of both, and how far load may grow.
type Point struct {
	Of    string `json:"of"`    // the pattern
	Count int    `json:"count"` // components of it
	Limit        // with which the fleet holds

	Surviving *Limit    `json:"surviving,omitempty"` // with which it does not collapse
	Random    []Loss    `json:"random,omitempty"`    // what the loss of so many at random does, by their number
	Collapse  *Collapse `json:"collapse,omitempty"`  // of the worst so many; nil if none is known, or if trip times save it
}

// A Limit is how many components may be lost so that all is well. Losing more may make it well again, so Any speaks of
// any fewer as well, and Some of nothing but itself.
type Limit struct {
	Certainty cascade.Certainty `json:"certainty"`        // of Any and Some together; each is final where it equals the most that it can be
	Reason    string            `json:"reason,omitempty"` // why one is not
	Any       int               `json:"any"`              // any so many may be lost, and any fewer; -1 if it is not well with nothing lost
	Worst     cascade.Scenario  `json:"worst,omitzero"`   // but not these, one more than AnyMost; empty if all may be lost, or if it is not known
	Some      int               `json:"some"`             // with luck, so many: some choice of so many may be lost; -1 for none

	AnyMost  int              `json:"anyMost"`        // no more than so many are Any
	SomeMost int              `json:"someMost"`       // no more than so many are Some
	Lucky    cascade.Scenario `json:"lucky,omitzero"` // a choice of Some

	Odds     []Odds `json:"odds,omitempty"`    // how many may be lost at random, with 95, 50 and 5 %
	Load     Flip   `json:"load,omitzero"`     // to which factor load may grow, with nothing lost
	Capacity Flip   `json:"capacity,omitzero"` // to which factor the capacities of all components of the pattern may shrink; zero if none has one
}

// Odds are how many components may be lost at random so that all is well with at least a given probability: the most, if
// that is so for every smaller number too.
type Odds struct {
	Chance    float64           `json:"chance"`
	Certainty cascade.Certainty `json:"certainty"` // Exact; Sampled; Bounded: of some smaller numbers it was not asked
	Lost      int               `json:"lost"`      // -1 if it is less likely with nothing lost
	Most      int               `json:"most"`      // numbers from Lost+1 to this are too close to call, or were too many to ask for
}

// A Loss is what the loss of so many components at random does.
type Loss struct {
	Lost      int               `json:"lost"`
	Certainty cascade.Certainty `json:"certainty"` // Exact, or Sampled
	Fail      cascade.Interval  `json:"fail"`      // probability that the fleet does not hold
	Collapse  cascade.Interval  `json:"collapse"`  // that it collapses
}

// Find finds how many components of a pattern may be lost. Of the options it takes Serve, Seed, Samples for each
// point, which are 10,000 if not given, of large fleets down to 1,000, and Workers, on which nothing depends. The error names
// what the topology does not have. When ctx ends, it returns what is known by then together with ctx's error.
//
// Exact is what the order of one equally loaded pool tells, of its servers or of failure domains, and what can be counted:
// of components that nothing tells apart only the number is tried, and for holding, of those alike but for capacity the
// strongest and the weakest. Proven is what bounds meet in: of the load that comes to what is left, of the capacity that must
// be left, and for collapse a branch and bound, where nothing sheds, no supply is optional and [cascade.Monotone] is true, so
// that losing more never saves a demand. Where there are too many choices for that it is bounded; then witnesses are the
// worst and the luckiest of a few tried.
//
// Chance is exact where [cascade.Chance] is and where all choices are counted, elsewhere sampled. Up to a few tens of
// components every number is asked for, of more the numbers about the three thresholds.
func Find(ctx context.Context, t *topology.Topology, pattern string, o cascade.Options) (*Point, error) {
	ids, err := t.Select(pattern)
	if err != nil {
		return nil, fmt.Errorf("tipping point: %w", err)
	}
	o = cascade.Options{Serve: o.Serve, Samples: cmp.Or(o.Samples, fewSamples(t)), Seed: o.Seed, Workers: o.Workers, Worst: 1}
	if _, err := cascade.Screen(context.Background(), t, cascade.Only(cascade.Scenario{}), o); err != nil {
		return nil, fmt.Errorf("tipping point: %w", err)
	}
	p := &Point{Of: pattern, Count: len(ids), Limit: unknown(len(ids))}
	surviving := unknown(len(ids))
	p.Surviving = &surviving
	f := newFinder(t, pattern, ids, o, mostTried)
	for _, step := range []func(context.Context, *Point) error{f.tally, f.limits, f.chances, f.flips, f.collapse} {
		if err := step(ctx, p); err != nil {
			return p, err
		}
	}
	return p, nil
}

const (
	mostTried   = 300_000 // choices that are tried
	quicklyDone = 100_000 // the same for a report
)

// fewSamples is how many random losses are drawn for a point if it is not said how many: of large fleets fewer.
func fewSamples(t *topology.Topology) int64 {
	return max(1_000, min(10_000, 10_000_000/int64(t.Len())))
}

// Holding finds how many components may be lost so that the fleet holds.
func Holding(ctx context.Context, t *topology.Topology, pattern string) (*Point, error) {
	ids, err := t.Select(pattern)
	if err != nil {
		return nil, fmt.Errorf("tipping point: %w", err)
	}
	p := &Point{Of: pattern, Count: len(ids), Limit: unknown(len(ids))}
	f := newFinder(t, pattern, ids, cascade.Options{Serve: 1}, quicklyDone)
	return p, f.limit(ctx, holding, &p.Limit)
}

// unknown is a limit of which nothing is known.
func unknown(n int) Limit {
	return Limit{Certainty: cascade.Bounded, Reason: outOfTime, Any: -1, AnyMost: n, Some: -1, SomeMost: n}
}

const outOfTime = "the time was up."
