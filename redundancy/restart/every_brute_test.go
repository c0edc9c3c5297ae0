package restart_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A rival looks for safe plans that are better than one that was made: it guesses steps, of one component each, and mends what
// a replay finds wrong by doing it later, or less of it, or not at all.
type rival struct {
	*rand.Rand
	dark
	made  *restart.Plan
	names []string // of what is down and comes up by a step
	turn  []string // of what waits to be put in rotation
	gates []string
	grid  time.Duration
}

func newRival(seed uint64, d dark, made *restart.Plan) *rival {
	v := &rival{Rand: rand.New(rand.NewPCG(seed, 5)), dark: d, made: made, grid: made.Grid}
	outcome, _ := cascade.Run(d.fleet, d.scenario)
	for _, f := range outcome.Failures {
		if id, ok := d.fleet.Lookup(f.Component); ok && (d.fleet.Demand(id) == 0 || len(d.fleet.PoolsOf(id)) > 0) {
			v.names = append(v.names, f.Component)
		}
	}
	for id := range topology.ID(d.fleet.Len()) {
		if d.fleet.Demand(id) == 0 {
			continue
		}
		if d.fleet.Component(id).Gated {
			v.gates = append(v.gates, d.fleet.Name(id))
		}
		for _, l := range d.fleet.Links(id) {
			for _, m := range l.Members {
				if name := d.fleet.Name(m); l.Supply != nil && !slices.Contains(v.turn, name) {
					v.turn = append(v.turn, name)
				}
			}
		}
	}
	return v
}

// guess begins with steps at any time, or with those that were made, changed.
func (v *rival) guess() (steps []restart.Step) {
	if v.IntN(2) == 0 {
		for _, s := range v.made.Steps {
			ids, _ := v.fleet.Select(s.What...)
			for _, id := range ids {
				one := s
				one.What = topology.Names{v.fleet.Name(id)}
				if v.IntN(8) > 0 {
					steps = append(steps, one)
				}
			}
		}
	}
	late := 1 + v.IntN(4)
	at := func() time.Duration { return time.Duration(v.IntN(late)*v.IntN(3)) * tick }
	for _, name := range v.names {
		if v.IntN(8) > 0 {
			steps = append(steps, on(at(), name))
		}
	}
	for _, name := range v.turn {
		if v.IntN(8) > 0 {
			steps = append(steps, in(at(), name))
		}
	}
	for _, name := range v.gates {
		f := 1.0
		for k := range 1 + v.IntN(4) {
			s := admit(time.Duration(k*v.IntN(4))*v.grid, f)
			if s.What = (topology.Names{name}); k > 0 || v.IntN(2) == 0 {
				s.Admit = float64(v.IntN(9)) / 8
			}
			steps = append(steps, s)
		}
		steps = append(steps, restart.Step{At: time.Duration(v.IntN(8)) * v.grid, Do: restart.Admit, What: topology.Names{name}, Admit: 1})
	}
	for i := range steps {
		if v.IntN(12) == 0 {
			steps[i].At += tick * time.Duration(v.IntN(3))
		}
		if v.IntN(20) == 0 {
			steps[i].At += time.Duration(v.IntN(30)) * time.Second
		}
	}
	slices.SortStableFunc(steps, func(a, b restart.Step) int { return int(a.At - b.At) })
	return steps
}

// plan returns a safe plan, or nil.
func (v *rival) plan() *restart.Plan {
	p := *v.made
	p.Steps = v.guess()
	for range 60 {
		var w *restart.Violation
		err := p.Measure(context.Background(), v.fleet)
		if err == nil {
			return &p
		}
		if !errors.As(err, &w) || w.Step < 0 || len(p.Steps) == 0 {
			return nil
		}
		i := w.Step
		if w.Reason == restart.Overload { // one of the latest steps is to blame
			i = max(0, i-v.IntN(3))
		}
		s := &p.Steps[i]
		switch {
		case w.Reason == restart.OffGrid:
			s.At -= s.At % v.grid
		case s.Do == restart.Admit && v.IntN(3) > 0 && s.Admit > .01:
			s.Admit *= []float64{.5, .75, .9}[v.IntN(3)]
		case v.IntN(30) == 0 || s.At > 12*time.Minute:
			p.Steps = slices.Delete(p.Steps, i, i+1)
		case s.Do == restart.Admit:
			s.At += v.grid
		default:
			s.At += tick
		}
	}
	return nil
}

