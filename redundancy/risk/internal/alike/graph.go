package alike

import (
	"context"

	"github.com/ridethrough/ridethrough/topology"
)

// A graph is what the end of a cascade depends on: a node for each component, then one for each pool and for each list of members
// that a need names. Edges join what is in such a list, and who asks for it, with the list. Edges and nodes have a sort each.
type graph struct {
	end   []int32 // by node: where its edges end
	edges []edge  // both ways
	sort  []int32 // by node
}

type edge struct{ to, sort int32 }

func (g *graph) of(node int32) []edge {
	from := int32(0)
	if node > 0 {
		from = g.end[node-1]
	}
	return g.edges[from:g.end[node]]
}

// What a component is to a list.
type tie struct {
	member     bool
	need       int     // of an owner: how many of them
	base, rate float64 // and what it places on them
	tier       int     // of a member, if tiers are not all the same
	weight     float64
}

// What a node is by itself.
type look struct {
	pool, list       bool
	demand, capacity float64
	sheds, trips     bool
	may              bool
	q                float64
	share            topology.Share
	factor           float64
}

// A builder collects edges in order.
type builder struct {
	t     *topology.Topology
	ties  map[tie]int32
	looks map[look]int32
	sort  []int32
	pairs []pair
	lists map[int32]int32 // by set: its node
}

type pair struct{ a, b, sort int32 }

func build(ctx context.Context, t *topology.Topology, may func(topology.ID) bool) (*graph, error) {
	b := &builder{t: t, ties: map[tie]int32{}, looks: map[look]int32{}, lists: map[int32]int32{}}
	for id := range topology.ID(t.Len()) {
		b.component(id, may(id))
	}
	pools := int32(len(b.sort))
	for i := range t.Pools() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.pool(&t.Pools()[i])
	}
	for id := range topology.ID(t.Len()) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range t.Links(id) {
			b.link(id, &t.Links(id)[i], pools)
		}
	}
	return b.graph(), nil
}

func (b *builder) node(l look) int32 {
	b.sort = append(b.sort, number(b.looks, l))
	return int32(len(b.sort) - 1)
}

func (b *builder) join(id topology.ID, list int32, as tie) {
	b.pairs = append(b.pairs, pair{int32(id), list, number(b.ties, as)})
}

// number returns the number of a key, a new one for a new key.
func number[K comparable](known map[K]int32, key K) int32 {
	n, ok := known[key]
	if !ok {
		n = int32(len(known))
		known[key] = n
	}
	return n
}

func (b *builder) component(id topology.ID, may bool) {
	o := b.t.Overload(id)
	l := look{
		demand: b.t.Demand(id), capacity: b.t.Capacity(id), may: may,
		sheds: o.Shed, trips: !o.Shed || o.After > 0 || o.Curve != "",
	}
	if may {
		l.q = b.t.Unavailability(id)
	}
	b.node(l)
}

func (b *builder) pool(p *topology.Pool) {
	node := b.node(look{pool: true, share: p.Share, factor: p.Factor})
	from := 0
	for i, end := range p.Ends {
		as := tie{member: true}
		if p.Share == topology.Weighted {
			as.weight = p.Weights[i]
		} else {
			as.tier = i
		}
		for _, m := range p.Members[from:end] {
			b.join(m, node, as)
		}
		from = end
	}
}

// link joins an owner with the list that it names. What is needed only to start decides nothing in a cascade.
func (b *builder) link(owner topology.ID, l *topology.Link, pools int32) {
	switch {
	case l.Start:
	case l.Pool >= 0:
		b.join(owner, pools+l.Pool, tie{need: l.Need, base: l.Supply.Base, rate: l.Supply.Rate()})
	default:
		node, ok := b.lists[l.Set]
		if !ok {
			node = b.node(look{list: true})
			b.lists[l.Set] = node
			for _, m := range l.Members {
				b.join(m, node, tie{member: true})
			}
		}
		b.join(owner, node, tie{need: l.Need})
	}
}

func (b *builder) graph() *graph {
	g := &graph{end: make([]int32, len(b.sort)+1), edges: make([]edge, 2*len(b.pairs)), sort: b.sort}
	for _, p := range b.pairs {
		g.end[p.a+1]++
		g.end[p.b+1]++
	}
	for i := range b.sort {
		g.end[i+1] += g.end[i]
	}
	for _, p := range b.pairs {
		g.edges[g.end[p.a]] = edge{p.b, p.sort}
		g.end[p.a]++
		g.edges[g.end[p.b]] = edge{p.a, p.sort}
		g.end[p.b]++
	}
	g.end = g.end[:len(b.sort)] // filling moved each to where its edges end
	return g
}
