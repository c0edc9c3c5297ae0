package main

import (
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/cascade"
)

// An answer is what one side says.
type answer struct {
	Cost, Bound float64
	None        bool // no purchase helps
	Certainty   cascade.Certainty
	Reason      string
}

// agrees reports whether two answers can both be right. Costs are in hundredths.
func (a answer) agrees(b answer) bool {
	switch {
	case !a.sure() || !b.sure():
		return a.low() <= b.high()+.001 && b.low() <= a.high()+.001
	case a.None || b.None:
		return a.None == b.None
	default:
		return math.Abs(a.Cost-b.Cost) < .001
	}
}

func (a answer) sure() bool {
	return a.Certainty == cascade.Proven || a.Certainty == cascade.Exact
}

// low and high are what the least cost lies between.
func (a answer) low() float64 {
	if a.sure() {
		return a.high()
	}
	return a.Bound
}

func (a answer) high() float64 {
	if a.None || a.Certainty == cascade.Undetermined {
		return math.Inf(1)
	}
	return a.Cost
}

// String returns "39.5", or what is known of it.
func (a answer) String() string {
	switch {
	case a.Certainty == cascade.Undetermined:
		return fmt.Sprintf("not determined, %.2f or more", a.Bound)
	case a.None:
		return "none helps"
	case !a.sure():
		return fmt.Sprintf("%.2f to %.2f", a.Bound, a.Cost)
	default:
		return fmt.Sprintf("%.2f", a.Cost)
	}
}