// Nobody who guesses finds a safe plan below the bounds of one that was made, or a better one than what is proven.
func TestMakeAnyAgainstRivals(t *testing.T) {
	t.Parallel()
	fleets, tries := uint64(120), 12
	if testing.Short() {
		fleets = 30
	}
	againstRivals(t, fleets, tries, func(seed uint64) dark { return newDark(seed + 1_000_000) })
}

func TestMakeAgainstRivals(t *testing.T) {
	t.Parallel()
	fleets, tries := uint64(120), 12
	if testing.Short() {
		fleets = 30
	}
	againstRivals(t, fleets, tries, func(seed uint64) dark {
		r := rand.New(rand.NewPCG(seed, 13))
		p := randomPuzzle(r, 2+r.IntN(3))
		return dark{p.fleet, p.scenario, p.options}
	})
}

func againstRivals(t *testing.T, fleets uint64, tries int, next func(seed uint64) dark) {
	safe, proven, better := 0, 0, 0
	for seed := range fleets {
		d := next(seed)
		made, err := restart.Make(context.Background(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if made.Certainty == cascade.Proven {
			proven++
		}
		v := newRival(seed, d, made)
		beaten := false
		for range tries {
			p := v.plan()
			if p == nil {
				continue
			}
			safe++
			if v.compare(t, seed, p) && !beaten {
				beaten = true
			}
		}
		if beaten {
			better++
		}
	}
	t.Log(proven, "proven,", safe, "safe guesses, of", better, "fleets better than what was made")
	require.Less(t, better, int(fleets/10))
}

func (v *rival) started(p *restart.Plan) (n int, all map[string]bool) {
	all = map[string]bool{}
	for _, s := range p.Steps {
		if s.Do == restart.PowerOn {
			ids, _ := v.fleet.Select(s.What...)
			for _, id := range ids {
				if name := v.fleet.Name(id); slices.Contains(v.names, name) {
					all[name] = true
				}
			}
		}
	}
	return len(all), all
}

func (v *rival) compare(t *testing.T, seed uint64, p *restart.Plan) bool {
	made := v.made
	asMuch, value := true, 0.0
	for i, s := range p.Served {
		asMuch = asMuch && (made.Certainty == cascade.Undetermined || s.Fraction >= made.Served[i].Fraction-1e-9)
		if made.Certainty != cascade.Undetermined {
			value += s.Fraction - made.Served[i].Fraction
		}
	}
	_, had := v.started(made)
	_, has := v.started(p)
	asMany := true
	for name := range had {
		asMany = asMany && has[name]
	}
	if made.Certainty == cascade.Undetermined {
		return true
	}
	if asMuch {
		require.GreaterOrEqual(t, p.Unserved, made.LeastPossible*(1-1e-9)-1e-9, "seed %d: %v\n%v", seed, made, p)
	}
	if asMany {
		require.GreaterOrEqual(t, p.Finish, made.Earliest, "seed %d: %v\n%v", seed, made, p)
	}
	if made.Soonest {
		return len(has) > len(had) || asMany && p.Finish < made.Finish
	}
	if gain := v.gain(p); made.Certainty == cascade.Proven {
		require.LessOrEqual(t, gain, 3e-6, "seed %d: %v\n%v", seed, made, p)
		if gain >= -1e-9 {
			require.GreaterOrEqual(t, p.Unserved, made.Unserved*(1-1e-8)-1e-8, "seed %d: %v\n%v", seed, made, p)
		}
	}
	return asMuch && (value > 1e-5 || p.Unserved < made.Unserved*(1-1e-9)-1e-9)
}

// gain is how much more by value a plan serves in the end than the one that was made, in parts of all.
func (v *rival) gain(p *restart.Plan) float64 {
	gain, all := 0., 0.
	for i, s := range p.Served {
		id, _ := v.fleet.Lookup(s.Demand)
		worth := v.fleet.Demand(id)
		for _, pattern := range slices.Sorted(maps.Keys(v.options.Value)) {
			if ids, _ := v.fleet.Select(pattern); slices.Contains(ids, id) {
				worth = v.fleet.Demand(id) * v.options.Value[pattern]
			}
		}
		gain += worth * (s.Fraction - v.made.Served[i].Fraction)
		all += worth
	}
	if all == 0 {
		return 0
	}
	return gain / all
}
