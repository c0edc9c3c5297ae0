package spare

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// maxChances is how many purchases are asked how likely they are to hold.
const maxChances = 20_000

// risk finds the cheapest purchase with which a random loss is unlikely enough to matter. Purchases are asked in order of
// their cost, so that the first that is good enough is the cheapest: nothing is taken to get better by buying more.
func (w *work) risk(ctx context.Context) (*Plan, error) {
	open, m := queue.New((*bid).compare), newMarket(w.columns)
	open.Push(&bid{cost: new(big.Rat), latest: -1})
	for range maxChances {
		b, more := open.Pop()
		if !more {
			return &Plan{Certainty: cascade.Proven, Infeasible: true, Risk: w.options.Risk, Reason: "all that can be bought leaves a larger one."}, nil
		}
		x := m.purchase(b)
		fleet, odds, err := w.odds(ctx, x)
		switch {
		case err != nil:
			p, err := w.stopped(err)
			if p != nil {
				p.Bound = number(b.cost)
			}
			return p, err
		case odds.Certainty != cascade.Exact:
			return undetermined("how likely a loss is to matter is not known exactly: %s", odds.Reason), nil
		case w.bad(odds) <= w.options.Risk && w.stands(fleet):
			return w.likely(fleet, odds, x, b.cost), nil
		}
		for _, next := range m.next(b) {
			open.Push(next)
		}
	}
	p := undetermined("%d purchases were tried, and none of them is enough", maxChances)
	if b, more := open.First(); more {
		p.Bound = number(b.cost)
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

func (w *work) likely(fleet *topology.Topology, odds *cascade.Odds, x []int, cost *big.Rat) *Plan {
	p := &Plan{Certainty: cascade.Proven, Survive: w.options.Survive, Risk: w.options.Risk, Left: w.bad(odds), Fleet: fleet}
	if p.Buy = w.purchases(x); len(p.Buy) == 0 {
		p.Certainty = cascade.Exact
	}
	p.Cost = number(cost)
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
