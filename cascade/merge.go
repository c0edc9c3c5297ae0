package cascade

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Merge puts parts of one screening together, in any order: shards, or what Merge made of some of them. A part that is
// given twice counts once.
//
// The error is a [*PartError] where a part does not go with another. Where items are missing, it is an [*Incomplete] that
// names them, and the screening is of the others.
func Merge(parts ...*Screening) (*Screening, error) {
	if len(parts) == 0 {
		return nil, errors.New("merge: there are no parts")
	}
	for i, part := range parts {
		if part == nil {
			return nil, fmt.Errorf("merge: part %d is nil", i)
		}
		if part.plan.Version == 0 {
			return nil, fmt.Errorf("merge: part %d is empty: it was neither screened nor read", i)
		}
		if problem := part.another(parts[0]); problem != "" {
			return nil, &PartError{i, 0, problem}
		}
	}
	all := parts[0].copy()
	for i, part := range parts[1:] {
		twice, err := part.done(parts[:i+1])
		if err != nil {
			return nil, err
		}
		if !twice {
			all.add(part)
		}
	}
	all.conclude()
	if missing := all.missing(); len(missing) > 0 {
		return all, &Incomplete{missing, all.items}
	}
	return all, nil
}

// done reports whether a part is the same as one of others; the error says that only some of its items are.
func (s *Screening) done(others []*Screening) (bool, error) {
	for j, other := range others {
		span, ok := common(s.spans, other.spans)
		if !ok {
			continue
		}
		a, errA := json.Marshal(s)
		b, errB := json.Marshal(other)
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			return false, &PartError{len(others), j, fmt.Sprintf("both have done items %v", span)}
		}
		return true, nil
	}
	return false, nil
}

// PartError says why one of the parts given to [Merge] does not go with another.
type PartError struct {
	Part, Other int    // counted from 0
	Problem     string // "it is of another fleet: …", "both have done items 5 to 9"
}

func (e *PartError) Error() string {
	return fmt.Sprintf("merge: part %d does not go with part %d: %s", e.Part, e.Other, e.Problem)
}

// Incomplete says which items of a screening are missing.
type Incomplete struct {
	Missing []Span
	Items   int64 // of the whole
}

func (e *Incomplete) Error() string {
	var spans []string
	for i, s := range e.Missing {
		if i == 5 {
			spans = append(spans, fmt.Sprintf("and %d more", len(e.Missing)-i))
			break
		}
		spans = append(spans, s.String())
	}
	return fmt.Sprintf("merge: of items 0 to %d are missing %s", e.Items-1, strings.Join(spans, ", "))
}

// add adds a part that has done other items.
func (s *Screening) add(part *Screening) {
	s.Run += part.Run
	for _, n := range [][2]*big.Int{
		{s.Holding, part.Holding}, {s.Failing, part.Failing}, {s.Degrading, part.Degrading}, {s.Collapsing, part.Collapsing},
		{s.Unasked, part.Unasked}, {s.Timing, part.Timing}, {s.AtRisk, part.AtRisk},
	} {
		if n[0] != nil {
			n[0].Add(n[0], n[1])
		}
	}
	s.likely.add(part.likely)
	s.Left = addBins(s.Left, part.Left)
	kept := s.plan.Kept
	s.Worst = first(kept, worseCase, s.Worst, part.Worst)
	s.Minimal = first(kept, smallerCase, s.Minimal, part.Minimal)
	s.spans = join(slices.Concat(s.spans, part.spans))
}

func (s *Screening) copy() *Screening {
	c := *s
	for _, n := range []**big.Int{&c.Holding, &c.Failing, &c.Degrading, &c.Collapsing, &c.Unasked, &c.Timing, &c.AtRisk} {
		if *n != nil {
			*n = new(big.Int).Set(*n)
		}
	}
	c.likely = masses{}
	c.likely.add(s.likely)
	c.Left = addBins(nil, s.Left)
	c.Worst, c.Minimal, c.spans = slices.Clone(s.Worst), slices.Clone(s.Minimal), slices.Clone(s.spans)
	return &c
}

func worseCase(a, b Case) int {
	return worse(result{End: a.End, item: a.Item}, result{End: b.End, item: b.Item})
}

func smallerCase(a, b Case) int {
	return smaller(result{lost: a.Lost, item: a.Item}, result{lost: b.Lost, item: b.Item})
}

// first returns the first of two sorted lists together.
func first(most int, order func(a, b Case) int, a, b []Case) []Case {
	all := slices.Concat(a, b)
	slices.SortFunc(all, order)
	return all[:min(len(all), most)]
}

// addBins adds two histograms.
func addBins(a, b []Bin) []Bin {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(a, b Bin) int { return cmp.Compare(a.Up, b.Up) })
	sum := []Bin{}
	for _, bin := range all {
		if n := len(sum); n > 0 && sum[n-1].Up == bin.Up {
			sum[n-1].Count.Add(sum[n-1].Count, bin.Count)
		} else {
			sum = append(sum, Bin{bin.Up, new(big.Int).Set(bin.Count)})
		}
	}
	return sum
}

// join sorts spans, and makes one of those that touch.
func join(spans []Span) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	joined := []Span{}
	for _, s := range spans {
		if n := len(joined); n > 0 && joined[n-1].To == s.From {
			joined[n-1].To = s.To
		} else if s.From < s.To {
			joined = append(joined, s)
		}
	}
	return joined
}

// common returns items that are in both of two lists.
func common(a, b []Span) (Span, bool) {
	for _, x := range a {
		for _, y := range b {
			if from, to := max(x.From, y.From), min(x.To, y.To); from < to {
				return Span{from, to}, true
			}
		}
	}
	return Span{}, false
}

// missing returns the items that are not done, in order.
func (s *Screening) missing() []Span {
	var missing []Span
	from := int64(0)
	for _, done := range append(slices.Clone(s.spans), Span{s.items, s.items}) {
		if from < done.From {
			missing = append(missing, Span{from, done.From})
		}
		from = done.To
	}
	return missing
}

// conclude draws from the counts what they say of all.
func (s *Screening) conclude() {
	whole := len(s.missing()) == 0
	switch {
	case s.plan.Samples > 0 && s.Run > 0:
		s.Certainty = Sampled
		s.Fail, s.Collapse = sampled(s.Failing, s.Run), sampled(s.Collapsing, s.Run)
	case !whole:
		s.Certainty, s.Fail, s.Collapse = Undetermined, Interval{0, 1}, Interval{0, 1}
	case s.likely.all.Int != nil:
		s.Certainty = Exact
		s.Fail, s.Collapse = known(s.likely.failing.value()), known(s.likely.collapsing.value())
	default:
		s.Certainty = Exact
		s.Fail, s.Collapse = known(ratio(s.Failing, s.Scenarios)), known(ratio(s.Collapsing, s.Scenarios))
	}
	if s.Collapsing == nil {
		s.Collapse = Interval{}
	}
}

func known(x float64) Interval { return Interval{x, x} }

func sampled(n *big.Int, of int64) Interval {
	if n == nil {
		return Interval{}
	}
	return IntervalOf(n.Uint64(), uint64(of))
}

func ratio(n, of *big.Int) float64 {
	if n == nil || of.Sign() == 0 {
		return 0
	}
	x, _ := new(big.Rat).SetFrac(n, of).Float64()
	return x
}
