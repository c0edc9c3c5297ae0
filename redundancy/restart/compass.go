package restart

import (
	"cmp"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A compass is what all journeys of one fleet go by. But for the work it does not change on the way.
type compass struct {
	*fleet
	*lots
	in       [][]int32         // by ID: the sets ([topology.Link].Set) that it is a member of
	sets     int               // how many there are
	rotates  []bool            // by ID: it waits to be put in rotation
	sources  []topology.ID     // what is down and comes up without a step
	source   []bool            // by ID
	order    []topology.ID     // what can be started: first what most waits for
	tail     []time.Duration   // by ID: from power on, with what waits for it, and for that
	class    []int32           // by ID: what can be started and nothing tells apart is of one class, from 1; 0 is in none
	classes  []class           // from 1
	uneven   bool              // of one class some may have to wait longer than others
	turners  []int32           // lots that wait to be put in rotation
	asked    []demand          // as the cascade leaves them
	worth    []float64         // of these, by value
	shifts   map[int32]bool    // pools that share by capacity among members that draw on something
	spills   bool              // some share is a waterfall: loads are not linear in the demand
	fixed    []bool            // by pool: all behind it is shared by fixed parts
	work     int               // of all journeys so far: see maxWork
	spend    int               // a journey is given up once so much work is done; 0: never
	replayed int               // steps of plans that were only replayed, times components
	sheds    []bool            // by ID
	picked   map[bool][]bool   // what the strongest servers are; true: and no more than are enough
	linksOf  [][]topology.Link // by ID
	done     []Step            // all journeys begin with these, which are before
	until    time.Duration     // this time
}

// newCompass prepares journeys; the meter knows what demands count, and what they are worth.
func newCompass(f *fleet, p *Plan, m *meter) *compass {
	n := f.t.Len()
	sets := newReadiness(f.t)
	c := &compass{fleet: f, in: sets.in, sets: len(sets.ready), rotates: make([]bool, n), source: make([]bool, n),
		shifts: map[int32]bool{}, sheds: make([]bool, n), picked: map[bool][]bool{}, linksOf: make([][]topology.Link, n)}
	load := cmp.Or(p.Scenario.Load, 1)
	for id := range topology.ID(n) {
		c.linksOf[id], c.sheds[id] = f.t.Links(id), f.t.Overload(id).Shed
		if f.t.Demand(id) > 0 {
			c.addDemand(id, load, m)
		}
	}
	for i, p := range f.t.Pools() {
		c.spills = c.spills || p.Share == topology.Waterfall
		if shifts(f.t, &p) {
			c.shifts[int32(i)] = true
		}
	}
	c.findFixed()
	c.findTails()
	c.findClasses()
	return c
}

func (c *compass) addDemand(id topology.ID, load float64, m *meter) {
	t := c.t
	d := demandOf(t.Component(id), id, load, c.status[id] != topology.Down)
	worth := m.worth(id)
	if !m.counted[t.Name(id)] {
		worth = 0
	}
	c.asked, c.worth = append(c.asked, d), append(c.worth, worth*d.full)
	for _, l := range t.Links(id) {
		if l.Supply != nil {
			for _, member := range l.Members {
				c.rotates[member] = true
			}
		}
	}
	if len(t.PoolsOf(id)) == 0 && c.status[id] == topology.Down && c.back[id] >= 0 {
		c.sources, c.source[id] = append(c.sources, id), true
	}
}

// findTails follows what can be started from its end: who is waited for longest comes first.
func (c *compass) findTails() {
	c.tail = make([]time.Duration, c.t.Len())
	waits := make([]time.Duration, c.sets) // by set: the longest tail of who needs members of it
	for _, id := range slices.Backward(c.begun) {
		for _, s := range c.in[id] {
			c.tail[id] = max(c.tail[id], waits[s])
		}
		c.tail[id] = later(c.tail[id], c.bootTime[id])
		for _, l := range c.t.Links(id) {
			if l.Need > 0 {
				waits[l.Set] = max(waits[l.Set], c.tail[id])
			}
		}
		if !c.source[id] {
			c.order = append(c.order, id)
		}
	}
	slices.SortFunc(c.order, c.inOrder)
}

// inOrder puts first what most waits for.
func (c *compass) inOrder(a, b topology.ID) int {
	return cmp.Or(count(c.rotates[a])-count(c.rotates[b]), cmp.Compare(c.tail[b], c.tail[a]), cmp.Compare(a, b))
}

// A class is what can be started and nothing tells apart, in order, and the lots of it.
type class struct {
	ids  []topology.ID
	lots []int32
}

// findClasses gives components that nothing tells apart one class.
func (c *compass) findClasses() {
	alike := make([]int32, c.t.Len())
	known := map[string]int32{}
	for id := range topology.ID(c.t.Len()) {
		if id > 0 && c.sameAs(id, id-1) {
			alike[id] = alike[id-1]
			continue
		}
		key := c.likeness(id, c.back[id], c.in[id])
		if known[string(key)] == 0 {
			known[string(key)] = int32(len(known) + 1)
		}
		alike[id] = known[string(key)]
	}
	c.lots = findLots(c.t, alike)
	c.class, c.classes = make([]int32, c.t.Len()), make([]class, len(known)+1)
	for _, id := range c.order {
		k := &c.classes[alike[id]]
		c.class[id] = alike[id]
		k.ids = append(k.ids, id)
		if lot := c.lot[id]; len(k.lots) == 0 || k.lots[len(k.lots)-1] != lot && !slices.Contains(k.lots, lot) {
			k.lots = append(k.lots, lot)
		}
	}
	for lot, ids := range c.members {
		if c.rotates[ids[0]] {
			c.turners = append(c.turners, int32(lot))
		}
	}
}

// sameAs reports whether two components are alike by a quick look, as most are that stand beside each other.
func (c *compass) sameAs(a, b topology.ID) bool {
	x, y := c.linksOf[a], c.linksOf[b]
	return len(x) == len(y) && (len(x) == 0 || &x[0] == &y[0]) && c.status[a] == c.status[b] && c.back[a] == c.back[b] &&
		c.t.Capacity(a) == c.t.Capacity(b) && c.t.Start(a) == c.t.Start(b) && slices.Equal(c.limited[a], c.limited[b]) &&
		slices.Equal(c.in[a], c.in[b]) && slices.Equal(c.t.PoolsOf(a), c.t.PoolsOf(b))
}
