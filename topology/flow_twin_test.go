package topology_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// A twin computes the loads of a state from their definition, one component and one link at a time.
type twin struct {
	t    *topology.Topology
	s    topology.State
	load map[topology.ID]float64 // known so far
}

func newTwin(t *topology.Topology, s topology.State) *twin {
	return &twin{t: t, s: s, load: map[topology.ID]float64{}}
}

func (w *twin) status(x topology.ID) topology.Status {
	if w.s.Status == nil {
		return topology.Up
	}
	return w.s.Status[x]
}

func (w *twin) demand(x topology.ID) float64 {
	if w.s.Demand == nil {
		return w.t.Component(x).Demand
	}
	return w.s.Demand[x]
}

func (w *twin) capacity(x topology.ID) float64 {
	if w.s.Capacity != nil {
		return w.s.Capacity[x]
	}
	if c := w.t.Component(x).Capacity; c > 0 {
		return c
	}
	return math.Inf(1)
}

// loadOf is demand(x) + Σ share(x) · (base + perUnit · served(o)).
func (w *twin) loadOf(x topology.ID) float64 {
	if load, ok := w.load[x]; ok {
		return load
	}
	load := 0.0
	switch w.status(x) {
	case topology.Up, topology.Unrelieved:
		load = w.demand(x)
		for o := range topology.ID(w.t.Len()) {
			for _, l := range w.supplies(o) {
				load += w.parts(l, x)[x]
			}
		}
	case topology.Ready:
		load = w.demand(x)
	}
	w.load[x] = load
	return load
}

// A supply is one that an owner has.
type supply struct {
	topology.Link
	owner topology.ID
}

func (w *twin) supplies(o topology.ID) (all []supply) {
	for _, l := range w.t.Links(o) {
		if l.Supply != nil {
			all = append(all, supply{l, o})
		}
	}
	return all
}

// placed is the load that a supply splits.
func (w *twin) placed(l supply) float64 {
	s, o := l.Supply, l.owner
	perUnit := s.PerUnit
	if s.Base == 0 && s.PerUnit == 0 {
		perUnit = 1
	}
	switch w.status(o) {
	case topology.Up, topology.Unrelieved:
		served := w.loadOf(o)
		if w.t.Component(o).Overload.Shed {
			served = min(served, w.capacity(o))
		}
		return s.Base + perUnit*served
	case topology.Ready:
		return s.Base
	case topology.Booting:
		return s.Base + s.Inrush
	}
	return 0
}

// tiers returns the members of each entry of a supply.
func (w *twin) tiers(l supply) (tiers [][]topology.ID) {
	for _, name := range l.Names {
		tier, err := w.t.Select(name)
		if err != nil {
			panic(err)
		}
		tiers = append(tiers, tier)
	}
	return tiers
}

// parts is what each member of a supply receives. A component that is down receives what it would if it alone were up.
func (w *twin) parts(l supply, also topology.ID) map[topology.ID]float64 {
	if !slices.Contains(l.Members, also) && also >= 0 || also >= 0 && w.status(also) == topology.Ready {
		return nil
	}
	takes := func(i topology.ID) bool { return w.status(i) == topology.Up || i == also }
	var live []topology.ID
	for _, i := range l.Members {
		if takes(i) {
			live = append(live, i)
		}
	}
	parts, d := map[topology.ID]float64{}, w.placed(l)
	weigh := func(among []topology.ID, d float64, weight func(topology.ID) float64) {
		sum := 0.0
		for _, i := range among {
			sum += weight(i)
		}
		for _, i := range among {
			if sum > 0 {
				parts[i] = d * weight(i) / sum
			}
		}
	}
	one := func(topology.ID) float64 { return 1 }
	switch l.Supply.Share {
	case "", topology.Equal:
		weigh(live, d, one)
	case topology.Weighted:
		weigh(live, d, func(i topology.ID) float64 {
			return l.Supply.Weights[slices.IndexFunc(w.tiers(l), func(entry []topology.ID) bool { return slices.Contains(entry, i) })]
		})
	case topology.Proportional:
		weigh(live, d, w.capacity)
	case topology.Each:
		for _, i := range live {
			parts[i] = d
		}
	case topology.Tiered:
		factor, health := l.Supply.Overprovision, []float64{}
		if factor == 0 {
			factor = 1.4
		}
		alive, sum := [][]topology.ID{}, 0.0
		for _, tier := range w.tiers(l) {
			up := slices.DeleteFunc(slices.Clone(tier), func(i topology.ID) bool { return !takes(i) })
			alive, health = append(alive, up), append(health, min(1, factor*float64(len(up))/float64(len(tier))))
			sum += health[len(health)-1]
		}
		left := 1.0
		for k := range alive {
			part := min(health[k], left)
			left -= part
			weigh(alive[k], d*part/min(1, sum), one)
		}
	case topology.Waterfall:
		limit := l.Supply.Limit
		if limit == 0 {
			limit = 1
		}
		var alive [][]topology.ID
		for _, tier := range w.tiers(l) {
			if up := slices.DeleteFunc(slices.Clone(tier), func(i topology.ID) bool { return !takes(i) }); len(up) > 0 {
				alive = append(alive, up)
			}
		}
		for k, tier := range alive {
			most := 0.0
			for _, i := range tier {
				most += limit * w.capacity(i)
			}
			if k == len(alive)-1 {
				most = d
			}
			weigh(tier, min(d, most), w.capacity)
			d -= min(d, most)
		}
	}
	return parts
}

