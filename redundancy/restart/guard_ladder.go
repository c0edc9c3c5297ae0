package restart

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// missingParts are the parts of each class that the rungs of a ladder do without, and probes how many ways to do so are tried.
var missingParts = []float64{0, .025, .05, .1, .25, .5}

const probes = 5

// A rung is a fraction that is safe if at least so many are ready of each class.
type rung struct {
	ready    []int // of the classes that the step relies on
	fraction float64
}

// ladder adds an Admit: less if less is ready than should be. What lowers the fraction, to make room, lowers it to none
// first: it may have been lower already.
func (g *guardian) ladder(ctx context.Context, s Step) error {
	ids, key := g.selected(s), fmt.Sprint(s.What)
	less := s.Admit < g.admitted[key]
	g.admitted[key] = s.Admit
	members := g.carriers(ids, s.At)
	if len(members) == 0 {
		g.plan.Steps = append(g.plan.Steps, s)
		return nil
	}
	rungs, err := g.rungs(ctx, s, ids, members)
	if err != nil {
		return err
	}
	if less && s.Admit > 0 {
		rungs = append(rungs, rung{make([]int, len(members)), 0})
	}
	for _, r := range slices.Backward(rungs) {
		step := s
		step.Admit, s.When = r.fraction, nil // the first waits, for all of them
		for c, ready := range r.ready {
			if ready > 0 {
				step.If = append(step.If, Condition{What: g.t.Names(members[c]), Ready: ready})
			}
		}
		g.plan.Steps = append(g.plan.Steps, step)
	}
	return nil
}

// rungs finds how much can be admitted if ever more is missing. The first of them does without as much as all of it can.
func (g *guardian) rungs(ctx context.Context, s Step, demands []topology.ID, members [][]topology.ID) ([]rung, error) {
	var rungs []rung
	known := map[string]float64{} // by how many are missing: few parts of few components differ
	try := func(part float64) (rung, error) {
		ready, without := share(members, part)
		key := fmt.Sprint(without)
		fraction, ok := known[key]
		if ok {
			return rung{ready, fraction}, nil
		}
		fraction, err := g.fraction(ctx, s, demands, members, without)
		known[key] = fraction
		return rung{ready, fraction}, err
	}
	for i, part := range missingParts {
		r, err := try(part)
		if err != nil {
			return nil, err
		}
		if r.fraction < s.Admit && len(rungs) == 1 && rungs[0].fraction == s.Admit {
			low, high := missingParts[i-1], part
			for range 12 {
				middle, err := try((low + high) / 2)
				if err != nil {
					return nil, err
				}
				if middle.fraction < s.Admit {
					high = (low + high) / 2
				} else {
					low, rungs[0] = (low+high)/2, middle
				}
			}
		}
		if r.fraction <= 0 && s.Admit > 0 {
			break
		}
		if n := len(rungs); n > 0 && r.fraction >= rungs[n-1].fraction {
			rungs = rungs[:n-1] // it needs more, and admits no more
		}
		rungs = append(rungs, r)
	}
	return rungs, nil
}

// share returns how many of each class are ready, and missing, if a part is missing.
func share(members [][]topology.ID, part float64) (ready, without []int) {
	for _, all := range members {
		n := int(float64(part*float64(len(all))) + 1e-9)
		ready, without = append(ready, len(all)-n), append(without, n)
	}
	return ready, without
}

// fraction returns the most, of what a step admits, that is safe if so many of each class do not come up; 0 if nothing is known to be.
func (g *guardian) fraction(ctx context.Context, s Step, demands []topology.ID, members [][]topology.ID, without []int) (float64, error) {
	most := s.Admit
	if slices.Max(without) == 0 {
		return most, nil
	}
	random := rand.New(rand.NewPCG(uint64(len(g.plan.Steps)), uint64(slices.Max(without))))
	for way := range probes {
		l := &luck{fails: make([]bool, g.t.Len())}
		for c, all := range members {
			for _, id := range leaveOut(all, without[c], way, random) {
				l.fails[id] = true
			}
		}
		r := g.on(g.plan.Steps).fresh(l)
		r.coarse = true // what it overlooks the rehearsals find
		err := r.playTo(ctx, s.At)
		var v *Violation
		switch {
		case errors.As(err, &v) && (v.Reason != Overload || v.At < s.At):
			return 0, nil
		case err != nil && v == nil:
			return 0, err
		}
		most = r.mostOf(demands, s.At, most)
	}
	if most < s.Admit {
		most = math.Floor(most*1e4) / 1e4
	}
	return most, nil
}

// leaveOut chooses n components: the first, the last, some evenly spread, or any.
func leaveOut(all []topology.ID, n, way int, random *rand.Rand) []topology.ID {
	switch way {
	case 0:
		return all[:n]
	case 1:
		return all[len(all)-n:]
	}
	chosen := make([]topology.ID, n)
	for i := range chosen {
		chosen[i] = all[i*len(all)/n]
	}
	if way > 2 {
		mixed := slices.Clone(all)
		random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		return mixed[:n]
	}
	return chosen
}

// on returns a replay of the steps made by now, in order of time.
func (g *guardian) on(steps []Step) *replay {
	r := *g.template
	plan := *r.plan
	plan.Steps = steps
	if more := len(steps) - len(g.parsed); more > 0 {
		g.parsed = append(g.parsed, make([]parsed, more)...)
	}
	r.plan, r.order, r.parsed = &plan, make([]int, len(steps)), g.parsed[:len(steps)]
	for i := range r.order {
		r.order[i] = i
	}
	return &r
}

// mostOf returns the largest fraction of demands, up to one, with which nothing is overloaded at a time that is not before now.
func (r *replay) mostOf(demands []topology.ID, at time.Duration, most float64) float64 {
	r.now = at
	r.open()
	r.load(at)
	fits := func(fraction float64) bool {
		for i := range r.demands {
			d := r.demands[i]
			if slices.Contains(demands, d.id) {
				d.admit(fraction, at)
				r.state.Demand[d.id] = d.now(at)
			}
		}
		r.flow.Update(r.state)
		for id, status := range r.state.Status {
			if status != topology.Down && over(r.flow.Load[id], r.state.Capacity[id]) {
				return false
			}
		}
		return true
	}
	if fits(most) {
		return most
	}
	low, high := 0.0, most
	for high-low > 1e-5 {
		if middle := (low + high) / 2; fits(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
