package engine

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// Start is a state in which nothing is lost yet.
type Start struct {
	Drain []topology.ID // out of rotation
	Load  float64       // factor on every demand; 0 is 1
}

// A compiler turns a topology into a program.
type compiler struct {
	*program
	drained []bool
	keepers [][]topology.ID // by set: its members, if it keeps something up
	inTiers index           // by component: the tiers it is in
	inSets  index           // by component: the sets of keepers it is in
	key     []byte
	groupAt map[string]int32
	classAt map[string]int32
}

// An index is lists of numbers by component.
type index struct{ flat, end []int32 }

func (x *index) of(id topology.ID) []int32 { return (*rows)(x).of(int32(id)) }

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

func compile(t *topology.Topology, s Start) *program {
	c := &compiler{
		program: &program{t: t, load: cmp.Or(s.Load, 1)},
		drained: make([]bool, t.Len()), groupAt: map[string]int32{}, classAt: map[string]int32{},
	}
	for _, id := range s.Drain {
		c.drained[id] = true
	}
	c.index()
	c.partition()
	c.arrange()
	c.connect()
	c.keepUp()
	c.order()
	c.begin()
	c.refer()
	return c.program
}

// index finds for each component the tiers and the sets that it is in.
func (c *compiler) index() {
	var tiers [][]topology.ID
	for i := range c.t.Pools() {
		p := &c.t.Pools()[i]
		q := pool{share: p.Share, factor: p.Factor, from: int32(len(c.tiers))}
		from := 0
		for e, end := range p.Ends {
			k := tier{pool: int32(i), cell: -1, tree: -1, weight: 1, size: float64(end - from)}
			switch p.Share {
			case topology.Weighted:
				k.weight = p.Weights[e]
			case topology.Proportional, topology.Waterfall:
				k.byCapacity = true
			}
			c.tiers = append(c.tiers, k)
			tiers = append(tiers, p.Members[from:end])
			from = end
		}
		q.to = int32(len(c.tiers))
		c.pools = append(c.pools, q)
	}
	for id := range topology.ID(c.t.Len()) {
		links := c.t.Links(id)
		if id > 0 && shared(links, c.t.Links(id-1)) {
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
	c.inTiers = invert(tiers, c.t.Len())
	c.inSets = invert(c.keepers, c.t.Len())
}

// shared reports whether two lists of links are one and the same: that of components declared together.
func shared(a, b []topology.Link) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// partition puts every component into its class and its group.
func (c *compiler) partition() {
	c.at = make([]spot, c.t.Len())
	for id := range topology.ID(c.t.Len()) {
		if id > 0 && c.goesWith(id-1, id) {
			c.at[id].class = c.at[id-1].class
			continue
		}
		split := c.describe(id)
		known, ok := c.classAt[string(c.key)]
		if !ok {
			known = int32(len(c.classes))
			c.classAt[string(c.key)] = known
			c.classes = append(c.classes, class{group: c.groupOf(id, split), demand: c.t.Demand(id) > 0})
			c.first = append(c.first, id)
		}
		c.at[id].class = known
	}
	c.classAt = nil
}

// goesWith reports whether describe would write the same for two components, as it is told at a glance.
func (c *compiler) goesWith(a, b topology.ID) bool {
	return c.t.Declaration(a) == c.t.Declaration(b) && c.drained[a] == c.drained[b] && shared(c.t.Links(a), c.t.Links(b)) &&
		slices.Equal(c.inTiers.of(a), c.inTiers.of(b)) && slices.Equal(c.inSets.of(a), c.inSets.of(b))
}

// describe writes into key all that tells a component's class, and returns where the part ends that tells its group.
func (c *compiler) describe(id topology.ID) int {
	o := c.t.Overload(id)
	flags := byte(0)
	if o.Shed {
		flags |= 1
	}
	if Trips(o) {
		flags |= 2
	}
	if c.drained[id] {
		flags |= 4
	}
	c.key = append(c.key[:0], flags)
	c.number(c.t.Demand(id))
	c.number(c.telling(id))
	if !c.drained[id] {
		c.list(c.inTiers.of(id))
	}
	split := len(c.key)
	c.list(c.inSets.of(id))
	for _, l := range c.t.Links(id) {
		if l.Start {
			continue
		}
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(l.Set))
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(l.Need))
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(l.Pool))
		if l.Pool >= 0 {
			c.number(l.Supply.Base)
			c.number(l.Supply.Rate())
		}
	}
	return split
}