// served is the fraction of what is passed to x that it, and all it draws on, serve.
func (w *twin) served(x topology.ID) float64 {
	if w.status(x) != topology.Up {
		return 0
	}
	f := 1.0
	if load, most := w.loadOf(x), w.capacity(x); w.t.Component(x).Overload.Shed && load > most*(1+1e-9) {
		f = most / load
	}
	for _, l := range w.supplies(x) {
		f *= w.supplied(l)
	}
	return f
}

// supplied is the fraction of what a supply places that is served: by each member its part, or the mean if each gets all.
func (w *twin) supplied(l supply) float64 {
	d := w.placed(l)
	if d == 0 {
		return 1
	}
	sum, served := 0.0, 0.0
	for i, part := range w.parts(l, -1) {
		sum += part
		served += part * w.served(i)
	}
	switch {
	case sum == 0:
		return 0
	case l.Supply.Share == topology.Each:
		return served / sum
	default:
		return served / d
	}
}

// closed returns what is down once whatever needs too much of it is down as well.
func closed(t *topology.Topology, lost ...topology.ID) []bool {
	down := make([]bool, t.Len())
	for _, id := range lost {
		down[id] = true
	}
	for changed := true; changed; {
		changed = false
		for id := range topology.ID(t.Len()) {
			if !down[id] && slices.ContainsFunc(t.Links(id), func(l topology.Link) bool { return !l.Start && left(down, l) < l.Need }) {
				down[id], changed = true, true
			}
		}
	}
	return down
}

// left is how many members of a link are up.
func left(down []bool, l topology.Link) (n int) {
	for _, id := range l.Members {
		if !down[id] {
			n++
		}
	}
	return n
}

// randomState returns any state, closed or not.
func randomState(r *rand.Rand, t *topology.Topology) (s topology.State) {
	if r.IntN(8) == 0 {
		return s
	}
	kinds := []topology.Status{topology.Down, topology.Ready, topology.Booting, topology.Unrelieved}[:1+r.IntN(4)]
	s.Status = make([]topology.Status, t.Len())
	for id := range s.Status {
		if r.IntN(3) == 0 {
			s.Status[id] = kinds[r.IntN(len(kinds))]
		}
	}
	if r.IntN(3) == 0 {
		s.Demand, s.Capacity = make([]float64, t.Len()), make([]float64, t.Len())
		for id := range topology.ID(t.Len()) {
			s.Demand[id] = t.Demand(id) * float64(r.IntN(4)) / 2
			s.Capacity[id] = t.Capacity(id) * float64(1+r.IntN(4)) / 4
		}
	}
	return s
}

func TestFlowTwin(t *testing.T) {
	for seed := range uint64(cases(2500)) {
		spec, fleet := randomFleet(seed)
		r := rand.New(rand.NewPCG(seed, 2))
		flow := fleet.Flow(topology.State{})
		for range 4 {
			state := randomState(r, fleet)
			flow.Update(state)
			compareFlow(t, flow, newTwin(fleet, state), func() string { return text(t, seed, spec) })
		}
	}
}

func compareFlow(t *testing.T, flow *topology.Flow, w *twin, where func() string) {
	t.Helper()
	for id := range topology.ID(w.t.Len()) {
		load, served := w.loadOf(id), w.served(id)
		if s := w.status(id); s == topology.Down || s == topology.Booting {
			load = flow.Load[id] // it carries nothing: only what it passes on is defined
		}
		if load == 0 && w.status(id) == topology.Up {
			served = flow.Served[id] // a fraction of nothing
		}
		if math.Abs(flow.Load[id]-load) > 1e-9*max(1, load) || math.Abs(flow.Served[id]-served) > 1e-9 {
			require.Failf(t, "loads differ", "%s of %s\nload %v, by definition %v; served %v, by definition %v\nstate %v",
				w.t.Name(id), where(), flow.Load[id], load, flow.Served[id], served, w.s)
		}
	}
}

func TestClosureTwin(t *testing.T) {
	for seed := range uint64(cases(2500)) {
		spec, fleet := randomFleet(seed)
		r := rand.New(rand.NewPCG(seed, 3))
		closure, lost, undo := fleet.Closure(), []topology.ID{}, [][]topology.Loss{}
		for range 12 {
			if len(undo) > 0 && r.IntN(3) == 0 {
				last := len(undo) - 1
				closure.Undo(undo[last])
				lost, undo = lost[:last], undo[:last]
			} else {
				before := closed(fleet, lost...)
				lost = append(lost, topology.ID(r.IntN(fleet.Len())))
				undo = append(undo, closure.Fail(lost[len(lost)-1]))
				for _, loss := range undo[len(undo)-1] {
					if before[loss.ID] || loss.Link != nil && (left(before, *loss.Link) >= loss.Link.Need || left(before, *loss.Link) != loss.Left) {
						require.Failf(t, "no cause", "%s: %+v after %v of %s", fleet.Name(loss.ID), loss, fleet.Names(lost), text(t, seed, spec))
					}
					before[loss.ID] = true
				}
			}
			down := closed(fleet, lost...)
			for id := range topology.ID(fleet.Len()) {
				if down[id] != closure.Down(id) {
					require.Failf(t, "closures differ", "%s after %v\n%s", fleet.Name(id), fleet.Names(lost), text(t, seed, spec))
				}
				links := fleet.Links(id)
				for i := range links {
					if l := &links[i]; !l.Start && l.Need > 0 && left(down, *l) != closure.Left(l) {
						require.Failf(t, "members left differ", "%v of %s\n%s", l.Names, fleet.Name(id), text(t, seed, spec))
					}
				}
			}
		}
	}
}
