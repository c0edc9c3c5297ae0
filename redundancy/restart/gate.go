package restart

import (
	"math"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A gate is the fraction of a demand that is admitted, and the surge that it has brought.
type gate struct {
	fraction float64
	surge    float64 // on top of it, at
	at       time.Duration
	reopen   topology.Reopen
}

// comes returns what is there of the demand at a time that is not before the latest change, in parts of it.
func (g *gate) comes(now time.Duration) float64 { return g.fraction + g.left(now) }

// left returns what the surge has decayed to.
func (g *gate) left(now time.Duration) float64 {
	if g.surge == 0 {
		return 0
	}
	return g.surge * math.Exp(-float64(now-g.at)/float64(g.reopen.Decay))
}

// set admits a fraction; what is added surges.
func (g *gate) set(fraction float64, now time.Duration) {
	g.surge, g.at = g.left(now)+float64(g.reopen.Surge*max(0, fraction-g.fraction)), now
	g.fraction = fraction
}

// opens lets what is admitted come, all of it with its surge.
func (g *gate) opens(now time.Duration) { g.surge, g.at = g.reopen.Surge*g.fraction, now }

// nextOn returns the first time of a grid from a time on; 0 is no grid, and any time.
func nextOn(grid, at time.Duration) time.Duration {
	if grid == 0 || at%grid == 0 {
		return at
	}
	return later(at, grid-at%grid)
}

// snap is how near to what is safe, in parts of it, the admitted fraction comes before it takes the last step: while a
// surge decays it would approach it for ever.
const snap = 1e-10

// most returns the largest fraction that can be admitted now if fraction and surge together may be limit.
//
// It is never better to hold back: with e = e^(−grid/decay), the surge is height · (f_k − (1−e) · Σ_j<k e^(k−1−j) f_j) where
// f_j is the fraction admitted at time j of the grid, so a larger fraction earlier allows for a larger one now.
func (g *gate) most(limit float64, now time.Duration) float64 {
	left, target, height := g.left(now), max(0, min(1, limit)), g.reopen.Surge
	if g.fraction+left > limit {
		return max(0, min(g.fraction, limit-left))
	}
	f := g.fraction + (limit-g.fraction-left)/(1+height)
	switch {
	case target-f <= snap*target/(1+height):
		return target
	case enough(g.fraction, limit):
		return g.fraction
	}
	return min(f, 1)
}

// settle is how near to what can be served at most, in parts of it, an admission comes where not all can be: the rest would
// take hours of ever smaller steps, while the surge of each decays.
const settle = 1e-6

// levelOf returns what tells fractions that are served apart: all, or so much that what admission settles on makes no difference.
func levelOf(fraction float64) float64 {
	const rounding = .001
	return math.Floor(fraction/(2*settle) + rounding)
}

// enough reports whether a fraction is all that can be admitted of at most limit, or as near to it as is worth a step.
func enough(fraction, limit float64) bool {
	if limit >= 1 {
		return fraction >= 1
	}
	return fraction >= limit*(1-settle)
}
