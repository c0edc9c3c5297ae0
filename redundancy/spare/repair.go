package spare

import (
	"context"
	"math"
	"math/big"
	"slices"
)

const (
	maxRepairs = 400 // steps
	maxTried   = 64  // columns at each
)

// repair looks for some purchase that holds, not a cheapest: from the one at which a search stopped it adds what relieves the
// overloads most for its cost, until none is left. It returns nil where that leads nowhere.
func (w *work) repair(ctx context.Context, x []int) []int {
	h := &hunt{work: w, root: w.box()}
	x = slices.Clone(x)
	last, step := -1, 1
	for range maxRepairs {
		bad, err := h.test(ctx, x)
		switch {
		case err != nil:
			return nil
		case len(bad) == 0:
			return x
		case bad[0].of < 0:
			return nil
		}
		j := w.relief(ctx, bad, x)
		if j < 0 {
			return nil
		}
		if step *= 2; j != last {
			step = 1
		}
		last = j
		x[j] = min(w.columns[j].most, x[j]+step)
	}
	return nil
}

// relief returns the column of which one more lowers the overloads of broken cases most for its cost; -1 if none does,
// or ctx has ended.
func (w *work) relief(ctx context.Context, bad []broken, x []int) int {
	best, most := -1, 0.0
	now := w.excess(bad, x)
	for j := range w.columns[:min(len(w.columns), maxTried)] {
		if ctx.Err() != nil {
			return -1
		}
		if x[j] == w.columns[j].most {
			continue
		}
		x[j]++
		cost, _ := w.columns[j].cost.Float64()
		if gain := (now - w.excess(bad, x)) / cost; gain > most {
			best, most = j, gain
		}
		x[j]--
	}
	return best
}

// excess returns by how much the worst component of each case is overloaded, added up; a demand that is down counts as one
// that carries twice what it can.
func (w *work) excess(bad []broken, x []int) (sum float64) {
	for _, b := range bad {
		worst := 0.0
		for _, f := range w.fleet.Judge(w.cases[b.of], x, w.plates) {
			if f.Unserved {
				worst = max(worst, 1)
			} else {
				worst = max(worst, f.Load/f.Capacity-1)
			}
		}
		sum += worst
	}
	return sum
}

// number is a cost as a float64: the largest there is if it is above that.
func number(cost *big.Rat) float64 {
	n, _ := cost.Float64()
	return min(n, math.MaxFloat64)
}

func (w *work) price(x []int) *big.Rat {
	cost := new(big.Rat)
	for j, n := range x {
		if n > 0 {
			cost.Add(cost, new(big.Rat).Mul(w.columns[j].cost, big.NewRat(int64(n), 1)))
		}
	}
	return cost
}
