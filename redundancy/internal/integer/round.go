package integer

import (
	"math"
	"slices"
)

// round looks for solutions near that of a relaxation: the nearest point, that point mended, and the one that rounds up;
// from the last two it takes back what is not needed.
func (s *search) round(x []float64, b box) {
	x = x[:s.columns]
	near, above := make([]int, len(x)), make([]int, len(x))
	for j, v := range x {
		near[j] = int(math.Round(v))
		above[j] = min(b.most[j], int(math.Ceil(v-outside)))
	}
	s.offer(near)
	for _, start := range [][]int{near, above} {
		spare := s.spares(start)
		if s.mend(start, spare, b) {
			s.takeBack(start, spare, b)
			s.offer(start)
		}
	}
}

// offer keeps x if it is feasible and cheaper than the best.
func (s *search) offer(x []int) {
	if cost := s.price(x); (s.best == nil || cost.Cmp(s.cost) < 0) && s.feasible(x) {
		s.best, s.cost = slices.Clone(x), cost
	}
}

// takeBack lowers columns, the dearest first, as far as floating point is sure that no row minds.
func (s *search) takeBack(x []int, spare []float64, b box) {
	for _, j := range s.dearest {
		if x[j] <= b.least[j] || s.exact.cost[j].Sign() <= 0 {
			continue
		}
		room := float64(x[j] - b.least[j])
		for _, c := range s.uses[j] {
			if c.of > 0 {
				if room = min(room, math.Floor(spare[c.row]/c.of)); room <= 0 {
					break
				}
			}
		}
		if !(room > 0) {
			continue
		}
		x[j] -= int(room)
		for _, c := range s.uses[j] {
			spare[c.row] -= float64(c.of * room)
		}
	}
}

// spares returns what each row of the program has to spare.
func (s *search) spares(x []int) []float64 {
	all := make([]float64, len(s.given))
	for i := range all {
		all[i] = s.given[i].spare(x)
	}
	return all
}

// spare returns what a row's left side is above its right side, less what floating point may be wrong by: nothing if all
// numbers are whole and small.
func (r *exactRow) spare(x []int) float64 {
	sum, size := -r.aboutLeast, math.Abs(r.aboutLeast)+r.faint
	for j, on := range r.on {
		term := float64(r.about[j] * float64(x[on]))
		sum += term
		size += math.Abs(term)
	}
	if r.shift > 0 || size > 1<<50 {
		sum -= float64(unsure * size)
	}
	return sum
}
