package spare

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// maxChances is how many purchases are asked how likely they are to hold.
const maxChances = 20_000

// A bid is a purchase that has not been asked yet.
type bid struct {
	x    []int
	cost *big.Rat
	from int // the last column bought: the next is none before it, so that no purchase is made twice
	made int
}

func (b *bid) compare(other *bid) int {
	return cmp.Or(b.cost.Cmp(other.cost), cmp.Compare(b.made, other.made))
}

// risk finds the cheapest purchase with which a random loss is unlikely enough to matter. Purchases are asked in order of
// their cost, so that the first that is good enough is the cheapest: nothing is taken to get better by buying more.
func (w *work) risk(ctx context.Context) (*Plan, error) {
	open := queue.New((*bid).compare)
	open.Push(&bid{x: make([]int, len(w.columns)), cost: new(big.Rat)})
	made := 0
	for asked := 0; asked < maxChances; asked++ {
		b, more := open.Pop()
		if !more {
			return &Plan{Certainty: cascade.Proven, Infeasible: true, Risk: w.options.Risk, Reason: "all that can be bought leaves a larger one."}, nil
		}
		fleet, odds, err := w.odds(ctx, b.x)
		switch {
		case err != nil:
			p, err := w.stopped(err)
			return p, err
		case odds.Certainty != cascade.Exact:
			return undetermined("how likely a loss is to matter is not known exactly: %s", odds.Reason), nil
		case w.bad(odds) <= w.options.Risk && w.stands(fleet):
			return w.likely(fleet, odds, b), nil
		}
		for j := b.from; j < len(w.columns); j++ {
			if b.x[j] == w.columns[j].most {
				continue
			}
			x := slices.Clone(b.x)
			x[j]++
			made++
			open.Push(&bid{x, new(big.Rat).Add(b.cost, w.columns[j].cost), j, made})
		}
	}
	p := undetermined("%d purchases were tried, and none of them is enough", maxChances)
	if b, more := open.First(); more {
		p.Bound, _ = b.cost.Float64()
	}
	return p, nil
}

func (w *work) odds(ctx context.Context, x []int) (*topology.Topology, *cascade.Odds, error) {
	fleet, err := enlarge(w.t, w.columns, x)
	if err != nil {
		return nil, nil, err
	}
	odds, err := cascade.Chance(ctx, fleet, w.family, cascade.Options{Serve: w.options.Serve, Workers: w.options.Workers})
	return fleet, odds, err
}

// stands reports whether a fleet does what it is to do with nothing lost.
func (w *work) stands(fleet *topology.Topology) bool {
	o, err := cascade.Run(fleet, cascade.Scenario{})
	if err != nil {
		return false
	}
	verdict := o.Judge(w.serve())
	return verdict == cascade.Holds || w.options.Survive && verdict != cascade.Collapses
}

// bad returns the probability of what is not to happen.
func (w *work) bad(odds *cascade.Odds) float64 {
	if w.options.Survive {
		return odds.Collapse.High
	}
	return odds.Fail.High
}

func (w *work) likely(fleet *topology.Topology, odds *cascade.Odds, b *bid) *Plan {
	p := &Plan{Certainty: cascade.Proven, Survive: w.options.Survive, Risk: w.options.Risk, Left: w.bad(odds), Fleet: fleet}
	if p.Buy = w.purchases(b.x); len(p.Buy) == 0 {
		p.Certainty = cascade.Exact
	}
	p.Cost, _ = b.cost.Float64()
	p.Bound = p.Cost
	return p
}

// unlikely says what a plan is for that leaves some risk.
func (p *Plan) unlikely() string {
	what := "it does not hold"
	if p.Survive {
		what = "it collapses"
	}
	return fmt.Sprintf("%s with a probability of %s, within %s", what, percent(p.Left), percent(p.Risk))
}
