package tipping

import "slices"

// A lattice is the points from 0 to a size in each direction, and a property that rises: where it holds, it holds at every
// point above. What is sought is a point with the least sum.
type lattice struct {
	sizes []int
	steps int // points that may yet be asked
	has   func(x []int) bool
}

func (l *lattice) ask(x []int) bool {
	l.steps--
	return l.has(x)
}

// fewest returns a point that has the property, nil if there is none, and the least that its sum could be: its sum, unless
// the steps ran out. Branch and bound: for one sum after the other, until a point is found or the sum of one known is met.
func (l *lattice) fewest() (x []int, least int) {
	if !l.ask(l.sizes) {
		return nil, 0
	}
	x = l.descend()
	for least = l.bound(sum(x)); least < sum(x); least++ {
		at := make([]int, len(l.sizes))
		switch {
		case l.within(at, 0, least):
			return at, least
		case l.steps <= 0:
			return x, least
		}
	}
	return x, least
}

// descend returns a low point that has the property: no direction alone leads lower. It tries a few orders of these.
func (l *lattice) descend() []int {
	const orders = 8
	var best []int
	n := len(l.sizes)
	for i := range min(n, orders) {
		x := slices.Clone(l.sizes)
		for j := range n {
			l.lower(x, (j+i*n/min(n, orders))%n)
		}
		if best == nil || sum(x) < sum(best) {
			best = x
		}
	}
	return best
}

// lower moves a point that has the property as low as can be in one direction, while there are steps.
func (l *lattice) lower(x []int, c int) {
	low, high := -1, x[c] // it does not have it at low, and has it at high
	for low+1 < high && l.steps > 0 {
		x[c] = low + (high-low)/2
		if l.ask(x) {
			high = x[c]
		} else {
			low = x[c]
		}
	}
	x[c] = high
}

// bound returns a sum below which no point has the property: one more than k, if even the point that is k in every
// direction does not have it.
func (l *lattice) bound(most int) int {
	low, high := -1, most
	for low+1 < high {
		k := low + (high-low)/2
		if l.ask(l.raised(make([]int, len(l.sizes)), 0, k)) {
			high = k
		} else {
			low = k
		}
	}
	return min(low+1, most)
}

// raised returns the point that is up to k higher in each direction from c on.
func (l *lattice) raised(x []int, c, k int) []int {
	x = slices.Clone(x)
	for ; c < len(x); c++ {
		x[c] = min(k, l.sizes[c])
	}
	return x
}

// within moves x, which is 0 from c on, to a point that has the property, by left at most in all; false, with x as it was,
// if there is none, or if the steps ran out.
func (l *lattice) within(x []int, c, left int) bool {
	highest := l.raised(x, c, left)
	if l.steps <= 0 || !l.ask(highest) {
		return false
	}
	if sum(highest) <= sum(x)+left {
		copy(x, highest)
		return true
	}
	for x[c] = min(left, l.sizes[c]); x[c] >= 0; x[c]-- {
		if l.within(x, c+1, left-x[c]) {
			return true
		}
	}
	x[c] = 0
	return false
}

func sum(x []int) (all int) {
	for _, n := range x {
		all += n
	}
	return all
}
