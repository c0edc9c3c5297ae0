package cascade

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ridethrough/ridethrough/cascade/internal/draw"
	"github.com/ridethrough/ridethrough/topology"
)

// MaxScenarios is the most cases that [Screen] looks at one by one, unless it is said how many. Of families with more it
// takes a sample.
const MaxScenarios = 100_000_000

// Options of a screening. The zero value uses all cores, follows each scenario to its end, and keeps the ten worst.
type Options struct {
	OnlyHolds bool    // ask only what holds, not what becomes of the rest: faster where much does not
	Serve     float64 // fraction of every demand that must be served in the end; 0 is 1

	Cases   int64  // most cases that are looked at one by one; 0 is [MaxScenarios], and no more are possible
	Samples int64  // scenarios drawn where there are more; 0 is a million
	Seed    uint64 // of the samples

	Worst    int            // how many of the worst to keep, and of the smallest; 0 is 10
	Workers  int            // 0 is GOMAXPROCS; the result does not depend on it
	Progress func(Progress) // called a few times a second, by one goroutine of a screening at a time; the work waits for it
}

// with returns the options with their defaults; the error says what is wrong with them.
func (o Options) with() (Options, error) {
	switch {
	case !(o.Serve >= 0 && o.Serve <= 1):
		return o, fmt.Errorf("serve: %v: give the fraction of every demand that is enough, from 0 to 1", o.Serve)
	case o.Cases < 0 || o.Cases > MaxScenarios:
		return o, fmt.Errorf("cases: %d: give from 1 to %d; 0 is as many", o.Cases, int64(MaxScenarios))
	case o.Samples < 0 || o.Samples > mostSamples:
		return o, fmt.Errorf("samples: %d: give from 1 to %d; 0 is a million", o.Samples, int64(mostSamples))
	case o.Worst < 0 || o.Worst > mostKept:
		return o, fmt.Errorf("worst: %d: give from 1 to %d; 0 is ten", o.Worst, mostKept)
	case o.Workers < 0:
		return o, fmt.Errorf("workers: %d: give how many; 0 is as many as there are cores", o.Workers)
	}
	o.Serve, o.Worst, o.Samples = cmp.Or(o.Serve, 1), cmp.Or(o.Worst, 10), cmp.Or(o.Samples, 1_000_000)
	o.Workers, o.Cases = cmp.Or(o.Workers, runtime.GOMAXPROCS(0)), cmp.Or(o.Cases, MaxScenarios)
	return o, nil
}

const (
	mostSamples = 1_000_000_000_000
	mostKept    = 100_000
)

// Progress of long work.
type Progress struct {
	Done, Total   float64
	Elapsed, Left time.Duration // Left is an estimate from the rate so far
}

// Rate returns how much is done in a second.
func (p Progress) Rate() float64 { return p.Done / max(p.Elapsed.Seconds(), 1e-9) }

// String returns one line without its end.
func (p Progress) String() string {
	return fmt.Sprintf("%s of %s (%s), %s/s, %v left", topology.Quantity(p.Done, ""), topology.Quantity(p.Total, ""),
		percent(p.Done/max(p.Total, 1)), topology.Quantity(p.Rate(), ""), p.Left.Round(time.Second))
}

// Screen looks at every scenario of a family, and counts how they end. Scenarios that lose interchangeable components,
// which nothing tells apart, are looked at once and counted as many. Where there are more cases than are asked for, it
// looks at a sample of scenarios, all equally likely, and says what they tell of all.
//
// What becomes of a scenario that does not hold is told by plain rounds, as [Engine] does: where the order of trips may
// matter, it is counted in Timing, and what could come of any order in AtRisk.
//
// The result does not depend on the number of workers, and parts of it can be done apart: see [Plan]. When ctx ends, it
// returns what is known by then together with ctx's error. The error also names what the topology does not have.
func Screen(ctx context.Context, t *topology.Topology, f Family, o Options) (*Screening, error) {
	p, err := NewPlan(t, f, o)
	if err != nil {
		return nil, err
	}
	return p.Screen(ctx, 0, 1)
}

// Items returns how many cases or samples there are.
func (p *Plan) Items() int64 { return p.items }

