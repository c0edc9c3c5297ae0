package sizes

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A compiler puts the components of a topology into classes.
type compiler struct {
	*Fleet
	raise   map[topology.ID][]int
	inTiers index
	inSets  index
	keepers [][]topology.ID // by set that keeps something up
	tierAt  []income        // by tier, counted over all pools
	poolAt  []int32         // by pool of the topology
	key     []byte
	classAt map[string]int32
	groupAt map[string]int32 // by tiers
}

// A flow is the load that passes from the members of one pool to another pool, at a rate.
type flow struct {
	from, to int32
	rate     float64
}

// An index is lists of numbers by component.
type index struct{ flat, end []int32 }

func (x *index) of(id topology.ID) []int32 {
	from := int32(0)
	if id > 0 {
		from = x.end[id-1]
	}
	return x.flat[from:x.end[id]]
}

// invert returns by component the lists that it is in.
func invert(lists [][]topology.ID, n int) index {
	x := index{end: make([]int32, n+1)}
	for _, list := range lists {
		for _, id := range list {
			x.end[id+1]++
		}
	}
	for id := range n {
		x.end[id+1] += x.end[id]
	}
	x.flat = make([]int32, x.end[n])
	for i, list := range lists {
		for _, id := range list {
			x.flat[x.end[id]] = int32(i)
			x.end[id]++
		}
	}
	x.end = x.end[:n] // filling moved each to where its list ends
	return x
}

// Compile makes the classes of a topology that has one copy of each column that is no raise. It takes time and memory in
// proportion to the components and links.
func Compile(t *topology.Topology, columns []Column) *Fleet {
	c := &compiler{
		Fleet: &Fleet{T: t, Columns: columns, columnOf: map[topology.ID]int{}, known: map[flow]int{}, plain: map[flow]bool{}},
		raise: map[topology.ID][]int{}, classAt: map[string]int32{}, groupAt: map[string]int32{},
	}
	for j, column := range columns {
		if column.Raise >= 0 {
			c.raise[column.Raise] = append(c.raise[column.Raise], j)
		} else {
			c.columnOf[column.New] = j
		}
	}
	c.index()
	c.partition()
	c.connect()
	c.sort()
	c.findPlates()
	c.findDraws()
	return c.Fleet
}

// index finds the tiers and the sets that each component is in. Pools that split load over the same members by the same
// rule are one, however their members are written; but waterfalls, which fill for each supply apart.
func (c *compiler) index() {
	var tiers [][]topology.ID
	at := map[string]int32{}
	for i := range c.T.Pools() {
		p := &c.T.Pools()[i]
		c.key = c.key[:0]
		q, lists := c.poolOf(p)
		if p.Share == topology.Waterfall {
			c.numbers(uint32(i))
		}
		known, ok := at[string(c.key)]
		if !ok {
			known = int32(len(c.pools))
			at[string(c.key)] = known
			q.first = len(c.tierAt)
			for t := range q.tiers {
				c.tierAt = append(c.tierAt, income{known, int32(t), q.tiers[t].weight})
			}
			c.pools, tiers = append(c.pools, q), append(tiers, lists...)
		}
		c.poolAt = append(c.poolAt, known)
	}
	for id := range topology.ID(c.T.Len()) {
		links := c.T.Links(id)
		if id > 0 && shared(links, c.T.Links(id-1)) {
			continue
		}
		for i := range links {
			l := &links[i]
			if !l.Keeps() {
				continue
			}
			for int(l.Set) >= len(c.keepers) {
				c.keepers = append(c.keepers, nil)
			}
			c.keepers[l.Set] = l.Members
		}
	}
	c.inTiers, c.inSets = invert(tiers, c.T.Len()), invert(c.keepers, c.T.Len())
}

// poolOf returns a pool and the members of its tiers, and writes into key all that tells it from others.
func (c *compiler) poolOf(p *topology.Pool) (q pool, tiers [][]topology.ID) {
	q = pool{share: p.Share, factor: p.Factor}
	c.key = append(append(c.key, p.Share...), 0)
	c.floats(p.Factor)
	from := 0
	for e, end := range p.Ends {
		k := tier{weight: 1}
		if p.Share == topology.Weighted {
			k.weight = p.Weights[e]
		}
		members := slices.Clone(p.Members[from:end])
		slices.Sort(members)
		c.floats(k.weight)
		c.numbers(uint32(len(members)))
		for _, id := range members {
			c.numbers(uint32(id))
		}
		q.tiers, tiers = append(q.tiers, k), append(tiers, members)
		from = end
	}
	return q, tiers
}

// pool returns where the load of a link goes; -1 for a need.
func (c *compiler) pool(l *topology.Link) int32 {
	if l.Pool < 0 {
		return -1
	}
	return c.poolAt[l.Pool]
}

