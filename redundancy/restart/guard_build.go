package restart

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A guardian puts conditions on a plan.
type guardian struct {
	t        *topology.Topology
	template *replay         // of the plan as it was
	since    []time.Duration // by ID: when it should become ready; negative: it takes no part
	started  []bool          // by ID: steps power it on
	classes  [][]topology.ID
	turned   []time.Duration        // by ID: when steps put it in rotation; negative: never
	admitted map[string]float64     // the fraction before, by what admits name
	gates    []Step                 // the latest Admit of each
	asked    map[string][]Condition // by step that starts or turns something: what it asks for besides
	plan     *Plan
	parsed   []parsed      // of its steps, since they are made
	before   time.Duration // the instant before
	unsafe   int           // runs of the last rehearsal
	late     bool          // what is admitted before its demand comes up is admitted after that, even if that is later
	news     bool          // something is asked since the steps were made
}

func newGuardian(ctx context.Context, t *topology.Topology, p *Plan) (*guardian, error) {
	r, err := newReplay(t, p)
	if err != nil {
		return nil, err
	}
	n := t.Len()
	guarded := *p
	guarded.Steps = nil
	g := &guardian{t: t, template: r, plan: &guarded, started: make([]bool, n), before: -1, admitted: map[string]float64{}, asked: map[string][]Condition{},
		since: slices.Repeat([]time.Duration{never}, n), turned: slices.Repeat([]time.Duration{never}, n)}
	nominal := r.fresh(nil)
	nominal.since = g.since
	if err := nominal.run(ctx); err != nil {
		return nil, err
	}
	for i, s := range r.plan.Steps {
		for _, id := range nominal.parsed[i].what {
			switch {
			case s.Do == PowerOn:
				g.started[id] = g.started[id] || g.since[id] >= s.At
			case s.Do == Rotate && g.turned[id] < 0:
				g.turned[id] = s.At
			}
		}
	}
	g.findClasses()
	return g, nil
}

// build makes the steps, with what is asked of them by now.
func (g *guardian) build(ctx context.Context) error {
	g.plan.Steps, g.parsed, g.before, g.gates = nil, nil, -1, nil
	clear(g.admitted)
	for _, steps := range g.instants() {
		if err := g.guard(ctx, append(steps, g.again(steps)...)); err != nil {
			return err
		}
	}
	return nil
}

// again returns the Admits of before, to be tried again at an instant at which more enters rotation for their demands: some may have
// been left out, or lowered.
func (g *guardian) again(steps []Step) (all []Step) {
	now, grid := steps[0].At, g.plan.Grid
	admits := func(what topology.Names) bool {
		return slices.ContainsFunc(steps, func(s Step) bool { return s.Do == Admit && slices.Equal(s.What, what) })
	}
	for i := range g.gates {
		if s := &g.gates[i]; s.Admit > 0 && !admits(s.What) && (grid == 0 || now%grid == 0) && g.gains(s, steps) {
			s.At = now
			all = append(all, *s)
		}
	}
	for _, s := range steps {
		g.gates = slices.DeleteFunc(g.gates, func(o Step) bool { return s.Do == Admit && slices.Equal(o.What, s.What) })
		if s.Do == Admit {
			g.gates = append(g.gates, s)
		}
	}
	return all
}

// gains reports whether steps put something in rotation that carries load of what another admits.
func (g *guardian) gains(admit *Step, steps []Step) bool {
	var below []bool
	for _, s := range steps {
		if s.Do != Rotate {
			continue
		}
		if below == nil {
			below = g.below(g.selected(*admit))
		}
		if slices.ContainsFunc(g.selected(s), func(id topology.ID) bool { return below[id] }) {
			return true
		}
	}
	return false
}

// guard adds the steps of one instant with their conditions.
func (g *guardian) guard(ctx context.Context, steps []Step) error {
	now := steps[0].At
	g.goOn(now)
	steps = g.layered(steps, now)
	g.conditions(steps, now)
	for _, s := range steps {
		if s.Do != Admit {
			for _, c := range g.asked[s.key()] {
				s.ask(c)
			}
			g.plan.Steps = append(g.plan.Steps, s)
			continue
		}
		if err := g.ladder(ctx, s); err != nil {
			return err
		}
	}
	g.before = now
	return nil
}

// instants returns the steps of the plan, those of one time together.
func (g *guardian) instants() [][]Step {
	var all [][]Step
	for _, s := range g.opening() {
		if n := len(all); n > 0 && all[n-1][0].At == s.At {
			all[n-1] = append(all[n-1], s)
		} else {
			all = append(all, []Step{s})
		}
	}
	return all
}

// opening returns the steps of the plan, but that what is admitted of a demand before it comes up is admitted when it does, if
// that is on the grid. That is the same, unless it comes up at another time than it should.
func (g *guardian) opening() []Step {
	var all []Step
	last := map[string]int{} // by what an Admit before its time names: the place of the latest
	for _, s := range g.template.plan.Steps {
		opens := never
		if s.Do == Admit {
			opens = g.opensAt(&s)
		}
		key := fmt.Sprint(s.What)
		if i, ok := last[key]; ok && s.Do == Admit && s.At <= opens {
			all = slices.Delete(all, i, i+1)
			delete(last, key)
			for k, at := range last {
				if at > i {
					last[k]--
				}
			}
		}
		if s.At < opens {
			last[key] = len(all)
			s.At = opens
		}
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	return all
}

// opensAt returns when what a step admits is to be admitted at the earliest; negative if that is any time.
func (g *guardian) opensAt(s *Step) time.Duration {
	at := g.opens(s)
	if at < 0 || g.plan.Grid == 0 || at%g.plan.Grid == 0 {
		return at
	}
	if !g.late {
		return never
	}
	return nextOn(g.plan.Grid, at)
}

// opens returns when the demands of an Admit come up, if all do at one time; else a negative time.
func (g *guardian) opens(s *Step) time.Duration {
	at := never
	for i, id := range g.selected(*s) {
		if i > 0 && g.since[id] != at {
			return never
		}
		at = g.since[id]
	}
	return at
}
