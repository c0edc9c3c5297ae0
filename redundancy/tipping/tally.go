package tipping

import (
	"context"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A tally is what became of all choices of components to lose, of those that nothing tells apart one standing for all.
type tally [2]counted // by question

// counted are the choices by how a question about them is answered.
type counted struct {
	bad     []*big.Int // by number of components, choices that are not well
	fewest  int        // components of a choice that is not; -1 if there is none
	worst   []topology.ID
	most    int // components of a choice that is; -1 if there is none
	luckies []topology.ID
}

// tally looks at all choices, unless they are too many.
func (f *finder) tally(ctx context.Context, _ *Point) error {
	f.sorts = split(f.t, f.alike(surviving))
	if f.sizes = newCounts(f.sorts); f.sizes.all() > float64(f.steps) {
		return nil
	}
	t := &tally{newCounted(len(f.ids)), newCounted(len(f.ids))}
	w := newWalk(f.engine, f.sorts)
	var ways big.Int
	err := w.each(ctx, 0, len(f.ids), func(k int) {
		holds := f.well(holding)
		w.ways(&ways)
		t[holding].add(k, holds, w, &ways)
		t[surviving].add(k, holds || f.well(surviving), w, &ways)
	})
	if err == nil {
		f.told = t
	}
	return err
}

func newCounted(n int) counted {
	c := counted{bad: make([]*big.Int, n+1), fewest: -1, most: -1}
	for k := range c.bad {
		c.bad[k] = new(big.Int)
	}
	return c
}

func (c *counted) add(k int, well bool, w *walk, ways *big.Int) {
	switch {
	case well && k >= c.most:
		if k > c.most {
			c.most, c.luckies = k, nil
		}
		c.luckies = earlier(w.lost(), c.luckies)
	case !well:
		c.bad[k].Add(c.bad[k], ways)
		if c.fewest < 0 || k < c.fewest {
			c.fewest, c.worst = k, nil
		}
		if k == c.fewest {
			c.worst = earlier(w.lost(), c.worst)
		}
	}
}

// told reads a limit off the tally.
func (a *answer) told() {
	c := &a.finder.told[a.question]
	a.worst, a.lucky = c.worst, c.luckies
	a.Any, a.Some, a.SomeMost = len(a.ids), c.most, c.most
	if c.fewest >= 0 {
		a.Any = c.fewest - 1
	}
	a.AnyMost = a.Any
}

// chance returns the probability that k lost at random are not well.
func (c *counted) chance(k int) cascade.Interval {
	all := new(big.Int).Binomial(int64(len(c.bad)-1), int64(k))
	p, _ := new(big.Rat).SetFrac(c.bad[k], all).Float64()
	return cascade.Interval{Low: p, High: p}
}

// level looks at all choices of k components.
func (f *finder) level(ctx context.Context, k int) (fail, collapse cascade.Interval, err error) {
	t := tally{newCounted(len(f.ids)), newCounted(len(f.ids))}
	w := newWalk(f.engine, f.sorts)
	var ways big.Int
	err = w.each(ctx, k, k, func(k int) {
		holds := f.well(holding)
		if w.ways(&ways); !holds {
			t[holding].bad[k].Add(t[holding].bad[k], &ways)
		}
		if !holds && !f.well(surviving) {
			t[surviving].bad[k].Add(t[surviving].bad[k], &ways)
		}
	})
	return t[holding].chance(k), t[surviving].chance(k), err
}