// partition puts every component into its class.
func (c *compiler) partition() {
	c.of = make([]int32, c.T.Len())
	for id := range topology.ID(c.T.Len()) {
		var class int32
		if id > 0 && c.goesWith(id-1, id) {
			class = c.of[id-1]
		} else {
			c.describe(id)
			class = c.classOf(id)
		}
		c.of[id] = class
		if j, copied := c.columnOf[id]; copied {
			c.Classes[class].Columns = append(c.Classes[class].Columns, j)
			c.Columns[j].class = class
		} else {
			c.Classes[class].Size++
		}
	}
}

// goesWith reports whether describe would write the same for two components, as it is told at a glance.
func (c *compiler) goesWith(a, b topology.ID) bool {
	return c.T.Declaration(a) == c.T.Declaration(b) && shared(c.T.Links(a), c.T.Links(b)) && slices.Equal(c.raise[a], c.raise[b]) &&
		slices.Equal(c.inTiers.of(a), c.inTiers.of(b)) && slices.Equal(c.inSets.of(a), c.inSets.of(b))
}

// shared reports whether two lists of links are one and the same: that of components declared together.
func shared(a, b []topology.Link) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// describe writes into key all that tells a component's class.
func (c *compiler) describe(id topology.ID) {
	c.key = c.key[:0]
	sheds := uint32(0)
	if c.T.Overload(id).Shed {
		sheds = 1
	}
	c.numbers(sheds, uint32(len(c.raise[id])))
	for _, j := range c.raise[id] {
		c.numbers(uint32(j))
	}
	c.floats(c.T.Capacity(id), c.T.Demand(id))
	for _, list := range [][]int32{c.inTiers.of(id), c.inSets.of(id)} {
		c.numbers(uint32(len(list)))
		for _, n := range list {
			c.numbers(uint32(n))
		}
	}
	for _, l := range c.T.Links(id) {
		if l.Start {
			continue
		}
		c.numbers(uint32(l.Set), uint32(l.Need), uint32(c.pool(&l)))
		if l.Pool >= 0 {
			c.floats(l.Supply.Base, l.Supply.Rate())
		}
	}
}

func (c *compiler) numbers(all ...uint32) {
	for _, n := range all {
		c.key = binary.LittleEndian.AppendUint32(c.key, n)
	}
}

func (c *compiler) floats(all ...float64) {
	for _, x := range all {
		c.key = binary.LittleEndian.AppendUint64(c.key, math.Float64bits(x))
	}
}

func (c *compiler) classOf(id topology.ID) int32 {
	if class, ok := c.classAt[string(c.key)]; ok {
		return class
	}
	class := int32(len(c.Classes))
	c.classAt[string(c.key)] = class
	k := Class{First: id, Capacity: c.T.Capacity(id), Demand: c.T.Demand(id), sheds: c.T.Overload(id).Shed, raises: c.raise[id]}
	for _, j := range k.raises {
		c.Columns[j].class = class
	}
	for _, l := range c.T.Links(id) {
		if l.Start {
			continue
		}
		own := link{set: l.Set, need: l.Need, all: l.Pool < 0 && l.Need == len(l.Members), pool: c.pool(&l)}
		if l.Pool >= 0 {
			own.base, own.rate = l.Supply.Base, l.Supply.Rate()
		}
		k.links = append(k.links, own)
	}
	for _, at := range c.inTiers.of(id) {
		in := c.tierAt[at]
		k.weighs = k.weighs || c.pools[in.pool].byCapacity()
		k.in = append(k.in, in)
	}
	k.group = c.groupOf(c.inTiers.of(id))
	if k.Demand > 0 {
		c.demands = append(c.demands, class)
	}
	if k.Limited() {
		c.limited = append(c.limited, class)
	}
	c.Classes = append(c.Classes, k)
	return class
}

func (c *compiler) groupOf(tiers []int32) int32 {
	c.key = c.key[:0]
	for _, t := range tiers {
		c.numbers(uint32(t))
	}
	group, known := c.groupAt[string(c.key)]
	if !known {
		group = int32(len(c.groupAt))
		c.groupAt[string(c.key)] = group
	}
	return group
}

// connect makes the lists of pools and sets.
func (c *compiler) connect() {
	c.sets = make([]set, len(c.keepers))
	for class := range c.Classes {
		k := &c.Classes[class]
		for _, in := range k.in {
			t := &c.pools[in.pool].tiers[in.tier]
			t.classes = append(t.classes, int32(class))
		}
		c.Fleet.inSets = append(c.Fleet.inSets, c.inSets.of(k.First))
		for _, s := range c.inSets.of(k.First) {
			c.sets[s].classes = append(c.sets[s].classes, int32(class))
		}
		for i, l := range k.links {
			if l.pool >= 0 {
				p := &c.pools[l.pool]
				p.owners = append(p.owners, owner{int32(class), i})
			}
			if l.need > 0 && !slices.Contains(c.sets[l.set].owners, int32(class)) {
				c.sets[l.set].owners = append(c.sets[l.set].owners, int32(class))
			}
		}
	}
}

