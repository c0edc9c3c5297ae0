package restart

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

func newReplay(t *topology.Topology, p *Plan) (*replay, error) {
	if p.Grid < 0 {
		return nil, fmt.Errorf("grid: %v: give a time above 0, or 0 for none", p.Grid)
	}
	outcome, err := cascade.Run(t, p.Scenario)
	if err != nil {
		return nil, err
	}
	return replayFrom(t, outcome, p)
}

// replayFrom begins where the cascade of the plan's scenario ends.
func replayFrom(t *topology.Topology, outcome *cascade.Outcome, p *Plan) (r *replay, err error) {
	plan, order := byTime(p)
	r = &replay{t: t, plan: plan, order: order, ready: newReadiness(t), meter: newMeter(outcome), events: queue.New(event.compare)}
	if r.back, err = returns(t, p.Return); err != nil {
		return nil, err
	}
	if r.limits, err = limits(t, p.AtOnce); err != nil {
		return nil, err
	}
	r.limited = limitedBy(t, r.limits)
	if r.state, err = begin(t, outcome); err != nil {
		return nil, err
	}
	r.parsed = make([]parsed, len(plan.Steps))
	r.prepare(cmp.Or(p.Scenario.Load, 1))
	return r, nil
}

// begin returns the state in which a cascade ends.
func begin(t *topology.Topology, outcome *cascade.Outcome) (topology.State, error) {
	n := t.Len()
	s := topology.State{Status: make([]topology.Status, n), Demand: make([]float64, n), Capacity: make([]float64, n)}
	drained, err := t.Select(outcome.Scenario.Drain...)
	if err != nil {
		return s, err
	}
	for id := range s.Capacity {
		s.Capacity[id] = t.Capacity(topology.ID(id))
	}
	for _, id := range drained {
		s.Status[id] = topology.Ready
	}
	for _, f := range outcome.Failures {
		if id, ok := t.Lookup(f.Component); ok {
			s.Status[id] = topology.Down
		}
	}
	return s, nil
}

// prepare finds the demands, who waits for rotation, and who comes up without a step.
func (r *replay) prepare(load float64) {
	r.rotates, r.wanted = make([]bool, r.t.Len()), make([]bool, r.t.Len())
	for id, status := range r.state.Status {
		id := topology.ID(id)
		if status != topology.Down {
			r.ready.runs(id)
		}
		if status == topology.Up {
			r.ready.turns(id)
		}
		if r.t.Demand(id) == 0 {
			continue
		}
		r.demands = append(r.demands, demandOf(r.t.Component(id), id, load, status != topology.Down))
		for _, l := range r.t.Links(id) {
			if l.Supply != nil {
				for _, m := range l.Members {
					r.rotates[m] = true
				}
			}
		}
		if len(r.t.PoolsOf(id)) == 0 && status == topology.Down && r.back[id] >= 0 {
			r.wanted[id] = true
			r.events.Push(event{r.back[id], begins, id})
		}
	}
	for i, p := range r.t.Pools() {
		if p.Share == topology.Waterfall {
			r.waterfalls++
		}
		if shifts(r.t, &p) {
			r.shifting = append(r.shifting, int32(i))
		}
	}
}

// shifts reports whether a pool shares by capacity among members some of which pass load on: that moves while they warm up.
func shifts(t *topology.Topology, p *topology.Pool) bool {
	return (p.Share == topology.Proportional || p.Share == topology.Waterfall) && slices.ContainsFunc(p.Members, func(id topology.ID) bool {
		return slices.ContainsFunc(t.Links(id), func(l topology.Link) bool { return l.Supply != nil })
	})
}

// byTime returns the plan with its steps in order of time, those of one instant as they stand, and where each stood.
func byTime(p *Plan) (*Plan, []int) {
	sorted, order := *p, make([]int, len(p.Steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p.Steps[i].At, p.Steps[j].At) })
	sorted.Steps = make([]Step, len(order))
	for i, from := range order {
		sorted.Steps[i] = p.Steps[from]
	}
	return &sorted, order
}
