package triage

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// halvings is how often a range is halved where only looking tells: to 2^-halvings of it.
const halvings = 34

// admitSpilling finds what can be admitted where waterfalls split the load. Their tiers take no less as it grows, so less
// of any demand is always fine, and halving finds how much of some direction is: of all demands alike, of what the
// relaxation admits, and of nothing. From there it goes for more of each demand by itself, those first of which a unit is
// worth most. That is exact for one demand, and good for several.
func (l *look) admitSpilling(c choice) admission {
	n := len(l.demands)
	best := admission{fraction: make([]float64, n), most: math.Inf(1)}
	if best.fits = l.bears(c, best.fraction); !best.fits {
		best.most = 0
		return best
	}
	directions := [][]float64{slices.Repeat([]float64{1}, n)}
	if n > 1 {
		directions = append(directions, l.hint, make([]float64, n))
	}
	for i, to := range directions {
		if i > 0 && slices.Equal(to, directions[0]) {
			continue
		}
		fraction := l.raise(c, make([]float64, n), to)
		for _, k := range l.byWorth() {
			more := slices.Clone(fraction)
			more[k] = 1
			fraction = l.raise(c, fraction, more)
		}
		if value := l.valueOf(fraction); i == 0 || value > best.value {
			best.fraction, best.value = fraction, value
		}
	}
	if n == 1 {
		best.most = best.value
	}
	return best
}

// raise goes from some fractions, which a choice can carry, as far as it can towards others.
func (l *look) raise(c choice, from, to []float64) []float64 {
	if slices.Equal(from, to) || l.bears(c, to) {
		return to
	}
	at := slices.Clone(from)
	try := make([]float64, len(from))
	low, high := 0.0, 1.0
	for range halvings {
		x := low + (high-low)/2
		for k := range try {
			try[k] = from[k] + float64((to[k]-from[k])*x)
		}
		if !l.bears(c, try) {
			high = x
			continue
		}
		low = x
		copy(at, try)
	}
	return at
}

// bears reports whether a choice can carry fractions of the demands.
func (l *look) bears(c choice, fraction []float64) bool {
	l.take(c, fraction)
	for k, c := range l.demands {
		if fraction[k] > 0 && !(l.on[c] > 0 && l.full[c]) {
			return false
		}
	}
	for i := range l.classes {
		k := &l.classes[i]
		if l.on[i] > 0 && k.limited() && topology.Overloaded(total(l.at(int32(i)), fraction), k.capacity) {
			return false
		}
	}
	return true
}
