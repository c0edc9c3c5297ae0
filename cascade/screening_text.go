package cascade

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/ridethrough/ridethrough/topology"
)

// String summarises the screening.
func (s *Screening) String() string {
	text := fmt.Sprintf("%s: of %s %s (%s).", s.Family, many(s.Scenarios, "scenario"), s.counts(), s.Certainty)
	if s.Certainty != Exact {
		what := "were looked at"
		if s.Certainty == Sampled {
			what = "were drawn"
		}
		text = fmt.Sprintf("%s: of %s %s %s: %s (%s).", s.Family, many(s.Scenarios, "scenario"), topology.Quantity(float64(s.Run), ""), what, s.counts(), s.Certainty)
	}
	if s.Intact.Verdict != Holds {
		text += fmt.Sprintf("\n  With nothing lost the fleet %s already: %s served.", s.Intact.Verdict, percent(s.Intact.Served))
	}
	if s.Certainty == Sampled || s.likely.all.Int != nil {
		text += "\n  " + s.chances()
	}
	if s.Unasked.Sign() > 0 {
		text += fmt.Sprintf("\n  In %s of those that hold no demand is left to judge by.", number(s.Unasked))
	}
	if s.Timing != nil && s.Timing.Sign() > 0 {
		text += fmt.Sprintf("\n  The end of %s may depend on which component trips first; in some order up to %s may collapse.", number(s.Timing), number(s.AtRisk))
	}
	for _, c := range s.Worst {
		text += "\n  " + c.String()
	}
	return text
}

// counts writes "2 hold, 1 degrade, 1 collapse".
func (s *Screening) counts() string {
	if s.Collapsing == nil {
		return fmt.Sprintf("%s hold, %s do not", number(s.Holding), number(s.Failing))
	}
	return fmt.Sprintf("%s hold, %s degrade, %s collapse", number(s.Holding), number(s.Degrading), number(s.Collapsing))
}

// chances writes how likely it is not to hold, and to collapse.
func (s *Screening) chances() string {
	text := fmt.Sprintf("It does not hold with a probability of %v", s.Fail)
	if s.Collapsing != nil {
		text += fmt.Sprintf(", and collapses with %v", s.Collapse)
	}
	if s.Certainty == Sampled {
		text += " (95 % confidence)"
	}
	return text + "."
}

// String returns one line: "board-1 collapses: 0 % served, 74 up".
func (c Case) String() string {
	text := fmt.Sprintf("%s %s: ", c.Scenario, c.Verdict)
	if c.Verdict != Fails {
		text += percent(c.Served) + " served, "
	}
	text += fmt.Sprintf("%d up", c.Up)
	if c.Alike != nil && c.Alike.Cmp(big.NewInt(1)) > 0 {
		text += fmt.Sprintf(" (one of %s alike)", number(c.Alike))
	}
	return text
}

// number writes a count: in full up to 15 digits.
func number(n *big.Int) string {
	x, _ := new(big.Float).SetInt(n).Float64()
	return topology.Quantity(x, "")
}

func many(n *big.Int, what string) string {
	if n.IsInt64() && n.Int64() == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}

// written is a screening as JSON: with what only Merge needs.
type written struct {
	*plainScreening
	Plan   identity `json:"plan"`
	Items  int64    `json:"items"` // of the whole plan
	Spans  []Span   `json:"spans"` // done
	Likely *likely  `json:"likely,omitempty"`
}

type plainScreening Screening

// likely is probabilities in units of 2^-1074: sums of these do not depend on their order.
type likely struct {
	All        *big.Int `json:"all"`
	Failing    *big.Int `json:"failing"`
	Collapsing *big.Int `json:"collapsing"`
}

// identity returns what tells plans apart.
func (s *Screening) identity() identity {
	if s.plan.Topology == "" {
		s.plan.Topology = hash(s.t)
	}
	return s.plan
}

// MarshalJSON writes the screening.
func (s *Screening) MarshalJSON() ([]byte, error) {
	w := written{plainScreening: (*plainScreening)(s), Plan: s.identity(), Items: s.items, Spans: s.spans}
	if s.likely.all.Int != nil {
		w.Likely = &likely{s.likely.all.Int, s.likely.failing.Int, s.likely.collapsing.Int}
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Screening) UnmarshalJSON(data []byte) error {
	w := written{plainScreening: (*plainScreening)(s)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	s.plan, s.items, s.spans, s.likely = w.Plan, w.Items, w.Spans, masses{}
	if w.Likely != nil {
		s.likely = masses{mass{w.Likely.All}, mass{w.Likely.Failing}, mass{w.Likely.Collapsing}}
	}
	return s.check()
}

// check finds what a screening that was read lacks.
func (s *Screening) check() error {
	done := int64(0)
	for i, span := range s.spans {
		if span.From < 0 || span.To <= span.From || i > 0 && span.From <= s.spans[i-1].To {
			return errors.New("screening: its spans of items are not in order")
		}
		done += span.To - span.From
	}
	switch {
	case s.plan.Version != 1:
		return fmt.Errorf("screening: version %d: this release reads version 1", s.plan.Version)
	case s.Scenarios == nil || s.Holding == nil || s.Failing == nil || s.Unasked == nil:
		return errors.New("screening: counts are missing")
	case done != s.Run || done > s.items:
		return fmt.Errorf("screening: %d items of %d were looked at, and its spans are %d", s.Run, s.items, done)
	}
	return nil
}
