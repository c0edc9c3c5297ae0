package cascade

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math/big"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// MaxScenarios is the most scenarios that [Screen] runs.
const MaxScenarios = 10_000_000

// Options of a screening. The zero value uses all cores, and keeps the ten worst.
type Options struct {
	Serve    float64        // fraction of every demand that must be served in the end; 0 is 1
	Worst    int            // how many of the worst to keep; 0 is 10
	Workers  int            // 0 is GOMAXPROCS; the result does not depend on it
	Progress func(Progress) // called a few times a second, never concurrently; the work waits for it
}

// Progress of long work.
type Progress struct {
	Done, Total   float64
	Elapsed, Left time.Duration // Left is an estimate from the rate so far
}

// String returns one line without its end.
func (p Progress) String() string {
	return fmt.Sprintf("%s of %s (%s), %v left", topology.Quantity(p.Done, ""), topology.Quantity(p.Total, ""),
		percent(p.Done/max(p.Total, 1)), p.Left.Round(time.Second))
}

// A Screening is what became of a family.
type Screening struct {
	Family     Family    `json:"family"`
	Certainty  Certainty `json:"certainty"` // Exact: every scenario was run; Undetermined: the context ended first
	Intact     End       `json:"intact"`    // how the fleet is with nothing lost: look at it first
	Scenarios  *big.Int  `json:"scenarios"`
	Run        int       `json:"run"` // of them
	Holding    int       `json:"holding"`
	Degrading  int       `json:"degrading"`
	Collapsing int       `json:"collapsing"`
	Unasked    int       `json:"unasked,omitempty"` // of those that hold: no demand is left to judge by, for the scenario takes all down, or there is none
	Worst      []Case    `json:"worst"`             // of those that do not hold, the least served first, then the fewest left, then in order of the family
}

// A Case is a scenario and how it ends.
type Case struct {
	Scenario Scenario `json:"scenario"`
	End
	rank int
}

// An End is how a scenario ends, in numbers.
type End struct {
	Verdict Verdict `json:"verdict"`
	Served  float64 `json:"served"` // fraction of the worst served demand; 1 if there is none to judge by
	Up      int     `json:"up"`     // components

	unasked bool
}

// Holds reports whether every scenario is known to hold, and the state in which nothing is lost. It does not if that
// would say nothing: there is no scenario, or none that leaves a demand to judge by.
func (s *Screening) Holds() bool {
	return s.Certainty == Exact && s.Intact.Verdict == Holds && s.Holding == s.Run && s.Run > s.Unasked
}

// String summarises the screening.
func (s *Screening) String() string {
	text := fmt.Sprintf("%s: of %s %d hold, %d degrade, %d collapse (%s).", s.Family, scenarios(s.Scenarios), s.Holding, s.Degrading, s.Collapsing, s.Certainty)
	if s.Certainty != Exact {
		text = fmt.Sprintf("%s: of %s %d were run: %d hold, %d degrade, %d collapse; the rest is %s.", s.Family, scenarios(s.Scenarios), s.Run, s.Holding, s.Degrading, s.Collapsing, s.Certainty)
	}
	if s.Intact.Verdict != Holds {
		text += fmt.Sprintf("\n  With nothing lost the fleet %s already: %s served.", s.Intact.Verdict, percent(s.Intact.Served))
	}
	if s.Unasked > 0 {
		text += fmt.Sprintf("\n  In %d of those that hold no demand is left to judge by.", s.Unasked)
	}
	for _, c := range s.Worst {
		text += fmt.Sprintf("\n  %s %s: %s served, %d up", c.Scenario, c.Verdict, percent(c.Served), c.Up)
	}
	return text
}

