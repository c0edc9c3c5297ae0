package triage

import (
	"encoding/binary"
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A builder finds the classes of a fleet.
type builder struct {
	*fleet
	server []bool
	row    []int32 // by ID: components with the same have the same links; -1 if it is down
	rows   map[string]int32
	known  map[*topology.Link]int32 // by the first link of a row
	set    map[int32]int32          // of the topology: in sets
	pool   map[int32]int32
	links  []*topology.Link // of each set, one that has it
	next   int32
	to     map[int32]int32
}

func newBuilder(f *fleet, server []bool) *builder {
	b := &builder{
		fleet: f, server: server, rows: map[string]int32{}, known: map[*topology.Link]int32{},
		set: map[int32]int32{}, pool: map[int32]int32{}, to: map[int32]int32{},
	}
	b.row = make([]int32, f.Topology.Len())
	for id := range topology.ID(f.Topology.Len()) {
		if b.row[id] = -1; f.Status[id] != topology.Down {
			b.row[id] = b.rowOf(id)
		}
	}
	return b
}

// rowOf returns the number of what a component needs and draws on.
func (b *builder) rowOf(id topology.ID) int32 {
	links := b.Topology.Links(id)
	if len(links) == 0 {
		return b.numbered("")
	}
	row, ok := b.known[&links[0]]
	if !ok {
		row = b.numbered(b.key(links))
		b.known[&links[0]] = row
	}
	return row
}

func (b *builder) numbered(key string) int32 {
	row, ok := b.rows[key]
	if !ok {
		row = int32(len(b.rows))
		b.rows[key] = row
	}
	return row
}

// key writes down links, and numbers their sets and pools.
func (b *builder) key(links []topology.Link) string {
	var key []byte
	for i := range links {
		l := &links[i]
		if l.Start {
			continue
		}
		if _, ok := b.set[l.Set]; !ok {
			b.set[l.Set] = int32(len(b.links))
			b.links = append(b.links, l)
		}
		key = binary.BigEndian.AppendUint32(key, uint32(l.Set))
		key = binary.BigEndian.AppendUint32(key, uint32(l.Need))
		key = binary.BigEndian.AppendUint32(key, uint32(l.Pool))
		if l.Pool < 0 {
			continue
		}
		if _, ok := b.pool[l.Pool]; !ok {
			b.pool[l.Pool] = int32(len(b.pool))
		}
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(l.Supply.Base))
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(l.Supply.Rate()))
	}
	return string(key)
}

// classify tells components apart by what they are, and then by each set and tier that they are in.
func (b *builder) classify() {
	type self struct {
		status                  topology.Status
		row                     int32
		server                  bool
		capacity, demand, worth float64
	}
	t := b.Topology
	b.of = make([]int32, t.Len())
	first := map[self]int32{}
	for id := range topology.ID(t.Len()) {
		if b.of[id] = -1; b.row[id] < 0 {
			continue
		}
		me := self{b.Status[id], b.row[id], b.server[id], b.capacity[id], b.Demand[id], b.Worth[id]}
		if _, ok := first[me]; !ok {
			first[me] = b.next
			b.next++
		}
		b.of[id] = first[me]
	}
	for _, l := range b.links {
		b.split(l.Members)
	}
	for p, pool := range t.Pools() {
		if _, used := b.pool[int32(p)]; used && len(pool.Ends) > 1 {
			from := 0
			for _, end := range pool.Ends {
				b.split(pool.Members[from:end])
				from = end
			}
		}
	}
	b.number()
}

// split takes those of each class that are among some components out of it.
func (b *builder) split(ids []topology.ID) {
	clear(b.to)
	for _, id := range ids {
		if b.of[id] < 0 {
			continue
		}
		to, ok := b.to[b.of[id]]
		if !ok {
			to = b.next
			b.next++
			b.to[b.of[id]] = to
		}
		b.of[id] = to
	}
}

// number makes the classes, in order of their first components.
func (b *builder) number() {
	clear(b.to)
	t := b.Topology
	for id := range topology.ID(t.Len()) {
		if b.of[id] < 0 {
			continue
		}
		c, ok := b.to[b.of[id]]
		if !ok {
			c = int32(len(b.classes))
			b.to[b.of[id]] = c
			b.classes = append(b.classes, class{
				ready: b.Status[id] == topology.Ready, server: b.server[id], capacity: b.capacity[id], demand: b.Demand[id],
			})
		}
		b.of[id] = c
		b.classes[c].ids = append(b.classes[c].ids, id)
	}
}

// connect gives classes their needs and supplies, and sets and pools their members.
func (b *builder) connect() {
	b.sets, b.keeps, b.pools = make([][]int32, len(b.links)), make([][]int32, len(b.links)), make([]pool, len(b.pool))
	for s, l := range b.links {
		b.sets[s] = b.classesOf(l.Members)
		for _, c := range b.sets[s] {
			b.classes[c].sets = append(b.classes[c].sets, int32(s))
		}
	}
	for p := range b.Topology.Pools() {
		if at, used := b.pool[int32(p)]; used {
			b.fill(at, &b.Topology.Pools()[p])
		}
	}
	for c := range b.classes {
		k := &b.classes[c]
		links := b.Topology.Links(k.ids[0])
		for i := range links {
			b.link(int32(c), k, &links[i])
		}
	}
}

func (b *builder) link(c int32, k *class, l *topology.Link) {
	if l.Start {
		return
	}
	if l.Need > 0 {
		set := b.set[l.Set]
		k.needs = append(k.needs, need{set, int32(l.Need)})
		b.keeps[set] = append(b.keeps[set], c)
	}
	if l.Pool >= 0 {
		s := supply{b.pool[l.Pool], l.Supply.Base, l.Supply.Rate()}
		k.supplies = append(k.supplies, s)
		b.pools[s.pool].owners = append(b.pools[s.pool].owners, owner{c, s})
	}
}

func (b *builder) fill(at int32, from *topology.Pool) {
	p := &b.pools[at]
	p.share, p.factor = from.Share, from.Factor
	b.spills = b.spills || p.share == topology.Waterfall
	begin := 0
	for i, end := range from.Ends {
		t := tier{size: end - begin, members: b.classesOf(from.Members[begin:end])}
		if p.share == topology.Weighted {
			t.weight = from.Weights[i]
		}
		for _, c := range t.members {
			b.classes[c].in = append(b.classes[c].in, place{at, int32(i)})
		}
		p.tiers = append(p.tiers, t)
		begin = end
	}
}

// classesOf returns the classes of some components, each once.
func (b *builder) classesOf(ids []topology.ID) []int32 {
	var all []int32
	seen := map[int32]bool{}
	for _, id := range ids {
		if c := b.of[id]; c >= 0 && !seen[c] {
			seen[c] = true
			all = append(all, c)
		}
	}
	return all
}