func (c *compiler) number(x float64) {
	c.key = binary.LittleEndian.AppendUint64(c.key, math.Float64bits(x))
}

func (c *compiler) list(numbers []int32) {
	c.key = binary.LittleEndian.AppendUint32(c.key, uint32(len(numbers)))
	for _, n := range numbers {
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(n))
	}
}

// telling returns the capacity of a component, if that tells its group: what it takes or serves depends on it; else 0.
func (c *compiler) telling(id topology.ID) float64 {
	shared := !c.drained[id] && slices.ContainsFunc(c.inTiers.of(id), func(k int32) bool { return c.tiers[k].byCapacity })
	if shared || c.t.Overload(id).Shed {
		return c.t.Capacity(id)
	}
	return 0
}

func (c *compiler) groupOf(id topology.ID, split int) int32 {
	key := string(c.key[:split])
	if known, ok := c.groupAt[key]; ok {
		return known
	}
	o, capacity := c.t.Overload(id), c.telling(id)
	g := group{
		demand: float64(c.load * c.t.Demand(id)), capacity: capacity,
		trips: Trips(o), sheds: o.Shed, drained: c.drained[id], class: -1,
	}
	var in []income
	if !g.drained {
		for _, k := range c.inTiers.of(id) {
			w := c.tiers[k].weight
			if c.tiers[k].byCapacity {
				w = capacity
			}
			in = append(in, income{k, w})
		}
	}
	c.groupAt[key] = int32(len(c.groups))
	c.groups = append(c.groups, g)
	c.incomes = append(c.incomes, in)
	return c.groupAt[key]
}

// Trips reports whether a component goes down when it is overloaded.
func Trips(o topology.Overload) bool { return !o.Shed || o.After > 0 || o.Curve != "" }

// arrange sorts the members of each class from the weakest to the strongest, and the classes of each group into runs.
func (c *compiler) arrange() {
	for _, spot := range c.at {
		c.classes[spot.class].size++
	}
	from := int32(0)
	for k := range c.classes {
		c.classes[k].from = from
		from += c.classes[k].size
		c.classes[k].size = 0
	}
	members := make([]topology.ID, c.t.Len())
	for id, spot := range c.at {
		at := &c.classes[spot.class]
		members[at.to()] = topology.ID(id)
		at.size++
	}
	weakest := func(a, b topology.ID) int { return cmp.Compare(c.t.Capacity(a), c.t.Capacity(b)) }
	for k := range c.classes {
		if own := members[c.classes[k].from:c.classes[k].to()]; !slices.IsSortedFunc(own, weakest) {
			slices.SortStableFunc(own, weakest)
		}
	}
	c.limit = make([]float64, c.t.Len())
	for i, id := range members {
		c.limit[i], c.at[id].slot = c.t.Capacity(id), int32(i)
	}
	c.collectRuns()
}

func (c *compiler) collectRuns() {
	byGroup := make([][]int32, len(c.groups))
	for k := range c.classes {
		g := c.classes[k].group
		byGroup[g] = append(byGroup[g], int32(k))
		at := &c.classes[k]
		if !math.IsInf(c.limit[at.from], 1) {
			c.groups[g].limited = true
		}
	}
	for g, classes := range byGroup {
		at := &c.groups[g]
		if len(classes) == 1 {
			at.class = classes[0]
			continue
		}
		at.from = int32(len(c.runs))
		for _, k := range classes {
			c.runsOf(k)
		}
		at.to = int32(len(c.runs))
		slices.SortStableFunc(c.runs[at.from:at.to], func(a, b run) int { return cmp.Compare(a.capacity, b.capacity) })
	}
}

func (c *compiler) runsOf(k int32) {
	at := &c.classes[k]
	limit := c.limit[at.from:at.to()]
	for from := 0; from < len(limit); {
		to := from + 1
		for to < len(limit) && limit[to] == limit[from] {
			to++
		}
		c.runs = append(c.runs, run{limit[from], k, int32(from), int32(to)})
		from = to
	}
}
