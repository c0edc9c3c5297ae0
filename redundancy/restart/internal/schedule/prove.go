package schedule

import "context"

// prove searches in turn for schedules that finish at the bound, which raises the bound or proves, and for any better than the one known,
// with more and more conflicts.
func (r *Result) prove(ctx context.Context, p *project, conflicts int) {
	s := newSolver(ctx, p, r.Finish-1)
	r.Bound = s.destroy(r.Bound, r.Finish)
	s.guess = make([]int64, len(s.bound)/2)
	s.imitate(r.Start)
	if !s.grow(literal{s.end(), r.Bound}, decided, 0, 0, 0) {
		return
	}
	low := true
	for budget := 1000; r.Finish > r.Bound && r.Conflicts < conflicts && !s.stopped; low = !low {
		target := r.Finish - 1
		if low {
			target = r.Bound
		}
		used, answer := s.search(target, min(budget, conflicts-r.Conflicts))
		r.Conflicts += used
		switch answer {
		case better:
			for j := range r.Start {
				r.Start[j] = s.bound[2*j]
			}
			r.Finish = p.finish(r.Start)
			s.imitate(r.Start)
			s.undo(0)
			if r.Finish == r.Bound || !s.grow(literal{s.end() + 1, 1 - r.Finish}, decided, 0, 0, 0) {
				r.Bound = r.Finish
			}
			low = !low
		case none:
			r.Bound = r.Finish
		case later:
			low = !low
		}
		s.undo(0)
		r.Bound = max(r.Bound, min(r.Finish, s.bound[s.end()]))
		budget += budget / 8
	}
}

type answer int

const (
	open   answer = iota
	better        // a schedule that finishes by the target
	later         // there is none
	none          // there is none better than what is known
)

// search looks for a schedule that finishes by a target, with so many conflicts at most, and returns how many it took.
func (s *solver) search(target int64, conflicts int) (used int, a answer) {
	for try := 1; ; try++ {
		for until := used + pause*luby(try); ; {
			if !s.propagate() {
				used++
				if !s.learn() {
					return used, none
				}
				continue
			}
			if s.stopped {
				return used, open
			}
			if s.bound[s.end()] > target && len(s.level) == 0 {
				return used, later
			}
			if used >= until || used >= conflicts {
				break
			}
			l, more := literal{s.end() + 1, -target}, true
			if s.isTrue(l) {
				l, more = s.choose()
			}
			if !more {
				return used, better
			}
			s.decide(l)
		}
		s.undo(0)
		if used >= conflicts {
			return used, open
		}
		if len(s.clauses) > s.room {
			s.forget()
		}
	}
}

// pause is how many conflicts are between restarts, at least.
const pause = 100

// luby returns the terms 1, 1, 2, 1, 1, 2, 4, … of Luby, Sinclair & Zuckerman (1993).
func luby(i int) int {
	for k := 1; ; k++ {
		switch {
		case i == 1<<k-1:
			return 1 << (k - 1)
		case i < 1<<k-1:
			return luby(i - 1<<(k-1) + 1)
		}
	}
}
