package spare

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// maxChances is how many purchases are asked how likely they are to hold.
const maxChances = 20_000

// risk finds the cheapest purchase with which a random loss is unlikely enough to matter. Purchases are asked in order of
// their cost, so that the first that is good enough is the cheapest: nothing is taken to get better by buying more.
func (w *work) risk(ctx context.Context) (*Plan, error) {
	if p, err := w.faint(ctx); p != nil || err != nil {
		return p, err
	}
	open, m := queue.New((*bid).compare), newMarket(w.columns)
	open.Push(&bid{cost: new(big.Rat), latest: -1})
	for range maxChances {
		b, more := open.Pop()
		if !more {
			return w.leaves(nil), nil
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

// leaves is the plan where all that can be bought leaves too large a risk: so large, if that is known.
func (w *work) leaves(odds *cascade.Odds) *Plan {
	p := &Plan{Certainty: cascade.Proven, Infeasible: true, Survive: w.options.Survive, Risk: w.options.Risk, Reason: "all that can be bought leaves a larger risk."}
	if odds != nil {
		p.Left = w.bad(odds)
		p.Reason = fmt.Sprintf("all that can be bought leaves a risk of %s.", percent(p.Left))
	}
	return p
}

// plenty is how many of all offers together are asked first.
const plenty = 1_000

// faint is the plan where there is little hope: more servers, none of them weaker than those there are and all of them alike, only
// help, and even plenty of them leaves too large a risk. It is nil where that is not so.
func (w *work) faint(ctx context.Context) (*Plan, error) {
	if !w.onlyHelps() {
		return nil, nil
	}
	x, all := make([]int, len(w.columns)), true
	for j, c := range w.columns {
		x[j] = min(c.most, plenty/len(w.columns))
		all = all && x[j] == c.most
	}
	_, odds, err := w.odds(ctx, x)
	switch {
	case err != nil:
		return w.stopped(err)
	case odds.Certainty != cascade.Exact || w.bad(odds) <= w.options.Risk:
		return nil, nil
	case all:
		return w.leaves(odds), nil
	default:
		return undetermined("even with %d of each offer the risk is %s; what is left of it comes from losing too many of what they stand on",
			x[0], percent(w.bad(odds))), nil
	}
}

// onlyHelps reports whether more of any offer never makes a loss more likely to matter.
func (w *work) onlyHelps() bool {
	p, _ := pool.Find(w.t)
	if p == nil || len(p.Power) > 0 || len(w.columns) == 0 || len(w.columns) > plenty {
		return false
	}
	strongest := w.t.Capacity(p.Strongest(p.Servers)[0])
	return !slices.ContainsFunc(w.columns, func(c column) bool {
		_, server := p.Place(c.id)
		return !server || c.more || w.t.Capacity(c.id) != w.t.Capacity(w.columns[0].id) || w.t.Capacity(c.id) < strongest
	})
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
