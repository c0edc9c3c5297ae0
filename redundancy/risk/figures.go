package risk

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/cutset"
)

// year is that of Frequency.
const year = 8766 * time.Hour

// rated reports whether anything that may fail has a chance to.
func (a *Analysis) rated() bool {
	return a.RareEvents > 0 || slices.ContainsFunc(a.q, func(q float64) bool { return q > 0 })
}

// reckon works out how likely the top is down, and how often it goes down.
func (a *Analysis) reckon(ctx context.Context) error {
	down, decides, err := a.solution.Reckon(ctx, a.q)
	if err != nil {
		return err
	}
	a.Certainty, a.birnbaum = cascade.Exact, decides
	a.Unavailability = cascade.Interval{Low: down, High: down}
	perHour, all := 0.0, 0.0
	for e, b := range decides {
		perHour += float64(b * a.events[e].perHour)
		all += a.events[e].perHour
	}
	if perHour > rounding*down*all {
		still := make([]float64, len(a.events))
		for e := range a.events {
			still[e] = a.events[e].still
		}
		a.Frequency = perHour * year.Hours()
		a.Lasts = hours(max(0, down-a.solution.Probability(still)) / perHour)
	}
	return nil
}

// rounding is the part of a probability that may be lost in it: Birnbaum's importance is a difference of two.
const rounding = 1e-14

// take takes a solution for its own, and tells what its groups say, of which those up to a size are told; 0 is any.
func (a *Analysis) take(ctx context.Context, s *cutset.Solution, size int) error {
	upTo := 0
	switch {
	case s.UpTo() < min(cutset.All, len(a.events)): // no group is larger than all events
		upTo = s.UpTo()
	case size > 0 && s.Largest() > size:
		upTo = size
	}
	count, err := s.Count(ctx, cmp.Or(upTo, cutset.All))
	if err != nil {
		return err
	}
	minCut, err := s.UpperBound(ctx, a.q)
	if err != nil {
		return err
	}
	a.solution, a.solved, a.UpTo, a.Count, a.MinCut = *s, true, upTo, count, minCut
	a.RareEvents = min(s.RareEvents(a.q), math.MaxFloat64) // JSON has no infinity
	return nil
}

// bound works out between what bounds the probability is: those of diagrams, the probability of the likeliest group and, if all
// groups are told, the min-cut bound.
func (a *Analysis) bound(ctx context.Context, o cutset.Options) error {
	b, err := a.solution.Bounds(ctx, a.q, o)
	for _, g := range a.Likeliest(1) {
		b.Low = max(b.Low, g.Probability)
	}
	if a.UpTo == 0 {
		b.High = max(b.Low, min(b.High, a.MinCut))
	}
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
