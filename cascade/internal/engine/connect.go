package engine

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// connect finds for each class the cells and sets that it is in, and the terms by which it places load.
func (c *compiler) connect() {
	cells, terms := map[cell]int32{}, map[term]int32{}
	owners := make([][]int32, len(c.pools))
	for k := range c.classes {
		id, g := c.first[k], c.classes[k].group
		c.cells.add(c.cellsOf(id, g, cells)...)
		c.sets.add(c.inSets.of(id)...)
		c.terms.add(c.termsOf(id, g, terms)...)
		if c.groups[g].drained {
			continue
		}
		for _, l := range c.t.Links(id) {
			if l.Pool >= 0 {
				owners[l.Pool] = append(owners[l.Pool], int32(k))
			}
		}
	}
	for _, classes := range owners {
		c.owners.add(classes...)
	}
	c.indexTerms()
	c.indexTiers()
	c.plant()
}

func (c *compiler) cellsOf(id topology.ID, g int32, known map[cell]int32) []int32 {
	var cells []int32
	for _, in := range c.incomes[g] {
		key := cell{pool: c.tiers[in.tier].pool, tier: in.tier, leaf: -1, weight: in.weight}
		at, ok := known[key]
		if !ok {
			at = int32(len(c.cell))
			known[key] = at
			c.cell = append(c.cell, key)
			if !c.tiers[in.tier].byCapacity {
				c.tiers[in.tier].cell = at
			}
		}
		cells = append(cells, at)
	}
	return cells
}

func (c *compiler) termsOf(id topology.ID, g int32, known map[term]int32) []int32 {
	var terms []int32
	for _, l := range c.t.Links(id) {
		if l.Pool < 0 {
			continue
		}
		key := term{pool: l.Pool, group: g, base: l.Supply.Base, rate: l.Supply.Rate(), most: unlimited}
		if c.groups[g].drained {
			key.rate = 0
		}
		if c.groups[g].sheds {
			key.most = c.groups[g].capacity
		}
		at, ok := known[key]
		if !ok {
			at = int32(len(c.term))
			known[key] = at
			c.term = append(c.term, key)
		}
		terms = append(terms, at)
	}
	return terms
}

func (c *compiler) indexTerms() {
	byPool, byGroup := make([][]int32, len(c.pools)), make([][]int32, len(c.groups))
	for i, k := range c.term {
		byPool[k.pool] = append(byPool[k.pool], int32(i))
		byGroup[k.group] = append(byGroup[k.group], int32(i))
	}
	for _, terms := range byPool {
		c.placed.add(terms...)
	}
	for _, terms := range byGroup {
		c.places.add(terms...)
	}
}

// indexTiers finds the groups in each tier.
func (c *compiler) indexTiers() {
	byTier := make([][]share, len(c.tiers))
	for g, in := range c.incomes {
		for _, from := range in {
			byTier[from.tier] = append(byTier[from.tier], share{int32(g), from.weight})
		}
	}
	for k, shares := range byTier {
		c.tiers[k].from = int32(len(c.inTier))
		c.inTier = append(c.inTier, shares...)
		c.tiers[k].to = int32(len(c.inTier))
	}
	for g := range c.groups {
		c.groups[g].alone = c.isAlone(int32(g))
	}
}

func (c *compiler) isAlone(g int32) bool {
	at, in := &c.groups[g], c.incomes[g]
	if at.class < 0 || at.sheds || len(in) != 1 || len(c.places.of(g)) > 0 {
		return false
	}
	p, t := &c.pools[c.tiers[in[0].tier].pool], &c.tiers[in[0].tier]
	return p.share == topology.Equal && t.to-t.from == 1
}

// plant gives each tier whose members weigh as much as their capacity a binary tree of sums, a leaf for each capacity:
// a sum is then the same however it came about, and one change costs its logarithm.
func (c *compiler) plant() {
	leaves := make([]int32, len(c.tiers))
	for i := range c.cell {
		if k := c.cell[i].tier; c.tiers[k].byCapacity {
			c.cell[i].leaf = leaves[k] // within its tree
			leaves[k]++
		}
	}
	size := int32(0)
	for k, n := range leaves {
		if !c.tiers[k].byCapacity {
			continue
		}
		width := int32(1)
		for width < n {
			width *= 2
		}
		c.tiers[k].tree = size
		size += 2 * width
		leaves[k] = width
	}
	for i := range c.cell {
		if k := c.cell[i].tier; c.tiers[k].byCapacity {
			c.cell[i].leaf += c.tiers[k].tree + leaves[k]
		}
	}
	c.start.sums = make([]float64, size)
}

// keepUp lists for each set the classes that need it, those that need the most of its members first.
func (c *compiler) keepUp() {
	type keeper struct{ need, class int32 }
	bySet := make([][]keeper, len(c.keepers))
	for k, id := range c.first {
		for _, l := range c.t.Links(id) {
			if l.Keeps() {
				bySet[l.Set] = append(bySet[l.Set], keeper{int32(l.Need), int32(k)})
			}
		}
	}
	for _, keepers := range bySet {
		slices.SortStableFunc(keepers, func(a, b keeper) int { return int(b.need - a.need) })
		for _, k := range keepers {
			c.need, c.keeps = append(c.need, k.need), append(c.keeps, k.class)
		}
		c.keep = append(c.keep, int32(len(c.need)))
	}
}

// order gives pools and groups their depth: load flows from a group to deeper pools, and from a pool to groups that are at
// least as deep.
func (c *compiler) order() {
	owners := make([]int32, len(c.pools)) // terms whose group has no depth yet
	for _, k := range c.term {
		owners[k.pool]++
	}
	waits := make([]int32, len(c.groups)) // tiers whose pool has none
	var ready []int32
	for g := range c.groups {
		if waits[g] = int32(len(c.incomes[g])); waits[g] == 0 {
			ready = append(ready, int32(g))
		}
	}
	for ; len(ready) > 0; ready = ready[1:] {
		g := ready[0]
		for _, k := range c.places.of(g) {
			p := c.term[k].pool
			c.pools[p].depth = max(c.pools[p].depth, c.groups[g].depth+1)
			if owners[p]--; owners[p] == 0 {
				ready = append(ready, c.flowInto(p, waits)...)
			}
		}
	}
}

// flowInto hands a pool's depth on to the groups in it, and returns those that have theirs now.
func (c *compiler) flowInto(p int32, waits []int32) (ready []int32) {
	c.deep = max(c.deep, c.pools[p].depth)
	for k := c.pools[p].from; k < c.pools[p].to; k++ {
		for _, s := range c.inTier[c.tiers[k].from:c.tiers[k].to] {
			g := &c.groups[s.group]
			g.depth = max(g.depth, c.pools[p].depth)
			if waits[s.group]--; waits[s.group] == 0 {
				ready = append(ready, s.group)
			}
		}
	}
	return ready
}
