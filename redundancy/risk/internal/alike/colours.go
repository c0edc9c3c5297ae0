package alike

import (
	"cmp"
	"context"
	"slices"
)

// Colours tell nodes apart: those of one colour have as many edges of each sort to each colour. They are found by splitting
// colours until none tells nodes of another apart (Hopcroft's way of it: the largest part of a split need not be looked at).
type colours struct {
	*graph
	colour []int32 // by node
	at     []int32 // by node: its place in nodes
	nodes  []int32 // those of one colour next to each other
	span   []span  // by colour: of nodes

	queue  []int32 // colours that may tell nodes apart
	queued []bool
	hits   []uint64 // the ends of edges from one colour, with their sorts
	seen   []seen
}

type span struct{ from, to int32 }

func (s span) len() int32 { return s.to - s.from }

// A node that is seen from a colour, by some of hits.
type seen struct{ node, from, to int32 }

// colour tells the nodes of a graph apart by what they are, and by what they are joined with.
func colour(ctx context.Context, g *graph) (*colours, error) {
	n := len(g.sort)
	c := &colours{graph: g, colour: slices.Clone(g.sort), at: make([]int32, n), nodes: make([]int32, n)}
	for _, s := range g.sort {
		for int(s) >= len(c.span) {
			c.span = append(c.span, span{})
		}
		c.span[s].to++
	}
	for s := 1; s < len(c.span); s++ {
		c.span[s] = span{c.span[s-1].to, c.span[s-1].to + c.span[s].to}
	}
	next := make([]int32, len(c.span))
	for s := range c.span {
		next[s] = c.span[s].from
	}
	for node, s := range g.sort {
		c.nodes[next[s]], c.at[node] = int32(node), next[s]
		next[s]++
	}
	c.queued = make([]bool, len(c.span))
	for s := range c.span {
		c.enqueue(int32(s))
	}
	return c, c.refine(ctx)
}

func (c *colours) enqueue(k int32) {
	if !c.queued[k] {
		c.queued[k] = true
		c.queue = append(c.queue, k)
	}
}

// refine splits colours until none tells nodes of another apart.
func (c *colours) refine(ctx context.Context) error {
	for len(c.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		last := len(c.queue) - 1
		k := c.queue[last]
		c.queue, c.queued[k] = c.queue[:last], false
		c.look(k)
		for i := 0; i < len(c.seen); {
			from, other := i, c.colour[c.seen[i].node]
			for i++; i < len(c.seen) && c.colour[c.seen[i].node] == other; i++ {
			}
			c.split(other, c.seen[from:i])
		}
	}
	return nil
}

// look notes who is seen from a colour: by colour, then by what they are to it.
func (c *colours) look(k int32) {
	c.hits, c.seen = c.hits[:0], c.seen[:0]
	for _, node := range c.nodes[c.span[k].from:c.span[k].to] {
		for _, e := range c.of(node) {
			if c.span[c.colour[e.to]].len() > 1 {
				c.hits = append(c.hits, uint64(e.to)<<32|uint64(e.sort))
			}
		}
	}
	slices.Sort(c.hits)
	for i := 0; i < len(c.hits); {
		from, node := i, int32(c.hits[i]>>32)
		for i++; i < len(c.hits) && int32(c.hits[i]>>32) == node; i++ {
		}
		c.seen = append(c.seen, seen{node, int32(from), int32(i)})
	}
	slices.SortFunc(c.seen, func(a, b seen) int {
		return cmp.Or(cmp.Compare(c.colour[a.node], c.colour[b.node]), c.compare(a, b), cmp.Compare(a.node, b.node))
	})
}

// compare orders nodes by the sorts of the edges by which they are seen.
func (c *colours) compare(a, b seen) int {
	return slices.CompareFunc(c.hits[a.from:a.to], c.hits[b.from:b.to], func(x, y uint64) int {
		return cmp.Compare(uint32(x), uint32(y))
	})
}

// split gives those of a colour that are seen colours of their own, one for each way to be seen.
func (c *colours) split(k int32, some []seen) {
	parts := []int32{k}
	for to := len(some); to > 0; {
		from := to - 1
		for from > 0 && c.compare(some[from-1], some[to-1]) == 0 {
			from--
		}
		if from == 0 && int32(to) == c.span[k].len() {
			break // nobody else is left
		}
		var nodes []int32
		for _, s := range some[from:to] {
			nodes = append(nodes, s.node)
		}
		parts = append(parts, c.carve(k, nodes))
		to = from
	}
	c.follow(parts)
}

// carve gives nodes of a colour another, a new one.
func (c *colours) carve(k int32, some []int32) int32 {
	fresh, to := int32(len(c.span)), c.span[k].to
	from := to
	for _, node := range some {
		from--
		other, was := c.nodes[from], c.at[node]
		c.nodes[was], c.at[other] = other, was
		c.nodes[from], c.at[node] = node, from
		c.colour[node] = fresh
	}
	c.span[k].to = from
	c.span, c.queued = append(c.span, span{from, to}), append(c.queued, false)
	return fresh
}

// follow has colours looked at that one was split into, but for the largest, if the whole has been looked at.
func (c *colours) follow(parts []int32) {
	if len(parts) == 1 {
		return
	}
	spare := int32(-1)
	if !c.queued[parts[0]] {
		spare = slices.MaxFunc(parts, func(a, b int32) int { return cmp.Compare(c.span[a].len(), c.span[b].len()) })
	}
	for _, k := range parts {
		if k != spare {
			c.enqueue(k)
		}
	}
}