// sort puts classes and pools in an order in which load flows from earlier ones to later ones: Kahn's algorithm.
func (c *compiler) sort() {
	waits, unplaced := make([]int, len(c.Classes)), make([]int, len(c.pools))
	var ready []int32
	for class := range c.Classes {
		if waits[class] = len(c.Classes[class].in); waits[class] == 0 {
			ready = append(ready, int32(class))
		}
	}
	for p := range c.pools {
		unplaced[p] = len(c.pools[p].owners)
	}
	for ; len(ready) > 0; ready = ready[1:] {
		places := false
		for _, l := range c.Classes[ready[0]].links {
			if l.pool < 0 {
				continue
			}
			if !places {
				places = true
				c.order = append(c.order, step(ready[0]))
			}
			if unplaced[l.pool]--; unplaced[l.pool] > 0 {
				continue
			}
			c.order = append(c.order, step(^l.pool))
			for _, m := range c.members(l.pool) {
				if waits[m]--; waits[m] == 0 {
					ready = append(ready, m)
				}
			}
		}
	}
}

// findPlates finds the draws that are counted by nameplate, and where they end. They are those of what has a capacity and
// takes a share of a load that varies, but for draws without a base that all members of its pools make alike, whose sum is
// known however load is spread. What only gets constant loads, or such as are counted by nameplate, passes them on.
func (c *compiler) findPlates() {
	c.loaded = make([]bool, len(c.Classes))
	varies, pools := make([]bool, len(c.Classes)), make([]bool, len(c.pools))
	for _, k := range c.demands {
		varies[k] = true
	}
	for _, at := range c.order {
		if at < 0 {
			for _, m := range c.members(^int32(at)) {
				varies[m] = varies[m] || pools[^at]
			}
			continue
		}
		k := &c.Classes[at]
		source := varies[at] && k.Limited() && len(k.in) > 0
		for i := range k.links {
			l := &k.links[i]
			if l.pool < 0 {
				continue
			}
			l.plate = source && l.rate > 0 && (l.base > 0 || !c.alike(k, l))
			c.plates = c.plates || l.plate
			pools[l.pool] = pools[l.pool] || varies[at] && l.rate > 0 && !l.plate
			if l.plate || c.loaded[at] {
				c.load(l.pool)
			}
		}
	}
}

func (c *compiler) load(pool int32) {
	for _, m := range c.members(pool) {
		c.loaded[m] = true
	}
}

// alike reports whether all members of a class's pools place the same part of their load on the pool of a link. Waterfalls
// are never alike: they fill apart, so it matters who takes how much.
func (c *compiler) alike(k *Class, l *link) bool {
	if c.pools[l.pool].share == topology.Waterfall {
		return false
	}
	for _, in := range k.in {
		if c.isWhole(flow{in.pool, l.pool, l.rate}) == 0 {
			return false
		}
	}
	return true
}

// isWhole is whole, looked at once.
func (f *Fleet) isWhole(w flow) (links int) {
	links, known := f.known[w]
	if !known {
		links = f.whole(w)
		f.known[w] = links
	}
	return links
}

// whole returns by how many links at one rate all members of one pool place load on another; 0 if they differ.
func (f *Fleet) whole(w flow) (links int) {
	links = -1
	for _, m := range f.members(w.from) {
		own := 0
		for _, l := range f.Classes[m].links {
			if l.pool == w.to && l.rate == w.rate {
				own++
			}
		}
		if links >= 0 && own != links {
			return 0
		}
		links = own
	}
	return max(links, 0)
}

// findDraws walks from each column to all that it places load on: its copies do, and a component of more capacity as far as
// its draws are counted by that.
func (c *compiler) findDraws() {
	c.draws = make([][]int32, len(c.Classes))
	reached := make([]int, len(c.Classes)) // by which column last, counted from 1
	for j := range c.Columns {
		first := c.Columns[j].class
		queue := []int32{first}
		for ; len(queue) > 0; queue = queue[1:] {
			for _, l := range c.Classes[queue[0]].links {
				if l.pool < 0 || queue[0] == first && c.Columns[j].Raise >= 0 && !l.plate {
					continue
				}
				for _, m := range c.members(l.pool) {
					if reached[m] != j+1 {
						reached[m] = j + 1
						c.draws[m] = append(c.draws[m], int32(j))
						c.reserves = c.reserves || c.plates && c.Classes[m].Limited()
						queue = append(queue, m)
					}
				}
			}
		}
	}
}
