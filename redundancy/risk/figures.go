package risk

import (
	"cmp"
	"context"
	"math"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/cutset"
)

// year is that of Frequency.
const year = 8766 * time.Hour

// rated reports whether anything that may fail has a chance to.
func (a *Analysis) rated() bool {
	for _, q := range a.q {
		if q > 0 {
			return true
		}
	}
	return false
}

// reckon works out how likely the top is down, and how often it goes down.
func (a *Analysis) reckon() {
	down := a.solution.Probability(a.q)
	a.Unavailability = cascade.Interval{Low: down, High: down}
	perHour := 0.0
	for e, b := range a.solution.Birnbaum(a.q) {
		perHour += float64(b * a.events[e].perHour)
	}
	if perHour > 0 {
		still := make([]float64, len(a.events))
		for e := range a.events {
			still[e] = a.events[e].still
		}
		a.Frequency = perHour * year.Hours()
		a.Lasts = hours((down - a.solution.Probability(still)) / perHour)
	}
}

// sum tells what the groups say, of which those up to a size are told; 0 is any.
func (a *Analysis) sum(size int) {
	switch {
	case a.solution.UpTo() < cutset.All:
		a.UpTo = a.solution.UpTo()
	case a.solution.Largest() > size:
		a.UpTo = size
	}
	a.Count = a.solution.Count(cmp.Or(a.UpTo, cutset.All))
	a.MinCut, a.RareEvents = a.solution.UpperBound(a.q), min(a.solution.RareEvents(a.q), math.MaxFloat64) // JSON has no infinity
}

// bound works out between what bounds the probability is.
func (a *Analysis) bound(ctx context.Context, o cutset.Options) error {
	b, err := a.solution.Bounds(ctx, a.q, o)
	a.Unavailability = cascade.Interval(b)
	return err
}

// hours returns a time, the longest there is at most.
func hours(h float64) time.Duration {
	if ns := h * float64(time.Hour); ns < math.MaxInt64 {
		return time.Duration(ns)
	}
	return math.MaxInt64
}
