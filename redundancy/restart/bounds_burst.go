package restart

import (
	"math"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// burst finds the first time at which all of a demand that cannot be held back could be carried. Servers that are in
// rotation when it comes are cold, unless it could not have come when they entered.
func (b *bounds) burst() {
	b.curve = []level{{0, 0}}
	if b.opens < 0 {
		return
	}
	asked := b.demand * (1 + b.reopening().Surge) * (1 - topology.Tolerance)
	early := b.open || b.need > max(1, b.drained) || b.heldBack()
	for i, a := range b.arrivals {
		at := max(a.at, b.opens)
		ok := b.asDemand(float64(a.all)*b.capacity*b.warmth(0)) >= asked
		if early {
			until := time.Duration(math.MaxInt64)
			if i+1 < len(b.arrivals) {
				until = max(b.arrivals[i+1].at, b.opens)
			}
			at, ok = b.carriedFrom(asked, at, until)
		}
		if a.all > 0 && ok {
			b.curve = append(b.curve, level{at, 1})
			return
		}
	}
}

// heldBack reports whether the users wait for more than servers, so that these can enter rotation before them.
func (b *bounds) heldBack() bool {
	if b.back[b.users] != 0 {
		return true
	}
	for _, l := range b.t.Links(b.users) {
		left := l.Need
		for _, m := range l.Members {
			if b.status[m] != topology.Down {
				left--
			}
		}
		if l.Supply == nil && left > 0 {
			return true
		}
	}
	return false
}

// carriedFrom returns the first time between two at which a demand could be carried, to a nanosecond, and whether there is one.
func (b *bounds) carriedFrom(asked float64, from, until time.Duration) (time.Duration, bool) {
	low, high := from, max(from, min(until-1, b.warmFrom(from)))
	if b.carries(low) >= asked {
		return low, true
	}
	if b.carries(high) < asked {
		return 0, false
	}
	for high-low > 1 {
		if middle := low + (high-low)/2; b.carries(middle) >= asked {
			high = middle
		} else {
			low = middle
		}
	}
	return low, true // a nanosecond early: it is a bound
}
