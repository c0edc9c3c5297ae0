package draw

import "math"

// Interval returns the 95 % confidence interval of a proportion of which x of n independent trials are successes: it
// holds the proportion in 95 of 100 samples at least, whatever the proportion. The low end is that at which x successes
// or more have a chance of 2.5 %, the high end that at which x or fewer have. It is from 0 to 1 if n is 0; an x above n
// counts as n. Ends are exact to 1e-12 of themselves or so. It takes time in proportion to the standard deviation of the
// number of successes: a millisecond for n of ten millions, a second for 1e12.
//
// C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial,
// 1934, https://doi.org/10.1093/biomet/26.4.404.
func Interval(x, n uint64) (low, high float64) {
	x = min(x, n)
	if x > n-x { // a small proportion has more digits
		low, high = Interval(n-x, n)
		return 1 - high, 1 - low
	}
	if n == 0 {
		return 0, 1
	}
	if x > 0 {
		low = solve(float64(x-1), float64(n), 0.975)
	}
	return low, solve(float64(x), float64(n), 0.025)
}

// solve returns the probability of success at which y successes of n or fewer have a chance, by Newton's method: of a
// smooth curve that falls all the way. Where a step would leave what is known to bracket the end it halves that instead.
func solve(y, n, chance float64) float64 {
	above, below := 0.0, 1.0 // probabilities at which the chance is more, and less
	p := (y + 1) / (n + 2)
	for { // the bracket shrinks each time
		c, slope := atMost(y, n, p)
		if c > chance {
			above = p
		} else {
			below = p
		}
		step := (c - chance) / slope
		next := p + step
		if !(above < next && next < below) {
			next = (above + below) / 2
		}
		if math.Abs(step) <= 1e-15*p || next == above || next == below {
			return p
		}
		p = next
	}
}

// atMost returns the chance of y successes of n or fewer, and how fast it falls as the probability of success rises.
func atMost(y, n, p float64) (chance, slope float64) {
	mode, q := likeliest(n, p), 1-p
	s := split{y: y}
	s.add(mode, 1)
	for failures, w := range climb(n-mode, n, q, p) {
		s.add(n-failures, w)
	}
	for x, w := range climb(mode, n, p, q) {
		s.add(x, w)
	}
	all := s.fewer + s.same + s.more
	return (s.fewer + s.same) / all, s.same / all * (n - y) / q
}

// A split is the weights of numbers below y, of y, and of those above.
type split struct{ y, fewer, same, more float64 }

func (s *split) add(x, weight float64) {
	switch {
	case x < s.y:
		s.fewer += weight
	case x > s.y:
		s.more += weight
	default:
		s.same = weight
	}
}