func scenarios(n *big.Int) string {
	if n == nil {
		return "no scenario"
	}
	if n.IsInt64() && n.Int64() == 1 {
		return "1 scenario"
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return topology.Quantity(f, "scenarios")
}

// Screen runs every scenario of a family, of at most [MaxScenarios], and counts how they end.
// When ctx ends, it returns what is known by then together with ctx's error.
func Screen(ctx context.Context, t *topology.Topology, f Family, o Options) (*Screening, error) {
	all, err := f.All(t)
	if err != nil {
		return nil, err
	}
	n, err := f.Count(t)
	if err != nil {
		return nil, err
	}
	if n.Cmp(big.NewInt(MaxScenarios)) > 0 {
		return nil, fmt.Errorf("scenarios %q: there are %v of them, and at most %d are run: choose fewer at once, or a narrower pattern", f, n, MaxScenarios)
	}
	o.Serve, o.Worst, o.Workers = cmp.Or(o.Serve, 1), cmp.Or(o.Worst, 10), cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	s := &Screening{Family: f, Scenarios: n, Certainty: Exact, Worst: []Case{}, Intact: settle(ctx, t, Scenario{}, o.Serve)}
	w := &screening{Screening: s, t: t, options: o, began: time.Now()}
	w.run(ctx, all)
	if s.Run < int(n.Int64()) {
		s.Certainty = Undetermined
	}
	return s, ctx.Err()
}

// A screening is one under way.
type screening struct {
	*Screening
	t       *topology.Topology
	options Options
	began   time.Time
	told    time.Time
	mu      sync.Mutex
}

func (w *screening) run(ctx context.Context, all iter.Seq[Scenario]) {
	cases := make(chan Case, 64)
	var workers sync.WaitGroup
	for range w.options.Workers {
		workers.Go(func() {
			for c := range cases {
				if ctx.Err() == nil {
					if c.End = settle(ctx, w.t, c.Scenario, w.options.Serve); ctx.Err() == nil {
						w.count(c)
					}
				}
			}
		})
	}
	rank := 0
	for s := range all {
		if ctx.Err() != nil {
			break
		}
		cases <- Case{Scenario: s, rank: rank}
		rank++
	}
	close(cases)
	workers.Wait()
	w.keepWorst()
	w.tell(true)
}

func (w *screening) count(c Case) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Run++
	switch c.Verdict {
	case Holds:
		w.Holding++
		if c.unasked {
			w.Unasked++
		}
	case Degrades:
		w.Degrading++
	case Collapses:
		w.Collapsing++
	}
	if c.Verdict != Holds {
		w.Worst = append(w.Worst, c)
		if len(w.Worst) >= 2*w.options.Worst+64 {
			w.keepWorst()
		}
	}
	w.tell(false)
}

func (w *screening) keepWorst() {
	slices.SortFunc(w.Worst, func(a, b Case) int {
		return cmp.Or(cmp.Compare(a.Served, b.Served), a.Up-b.Up, a.rank-b.rank)
	})
	w.Worst = w.Worst[:min(len(w.Worst), w.options.Worst)]
}

func (w *screening) tell(last bool) {
	if w.options.Progress == nil || !last && time.Since(w.told) < 250*time.Millisecond {
		return
	}
	w.told = time.Now()
	total, _ := new(big.Float).SetInt(w.Scenarios).Float64()
	p := Progress{Done: float64(w.Run), Total: total, Elapsed: time.Since(w.began)}
	if w.Run > 0 {
		p.Left = time.Duration(float64(p.Elapsed) * (total - p.Done) / p.Done)
	}
	w.options.Progress(p)
}

// settle runs a scenario whose components were found before, and keeps only how it ends; where ctx ends first, nothing
// of it counts.
func settle(ctx context.Context, t *topology.Topology, s Scenario, serve float64) End {
	begin, _ := s.find(t) // All looked every name up
	r := newRun(t, s, begin, true)
	for ctx.Err() == nil && r.trip() {
		r.settle()
	}
	last := r.outcome.Rounds[len(r.outcome.Rounds)-1]
	r.outcome.Served = last.Served
	end := End{Verdict: r.outcome.Judge(serve), Served: 1, Up: last.Up, unasked: len(r.asked) == 0}
	for _, served := range last.Served {
		end.Served = min(end.Served, served.Fraction)
	}
	return end
}
