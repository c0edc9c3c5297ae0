package integer

import (
	"context"
	"math/big"
	"slices"
)

// A root is what is proven of the whole program: no solution costs less than sum, and with a column away from the bound
// that is cheaper, than sum and left for each step, in units of 2^-shift.
type root struct {
	box
	fixed *big.Int // the cost of the best with which columns were narrowed last
	proof pricing
	sum   *big.Int
	left  []*big.Int
	shift uint
}

func (s *search) rootOf(proof pricing) *root {
	shift := s.shift(proof)
	r := &root{box: box{s.least, s.most}.clone(), proof: proof, left: s.costs(shift), shift: shift}
	r.sum = s.weak(r.proof, r.left, r.least, r.most)
	return r
}

// fix narrows the columns to what can be cheaper than the best (reduced cost fixing: Dantzig, Fulkerson & Johnson 1954,
// doi:10.1287/opre.2.4.393).
func (s *search) fix() {
	if s.best == nil || s.root == nil || s.wide || s.root.fixed != nil && s.root.fixed.Cmp(s.cost) <= 0 {
		return
	}
	s.root.fixed = s.cost
	if s.root.narrow(box{s.least, s.most}, new(big.Int).Sub(s.cost, one)) {
		s.note(s.root.proof)
	}
}

// narrow narrows a box to what can cost no more than so much, if there is anything; it reports whether that is less.
func (r *root) narrow(b box, cost *big.Int) (narrowed bool) {
	gap := new(big.Int).Lsh(cost, r.shift)
	if gap.Sub(gap, r.sum); gap.Sign() < 0 {
		return false // as the nodes will find
	}
	steps := new(big.Int)
	for j, d := range r.left {
		room := r.most[j] - r.least[j]
		if d.Sign() == 0 || steps.Quo(gap, d).CmpAbs(big.NewInt(int64(room))) >= 0 {
			continue
		}
		narrowed = true
		if d.Sign() > 0 {
			b.most[j] = min(b.most[j], r.least[j]+int(steps.Int64()))
		} else {
			b.least[j] = max(b.least[j], r.most[j]+int(steps.Int64()))
		}
	}
	return narrowed
}

// Within narrows the columns of a program to what can be part of a solution that costs no more than so much, as far as one
// relaxation tells, which does not know of alternatives.
func (p Program) Within(ctx context.Context, cost *big.Rat) (least, most []int) {
	least, most = make([]int, len(p.Cost)), slices.Clone(p.Most)
	copy(least, p.Least)
	p.Either = nil
	merged, alike := mergeColumns(p)
	s := newSearch(exactly(merged), 0, len(merged.Rows))
	b := box{s.least, s.most}.clone()
	_, prices, possible := s.relaxation(ctx, b)
	if !possible {
		return least, most
	}
	s.rootOf(prices).narrow(b, floor(new(big.Rat).Quo(cost, s.unit)))
	for g, columns := range alike.groups {
		for _, j := range columns {
			most[j] = min(most[j], b.most[g])
			if len(columns) == 1 {
				least[j] = max(least[j], b.least[g])
			}
		}
	}
	return least, most
}

func floor(x *big.Rat) *big.Int { return new(big.Int).Div(x.Num(), x.Denom()) }
