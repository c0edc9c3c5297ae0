package restart

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// Guard returns a copy of a plan with conditions put on its steps, so that it stays safe where boots take other times than they
// should, or fail. If all goes as it should it does the same as the plan, at the same times.
//
//   - Steps wait until nothing boots any more of what should have become ready since the steps before them. So everything
//     happens in the order in which it was planned, and one that fails holds up nobody. What failed, and what needs it, is left out.
//   - An Admit is split into a ladder: its fraction if all servers that it relies on are ready, or as many as carry it, and
//     less if fewer are. How much less is found by replays in which so many do not come up: the first, the last, and
//     others of each class of components that carry load alike. Where more enters rotation later, that is tried again.
//   - The guarded plan is rehearsed, s.Runs times (0 is 300). What is not safe in some run is from then on done only if more
//     is ready than in that run. That is repeated until all runs are safe, or nothing more can be mended.
//
// What is admitted of a demand before it comes up is admitted when it does: that is the same if all goes well. Between two times of
// the grid it cannot be; if that is not safe it is admitted at the next, and Reason says what the figures were before.
//
// What conditions on steps cannot make safe is left, and Reason says in how many runs it was not: what comes up by itself
// earlier than planned, for one. If the plan is safe in more runs without any, it is returned so. The conditions are found on
// samples: [Plan.Rehearse] the plan with another seed to see how safe it is. Waiting has its price: while one step waits, so do all
// after it, those that wait for a return too.
//
// The error is that of [Verify] if the plan is not safe, says which step has conditions already or what of the spread makes no
// sense, or is that of ctx. It takes the time of at most some hundred replays for each Admit, and of a few rehearsals; s.Progress
// tells of each of these.
func (p *Plan) Guard(ctx context.Context, t *topology.Topology, s Spread) (*Plan, error) {
	if s.Runs == 0 {
		s.Runs = 300
	}
	s, err := s.with()
	if err != nil {
		return nil, err
	}
	for i, step := range p.Steps {
		if step.conditional() {
			return nil, fmt.Errorf("step %d: %s: it has conditions already: guard a plan without", i+1, step)
		}
	}
	g, err := newGuardian(ctx, t, p)
	if err != nil {
		return nil, err
	}
	if err := g.make(ctx, s); err != nil {
		return nil, err
	}
	g.plan.Steps = tidy(t, g.plan.Steps)
	if g.unsafe > 0 {
		if plain, err := g.unguarded(ctx, p, s); plain != nil || err != nil {
			return plain, err
		}
	}
	return g.plan, g.conclude(ctx, p, s.Runs)
}

// unguarded returns a copy of a plan as it is if it is safe in more runs so; else nil. Where less is admitted in time before
// something comes up by itself, waiting is worse than not.
func (g *guardian) unguarded(ctx context.Context, p *Plan, s Spread) (*Plan, error) {
	stage, err := newStage(ctx, g.t, p)
	if err != nil {
		return nil, err
	}
	runs, err := stage.runs(ctx, s)
	if err != nil {
		return nil, err
	}
	unsafe := 0
	for _, done := range runs {
		unsafe += count(done.violation != nil)
	}
	if unsafe >= g.unsafe {
		return nil, nil
	}
	plan := *p
	plan.Steps = slices.Clone(p.Steps)
	plan.Reason = strings.TrimPrefix(fmt.Sprintf("%s; it was not safe in %d of %d rehearsals, guarded in %d, so it is not guarded", p.Reason, unsafe, s.Runs, g.unsafe), "; ")
	return &plan, plan.Measure(ctx, g.t)
}

// conclude sets the figures, and says what is not as it should be.
func (g *guardian) conclude(ctx context.Context, p *Plan, runs int) error {
	if err := g.plan.Measure(ctx, g.t); err != nil {
		return err
	}
	was := *p
	if err := was.Measure(ctx, g.t); err != nil {
		return err
	}
	say := func(format string, args ...any) {
		g.plan.Reason = strings.TrimPrefix(g.plan.Reason+"; "+fmt.Sprintf(format, args...), "; ")
	}
	if g.plan.Unserved > was.Unserved*(1+topology.Tolerance) || g.plan.Full != was.Full || g.plan.Finish != was.Finish {
		say("without guard it leaves unserved %s, until %s, and finishes at %s", was.unserved(), clock(was.Full), clock(was.Finish))
	}
	if g.unsafe > 0 {
		say("guarded, it was not safe in %d of %d rehearsals, whatever its steps wait for", g.unsafe, runs)
	}
	return nil
}

// maxBuilds bounds how often the steps are made again because one that starts something, or puts it in rotation, asks for more:
// what can be admitted after it is another question then.
const maxBuilds = 12

// make makes the steps until nothing more can be mended; if something is not safe then, with what is admitted before its demand
// comes up admitted after that, if that is better.
func (g *guardian) make(ctx context.Context, s Spread) error {
	err := g.makeOnce(ctx, s)
	if err != nil || g.unsafe == 0 || !slices.ContainsFunc(g.template.plan.Steps, g.early) {
		return err
	}
	steps, unsafe := g.plan.Steps, g.unsafe
	g.late = true
	clear(g.asked)
	err = g.makeOnce(ctx, s)
	if v := (*Violation)(nil); errors.As(err, &v) { // it surges too late then
		err, g.unsafe = nil, unsafe
	}
	if g.unsafe >= unsafe {
		g.plan.Steps, g.unsafe = steps, unsafe
	}
	return err
}

// early reports whether a step admits of a demand before it comes up, between two times of the grid.
func (g *guardian) early(s Step) bool {
	return s.Do == Admit && g.plan.Grid > 0 && g.opens(&s) > s.At && g.opens(&s)%g.plan.Grid != 0
}

func (g *guardian) makeOnce(ctx context.Context, s Spread) error {
	for range maxBuilds {
		if err := g.build(ctx); err != nil {
			return err
		}
		if again, err := g.mend(ctx, s); err != nil || !again {
			return err
		}
	}
	return nil
}
