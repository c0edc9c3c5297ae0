package integer

import "math"

// A passing is a variable that would be worth moving once the price of a row's move is ratio.
type passing struct {
	variable int
	ratio    float64
	size     float64 // of what it gives to the row
}

func (p passing) before(q passing) bool {
	return p.ratio < q.ratio || p.ratio == q.ratio && (p.size > q.size || p.size == q.size && p.variable < q.variable)
}

const large = 1e-4 // a pivot that is preferred to one that is hardly one

// entering returns the variable that is to take the place of one that lacks so much, by the row that was drawn, and leaves in
// x.passed those that go from one bound to the other on the way. It returns -1 if all together do not give enough.
func (x *relaxation) entering(rise bool, lack float64) int {
	x.candidates(rise)
	x.passed = x.passed[:0]
	heap := passings(x.ahead)
	heap.order()
	for len(heap) > 0 && lack >= 0 {
		var p passing
		p, heap = heap.pop()
		x.passed = append(x.passed, p)
		lack -= float64(p.size * (x.up[p.variable] - x.low[p.variable]))
	}
	if len(x.passed) == 0 || lack > outside {
		return -1
	}
	last := len(x.passed) - 1
	best := x.firmest(heap)
	v := x.passed[best].variable
	x.passed = x.passed[:min(best, last)]
	return v
}

// candidates are the variables that can move and help.
func (x *relaxation) candidates(rise bool) {
	x.ahead = x.ahead[:0]
	for _, v := range x.touched {
		a := x.entry[v]
		if x.place[v] >= 0 || math.Abs(a) < slight || x.low[v] == x.up[v] {
			continue
		}
		if up := (a < 0) == rise; up && x.at[v] >= x.up[v] || !up && x.at[v] <= x.low[v] {
			continue
		}
		x.ahead = append(x.ahead, passing{v, math.Abs(x.worth[v] / a), math.Abs(a)})
	}
}

// firmest returns, of those passed last, or next, at about the same price, the one with the largest coefficient (Harris 1973,
// doi:10.1007/BF01580108).
func (x *relaxation) firmest(heap passings) int {
	last := len(x.passed) - 1
	limit := x.passed[last].ratio + slight/x.passed[last].size
	best := last
	for i := last; i >= 0 && x.passed[i].ratio >= x.passed[last].ratio-slight; i-- {
		if x.passed[i].size > x.passed[best].size {
			best = i
		}
	}
	var p passing
	for len(heap) > 0 && heap[0].ratio <= limit {
		p, heap = heap.pop()
		limit = min(limit, p.ratio+slight/p.size)
		if x.passed = append(x.passed, p); p.size > x.passed[best].size {
			best = len(x.passed) - 1
		}
	}
	if x.passed[best].size < large {
		for i := last; i >= 0; i-- {
			if x.passed[i].size >= large {
				return i
			}
		}
	}
	return best
}

// passings are a heap, the cheapest first.
type passings []passing

func (h passings) order() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.sink(i)
	}
}

func (h passings) sink(i int) {
	for {
		c := 2*i + 1
		if c >= len(h) {
			return
		}
		if c+1 < len(h) && h[c+1].before(h[c]) {
			c++
		}
		if !h[c].before(h[i]) {
			return
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
}

func (h passings) pop() (passing, passings) {
	first, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	h.sink(0)
	return first, h
}
