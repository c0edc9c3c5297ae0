package restart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// conclude counts how runs went.
func (s *stage) conclude(spread Spread, runs []run) *Rehearsal {
	r := &Rehearsal{Spread: spread, Certainty: cascade.Sampled, Asked: s.asked, Until: s.nominal.full}
	r.Spread.Workers, r.Spread.Progress = 0, nil
	type key struct {
		step   int
		reason Reason
	}
	faults := map[key]int{} // their places
	for i, done := range runs {
		if v := done.violation; v != nil {
			k := key{v.Step, v.Reason}
			at, ok := faults[k]
			if !ok {
				at = len(r.Faults)
				faults[k] = at
				r.Faults = append(r.Faults, Fault{Run: i, First: v})
			}
			r.Faults[at].Runs++
			continue
		}
		r.Safe++
		r.Stuck += count(done.stuck)
		r.Short += count(done.short)
		r.Until = max(r.Until, done.full)
	}
	slices.SortStableFunc(r.Faults, func(a, b Fault) int { return b.Runs - a.Runs })
	r.Chance = cascade.IntervalOf(uint64(r.Safe), uint64(len(runs)))
	s.spread(r, runs)
	return r
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// spread finds the figures of those runs that are safe.
func (s *stage) spread(r *Rehearsal, runs []run) {
	unserved := func(one run) float64 { return one.unserved + float64(one.rate*(r.Until-one.full).Minutes()) }
	full := func(one run) time.Duration {
		if one.short || s.nobody() {
			return never
		}
		return one.full
	}
	var figures []float64
	var times []time.Duration
	for _, done := range runs {
		if done.violation == nil {
			figures, times = append(figures, unserved(done)), append(times, full(done))
		}
	}
	slices.Sort(figures)
	slices.SortFunc(times, func(a, b time.Duration) int { return cmp.Compare(uint64(a), uint64(b)) }) // never is last
	r.Unserved, r.Full = figuresOf(unserved(s.nominal), figures), figuresOf(full(s.nominal), times)
}

// rounded returns a violation without the nanoseconds of a boot that was drawn.
func (v Violation) rounded() *Violation {
	v.At = v.At.Round(time.Millisecond)
	return &v
}

// nobody reports whether the plan ends with nothing served.
func (s *stage) nobody() bool {
	return (&Plan{Served: s.served}).nobody()
}

// figuresOf reads sorted figures; if there are none only the nominal one is set.
func figuresOf[T ~float64 | ~int64](nominal T, sorted []T) Figures[T] {
	n := len(sorted)
	if n == 0 {
		return Figures[T]{Nominal: nominal}
	}
	return Figures[T]{nominal, sorted[(n-1)/2], sorted[(95*n+99)/100-1], sorted[n-1]}
}

// String returns it in a few lines: how many runs are safe, the corners, the figures, and what goes wrong.
func (r *Rehearsal) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Rehearsed %s times, each boot %v to %v times as long, %s of them failing: %s (%s: %v).\n",
		whole(r.Spread.Runs), r.Spread.Fastest, r.Spread.Slowest, topology.Quantity(100*max(0, r.Spread.Fail), "%"), r.safe(), r.Certainty, r.Chance)
	fmt.Fprintf(&b, "  all fastest   %s\n  all slowest   %s\n", corner(r.Fastest), corner(r.Slowest))
	if r.Safe > 0 {
		fmt.Fprintf(&b, "  unserved      %s\n  full service  %s\n", r.unserved(), r.full())
	}
	if r.Short > 0 {
		fmt.Fprintf(&b, "  short         %s serve less in the end than planned\n", whole(r.Short))
	}
	if r.Stuck > 0 {
		fmt.Fprintf(&b, "  stuck         %s never come to the last step, for what one waits for never comes\n", whole(r.Stuck))
	}
	const most = 5
	for _, f := range r.Faults[:min(most, len(r.Faults))] {
		fmt.Fprintf(&b, "  %-12s  %s in %s, first in run %s: %v\n", stepName(f.First.Step), f.First.Reason, phrase.Plural(f.Runs, "run"), whole(f.Run+1), f.First.rounded())
	}
	if n := len(r.Faults) - most; n > 0 {
		fmt.Fprintf(&b, "  and %d more\n", n)
	}
	return b.String()
}

func (r *Rehearsal) safe() string {
	switch r.Safe {
	case r.Spread.Runs:
		return "all are safe"
	case 0:
		return "none is safe"
	}
	return whole(r.Safe) + " are safe"
}

func (r *Rehearsal) unserved() string {
	each := func(x float64) string {
		switch {
		case x == 0:
			return "nothing"
		case r.Asked == 0:
			return topology.Quantity(x, "demand × minutes")
		}
		return lasting(outage(x, r.Asked))
	}
	if r.Full.Nominal < 0 {
		return "all: the plan serves nobody"
	}
	return r.Unserved.text(each) + ": as if nobody were served for so long, until " + clock(r.Until.Round(time.Second))
}

func (r *Rehearsal) full() string {
	return r.Full.text(func(at time.Duration) string {
		if at < 0 {
			return "never"
		}
		return clock(at.Round(time.Second)) // boots were drawn
	})
}

// text writes the figures in one line.
func (f Figures[T]) text(each func(T) string) string {
	return fmt.Sprintf("%s planned, %s median, %s 95th percentile, %s worst", each(f.Nominal), each(f.Median), each(f.P95), each(f.Worst))
}

func corner(v *Violation) string {
	if v == nil {
		return "safe"
	}
	return fmt.Sprintf("%s: %v", stepName(v.Step), v)
}

func stepName(i int) string {
	if i < 0 {
		return "no step"
	}
	return fmt.Sprintf("step %d", i+1)
}

func whole(n int) string { return topology.Quantity(float64(n), "") }
