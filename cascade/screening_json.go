package cascade

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

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

// MarshalJSON writes the screening.
func (s *Screening) MarshalJSON() ([]byte, error) {
	w := written{plainScreening: (*plainScreening)(s), Plan: s.identity(), Items: s.items, Spans: s.spans}
	if s.likely.all.Int != nil {
		w.Likely = &likely{s.likely.all.Int, s.likely.failing.Int, s.likely.collapsing.Int}
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes. The error says what it lacks; then the screening is as before.
func (s *Screening) UnmarshalJSON(data []byte) error {
	var read plainScreening
	w := written{plainScreening: &read}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	read.plan, read.items, read.spans = w.Plan, w.Items, w.Spans
	if w.Likely != nil {
		read.likely = masses{mass{w.Likely.All}, mass{w.Likely.Failing}, mass{w.Likely.Collapsing}}
	}
	if err := (*Screening)(&read).check(); err != nil {
		return fmt.Errorf("screening: %w", err)
	}
	*s = Screening(read)
	return nil
}

// check finds what a screening that was read lacks.
func (s *Screening) check() error {
	switch {
	case s.plan.Version != 1:
		return fmt.Errorf("version %d: this release reads version 1", s.plan.Version)
	case s.items > max(MaxScenarios, mostSamples):
		return fmt.Errorf("%d items: no plan has so many", s.items)
	case s.plan.Kept < 1 || s.plan.Kept > mostKept || len(s.Worst) > s.plan.Kept || len(s.Minimal) > s.plan.Kept:
		return fmt.Errorf("of %d cases that are kept it has %d and %d", s.plan.Kept, len(s.Worst), len(s.Minimal))
	}
	if err := s.checkSpans(); err != nil {
		return err
	}
	return s.checkCounts()
}

func (s *Screening) checkSpans() error {
	done, to := int64(0), int64(-1)
	for _, span := range s.spans {
		if span.From <= to || span.To <= span.From {
			return errors.New("its spans of items are not in order")
		}
		to = span.To
		done += span.To - span.From
	}
	if to > s.items || done != s.Run {
		return fmt.Errorf("%d items of %d were looked at, and its spans are %d, up to %d", s.Run, s.items, done, to)
	}
	return nil
}

// checkCounts finds counts that are missing, or do not add up.
func (s *Screening) checkCounts() error {
	counts := []*big.Int{s.Scenarios, s.Holding, s.Failing, s.Unasked}
	if s.plan.Question != holdsQuestion {
		counts = append(counts, s.Degrading, s.Collapsing, s.Timing, s.AtRisk)
	} else if s.Degrading != nil || s.Collapsing != nil || s.Timing != nil || s.AtRisk != nil {
		return errors.New("it counts what was not asked")
	}
	up := new(big.Int)
	for _, bin := range s.Left {
		if counts = append(counts, bin.Count); bin.Count != nil {
			up.Add(up, bin.Count)
		}
	}
	for _, m := range []mass{s.likely.all, s.likely.failing, s.likely.collapsing} {
		if m.Int != nil {
			counts = append(counts, m.Int)
		}
	}
	for _, n := range counts {
		if n == nil || n.Sign() < 0 {
			return errors.New("counts are missing, or negative")
		}
	}
	if sum(s.Holding, s.Failing).Cmp(up) != 0 || s.Degrading != nil && sum(s.Degrading, s.Collapsing).Cmp(s.Failing) != 0 {
		return errors.New("its counts do not add up")
	}
	return nil
}

func sum(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }
