package schedule

import "context"

// Options are how much is done.
type Options struct {
	Schedules int // generated at most, at least one; each pass counts, from either end
	Conflicts int // of the solver that proves, at most; 0: only the bounds are taken
}

// A Result is what is known of a problem.
type Result struct {
	Start         []int64
	Finish, Bound int64 // none is earlier than Bound
	Infeasible    bool
	Stuck         []int // why it is infeasible: whichever of these jobs is started last of them, it does not fit
	Proven        bool  // Finish is the earliest, or there is no schedule
	Schedules     int   // generated
	Conflicts     int
}

// Solve looks for the earliest finish.
func Solve(ctx context.Context, q Problem, o Options) (Result, error) {
	if err := q.validate(); err != nil {
		return Result{}, err
	}
	p, stuck := compile(&q)
	if stuck != nil {
		return Result{Infeasible: true, Stuck: stuck, Proven: true}, nil
	}
	bound := p.floor(ctx)
	b := newBreeder(p, max(o.Schedules, 1))
	b.breed(ctx, bound)
	r := Result{Start: b.best, Finish: b.finish, Bound: bound, Schedules: b.generated}
	if r.Finish > r.Bound {
		r.prove(ctx, p, o.Conflicts)
	}
	r.Proven = r.Finish == r.Bound
	r.scale(p.unit)
	return r, ctx.Err()
}

func (r *Result) scale(unit int64) {
	r.Finish *= unit
	r.Bound *= unit
	for j := range r.Start {
		r.Start[j] *= unit
	}
}
