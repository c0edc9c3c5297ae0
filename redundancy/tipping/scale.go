package tipping

import (
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/cascade"
)

// A scale is the factors at which something may cease to be well as they grow.
type scale struct {
	from  float64 // to which it is
	well  func(x float64) (bool, error)
	rises func(x float64) (bool, error) // up to x, it is never well again beyond a factor at which it is not

	within float64 // so many parts of a factor are close enough; 0 is the last digits
}

const (
	mostFactor  = 1 << 40 // beyond which nothing is looked for
	leastFactor = 1e-12
)

// flip finds the last factor at which it is well: by halving, if it is known that there is one flip only, else the first
// that a grid shows.
func (s *scale) flip() (Flip, error) {
	if math.IsInf(s.from, 1) {
		return Flip{Factor: s.from, Certainty: cascade.Exact}, nil
	}
	low, high, err := s.climb(max(s.from, leastFactor), 2, 2)
	if err != nil {
		return Flip{}, err
	}
	one, err := s.rises(min(high, mostFactor))
	if err != nil {
		return Flip{}, err
	}
	f := Flip{Certainty: cascade.Exact}
	if !one {
		const fine = 1.0905077326652577 // 2^(1/8)
		f.Certainty, f.Reason = cascade.Bounded, firstFlip
		if low, high, err = s.climb(max(s.from, leastFactor), fine, 64); err != nil {
			return Flip{}, err
		}
	}
	switch {
	case math.IsInf(high, 1) && !one:
		f.Factor, f.Reason = high, noFlip
		return f, nil
	case math.IsInf(high, 1):
		f.Factor = high
		return f, nil
	case low == 0:
		return f, nil
	}
	if s.within > 0 && one {
		f.Certainty, f.Reason = cascade.Bounded, fmt.Sprintf("to a part in %v.", 1/s.within)
	}
	f.Factor, err = s.halve(low, high)
	return f, err
}

// climb returns a factor at which it is well, 0 if that is none, and the next one tried, at which it is not, +Inf if that
// is none: up to a multiple in fine steps, then in steps of 2.
func (s *scale) climb(from, step, fine float64) (low, high float64, err error) {
	for x := from; x <= mostFactor; {
		well, err := s.well(x)
		if err != nil || !well {
			return low, x, err
		}
		if low = x; x > from*fine {
			step = 2
		}
		x *= step
	}
	return low, math.Inf(1), nil
}

// halve returns the last factor at which it is well, as far as thirteen digits tell, or the digits asked for.
func (s *scale) halve(low, high float64) (float64, error) {
	for high-low > max(s.within, 1e-13)*high {
		middle := low + (high-low)/2
		well, err := s.well(middle)
		if err != nil {
			return low, err
		}
		if well {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}
