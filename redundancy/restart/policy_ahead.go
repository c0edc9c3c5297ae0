package restart

import (
	"slices"
	"time"
)

// admitAhead returns plans in which users are admitted at the time of the grid before the first servers enter rotation,
// where they do between two such times: nobody is served until then, and those servers need not wait for the next.
// There are none if it does not apply. Whether they are safe is for the replay to say.
func (f *fleet) admitAhead(p *Plan) []*Plan {
	rotate := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Do == Rotate })
	admit := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Do == Admit && s.Admit > 0 })
	if !f.gated || f.survivors > 0 || rotate < 0 || admit < 0 {
		return nil
	}
	from, to := p.Steps[rotate].At, p.Steps[admit].At
	before := from - from%f.grid
	if before == from || to != before+f.grid {
		return nil
	}
	fractions := []float64{p.Steps[admit].Admit}
	if first := f.atFirst(p.Steps, from); first < fractions[0] {
		fractions = append(fractions, first)
	}
	var plans []*Plan
	for _, fraction := range fractions {
		early := p.Steps[admit]
		early.At, early.Admit = before, fraction
		plan := *p
		plan.Steps = slices.Clone(p.Steps)
		f.seemsAhead(&plan, fraction, from, to)
		if fraction == p.Steps[admit].Admit {
			plan.Steps = slices.Delete(plan.Steps, admit, admit+1)
		}
		plan.Steps = slices.DeleteFunc(plan.Steps, func(s Step) bool { return s.At == before && s.Do == Admit })
		at := slices.IndexFunc(plan.Steps, func(s Step) bool { return s.At > before })
		plan.Steps = slices.Insert(plan.Steps, at, early)
		plans = append(plans, &plan)
	}
	return plans
}

// seemsAhead writes into a plan how good it seems if a fraction is served from one time on, and what it was before from another.
func (f *fleet) seemsAhead(p *Plan, fraction float64, from, to time.Duration) {
	if p.Full == to && fraction == p.Served[0].Fraction {
		p.Full, fraction = from, 1 // what is left unserved after that is not counted
	}
	p.Unserved -= float64(float64(f.value*f.demand*fraction) * (to - from).Minutes())
}

// atFirst returns the fraction that the servers can carry which enter rotation at a time, cold and under the surge.
func (f *fleet) atFirst(steps []Step, at time.Duration) float64 {
	n := 0
	for _, s := range steps {
		if s.Do == Rotate && s.At == at {
			ids, _ := f.t.Select(s.What...) // the plan was replayed
			n += len(ids)
		}
	}
	cold := f.warmth(0)
	if n == 0 || cold == 0 {
		return 0
	}
	return max(0, (float64(n)*(f.capacity*cold)-f.base)/f.rate/f.demand/(1+f.reopen.Surge))
}
