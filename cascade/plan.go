package cascade

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"sync"

	"github.com/ridethrough/ridethrough/cascade/internal/choose"
	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// A Plan is a screening as a list of items: cases of a family, each of which stands for all that differ from it only in
// which of some interchangeable components they lose; or samples. What becomes of an item depends on nothing but the plan
// and its number, so any part of the list can be done anywhere, and [Merge] puts the parts together. A shard of one item
// does a case again. Many goroutines may use a plan at once.
type Plan struct {
	*fleet
	family  Family
	options Options
	bases   []*base
	plain   func() *engine.Engine // with nothing drained, and the load as declared
	intact  func() End            // how that ends
	parts   []*part
	items   int64
	sampled bool
	bare    bool     // only counts are wanted: neither the smallest, nor what any order of trips could bring
	all     *big.Int // scenarios
	id      identity
}

// A base is the state before the losses: what is drained, and the factor on the load.
type base struct {
	engine func() *engine.Engine // with nothing lost; to be forked
	timing func() bool           // the end of some scenario may depend on which component trips first
	lost   []topology.ID         // by some scenario
}

// keptBases is how many compiled states are kept; if there are more, each is compiled when it is needed.
const keptBases = 8

// A part is the scenarios of a group in which each choice takes a given number.
type part struct {
	group   foundGroup
	weighed bool  // its items have probabilities
	first   int64 // of its items
	n       int64
	picks   []pick
	ends    uint64 // of 1<<63, the share of samples that are of this part or one before
}

// A pick is the k of some components that a choice takes, those next to one another that nothing tells apart.
type pick struct {
	ids     []topology.ID
	space   *choose.Space
	k       int
	all     *big.Float // choices of which it takes one, if some other is of independent components
	classes []chances  // if these are independent
}

// mostParts bounds how finely a family is divided.
const mostParts = 100_000

// NewPlan makes a screening ready. The error is that of [Screen].
func NewPlan(t *topology.Topology, f Family, o Options) (*Plan, error) {
	o, err := o.with()
	if err != nil {
		return nil, err
	}
	found, err := f.find(t)
	if err != nil {
		return nil, err
	}
	if sampledParts(found) > mostParts {
		return nil, fmt.Errorf("scenarios %q: there are more than %d groups of them: choose fewer at once, or a narrower pattern", f, mostParts)
	}
	p := &Plan{fleet: &fleet{t: t}, family: f, options: o, all: new(big.Int)}
	p.plain = sync.OnceValue(func() *engine.Engine { return engine.New(t, engine.Start{}) })
	p.intact = sync.OnceValue(func() End {
		if o.OnlyHolds {
			return onlyHolds(p.plain())
		}
		return ended(p.plain().End(), o.Serve)
	})
	for _, g := range found {
		p.all.Add(p.all, g.count())
		if g.weighed() && len(found) > 1 {
			return nil, fmt.Errorf("scenarios %q: what is independent has probabilities, and other scenarios have none: ask for them apart", f)
		}
	}
	p.findBases(found)
	for i := range found {
		if g := &found[i]; len(g.from) > 0 {
			g.order = g.ordered(p.bases[g.base].engine())
		}
	}
	if !p.enumerate(found) {
		p.sample(found)
	}
	p.identify()
	return p, nil
}

// weighed reports whether the scenarios of a group have probabilities of their own.
func (g foundGroup) weighed() bool {
	return slices.ContainsFunc(g.from, func(c foundChoice) bool { return c.sets == independent })
}

// findBases notes the states that groups begin with.
func (p *Plan) findBases(found []foundGroup) {
	known := map[string]int{}
	for i := range found {
		found[i].base = p.addBase(found[i], known)
	}
	if len(p.bases) > keptBases {
		return
	}
	for _, b := range p.bases {
		b.engine = sync.OnceValue(b.engine)
	}
}

// addBase notes the state that a group begins with, unless one before began with the same, and returns its number.
func (p *Plan) addBase(g foundGroup, known map[string]int) int {
	key := fmt.Sprint(g.begin.load, g.begin.drain)
	i, ok := known[key]
	if !ok {
		i = len(p.bases)
		known[key] = i
		begin := engine.Start{Drain: g.begin.drain, Load: g.begin.load}
		b := &base{engine: func() *engine.Engine { return engine.New(p.t, begin) }}
		if begin.Load == 1 && len(begin.Drain) == 0 {
			b.engine = p.plain
		}
		b.timing = sync.OnceValue(func() bool { return mayDepend(p.t, g.begin, b.lost) })
		p.bases = append(p.bases, b)
	}
	b := p.bases[i]
	b.lost = append(b.lost, g.begin.lose...)
	for _, c := range g.from {
		b.lost = append(b.lost, c.ids...)
	}
	return i
}

// enumerate lists every case; false if they are too many.
func (p *Plan) enumerate(found []foundGroup) bool {
	for _, g := range found {
		for i := range g.order {
			if !g.order[i].work() {
				return false
			}
		}
		for ks := range g.sizes() {
			part := &part{group: g, weighed: g.weighed(), first: p.items}
			if !part.list(ks, p.options.Cases) || part.n > p.options.Cases-p.items || len(p.parts) == mostParts {
				return false
			}
			p.parts = append(p.parts, part)
			p.items += part.n
		}
	}
	return true
}

// list sets the picks of a part and counts its items; false if they are more than so many.
func (p *part) list(ks []int, most int64) bool {
	p.n = 1
	for i, k := range ks {
		from := &p.group.order[i]
		pk := pick{ids: from.ids, space: choose.New(from.sizes, k), k: k, all: from.all, classes: from.classes}
		n, ok := pk.space.Len()
		if !ok || n > most/p.n {
			return false
		}
		p.n *= n
		p.picks = append(p.picks, pk)
	}
	return true
}

// part returns the part of an item, if all are listed.
func (p *Plan) part(item int64) *part {
	return p.parts[sort.Search(len(p.parts), func(i int) bool { return p.parts[i].first > item })-1]
}

// at sets places to those that the picks of an item take, and returns its part.
func (p *Plan) at(item int64, places [][]int32) (*part, [][]int32) {
	part := p.part(item)
	rank := item - part.first
	places = slices.Grow(places[:0], len(part.picks))[:len(part.picks)]
	for i := len(part.picks) - 1; i >= 0; i-- {
		pk := &part.picks[i]
		n, _ := pk.space.Len()
		places[i] = slices.Grow(places[i][:0], pk.k)[:pk.k]
		pk.space.At(rank%n, places[i])
		rank /= n
	}
	return part, places
}
