package spare

import (
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A rescue is one search for a shedding.
type rescue struct {
	*Shedding
	p       *pool.Pool
	st      *pool.State
	worth   float64
	load    float64 // that the pool would carry if nothing were refused
	classes []class
	power   []budget
	work    int // what may still be spent on programs, in cells of their dictionaries that are touched, about
}

// rescueWork is what may be spent on one shedding: about a second.
const rescueWork = 1_000_000_000

// rescueNodes is how many relaxations of one program are solved.
const rescueNodes = 20_000

func (r *rescue) run(ctx context.Context) error {
	t := r.p.Topology
	st, err := r.p.After(r.Scenario)
	if err != nil {
		return err
	}
	r.st = st
	switch {
	case len(st.Drained) > 0:
		r.Reason = fmt.Sprintf("%s takes %s out of rotation, which is no server of the pool.", r.Scenario, t.Name(st.Drained[0]))
		return nil
	case !st.Up || len(st.Rotating) == 0:
		r.lose("No server that is left in rotation can serve " + t.Name(r.p.Demand) + ".")
		if st.Asked {
			return nil
		}
		r.Certainty, r.Reason = cascade.Undetermined, "the scenario loses the demand itself, so refusing it changes nothing."
		return nil
	}
	r.load = r.p.Load(st.Factor)
	if reason := r.survey(); reason != "" {
		r.lose(reason)
		return nil
	}
	r.Stay = r.refused(r.staying())
	best, ok, err := r.best(ctx)
	if err != nil || !ok {
		r.Reason = "The search was not finished."
		return err
	}
	if best.n == 0 {
		r.lose("No load would be small enough: something is overloaded without any.")
		return nil
	}
	r.take(best)
	r.confirm()
	return nil
}

// lose says that all is lost, and why.
func (r *rescue) lose(why string) {
	r.Certainty, r.Reason = cascade.Exact, why
	r.admit(0)
	r.Stay = 1
}

func (r *rescue) admit(fraction float64) {
	t := r.p.Topology
	r.Admit = []cascade.Served{{Demand: t.Name(r.p.Demand), Fraction: fraction}}
	r.Lost = (1 - fraction) * r.st.Factor * t.Demand(r.p.Demand) * r.worth
	r.Bound = r.Lost
}

// refused returns the fraction of the demand that is refused when the pool carries a load.
func (r *rescue) refused(load float64) float64 {
	if load >= r.load {
		return 0
	}
	part := r.load - r.p.Base
	return min(1, (r.load-load)/part)
}

// take fills in what a way asks for.
func (r *rescue) take(w way) {
	t := r.p.Topology
	r.Certainty = cascade.Exact
	r.Drain, r.Off = t.Names(w.out), t.Names(w.off)
	r.admit(1 - r.refused(w.load))
	r.Live = w.n
	if r.Admit[0].Fraction == 1 {
		return
	}
	r.Binding = r.tight(w)
	if !t.Component(r.p.Demand).Gated {
		r.Reason = fmt.Sprintf("%s is not gated: refusing takes a gate in front of it.", t.Name(r.p.Demand))
	}
}

// confirm runs the scenario with what is to be done; what does not hold is taken back.
func (r *rescue) confirm() {
	if r.Admit[0].Fraction == 0 && r.Drain == nil && r.Off == nil {
		return
	}
	s := cascade.Scenario{
		Lose:  slices.Concat(r.Scenario.Lose, r.Off),
		Drain: slices.Concat(r.Scenario.Drain, r.Drain),
		Load:  max(1e-300, r.st.Factor*r.Admit[0].Fraction),
	}
	outcome, err := cascade.Run(r.p.Topology, s)
	if err == nil && outcome.Judge(1) == cascade.Holds {
		return
	}
	*r.Shedding = Shedding{Certainty: cascade.Undetermined, Scenario: r.Scenario, Reason: "what was found does not pass its check."}
}

// tight returns what is at its capacity.
func (r *rescue) tight(w way) (all []Binding) {
	t := r.p.Topology
	q := w.load / float64(w.n)
	note := func(id topology.ID, load float64) bool {
		capacity := t.Capacity(id)
		if load < capacity-float64(capacity*4*topology.Tolerance) {
			return false
		}
		all = append(all, Binding{Scenario: r.Scenario, Alike: 1, Component: t.Name(id), Load: load, Capacity: capacity, Unit: t.Unit(id)})
		return true
	}
	for _, id := range w.on {
		if note(id, q) {
			break // the others are as it is
		}
	}
	for b, m := range r.power {
		note(m.id, m.fixed+w.base[b]+float64(w.rate[b]*q))
	}
	return all
}
