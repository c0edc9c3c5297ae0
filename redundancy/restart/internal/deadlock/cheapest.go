package deadlock

import (
	"context"
	"math/big"
	"slices"
)

// Breaks are needs that are done without.
type Breaks struct {
	Needs []int32  // of the graph, in order
	Cost  *big.Rat // of these
	Bound *big.Rat // nothing that suffices costs less
}

// Proven reports whether nothing cheaper suffices.
func (b *Breaks) Proven() bool { return b.Cost.Cmp(b.Bound) == 0 }

// Cheapest returns the cheapest needs found without which all nodes can start; not ok if none suffice. When ctx ends, Bound may
// be less than could be proven.
func (g *Graph) Cheapest(ctx context.Context) (b Breaks, ok bool) {
	b = Breaks{Cost: new(big.Rat), Bound: new(big.Rat)}
	w := newWalk(g)
	for i := range int32(len(g.Needs)) {
		if need := &g.Needs[i]; int(need.Of) > len(g.Sets[need.Set]) && need.Cost >= 0 { // whatever runs
			b.add(i, need.Cost)
			w.without(i)
		}
	}
	if !b.split(ctx, w, nil) {
		return b, false
	}
	slices.Sort(b.Needs)
	return b, true
}

// add breaks a need that has to be broken.
func (b *Breaks) add(i int32, cost float64) {
	b.Needs = append(b.Needs, i)
	b.Cost.Add(b.Cost, rat(cost))
	b.Bound.Add(b.Bound, rat(cost))
}

// split breaks what keeps each part of what is stuck from starting; from are the numbers of its needs, nil if they are its own.
func (b *Breaks) split(ctx context.Context, w *walk, from []int32) bool {
	nodes := w.Nodes
	for _, p := range w.parts() {
		if from != nil {
			for k, i := range p.needs {
				p.needs[k] = from[i]
			}
		}
		inner := newWalk(&p.Graph)
		if p.Nodes < nodes || inner.left < p.Nodes {
			if !b.split(ctx, inner, p.needs) {
				return false
			}
			continue
		}
		h := newHunt(inner, -1)
		if !h.run(ctx) {
			return false
		}
		for _, i := range h.best {
			b.Needs = append(b.Needs, p.needs[i])
		}
		b.Cost.Add(b.Cost, h.cost)
		b.Bound.Add(b.Bound, h.bound)
	}
	return true
}

// CheapestFor returns the cheapest needs found without which one node can start; not ok if none suffice.
func (g *Graph) CheapestFor(ctx context.Context, node int32) (b Breaks, ok bool) {
	h := newHunt(newWalk(g), node)
	if !h.run(ctx) {
		return b, false
	}
	return Breaks{Needs: h.best, Cost: h.cost, Bound: h.bound}, true
}

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
