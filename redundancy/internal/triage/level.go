package triage

import "slices"

// grid is how many choices one look at a range takes.
const grid = 16

// level takes the weakest servers out of rotation, and looks for how many are best: with a grid over their number, then
// with a finer one around the best of it, and so on. What is switched off stays so.
func (s *search) level() {
	weak := slices.Clone(s.servers)
	slices.SortFunc(weak, s.byWeakness)
	low, high := 0, len(weak)
	for high > low && !s.spent() {
		step := max(1, (high-low)/grid)
		best, at := -1.0, low
		for n := low; n <= high && !s.spent(); n += step {
			s.try(s.without(weak, n))
			if value := s.last; value > best {
				best, at = value, n
			}
		}
		if step == 1 {
			return
		}
		low, high = max(low, at-step), min(high, at+step)
	}
}

// without is the best choice with the first n classes out of rotation, and the others in it.
func (s *search) without(weak []int32, n int) choice {
	c := s.best.clone()
	for i, class := range weak {
		up := c.on[class] + c.out[class]
		switch {
		case s.classes[class].ready:
		case i < n:
			c.on[class], c.out[class] = 0, up
		default:
			c.on[class], c.out[class] = up, 0
		}
	}
	return c
}
