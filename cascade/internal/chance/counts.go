package chance

// tiny is the probability below which a term is left out. It is far enough above the least that a float64 can
// be for the sums of what is left out to stay below 1e-310.
const tiny = 0x1p-1060

// Counts is the distribution of a number: p[i] is the probability of low+i. Outside of p it is none.
type counts struct {
	low int
	p   []float64
}

// always is the distribution of a number that is certain.
func always(x int) counts { return counts{x, []float64{1}} }

// end is just past the largest number.
func (c counts) end() int { return c.low + len(c.p) }

func (c counts) at(x int) float64 {
	if x < c.low || x >= c.end() {
		return 0
	}
	return c.p[x-c.low]
}

// within is the part from low until just before end.
func (c counts) within(low, end int) counts {
	low = min(max(low, c.low), c.end())
	end = max(min(end, c.end()), low)
	return counts{low, c.p[low-c.low : end-c.low]}
}

// trim cuts off what is tiny at both sides.
func (c counts) trim() counts {
	low, end := 0, len(c.p)
	for low < end && c.p[low] < tiny {
		low++
	}
	for end > low && c.p[end-1] < tiny {
		end--
	}
	return counts{c.low + low, c.p[low:end]}
}

// scale multiplies every probability.
func (c counts) scale(by float64) counts {
	p := make([]float64, len(c.p))
	for i, x := range c.p {
		p[i] = float64(x * by)
	}
	return counts{c.low, p}.trim()
}

// reset makes room for the numbers from low until just before end, each with probability 0.
func (c *counts) reset(low, end int) {
	size := max(0, end-low)
	if cap(c.p) < size {
		c.p = make([]float64, size, 2*size)
	}
	c.low, c.p = low, c.p[:size]
	clear(c.p)
}

// convolve adds to sum the distribution of the sum of a number of a and one of b. It must have the room.
func (m *meter) convolve(sum, a, b counts) {
	if len(a.p) < len(b.p) {
		a, b = b, a
	}
	for i, y := range b.p {
		if y == 0 {
			continue
		}
		if !m.spend(len(a.p)) {
			return
		}
		out := sum.p[a.low+b.low+i-sum.low:][:len(a.p)]
		for j, x := range a.p {
			out[j] += float64(x * y)
		}
	}
}

// lookAhead adds to each number of now the probability of then after one more of step has come to it.
func (m *meter) lookAhead(now, then, step counts) {
	for i, y := range step.p {
		if y == 0 {
			continue
		}
		more := step.low + i
		low, end := max(now.low, then.low-more), min(now.end(), then.end()-more)
		if low >= end {
			continue
		}
		if !m.spend(end - low) {
			return
		}
		out := now.p[low-now.low : end-now.low]
		for j, x := range then.p[low+more-then.low:][:len(out)] {
			out[j] += float64(x * y)
		}
	}
}

// binomial is the distribution of how many of n servers are up, each lost with the same probability.
//
// Ratios lead from the likeliest number to both sides, and the sum is made 1: no power and no factorial is needed.
func binomial(n int, lost float64) counts {
	up := 1 - lost
	switch {
	case n == 0 || up == 0:
		return always(0)
	case lost == 0:
		return always(n)
	case n == 1:
		return counts{0, []float64{lost, up}}
	}
	mode := min(n, int(float64(n+1)*up))
	var below []float64
	for x, p := mode, 1.0; x > 0; x-- {
		p = float64(p * float64(float64(x)/float64(n-x+1)*(lost/up)))
		if p < tiny {
			break
		}
		below = append(below, p)
	}
	c := counts{mode - len(below), make([]float64, 0, 2*len(below)+1)}
	for i := len(below) - 1; i >= 0; i-- {
		c.p = append(c.p, below[i])
	}
	for x, p := mode, 1.0; x <= n && p >= tiny; x++ {
		c.p = append(c.p, p)
		p = float64(p * float64(float64(n-x)/float64(x+1)*(up/lost)))
	}
	total := 0.0
	for _, p := range c.p {
		total += p
	}
	for i := range c.p {
		c.p[i] /= total
	}
	return c
}
