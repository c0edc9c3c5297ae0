package pool

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A Wiring says where load that is placed in a [topology.Pool] ends up while every share is of fixed parts: equal, weighted,
// each, or of a single member. Then loads add, and what one unit brings is all there is to know.
type Wiring struct {
	t     *topology.Topology
	takes func(topology.ID) bool
	known map[int32][]Reach
}

// A Reach is what a component gets of each unit of load.
type Reach struct {
	ID   topology.ID
	Part float64
}

// NewWiring returns the wiring of a topology in which some components take load. It must be made anew when these change.
func NewWiring(t *topology.Topology, takes func(topology.ID) bool) *Wiring {
	return &Wiring{t: t, takes: takes, known: map[int32][]Reach{}}
}

// Of returns what each component gets of a unit that is placed in a pool, in order of declaration: members, and whatever
// is behind them. The result is shared: do not change it.
func (w *Wiring) Of(pool int32) []Reach {
	if known, ok := w.known[pool]; ok {
		return known
	}
	var all []Reach
	for m, share := range w.shares(&w.t.Pools()[pool]) {
		all = append(all, Reach{m, share})
		for _, l := range w.t.Links(m) {
			if l.Pool < 0 {
				continue
			}
			for _, r := range w.Of(l.Pool) {
				all = append(all, Reach{r.ID, float64(share * float64(l.Supply.Rate()*r.Part))})
			}
		}
	}
	w.known[pool] = summed(all)
	return w.known[pool]
}

// shares yields the members of a pool that take load, and the part of it that each takes.
func (w *Wiring) shares(p *topology.Pool) func(yield func(topology.ID, float64) bool) {
	weight := func(entry int) float64 {
		if p.Share == topology.Weighted {
			return p.Weights[entry]
		}
		return 1
	}
	each := func(visit func(m topology.ID, entry int) bool) {
		from := 0
		for entry, end := range p.Ends {
			for _, m := range p.Members[from:end] {
				if w.takes(m) && !visit(m, entry) {
					return
				}
			}
			from = end
		}
	}
	all := 0.0
	each(func(_ topology.ID, entry int) bool { all += weight(entry); return true })
	if p.Share == topology.Each {
		all = 1
	}
	return func(yield func(topology.ID, float64) bool) {
		each(func(m topology.ID, entry int) bool { return yield(m, weight(entry)/all) })
	}
}

// summed sorts reaches by component, and adds up those of one.
func summed(all []Reach) []Reach {
	slices.SortStableFunc(all, func(a, b Reach) int { return cmp.Compare(a.ID, b.ID) })
	var out []Reach
	for _, r := range all {
		if n := len(out); n > 0 && out[n-1].ID == r.ID {
			out[n-1].Part += r.Part
		} else {
			out = append(out, r)
		}
	}
	return out
}
