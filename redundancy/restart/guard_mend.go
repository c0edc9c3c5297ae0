package restart

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// maxMends bounds the rehearsals of a guarded plan while it is mended.
const maxMends = 30

// mend rehearses the plan, and asks for more of what was missing where it was not safe; it reports whether the steps are to be
// made again with what is asked. It looks closely only once a coarse look finds nothing more.
func (g *guardian) mend(ctx context.Context, s Spread) (again bool, err error) {
	coarse := true
	for range maxMends {
		mended, rough, err := g.rehearse(ctx, s, coarse)
		switch {
		case err != nil || g.news:
			return mended, err
		case !mended && !rough:
			return false, nil
		}
		coarse = coarse && mended
	}
	if coarse {
		_, _, err = g.rehearse(ctx, s, false)
	}
	return g.news, err
}

// rehearse counts the runs that are not safe, and asks for more of what was missing in them; it reports whether any of that is new,
// and whether a closer look may find something else.
func (g *guardian) rehearse(ctx context.Context, s Spread, coarse bool) (mended, rough bool, err error) {
	stage, err := newStage(ctx, g.t, g.plan)
	if err != nil {
		return false, false, fmt.Errorf("a guarded plan does not do what the plan does: %w", err)
	}
	stage.template.coarse = coarse
	runs, err := stage.runs(ctx, s)
	if err != nil {
		return false, false, err
	}
	g.unsafe, g.news = 0, false
	for i, done := range runs {
		rough = rough || done.rough
		if done.violation == nil {
			continue
		}
		g.unsafe++
		r := stage.template.fresh(stage.draw(s, uint64(i)))
		v := (*Violation)(nil)
		if err := r.run(ctx); !errors.As(err, &v) {
			return false, false, err
		}
		mended = g.demandMore(r, v) || mended
	}
	return mended, rough, nil
}

// demandMore has the step that brought a violation wait for more of what was missing then; it reports whether that is new.
func (g *guardian) demandMore(r *replay, v *Violation) bool {
	if v.Step < 0 {
		return false
	}
	at := g.plan.Steps[v.Step].At
	for _, do := range []Action{Admit, Rotate, PowerOn} {
		any := false
		seen := map[string]bool{} // of several fractions for one demand the last counts
		for _, done := range slices.Backward(r.taken) {
			s := &g.plan.Steps[r.order[done.step]]
			if key := fmt.Sprint(s.What); s.At == at && s.Do == do && !seen[key] {
				seen[key] = true
				any = g.tighten(s, r) || any
			}
		}
		if any {
			return true
		}
	}
	return false
}

// tighten asks for more to be ready than is in a replay, of each class of which some that should be is not.
func (g *guardian) tighten(s *Step, r *replay) bool {
	if s.Do == Admit && !s.conditional() {
		return false // it admits less than before
	}
	any := false
	to := g.toCome(s)
	for _, all := range g.classes {
		var should []topology.ID
		ready := 0
		for _, id := range all {
			if g.since[id] > s.At || to[id] {
				continue
			}
			should = append(should, id)
			if status := r.state.Status[id]; status == topology.Ready || status == topology.Up {
				ready++
			}
		}
		if ready == len(should) {
			continue
		}
		c := Condition{What: g.t.Names(should), Ready: ready + 1}
		if !s.ask(c) {
			continue
		}
		any = true
		if s.Do != Admit {
			g.asked[s.key()] = append(g.asked[s.key()], c)
			g.news = true
		}
	}
	return any
}

// toCome returns what is not ready yet when it is a step's turn to be looked at: what it powers on itself, and what others do at
// the same time, but after it.
func (g *guardian) toCome(s *Step) map[topology.ID]bool {
	to := map[topology.ID]bool{}
	if s.Do != PowerOn {
		return to
	}
	after := false
	for i := range g.plan.Steps {
		o := &g.plan.Steps[i]
		after = after || o == s
		if after && o.At == s.At && o.Do == PowerOn {
			for _, id := range g.selected(*o) {
				to[id] = true
			}
		}
	}
	return to
}

// key tells steps of a plan apart that start something or put it in rotation.
func (s *Step) key() string { return fmt.Sprint(s.At, s.Do, s.What) }

// ask leaves the step out unless a condition holds too; it reports whether that is new.
func (s *Step) ask(c Condition) bool {
	s.If = slices.Clone(s.If)
	for i, have := range s.If {
		if slices.Equal(have.What, c.What) && !have.Settled && have.Below == 0 {
			if have.Ready >= c.Ready {
				return false
			}
			s.If[i].Ready = c.Ready
			return true
		}
	}
	s.If = append(s.If, c)
	return true
}
