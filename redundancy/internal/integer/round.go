package integer

import (
	"math"
	"slices"
)

// round looks for solutions near that of a relaxation: the nearest point, and the one that rounds up, from which it
// takes back what is not needed.
func (s *search) round(x []float64, b box) {
	near, above := make([]int, len(x)), make([]int, len(x))
	for j, v := range x {
		near[j] = int(math.Round(v))
		above[j] = min(b.most[j], int(math.Ceil(v-outside)))
	}
	s.offer(near)
	s.takeBack(above, b)
	s.offer(above)
}

// offer keeps x if it is feasible and cheaper than the best.
func (s *search) offer(x []int) {
	if cost := s.price(x); (s.best == nil || cost.Cmp(s.cost) < 0) && s.feasible(x) {
		s.best, s.cost = slices.Clone(x), cost
	}
}

// takeBack lowers columns, the dearest first, as far as floating point is sure that no row minds.
func (s *search) takeBack(x []int, b box) {
	spare := make([]float64, s.own)
	for i := range spare {
		spare[i] = s.rows[i].spare(x)
	}
	for _, j := range s.dearest {
		room := float64(x[j] - b.least[j])
		for _, c := range s.uses[j] {
			if c.of > 0 && room > 0 {
				room = min(room, math.Floor(spare[c.row]/c.of))
			}
		}
		if room <= 0 || s.exact.cost[j].Sign() <= 0 {
			continue
		}
		x[j] -= int(room)
		for _, c := range s.uses[j] {
			spare[c.row] -= float64(c.of * room)
		}
	}
}

// spare returns what a row's left side is above its right side, less what floating point may be wrong by: nothing if all
// numbers are whole and small.
func (r *exactRow) spare(x []int) float64 {
	sum, size := -r.aboutLeast, math.Abs(r.aboutLeast)
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

// A use is a coefficient of a column.
type use struct {
	row int
	of  float64
}

// transposed returns the coefficients of each column in the rows of the program, and the columns, the dearest first, of
// equal ones the last.
func (e *exact) transposed() (uses [][]use, dearest []int) {
	uses = make([][]use, len(e.cost))
	for i := range e.rows[:e.own] {
		for j, on := range e.rows[i].on {
			uses[on] = append(uses[on], use{i, e.rows[i].about[j]})
		}
	}
	dearest = indices(len(e.cost))
	slices.Reverse(dearest)
	slices.SortStableFunc(dearest, func(a, b int) int { return e.cost[b].Cmp(e.cost[a]) })
	return uses, dearest
}
