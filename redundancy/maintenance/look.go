package maintenance

import (
	"context"
	"sync"
	"sync/atomic"
)

// What was seen of a stage.
type seen struct {
	worst   view // of all cases: what goes unserved before what is fullest
	at      int  // the case; -1 for none
	failing []failure
}

// A failure is a case that fails.
type failure struct {
	at   int
	view view
}

// look looks at all cases of a stage; if only whether it is safe is asked, it may stop at the first that fails, which is the
// same for any number of workers.
func (q *question) look(ctx context.Context, s *stage, cases []loss, first bool) (seen, error) {
	views, fails := make([]view, len(cases)), make([]bool, len(cases))
	errs := make([]error, q.o.Workers)
	var next, stop atomic.Int64
	stop.Store(int64(len(cases)))
	var all sync.WaitGroup
	for w := range min(q.o.Workers, len(cases)) {
		all.Go(func() {
			v := newViewer(q)
			for i := next.Add(1) - 1; i < stop.Load() && errs[w] == nil; i = next.Add(1) - 1 {
				if errs[w] = ctx.Err(); errs[w] != nil {
					break
				}
				views[i] = v.view(s, cases[i])
				fails[i], errs[w] = q.fails(s, cases[i], views[i])
				if fails[i] && first {
					lower(&stop, i+1)
				}
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return seen{}, err
		}
	}
	return gather(views[:stop.Load()], fails), nil
}

// lower makes a number as low as another.
func lower(n *atomic.Int64, to int64) {
	for was := n.Load(); was > to && !n.CompareAndSwap(was, to); was = n.Load() {
	}
}

func gather(views []view, fails []bool) seen {
	s := seen{at: -1}
	for i, v := range views {
		if fails[i] {
			s.failing = append(s.failing, failure{i, v})
		}
		if s.at < 0 || v.worse(s.worst) {
			s.worst, s.at = v, i
		}
	}
	return s
}

// worse reports whether a view is worse than another: something goes unserved, or else it is fuller.
func (v view) worse(than view) bool {
	if (v.unserved >= 0) != (than.unserved >= 0) {
		return v.unserved >= 0
	}
	return v.use > than.use
}

// fails reports whether a case that was seen is one of those that must not be.
func (q *question) fails(s *stage, l loss, v view) (bool, error) {
	if v.holds || !q.o.Survive || l.nothing {
		return !v.holds, nil
	}
	return q.collapses(s, l)
}
