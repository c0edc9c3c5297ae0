package growth

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// An Outlook is until when the redundancy of a growing fleet lasts. It prints as a table.
type Outlook struct {
	Family    cascade.Family     `json:"family"`
	Monthly   float64            `json:"monthly"`
	Rates     map[string]float64 `json:"rates,omitempty"`
	From      time.Time          `json:"-"`         // zero if it was not given; in JSON "2026-01-15"
	Certainty cascade.Certainty  `json:"certainty"` // of First and Within; that of Intact is Exact
	Reason    string             `json:"reason,omitempty"`
	Scenarios *big.Int           `json:"scenarios"` // of the family
	Intact    Deadline           `json:"intact"`    // with nothing lost: look at it first
	First     []Deadline         `json:"first"`     // the first to go; those that go together in order of the family
	Within    []Count            `json:"within"`    // now, and within 3, 6, 12, 24, 36 and 60 months, up to that within which all go
}

// A Count is how many scenarios no longer hold after some months of growth.
type Count struct {
	Months int              `json:"months"`
	By     time.Time        `json:"-"`              // the day; in JSON "2027-03-14"
	Used   *big.Int         `json:"used,omitempty"` // scenarios of the family; nil if they were sampled, or are not equally likely
	Part   cascade.Interval `json:"part"`           // of all, or with this probability where scenarios have one
}

// Forecast says when the margin of each scenario of a family is used up, at the growth that the options give, and which
// are the first.
//
// A margin m is used up, at a rate r a month, after ln m / ln(1+r) months. Where demands have rates of their own the month
// is found by halving. Months are made days by the calendar: from a day to the same day of another month, or to its last if
// it has no such day, and then so many days as are the part of the way to the next. The day told is the one on which load
// comes to the margin: up to it the scenario holds. Beyond a hundred years no day is told.
//
// It takes some tens of screenings and a run for each of the first. Exact is what looked at all scenarios, those that
// nothing tells apart once. Where there are too many for that, it is of a sample: one that was not drawn may go earlier.
//
// The error names what the topology does not have. When ctx ends, it returns what is known by then together with ctx's
// error.
func Forecast(ctx context.Context, t *topology.Topology, f cascade.Family, o Options) (*Outlook, error) {
	o, err := o.with()
	if err != nil {
		return nil, err
	}
	p, err := newPath(t, o)
	if err != nil {
		return nil, err
	}
	s, err := newSearch(t, f, p, o.Screening)
	if err != nil {
		return nil, err
	}
	l := &Outlook{
		Family: f, Monthly: o.Monthly, Rates: maps.Clone(o.Rates), From: o.From, First: []Deadline{}, Within: []Count{},
		Certainty: cascade.Undetermined, Reason: stopped,
	}
	if l.Scenarios, err = f.Count(t); err != nil {
		return nil, err
	}
	if err := l.find(ctx, s); err != nil && ctx.Err() == nil {
		return nil, err
	}
	return l, ctx.Err()
}

const stopped = "it was stopped before all was looked at."

func (l *Outlook) find(ctx context.Context, s *search) error {
	whole, err := fateOf(s.path, cascade.Scenario{})
	if err != nil {
		return err
	}
	l.Intact = l.deadline(s.path, whole)
	fates, last, err := s.fates(ctx, whole.u)
	if err != nil {
		return err
	}
	for _, f := range fates {
		if !math.IsInf(f.u, 1) {
			l.First = append(l.First, l.deadline(s.path, f))
		}
	}
	if err := l.count(ctx, s); err != nil {
		return err
	}
	l.Certainty, l.Reason = certainty(last.Screening)
	return nil
}

// certainty tells that of what a screening found first.
func certainty(s *cascade.Screening) (cascade.Certainty, string) {
	if s.Certainty != cascade.Sampled {
		return s.Certainty, ""
	}
	return s.Certainty, "of " + topology.Quantity(float(s.Scenarios), "") + " scenarios " + topology.Quantity(float64(s.Run), "") +
		" were drawn: one that was not may go earlier."
}

func float(n *big.Int) float64 {
	x, _ := new(big.Float).SetInt(n).Float64()
	return x
}

// deadline dates a fate.
func (l *Outlook) deadline(p *path, f fate) Deadline {
	return Deadline{f.Limit, p.months(f.u), l.day(p.months(f.u))}
}

// day returns the day after so many months; zero if none is told.
func (l *Outlook) day(months float64) time.Time {
	if l.From.IsZero() || months > lastMonth {
		return time.Time{}
	}
	return day(l.From, months)
}

// count counts what no longer holds after some months each.
func (l *Outlook) count(ctx context.Context, s *search) error {
	for _, months := range []int{0, 3, 6, 12, 24, 36, 60} {
		if months > 0 && !s.path.grows() {
			break
		}
		gone, err := s.at(ctx, min(s.path.way(float64(months)), s.path.top()))
		if err != nil {
			return err
		}
		c := Count{Months: months, By: l.day(float64(months)), Used: gone.Failing, Part: gone.Fail}
		if !counted(gone.Screening) {
			c.Used = nil
		}
		l.Within = append(l.Within, c)
		if gone.Holding.Sign() == 0 {
			break
		}
	}
	return nil
}

// counted reports whether the scenarios that do not hold were counted, and each is as likely as another.
func counted(s *cascade.Screening) bool {
	part, _ := new(big.Rat).SetFrac(s.Failing, max1(s.Scenarios)).Float64()
	return s.Certainty != cascade.Sampled && math.Abs(part-s.Fail.Low) < 1e-12
}

func max1(n *big.Int) *big.Int {
	if n.Sign() > 0 {
		return n
	}
	return big.NewInt(1)
}

// MarshalJSON writes a day as "2027-03-14".
func (l Outlook) MarshalJSON() ([]byte, error) {
	type plain Outlook
	return json.Marshal(struct {
		plain
		From string `json:"from,omitempty"`
	}{plain(l), dateText(l.From)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Outlook) UnmarshalJSON(data []byte) error {
	type plain Outlook
	var p struct {
		plain
		From string `json:"from"`
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	from, err := readDate(p.From)
	if err == nil {
		*l = Outlook(p.plain)
		l.From = from
	}
	return err
}

// MarshalJSON writes a day as "2027-03-14".
func (c Count) MarshalJSON() ([]byte, error) {
	type plain Count
	return json.Marshal(struct {
		plain
		By string `json:"by,omitempty"`
	}{plain(c), dateText(c.By)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Count) UnmarshalJSON(data []byte) error {
	type plain Count
	var p struct {
		plain
		By string `json:"by"`
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	by, err := readDate(p.By)
	if err == nil {
		*c = Count(p.plain)
		c.By = by
	}
	return err
}
