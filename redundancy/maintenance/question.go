package maintenance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A question is a fleet as it is now, and what must hold meanwhile.
type question struct {
	t       *topology.Topology
	o       Options
	family  cascade.Family
	lose    []topology.ID // now
	drain   []topology.ID
	load    float64
	down    []bool // now, with what follows from it
	rotates []bool // it takes a share of users' load, and has no demand of its own
	demands []topology.ID
	limits  []limit
	already []Strain // at most mostTold
	failing int
	reason  string // why nothing is safe
	broken  bool   // the fleet does not hold as it is
	unknown bool   // whether it does was too much to look at
}

// A limit is how many of some components may boot together.
type limit struct {
	has  []bool
	most int
}

// mostTold bounds lists of what fails.
const mostTold = 10

// defaultCases is how many cases of a family are looked at, unless it is said how many.
const defaultCases = 20_000

func newQuestion(t *topology.Topology, o Options) (*question, error) {
	if t == nil {
		return nil, fmt.Errorf("there is no fleet: it is nil")
	}
	switch {
	case !(o.Serve >= 0 && o.Serve <= 1):
		return nil, fmt.Errorf("serve: %v: give the fraction of every demand that is enough, from 0 to 1", o.Serve)
	case o.Cases < 0 || o.Cases > cascade.MaxScenarios:
		return nil, fmt.Errorf("cases: %d: give from 1 to %d; 0 is %d", o.Cases, int64(cascade.MaxScenarios), defaultCases)
	case o.Workers < 0:
		return nil, fmt.Errorf("workers: %d: give how many; 0 is as many as there are cores", o.Workers)
	case o.Drain < 0:
		return nil, fmt.Errorf("drain: %v: give how long it takes to drain a group", o.Drain)
	}
	o.Serve, o.Cases = cmp.Or(o.Serve, 1), cmp.Or(o.Cases, defaultCases)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	q := &question{t: t, o: o, family: o.Family}
	for _, find := range []func() error{q.findNow, q.findLimits, func() error { return q.findFamily(o.Family) }} {
		if err := find(); err != nil {
			return nil, err
		}
	}
	q.findDemands()
	return q, nil
}

// findNow finds what is lost and drained already.
func (q *question) findNow() error {
	outcome, err := cascade.Run(q.t, q.o.Now)
	if err != nil {
		return fmt.Errorf("now: %w", err)
	}
	q.lose, _ = q.t.Select(q.o.Now.Lose...) // Run has looked the names up
	q.drain, _ = q.t.Select(q.o.Now.Drain...)
	q.load = cmp.Or(q.o.Now.Load, 1)
	q.down = make([]bool, q.t.Len())
	for _, l := range q.t.Closure().Fail(q.lose...) {
		q.down[l.ID] = true
	}
	if outcome.Verdict != cascade.Holds {
		q.broken, q.reason = true, "the fleet does not hold with nothing taken out"
	}
	return nil
}

func (q *question) findLimits() error {
	for _, pattern := range slices.Sorted(maps.Keys(q.o.AtOnce)) {
		ids, err := q.t.Select(pattern)
		if err != nil {
			return fmt.Errorf("at once: %w", err)
		}
		most := q.o.AtOnce[pattern]
		if most < 0 {
			return fmt.Errorf("at once: %s: %d: give how many may boot together", pattern, most)
		}
		l := limit{has: make([]bool, q.t.Len()), most: most}
		for _, id := range ids {
			l.has[id] = true
		}
		q.limits = append(q.limits, l)
	}
	return nil
}

// findFamily looks up what the family names.
func (q *question) findFamily(f cascade.Family) error {
	if _, err := f.Count(q.t); err != nil {
		return fmt.Errorf("family: %w", err)
	}
	if _, err := cascade.NewPlan(q.t, cascade.Product(cascade.Only(q.o.Now), f), cascade.Options{Cases: 1, Samples: 1}); err != nil {
		return fmt.Errorf("family: %w", err)
	}
	return nil
}

// findDemands finds the demands, and what takes a share of them.
func (q *question) findDemands() {
	q.rotates = make([]bool, q.t.Len())
	for id := range topology.ID(q.t.Len()) {
		if q.t.Demand(id) == 0 {
			continue
		}
		q.demands = append(q.demands, id)
		for _, l := range q.t.Links(id) {
			for _, m := range l.Members {
				q.rotates[m] = q.rotates[m] || l.Supply != nil && q.t.Demand(m) == 0
			}
		}
	}
}

// begin looks at the fleet as it is. Unless that holds there is a reason not to take anything out.
func (q *question) begin(ctx context.Context) error {
	if q.broken {
		q.note(q.worstNow())
		return nil
	}
	cases, reason, err := q.cases(nil)
	if err != nil || reason != "" {
		q.unknown, q.reason = true, reason
		return err
	}
	seen, err := q.look(ctx, &stage{phase: Before}, cases, false)
	if err != nil {
		return err
	}
	for _, f := range seen.failing {
		q.note(q.strain(&stage{phase: Before}, cases[f.at], f.view))
	}
	if q.failing == 0 {
		return nil
	}
	if !q.o.Except {
		q.reason = "some scenarios fail with nothing taken out"
	}
	return q.leaveOut(ctx)
}

func (q *question) note(s Strain) {
	if q.failing++; len(q.already) < mostTold {
		q.already = append(q.already, s)
	}
}

// worstNow says what is wrong with the fleet as it is.
func (q *question) worstNow() Strain {
	s := &stage{phase: Before}
	return q.strain(s, nothing(q), newViewer(q).view(s, nothing(q)))
}

// leaveOut takes what fails already out of the family, one scenario after the other.
func (q *question) leaveOut(ctx context.Context) error {
	count, err := q.o.Family.Count(q.t)
	if err != nil {
		return err
	}
	if !count.IsInt64() || count.Int64() > q.o.Cases {
		q.unknown, q.reason = true, fmt.Sprintf("some scenarios fail with nothing taken out, and there are %v, too many to leave these out one by one", count)
		return nil
	}
	all, err := q.o.Family.All(q.t)
	if err != nil {
		return err
	}
	var scenarios []cascade.Scenario
	var cases []loss
	for s := range all {
		scenarios = append(scenarios, s)
		found := q.loss(s)
		found.load *= q.load
		cases = append(cases, found)
	}
	seen, err := q.look(ctx, &stage{phase: Before}, cases, false)
	if err != nil {
		return err
	}
	for _, f := range slices.Backward(seen.failing) {
		scenarios = slices.Delete(scenarios, f.at, f.at+1)
	}
	q.family = cascade.Only(scenarios...)
	return nil
}
