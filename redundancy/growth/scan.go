package growth

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"runtime"
	"sync"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A scan takes the highest load that each component has in any scenario: at a factor of the demands, and at demands without
// end where each passes on no more than its capacity, which is the most that can be claimed of what it draws on.
type scan struct {
	t      *topology.Topology
	sheds  *topology.Topology // the same fleet, of which all that has a capacity sheds
	factor float64
	o      cascade.Options
	began  time.Time

	peaks
	looked int64
}

// peaks are the highest loads so far, by ID.
type peaks struct {
	load    []float64
	at      []*numbered // the scenario of that load, the first if there are several
	claimed []float64
}

// endless is a factor on the demands at which everything that grows with them is above its capacity.
const endless = 1e30

// mostLoads bounds the loads that are taken.
const mostLoads = 400_000_000

func newScan(t *topology.Topology, factor float64, o cascade.Options) (*scan, error) {
	spec := t.Spec()
	for i := range spec.Components {
		if c := &spec.Components[i]; cmp.Or(c.Capacity, spec.Kinds[c.Kind].Capacity) > 0 {
			c.Overload.Shed = true
		}
	}
	sheds, err := t.With(spec)
	if err != nil {
		return nil, err
	}
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	return &scan{t: t, sheds: sheds, factor: factor, o: o, peaks: newPeaks(t), began: time.Now()}, nil
}

func newPeaks(t *topology.Topology) peaks {
	return peaks{make([]float64, t.Len()), make([]*numbered, t.Len()), make([]float64, t.Len())}
}

// A numbered scenario, from 0, which is nothing lost.
type numbered struct {
	number int64
	cascade.Scenario
}

// run goes through as many scenarios as loads may be taken of.
func (s *scan) run(ctx context.Context, f cascade.Family, count *big.Int) error {
	scenarios, err := f.All(s.t)
	if err != nil {
		return err
	}
	limit := max(1, mostLoads/int64(max(1, s.t.Len())))
	total := min(float(count), float64(limit))
	work := make(chan *numbered, 64)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range s.o.Workers {
		workers.Go(func() {
			p := s.work(work)
			mu.Lock()
			defer mu.Unlock()
			s.merge(p)
		})
	}
	work <- &numbered{}
	s.looked = 1
	for scenario := range scenarios {
		if s.looked > limit || ctx.Err() != nil {
			break
		}
		work <- &numbered{s.looked, scenario}
		s.looked++
		s.tell(total)
	}
	close(work)
	workers.Wait()
	return ctx.Err()
}

// tell reports progress now and then.
func (s *scan) tell(total float64) {
	if s.o.Progress == nil || s.looked%64 != 0 {
		return
	}
	p := cascade.Progress{Done: float64(s.looked), Total: total, Elapsed: time.Since(s.began)}
	p.Left = time.Duration(float64(p.Elapsed) * max(0, p.Total-p.Done) / p.Done)
	s.o.Progress(p)
}

// work takes the loads of scenarios until there are no more.
func (s *scan) work(scenarios <-chan *numbered) peaks {
	p := newPeaks(s.t)
	closure := s.t.Closure()
	here := &state{t: s.t, status: make([]topology.Status, s.t.Len()), demand: make([]float64, s.t.Len())}
	full := &state{t: s.sheds, status: here.status, demand: make([]float64, s.t.Len())}
	for one := range scenarios {
		if _, err := here.set(one.Scenario, closure); err != nil {
			continue // it names what the topology has: the family made it
		}
		for id := range topology.ID(s.t.Len()) {
			d := float64(here.load * s.t.Demand(id))
			here.demand[id], full.demand[id] = float64(s.factor*d), float64(endless*d)
		}
		here.update()
		full.update()
		p.take(one, here, full)
	}
	return p
}

// take keeps what is higher than before.
func (p *peaks) take(one *numbered, here, full *state) {
	for id, status := range here.status {
		if status == topology.Down {
			continue
		}
		if load := here.flow.Load[id]; load > p.load[id] {
			p.load[id], p.at[id] = load, one
		}
		if load := full.flow.Load[id]; !(load <= p.claimed[id]) { // what is beyond floating point is without end
			p.claimed[id] = math.Inf(1)
			if load < math.Inf(1) {
				p.claimed[id] = load
			}
		}
	}
}

// merge keeps the higher of two, and of the same the first.
func (s *scan) merge(p peaks) {
	for id := range p.load {
		if at := p.at[id]; at != nil && (p.load[id] > s.load[id] || p.load[id] == s.load[id] && at.number < s.at[id].number) {
			s.load[id], s.at[id] = p.load[id], at
		}
		s.claimed[id] = max(s.claimed[id], p.claimed[id])
	}
}

// entry sums up the capacity of a group.
func (s *scan) entry(g group) Entry {
	e := Entry{Of: g.of, Kind: g.kind, Unit: g.unit, Count: len(g.ids), Most: -1}
	for _, id := range g.ids {
		capacity := s.t.Capacity(id)
		e.Capacity += capacity
		e.Used += min(s.load[id], capacity)
		if left := capacity - s.load[id]; left > capacity*topology.Tolerance {
			e.Stranded += left
			e.Unclaimed += min(left, max(0, capacity-s.claimed[id]))
		}
		if use := s.load[id] / capacity; use > e.Most*(1+topology.Tolerance) || e.Most < 0 {
			e.Most, e.Busiest, e.Worst = use, s.t.Name(id), cascade.Scenario{}
			if at := s.at[id]; at != nil {
				e.Worst = at.Scenario
			}
		}
	}
	return e
}
