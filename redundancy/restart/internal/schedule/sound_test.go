package schedule

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A model is a value for each variable of a solver.
type model []int64

func (m model) satisfies(l literal) bool {
	if l.side%2 == 1 {
		return -m[l.side/2] >= l.least
	}
	return m[l.side/2] >= l.least
}

// models returns what a solver has to leave possible: all schedules that finish by a time, with the finish itself and with that time as
// the finish.
func models(p Problem, s *solver, by int64) (all []model) {
	n := len(p.Jobs)
	start := make([]int64, n)
	var try func(j int)
	try = func(j int) {
		if j < n {
			for t := p.Jobs[j].Release; t+p.Jobs[j].Duration <= by; t++ {
				start[j] = t
				try(j + 1)
			}
			return
		}
		if Check(p, start) != nil {
			return
		}
		for _, end := range []int64{p.finish(start), by} {
			m := append(append(model{}, start...), end)
			for _, pair := range s.pairs {
				first := int64(0)
				if start[pair.first] < start[pair.second] {
					first = 1
				}
				m = append(m, first)
			}
			all = append(all, m)
		}
	}
	try(0)
	return all
}

// auditor checks all that a solver concludes against all schedules there are.
type auditor struct {
	*solver
	t       *testing.T
	p       Problem
	all     []model
	checked int
}

// implies checks that in each model in which all the reasons are true some conclusion is; none means that no model has them all.
func (a *auditor) implies(reasons []literal, conclusions ...literal) {
	a.t.Helper()
	a.checked++
models:
	for _, m := range a.all {
		for _, l := range reasons {
			if !m.satisfies(l) {
				continue models
			}
		}
		for _, l := range conclusions {
			if m.satisfies(l) {
				continue models
			}
		}
		require.Fail(a.t, "wrong explanation", "%v does not imply %v: %v\n%+v", reasons, conclusions, m, a.p)
	}
}

// steps checks the steps from one on.
func (a *auditor) steps(from int) {
	for i := from; i < len(a.trail); i++ {
		t := &a.trail[i]
		if t.kind != decided {
			for least := t.before + 1; least <= t.least; least++ { // a conflict may need less
				a.implies(a.explain(nil, t, least), literal{t.side, least})
			}
		}
	}
}

// run searches with decisions at random and checks each conclusion.
func (a *auditor) run(r *rand.Rand, conflicts int) {
	for conflicts > 0 {
		from := len(a.trail)
		root := len(a.level) == 0
		ok := a.propagate()
		if !root || !ok {
			a.steps(min(from, len(a.trail)))
		}
		if root && ok {
			for side, least := range a.bound {
				a.implies(nil, literal{int32(side), least})
			}
		}
		if !ok {
			for _, l := range a.failure {
				require.True(a.t, a.isTrue(l))
			}
			a.implies(a.failure)
			conflicts--
			if !a.learn() {
				require.Empty(a.t, a.all, "%+v", a.p)
				return
			}
			a.implies(nil, a.learnt...)
			continue
		}
		var open []int32
		for side := range int32(len(a.bound)) {
			if a.bound[side] < -a.bound[side^1] {
				open = append(open, side)
			}
		}
		if len(open) == 0 {
			a.undo(0)
			conflicts--
			continue
		}
		side := open[r.IntN(len(open))]
		a.decide(literal{side, a.bound[side] + 1 + r.Int64N(-a.bound[side^1]-a.bound[side])})
	}
}

func TestSound(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	checked, conflicts := 0, 0
	for n := range scaled(4000) {
		p, most := draw(r, 4+r.IntN(2), 3), int64(9)
		if n%4 == 0 { // short jobs beside long ones
			p, most = draw(r, 3, 1), 26
			for j := range p.Jobs {
				p.Jobs[j].Duration += 11 * r.Int64N(2)
			}
		}
		q, stuck := compile(&p)
		if stuck != nil || q.unit != 1 {
			continue
		}
		by := permute(p) - 1 + r.Int64N(3)
		if by <= q.chain() || by > most {
			continue
		}
		s := newSolver(context.Background(), q, by)
		a := auditor{solver: s, t: t, p: p, all: models(p, s, by)}
		if len(a.all) > 5000 {
			continue
		}
		a.run(r, 20)
		checked += a.checked
		conflicts += len(a.clauses)
	}
	t.Logf("%d conclusions, %d clauses", checked, conflicts)
	require.Positive(t, conflicts)
}

// crowded draws a problem of which pairs and chains alone say little.
func crowded(r *rand.Rand, jobs int) Problem {
	p := Problem{Capacity: []int64{10, 12, 15}}
	for j := range jobs {
		job := Job{Duration: 1 + r.Int64N(9)}
		for range 2 {
			if i := r.IntN(jobs); i < j && j-i < jobs/3 {
				job.After = append(job.After, i)
			}
		}
		for k := range p.Capacity {
			if r.IntN(4) > 0 {
				u := Use{Resource: k, During: 1 + r.Int64N(8)}
				if k == 0 && r.IntN(2) == 0 {
					u.Then = r.Int64N(1 + min(u.During, 12/int64(jobs)))
				}
				job.Uses = append(job.Uses, u)
			}
		}
		p.Jobs = append(p.Jobs, job)
	}
	return p
}

// Clauses learned in the search for what does not exist leave possible what does: here the best schedule, as found otherwise.
func TestClauses(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	clauses := 0
	for range scaled(60) {
		p := crowded(r, 10+r.IntN(20))
		q, stuck := compile(&p)
		if stuck != nil {
			continue
		}
		known, err := Solve(context.Background(), p, Options{Schedules: 500, Conflicts: 500})
		require.NoError(t, err)
		by := known.Finish/q.unit + r.Int64N(3)
		s := newSolver(context.Background(), q, by)
		var m model
		for _, start := range known.Start {
			m = append(m, start/q.unit)
		}
		s.guess = make([]int64, len(s.bound)/2)
		s.imitate(m)
		m = append(m, s.guess[len(m):]...)
		for _, target := range []int64{known.Finish/q.unit - 1, known.Finish/q.unit - 2} {
			if target < q.chain() {
				continue
			}
			s.search(target, 1000)
			s.undo(0)
			for _, end := range []int64{known.Finish / q.unit, by} {
				m[q.jobs()] = end
				for side, least := range s.root {
					require.True(t, m.satisfies(literal{int32(side), least}), "%+v", p)
				}
				for _, c := range s.clauses {
					require.True(t, slices.ContainsFunc(c.literals, m.satisfies), "%v, %+v", c, p)
				}
			}
		}
		clauses += len(s.clauses)
	}
	t.Logf("%d clauses", clauses)
}
