package cascade

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/ridethrough/ridethrough/cascade/internal/draw"
	"github.com/ridethrough/ridethrough/topology"
)

// A Screening is what became of a family, or of part of it. Written as JSON it loses nothing: read back, it can be put
// together with other parts by [Merge], and the same screening is the same bytes, whoever did it.
type Screening struct {
	Family    Family    `json:"family"`
	Certainty Certainty `json:"certainty"` // of the counts; Exact: all was looked at; Sampled; Undetermined: some items are missing
	Intact    End       `json:"intact"`    // how the fleet is with nothing lost: look at it first
	Scenarios *big.Int  `json:"scenarios"` // of the family

	// Run is how many items were looked at: cases, each of which stands for all scenarios that differ from it only in which
	// of some interchangeable components they lose; or samples. The counts below are of scenarios, or of samples.
	Run        int64    `json:"run"`
	Holding    *big.Int `json:"holding"`
	Failing    *big.Int `json:"failing"`              // the others: of these
	Degrading  *big.Int `json:"degrading,omitempty"`  // so many degrade, and
	Collapsing *big.Int `json:"collapsing,omitempty"` // so many collapse; neither is told if only holding was asked
	Unasked    *big.Int `json:"unasked,omitempty"`    // of Holding: the scenario leaves no demand to judge by, or there is none

	// Timing is how many of Failing may end otherwise if their components trip in another order than the plain rounds of
	// [Engine]; AtRisk how many of all may collapse in some order: those that do not are served in every one.
	Timing *big.Int `json:"timing,omitempty"`
	AtRisk *big.Int `json:"atRisk,omitempty"`

	Fail     Interval `json:"fail"`              // probability that a scenario does not hold: its part of all, or by the unavailabilities
	Collapse Interval `json:"collapse,omitzero"` // that it collapses

	// Left counts the components that are up in the end; if only holding was asked, before any trips.
	Left []Bin `json:"left"`

	// Worst are the worst of Failing: the least served first, then the fewest left, then in order of the family.
	Worst []Case `json:"worst"`

	// Minimal are the smallest minimal ones of Collapsing, or of Failing if only holding was asked: with any one of the
	// components spared that their choices take, they would not be of these. What a scenario loses besides is never spared,
	// so one without a choice is not among them. Of samples, only the first 10,000 are asked.
	Minimal []Case `json:"minimal"`

	fleet  *fleet // nil if it was read
	plan   identity
	items  int64
	spans  []Span
	likely masses
}

// Done returns the items that were looked at, in order.
func (s *Screening) Done() []Span { return slices.Clone(s.spans) }

// Items returns how many items the whole has.
func (s *Screening) Items() int64 { return s.items }

// A Span is the items of a screening from one to before another.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// String returns "5 to 9" of items 5 to 9.
func (s Span) String() string {
	if s.To == s.From+1 {
		return fmt.Sprint(s.From)
	}
	return fmt.Sprintf("%d to %d", s.From, s.To-1)
}

// An Interval holds a number. Where it is known, Low equals High; where it is sampled, the interval holds it with 95 %
// confidence (Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404).
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// IntervalOf returns where a probability is, with 95 % confidence, if x of n independent trials have come out: all of 0 to 1 if n is
// 0. C. J. Clopper and E. S. Pearson, 1934, https://doi.org/10.1093/biomet/26.4.404.
func IntervalOf(x, n uint64) Interval {
	low, high := draw.Interval(x, n)
	return Interval{low, high}
}

// String returns "12.5 %", or "12.3 to 12.7 %", or "99.9996 to 100 %": with as many digits as tell its ends apart.
func (i Interval) String() string {
	if i.Low == i.High {
		return percent(i.Low)
	}
	low, high := topology.Quantity(100*i.Low, ""), topology.Quantity(100*i.High, "")
	for digits := 5; low == high && digits <= 17; digits++ {
		low, high = strconv.FormatFloat(100*i.Low, 'g', digits, 64), strconv.FormatFloat(100*i.High, 'g', digits, 64)
	}
	return low + " to " + high + " %"
}

// A Bin counts the scenarios that leave from Up to before the Up of the next bin, all of one width.
type Bin struct {
	Up    int      `json:"up"`
	Count *big.Int `json:"count"`
}

// A Case is a scenario and how it ends.
type Case struct {
	Scenario Scenario `json:"scenario"`
	Item     int64    `json:"item"`            // its number in the screening
	Lost     int      `json:"lost"`            // components that its choices take, each once
	Alike    *big.Int `json:"alike,omitempty"` // scenarios that it stands for, if more than itself
	End
}

// An End is how a scenario ends, in numbers.
type End struct {
	Verdict Verdict `json:"verdict"`
	Served  float64 `json:"served"` // fraction of the worst served demand; 1 if there is none to judge by, 0 if that was not asked
	Up      int     `json:"up"`     // components
}

// Holds reports whether every scenario is known to hold, and the state in which nothing is lost. It does not if that
// would say nothing: there is no scenario, or none that leaves a demand to judge by.
func (s *Screening) Holds() bool {
	return s.Certainty == Exact && s.Intact.Verdict == Holds && s.Failing.Sign() == 0 && s.Holding.Cmp(s.Unasked) > 0
}
