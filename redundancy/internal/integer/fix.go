package integer

import "math/big"

// A root is what is proven of the whole program: no solution costs less than sum, and with a column away from the bound
// that is cheaper, than sum and left for each step, in units of 2^-shift.
type root struct {
	box
	proof pricing
	sum   *big.Int
	left  []*big.Int
	shift uint
}

func (s *search) rootOf(n *node) *root {
	shift := s.shift(n.proof)
	r := &root{box: box{s.least, s.most}.clone(), proof: n.proof, left: s.costs(shift), shift: shift}
	r.sum = s.weak(r.proof, r.left, r.least, r.most)
	return r
}

// fix narrows the columns to what can be cheaper than the best (reduced cost fixing: Dantzig, Fulkerson & Johnson 1954,
// doi:10.1287/opre.2.4.393).
func (s *search) fix() {
	if s.best == nil || s.root == nil || s.fixed != nil && s.fixed.Cmp(s.cost) <= 0 {
		return
	}
	s.fixed = s.cost
	gap := new(big.Int).Sub(s.cost, one)
	gap.Sub(gap.Lsh(gap, s.root.shift), s.root.sum)
	if gap.Sign() < 0 {
		return // nothing is cheaper, as the nodes will find
	}
	narrowed, steps := false, new(big.Int)
	for j, d := range s.root.left {
		room := s.root.most[j] - s.root.least[j]
		if d.Sign() == 0 || steps.Quo(gap, d).CmpAbs(big.NewInt(int64(room))) >= 0 {
			continue
		}
		narrowed = true
		if d.Sign() > 0 {
			s.most[j] = min(s.most[j], s.root.least[j]+int(steps.Int64()))
		} else {
			s.least[j] = max(s.least[j], s.root.most[j]+int(steps.Int64()))
		}
	}
	if narrowed {
		s.note(s.root.proof)
	}
}
