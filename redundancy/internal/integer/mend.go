package integer

import "math"

// mend raises columns until no row is broken, as far as floating point sees; false if it finds no way. It begins with the
// row that is broken most, and takes the column that costs least for what it gives to the row, those first that break no
// other row. Where there is none to raise, it lowers one, which is not raised again.
func (s *search) mend(x []int, spare []float64, b box) bool {
	own := false
	for range 4*len(s.given) + 1 {
		i := s.mostBroken(spare)
		if i < 0 {
			return true
		}
		j, steps := s.cure(i, x, spare, b)
		if j < 0 {
			if j, steps = s.lower(i, x, spare, b); j < 0 {
				return false
			}
			if !own {
				b, own = b.clone(), true
			}
			b.most[j] = x[j] + steps
		}
		x[j] += steps
		for _, c := range s.uses[j] {
			spare[c.row] += float64(c.of * float64(steps))
		}
	}
	return false
}

// mostBroken returns the row that lacks most, in parts of its largest coefficient; -1 if none lacks anything.
func (s *search) mostBroken(spare []float64) int {
	worst, least := -1, 0.0
	for i, v := range spare {
		if v < 0 && v/s.given[i].scale < least {
			worst, least = i, v/s.given[i].scale
		}
	}
	return worst
}

// cure returns a column to raise for a row, and by how much; -1 if there is none.
func (s *search) cure(i int, x []int, spare []float64, b box) (best, by int) {
	best, least, clean := -1, math.Inf(1), false
	r := &s.given[i]
	for k, j := range r.on {
		if r.about[k] <= 0 || x[j] >= b.most[j] {
			continue
		}
		steps := int(min(math.Ceil(-spare[i]/r.about[k]), float64(b.most[j]-x[j])))
		price := s.worth[j] * float64(steps) / min(-spare[i], r.about[k]*float64(steps))
		if clean && price >= least {
			continue
		}
		harmless := s.harmless(j, steps, spare)
		if harmless && !clean || harmless == clean && price < least {
			best, by, least, clean = j, steps, price, harmless
		}
	}
	return best, by
}

// lower returns a column to lower for a row that no column can be raised for: the one that weighs most in it, those first that
// break no other row; and by how much, below 0. It returns -1 if there is none.
func (s *search) lower(i int, x []int, spare []float64, b box) (best, by int) {
	best, most, clean := -1, 0.0, false
	r := &s.given[i]
	for k, j := range r.on {
		a := -r.about[k]
		if a <= 0 || x[j] <= b.least[j] {
			continue
		}
		steps := -int(min(math.Ceil(-spare[i]/a), float64(x[j]-b.least[j])))
		harmless := s.harmless(j, steps, spare)
		if harmless && !clean || harmless == clean && a > most {
			best, by, most, clean = j, steps, a, harmless
		}
	}
	return best, by
}

// harmless reports whether raising, or lowering, a column breaks no row that is not broken yet.
func (s *search) harmless(j, steps int, spare []float64) bool {
	for _, c := range s.uses[j] {
		if spare[c.row] >= 0 && spare[c.row]+float64(c.of*float64(steps)) < 0 {
			return false
		}
	}
	return true
}
