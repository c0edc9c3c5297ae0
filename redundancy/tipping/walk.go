package tipping

import (
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A walk goes through choices of components to lose: of each chain the first so many. It loses and takes back one at a time.
type walk struct {
	engine *cascade.Engine
	chains [][]topology.ID
	rest   []int // by chain: components of it and of those after it
	taken  []int // by chain
}

func newWalk(e *cascade.Engine, chains [][]topology.ID) *walk {
	w := &walk{engine: e, chains: chains, rest: make([]int, len(chains)+1), taken: make([]int, len(chains))}
	for c := len(chains) - 1; c >= 0; c-- {
		w.rest[c] = w.rest[c+1] + len(chains[c])
	}
	return w
}

// each visits the choices of from least to most components, while the engine has lost them.
func (w *walk) each(ctx context.Context, least, most int, visit func(k int)) error {
	return w.from(ctx, 0, 0, least, most, visit)
}

func (w *walk) from(ctx context.Context, c, k, least, most int, visit func(k int)) error {
	switch {
	case k+w.rest[c] < least:
		return nil
	case k == most || c == len(w.chains):
		visit(k)
		return ctx.Err()
	}
	var err error
	for err == nil {
		if err = w.from(ctx, c+1, k+w.taken[c], least, most, visit); w.taken[c] == len(w.chains[c]) || k+w.taken[c] == most {
			break
		}
		w.engine.Lose(w.chains[c][w.taken[c]])
		w.taken[c]++
	}
	for ; w.taken[c] > 0; w.taken[c]-- {
		w.engine.Undo()
	}
	return err
}

// lost returns what the engine has lost, in order of declaration.
func (w *walk) lost() []topology.ID {
	all := []topology.ID{}
	for c, n := range w.taken {
		all = append(all, w.chains[c][:n]...)
	}
	slices.Sort(all)
	return all
}

// ways returns for how many choices this one stands, if a chain is of components that nothing tells apart.
func (w *walk) ways(all *big.Int) *big.Int {
	all.SetInt64(1)
	var of big.Int
	for c, n := range w.taken {
		if n > 0 && n < len(w.chains[c]) {
			all.Mul(all, of.Binomial(int64(len(w.chains[c])), int64(n)))
		}
	}
	return all
}

// counts are how many choices chains have, by number of components. They rise to the middle and fall from there as they
// rose, so of n the first half is kept, as far as it is not too many to care for.
type counts struct {
	n    int
	many []float64
}

const countless = 1e12

func newCounts(chains [][]topology.ID) counts {
	c := counts{many: []float64{1}}
	for _, chain := range chains {
		c = c.with(len(chain))
	}
	return c
}

// of returns how many choices of k there are; +Inf for too many.
func (c counts) of(k int) float64 {
	k = min(k, c.n-k)
	switch {
	case k < 0:
		return 0
	case k >= len(c.many):
		return math.Inf(1)
	default:
		return c.many[k]
	}
}

// all returns how many choices there are.
func (c counts) all() (all float64) {
	for k := range c.n + 1 {
		all += c.of(k)
	}
	return all
}

// with returns the counts once each choice may take up to so many more.
func (c counts) with(more int) counts {
	next := counts{n: c.n + more}
	sum := 0.0
	for k := 0; k <= next.n/2; k++ {
		if k > more {
			sum -= c.of(k - more - 1)
		}
		if sum += c.of(k); sum > countless {
			break
		}
		next.many = append(next.many, sum)
	}
	return next
}
