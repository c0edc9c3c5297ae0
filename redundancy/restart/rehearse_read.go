package restart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// conclude counts how runs went.
func (s *stage) conclude(spread Spread, runs []run) *Rehearsal {
	r := &Rehearsal{Spread: spread, Runs: len(runs), Certainty: cascade.Sampled, Until: s.nominal.full}
	r.Spread.Workers, r.Spread.Progress = 0, nil
	type key struct {
		step   int
		reason Reason
	}
	faults := map[key]int{} // place
	for i, done := range runs {
		if v := done.violation; v != nil {
			k := key{v.Step, v.Reason}
			at, ok := faults[k]
			if !ok {
				at = len(r.Faults)
				faults[k] = at
				r.Faults = append(r.Faults, Fault{Step: v.Step, Reason: v.Reason, Run: i, First: v})
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
	r.Chance = wilson(r.Safe, r.Runs)
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
		if one.short {
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
	r.Unserved.Nominal, r.Full.Nominal = unserved(s.nominal), full(s.nominal)
	if len(figures) == 0 {
		return
	}
	slices.Sort(figures)
	slices.SortFunc(times, func(a, b time.Duration) int { return cmp.Compare(uint64(a), uint64(b)) }) // never is last
	n := len(figures)
	middle, most := (n-1)/2, (95*n+99)/100-1
	r.Unserved.Median, r.Unserved.Most, r.Unserved.Worst = figures[middle], figures[most], figures[n-1]
	r.Full.Median, r.Full.Most, r.Full.Worst = times[middle], times[most], times[n-1]
}

// wilson returns the 95 % confidence interval of a proportion of which x of n trials are successes.
//
// E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927,
// https://doi.org/10.1080/01621459.1927.10502953.
func wilson(x, n int) cascade.Interval {
	const z = 1.959963984540054
	p, of := float64(x)/float64(n), float64(n)
	middle := (p + z*z/(2*of)) / (1 + z*z/of)
	half := float64(z / (1 + z*z/of) * math.Sqrt(float64(p*(1-p))/of+z*z/(4*of*of)))
	i := cascade.Interval{Low: max(0, middle-half), High: min(1, middle+half)}
	if x == 0 {
		i.Low = 0
	}
	if x == n {
		i.High = 1
	}
	return i
}

// String returns it in a few lines: how many runs are safe, the corners, the figures, and what goes wrong.
func (r *Rehearsal) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Rehearsed %s times, each boot %v to %v times as long, %s of them failing: %s, which is %v of all (%s).\n",
		whole(r.Runs), r.Spread.Fastest, r.Spread.Slowest, topology.Quantity(100*r.Spread.Fail, "%"), r.safe(), r.Chance, r.Certainty)
	fmt.Fprintf(&b, "  all fastest   %s\n  all slowest   %s\n", corner(r.Fastest), corner(r.Slowest))
	if r.Safe > 0 {
		fmt.Fprintf(&b, "  unserved      %s\n  full service  %s\n", r.unserved(), r.full())
	}
	if r.Stuck+r.Short > 0 {
		fmt.Fprintf(&b, "  not to plan   %s wait for ever for what a step waits for, %s serve less in the end\n", whole(r.Stuck), whole(r.Short))
	}
	const most = 5
	for _, f := range r.Faults[:min(most, len(r.Faults))] {
		fmt.Fprintf(&b, "  %-12s  %s in %s, in run %s first: %v\n", stepName(f.Step), f.Reason, whole(f.Runs), whole(f.Run+1), f.First)
	}
	if n := len(r.Faults) - most; n > 0 {
		fmt.Fprintf(&b, "  and %d more\n", n)
	}
	return b.String()
}

func (r *Rehearsal) safe() string {
	switch r.Safe {
	case r.Runs:
		return "all are safe"
	case 0:
		return "none is safe"
	}
	return whole(r.Safe) + " are safe"
}

func (r *Rehearsal) unserved() string {
	u := r.Unserved
	return fmt.Sprintf("%s as planned, %s in the middle, at most %s in 95 of 100, %s at worst; demand × minutes until %s",
		topology.Quantity(u.Nominal, ""), topology.Quantity(u.Median, ""), topology.Quantity(u.Most, ""), topology.Quantity(u.Worst, ""), clock(r.Until))
}

func (r *Rehearsal) full() string {
	when := func(at time.Duration) string {
		if at < 0 {
			return "never"
		}
		return clock(at)
	}
	f := r.Full
	return fmt.Sprintf("%s as planned, %s in the middle, %s in 95 of 100, %s at worst", when(f.Nominal), when(f.Median), when(f.Most), when(f.Worst))
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
