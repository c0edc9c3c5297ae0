package restart

import (
	"math"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// warmFrom returns when the latest arrival by a time is warm.
func (b *bounds) warmFrom(at time.Duration) time.Duration {
	warm := time.Duration(0)
	for _, a := range b.arrivals {
		if a.at <= at && a.all > 0 {
			warm = later(a.at, b.start.WarmUp)
		}
	}
	return warm
}

// fill admits on the grid the most that could be carried, from when the users can be up.
func (b *bounds) fill() {
	g := gate{reopen: b.reopening()}
	if b.jumps() || b.survivors == 0 {
		g.reopen.Surge = 0 // it may decay before the grid allows for it here, or while nobody is in rotation
	}
	if b.open {
		g.fraction = 1
	} else {
		b.curve = append(b.curve, level{0, 0})
	}
	if b.opens < 0 {
		return
	}
	at := nextOn(b.grid, b.opens)
	if b.jumps() && at > b.opens && b.survivors == 0 {
		b.curve = append(b.curve, level{b.opens, 0}) // what can be served until the grid is counted by ahead
	}
	b.curve = append(b.curve, b.fillFrom(g, at)...)
	if !b.open && !b.jumps() && b.survivors == 0 && b.reopening().Surge > 0 {
		b.wait(at)
	}
}

// fillFrom admits from a time of the grid on.
func (b *bounds) fillFrom(g gate, at time.Duration) (curve []level) {
	for n := range maxInstants {
		limit := b.carries(at) / b.demand
		if f := g.most(limit, at); f != g.fraction || n == 0 {
			g.set(f, at)
			curve = append(curve, level{at, f})
		}
		next, ok := b.change(at)
		if g.fraction >= 1 || !ok && enough(g.fraction, limit) {
			return curve
		}
		if !enough(g.fraction, limit) || at < b.warmFrom(at) {
			next = later(at, b.grid)
		}
		if next <= at {
			return curve
		}
		at = next
	}
	return append(curve, level{at, 1}) // so far nobody looked: it is a bound
}

// maxWaits bounds the times until which nobody is in rotation that are told apart.
const maxWaits = 60

// wait tells apart when the first servers enter rotation. Until then nobody is served; what was admitted when the users came up
// has surged meanwhile, and is the more the longer that was. Between two times of the grid it counts as served from the first,
// and its surge as decayed until the second. What waits longer is left to the curve without surges, from then on.
func (b *bounds) wait(opens time.Duration) {
	surge := b.reopening()
	for range maxWaits {
		at := opens + time.Duration(len(b.waits))*b.grid
		until := later(at, b.grid)
		if limit := b.carries(at) / b.demand; limit > 0 {
			left := surge.Surge * math.Exp(-float64(until-opens)/float64(surge.Decay))
			g := gate{reopen: surge, at: at, fraction: max(0, min(1, limit/(1+left)))}
			g.surge = g.fraction * left
			curve := []level{{0, 0}, {at, g.fraction}}
			b.waits = append(b.waits, append(curve, b.fillFrom(g, at)...))
		} else {
			b.waits = append(b.waits, b.curve)
		}
	}
	at := opens + time.Duration(len(b.waits))*b.grid
	b.waits = append(b.waits, append([]level{{0, 0}}, b.fillFrom(gate{}, at)...))
}

// change returns the first time of the grid at which the next servers have arrived or more is warm than at a time.
func (b *bounds) change(at time.Duration) (time.Duration, bool) {
	if at < b.warmFrom(at) {
		return later(at, b.grid), true
	}
	for _, a := range b.arrivals {
		if a.at > at {
			return nextOn(b.grid, a.at), true
		}
	}
	return at, false
}

// least returns the least unserved demand, by value, until a fraction is served.
func (b *bounds) least(fraction float64) float64 {
	if len(b.waits) > 0 {
		least := math.Inf(1)
		for _, curve := range b.waits {
			least = min(least, b.leastOf(curve, fraction))
		}
		return least
	}
	return max(0, b.leastOf(b.curve, fraction)-float64(b.value*b.demand*b.ahead(fraction)))
}

// leastOf is what a curve leaves until a fraction is served.
func (b *bounds) leastOf(curve []level, fraction float64) float64 {
	sum := 0.0
	for i, l := range curve {
		if l.fraction >= fraction*(1-1e-13) || i+1 == len(curve) {
			break
		}
		minutes := float64(curve[i+1].at-l.at) / float64(time.Minute)
		sum += float64(b.value * b.demand * (1 - l.fraction) * minutes)
	}
	return sum
}

// jumps reports whether service can begin between two times of the grid: what was admitted while nobody was in rotation
// is served as soon as servers are.
func (b *bounds) jumps() bool {
	if !b.gated || b.open && b.survivors > 0 {
		return false
	}
	if b.warmsUnseen() {
		return true
	}
	for _, a := range b.arrivals {
		if a.at%b.grid != 0 {
			return true
		}
	}
	return b.opens > 0 && b.opens%b.grid != 0
}

// warmsUnseen reports whether servers may warm up in rotation before the users are up, and so be warmer when these come than
// they could be at the time of the grid before.
func (b *bounds) warmsUnseen() bool {
	return !b.open && b.start.WarmUp > 0 && b.start.Cold < 1 && (b.need > max(1, b.drained) || b.heldBack())
}

// ahead returns the most that a plan can gain, in parts of the demand × minutes, by having the first servers enter rotation
// between two times of the grid, under a fraction admitted at the earlier one: that happens once, and all of them are cold
// then. Once a fraction is served, all counts as served.
func (b *bounds) ahead(fraction float64) float64 {
	if !b.jumps() || b.opens < 0 {
		return 0
	}
	if b.warmsUnseen() {
		return b.grid.Minutes()
	}
	gain := 0.0
	for _, a := range b.arrivals {
		at := max(a.at, b.opens)
		end := nextOn(b.grid, at)
		if at == end {
			continue
		}
		first := min(1, b.asDemand(b.coldest(at))/b.demand)
		if first >= fraction*(1-topology.Tolerance) {
			first = 1
		}
		grid := max(0, min(1, b.carries(end-b.grid)/b.demand))
		if end-b.grid < b.opens {
			grid = 0
		}
		gain = max(gain, first*float64(end-at)-grid*float64(b.grid))
	}
	return gain / float64(time.Minute)
}

// coldest returns the most load that is carried at a time at which all that can be ready enter rotation together.
func (b *bounds) coldest(at time.Duration) float64 {
	all := 0
	for _, a := range b.arrivals {
		if a.at <= at {
			all = a.all
		}
	}
	sum := 0.0
	if b.survivors > 0 {
		sum = float64(float64(b.survivors) * b.weakest)
	}
	if cold := b.warmth(0); all > 0 && cold > 0 {
		sum += float64(float64(all) * min(b.weakest, b.capacity*cold))
	}
	return sum
}