// Screen does the items of one of so many shards, counted from 0: see [Shard]. Otherwise it is [Screen].
func (p *Plan) Screen(ctx context.Context, shard, shards int) (*Screening, error) {
	if shard < 0 || shard >= shards {
		return nil, fmt.Errorf("shard %d of %d: shards are counted from 0", shard, shards)
	}
	r := &screening{Plan: p, span: Shard(p.items, shard, shards), began: time.Now()}
	return r.run(ctx), ctx.Err()
}

// Check says how a screening is another than those of the plan; nil if it is one of them, or a part.
func (p *Plan) Check(s *Screening) error {
	if problem := s.another(&Screening{fleet: p.fleet, plan: p.id, items: p.items}); problem != "" {
		return errors.New(problem)
	}
	return nil
}

// A screening is one under way: workers take turns at the next items.
type screening struct {
	*Plan
	span    Span // to be done
	next    atomic.Int64
	done    atomic.Int64
	stopped atomic.Bool
	began   time.Time

	mu   sync.Mutex
	told time.Time
	sum  *Screening
}

func (r *screening) run(ctx context.Context) *Screening {
	r.next.Store(r.span.From)
	r.sum = r.report(newTally(r.Plan))
	defer context.AfterFunc(ctx, func() { r.stopped.Store(true) })()
	r.stopped.Store(ctx.Err() != nil)
	items := max(1, r.span.To-r.span.From)
	workers := min(int64(r.options.Workers), items)
	step := max(1, min(4096, items/8/workers))
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { r.work(step) })
	}
	all.Wait()
	r.tell(true)
	r.sum.conclude()
	return r.sum
}

// Shard returns the items that one of so many shards does, of a plan of so many items. Each of them cut again, into equally
// many pieces, is the shards of a finer cut: piece j of k, of shard i of n, is shard i·k+j of n·k.
func Shard(items int64, shard, shards int) Span {
	if shard < 0 || shard >= shards {
		return Span{} // there is none
	}
	at := func(i int) int64 {
		part := new(big.Int).Mul(big.NewInt(items), big.NewInt(int64(i)))
		return part.Div(part, big.NewInt(int64(shards))).Int64()
	}
	return Span{at(shard), at(shard + 1)}
}

// work does ranges of so many items, not too many to be shared out or stopped.
func (r *screening) work(step int64) {
	w := &worker{Plan: r.Plan, tally: newTally(r.Plan), stopped: &r.stopped, drawer: map[int]*draw.Subset{}}
	for !r.stopped.Load() {
		to := r.next.Add(step)
		from := to - step
		if to = min(to, r.span.To); from >= to {
			break
		}
		end := w.do(from, to)
		w.tally.spans = append(w.tally.spans, Span{from, end})
		r.done.Add(end - from)
		r.tell(false)
	}
	part := r.report(w.tally)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum.add(part)
}

func (r *screening) tell(last bool) {
	if r.options.Progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !last && time.Since(r.told) < 250*time.Millisecond {
		return
	}
	r.told = time.Now()
	p := Progress{Done: float64(r.done.Load()), Total: float64(r.span.To - r.span.From), Elapsed: time.Since(r.began)}
	if p.Done > 0 {
		p.Left = time.Duration(float64(p.Elapsed) * (p.Total - p.Done) / p.Done)
	}
	r.options.Progress(p)
}

// report writes a tally as a screening of the items that it counts.
func (p *Plan) report(t *tally) *Screening {
	s := &Screening{
		Family: p.family, Intact: p.intact(), Scenarios: p.all, Run: t.run,
		Holding: t.holding.sum(), Failing: t.failing.sum(), Unasked: t.unasked.sum(),
		Worst: p.cases(t.worst), Minimal: p.cases(t.least),
		fleet: p.fleet, plan: p.id, items: p.items, spans: join(t.spans), likely: t.likely.masses(),
	}
	if !p.options.OnlyHolds {
		s.Degrading, s.Collapsing = t.degrading.sum(), t.collapsing.sum()
		s.Timing, s.AtRisk = t.timing.sum(), t.risk.sum()
	}
	for i := range t.up {
		if n := t.up[i].sum(); n.Sign() > 0 {
			s.Left = append(s.Left, Bin{i * t.width, n})
		}
	}
	return s
}

func (p *Plan) cases(results []result) []Case {
	cases := []Case{}
	w := &worker{Plan: p, drawer: map[int]*draw.Subset{}}
	for _, r := range results {
		cases = append(cases, Case{Scenario: w.scenario(r.item), Item: r.item, Lost: r.lost, Alike: r.weight.many, End: r.End})
	}
	return cases
}
