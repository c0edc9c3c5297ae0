package restart

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Rehearsal tells how a plan goes in a world where boots take other times than they should, or fail. It can be saved as JSON.
type Rehearsal struct {
	Spread    Spread            `json:"spread"`    // what was drawn from, with its defaults
	Safe      int               `json:"safe"`      // runs, of Spread.Runs
	Chance    cascade.Interval  `json:"chance"`    // that a run is safe
	Certainty cascade.Certainty `json:"certainty"` // Sampled

	Fastest *Violation `json:"fastest,omitempty"` // if all boots take the least, and none fails; nil is safe
	Slowest *Violation `json:"slowest,omitempty"` // if they take the most

	Faults []Fault `json:"faults,omitempty"` // what goes wrong first in runs that are not safe: the most frequent first
	Stuck  int     `json:"stuck,omitempty"`  // safe runs in which some step was never taken, because what it waits for never came
	Short  int     `json:"short,omitempty"`  // safe runs that serve less in the end than the plan should

	// Of the run that goes as planned, and of those that are safe: from Until on nothing changes in any of them.
	Until    time.Duration          `json:"until"`
	Asked    float64                `json:"asked"`    // by all demands that are counted, by value
	Unserved Figures[float64]       `json:"unserved"` // until Until: demand × minutes, by value
	Full     Figures[time.Duration] `json:"full"`     // from then on all is served that the plan should serve; negative is never
}

// Figures are how something is spread over the runs of a rehearsal.
type Figures[T ~float64 | ~int64] struct {
	Nominal T `json:"nominal"` // if all goes as planned
	Median  T `json:"median"`
	P95     T `json:"p95"` // 95 of 100 runs do not exceed it
	Worst   T `json:"worst"`
}

// A Fault is what goes wrong first in some runs: by the same step, for the same reason.
type Fault struct {
	Runs  int        `json:"runs"`  // in which it does
	Run   int        `json:"run"`   // the first of these, from 0
	First *Violation `json:"first"` // what goes wrong in that
}

// Rehearse replays a plan many times, as the package comment defines it, but that each component has its own factor on its boot
// time, drawn evenly from a range, and may fail to boot, independently of the others. A failed boot takes its time, and
// draws its in-rush for as long; then the component is down, and nobody tries again. What comes up without a step does
// not fail, and what boots in no time may.
//
// What a component does in a run depends on the seed, the run and the component alone, not on the plan, the other runs, or the
// number of workers: plans are compared on the same runs. The figures of [Plan.Value] count.
//
// The error is that of [Verify] if the plan is not safe even if all goes as it should, says what of the spread makes no
// sense, or is that of ctx. It takes the time of a [Verify] for each run.
func (p *Plan) Rehearse(ctx context.Context, t *topology.Topology, s Spread) (*Rehearsal, error) {
	s, err := s.with()
	if err != nil {
		return nil, err
	}
	stage, err := newStage(ctx, t, p)
	if err != nil {
		return nil, err
	}
	runs, err := stage.runs(ctx, s)
	if err != nil {
		return nil, err
	}
	r := stage.conclude(s, runs)
	for _, corner := range []struct {
		factor float64
		found  **Violation
	}{{s.Fastest, &r.Fastest}, {s.Slowest, &r.Slowest}} {
		_, err := stage.play(ctx, &luck{takes: stage.boots(func(topology.ID) float64 { return corner.factor }), fails: make([]bool, t.Len())})
		if errors.As(err, corner.found); err != nil && *corner.found == nil {
			return nil, err
		}
	}
	return r, nil
}

// A stage is where one plan is rehearsed, by one worker.
type stage struct {
	template *replay
	nominal  run
	served   []cascade.Served
	asked    float64
}

// A run is how one rehearsal went.
type run struct {
	violation *Violation
	unserved  float64       // until full,
	full      time.Duration // from when on nothing changes,
	rate      float64       // and for each minute after that
	short     bool          // less is served in the end than by the plan
	stuck     bool
	rough     bool // what a closer look finds may differ
}

// newStage replays the plan as it should go.
func newStage(ctx context.Context, t *topology.Topology, p *Plan) (*stage, error) {
	r, err := newReplay(t, p)
	if err != nil {
		return nil, err
	}
	if err := r.meter.weigh(t, p.Value); err != nil {
		return nil, err
	}
	s := &stage{template: r}
	played := r.fresh(nil)
	if err := played.run(ctx); err != nil {
		return nil, err
	}
	s.served = played.meter.served()
	s.asked, _ = played.meter.asked(played)
	s.nominal = s.read(played)
	return s, nil
}

// another returns a stage for another worker.
func (s *stage) another() *stage {
	c := *s
	template := *s.template
	template.parsed = make([]parsed, len(template.parsed))
	c.template = &template
	return &c
}

// play replays the plan with some luck; the error may be a *[Violation].
func (s *stage) play(ctx context.Context, l *luck) (run, error) {
	r := s.template.fresh(l)
	err := r.run(ctx)
	var v *Violation
	if errors.As(err, &v) {
		return run{violation: v, rough: r.rough}, err
	}
	return s.read(r), err
}

// read reads how a replay went.
func (s *stage) read(r *replay) run {
	m := r.meter
	done := run{unserved: m.unserved, full: m.full, rate: m.rate, stuck: r.next < len(r.plan.Steps), rough: r.rough}
	for i, served := range m.served() {
		done.short = done.short || served.Fraction < s.served[i].Fraction*(1-2*settle)
	}
	return done
}

// runs plays all runs of a spread.
func (s *stage) runs(ctx context.Context, spread Spread) ([]run, error) {
	all := make([]run, spread.Runs)
	errs := make([]error, min(spread.Workers, spread.Runs))
	var next, done atomic.Int64
	var said sync.Mutex
	var wait sync.WaitGroup
	began := time.Now()
	for w := range errs {
		wait.Go(func() {
			stage := s.another()
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				var err error
				all[i], err = stage.play(ctx, stage.draw(spread, uint64(i)))
				if errs[w] = ctx.Err(); err != nil && all[i].violation == nil {
					errs[w] = err
				}
				if errs[w] != nil {
					return
				}
				if spread.Progress != nil {
					said.Lock()
					spread.Progress(progressOf(done.Add(1), int64(len(all)), began))
					said.Unlock()
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func progressOf(done, total int64, began time.Time) cascade.Progress {
	p := cascade.Progress{Done: float64(done), Total: float64(total), Elapsed: time.Since(began)}
	p.Left = time.Duration(float64(p.Elapsed) * (p.Total - p.Done) / p.Done)
	return p
}
