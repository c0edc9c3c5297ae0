package engine

import "math"

var unlimited = math.Inf(1)

// A state is all that losses change: counts, and sums of weights. What it was before is kept in a trail, so that taking
// a loss back restores it to the bit.
type state struct {
	tally
	ints   []int32
	sums   []float64
	trail  []change
	before []changeOfSum

	lost    []uint8 // by slot: 1 for a hole, which went down alone, not with all of its class nor with the weakest,
	holes   []int32 // and these in the order of their loss
	named   []bool  // by slot: the scenario took it down; kept of components with a demand only,
	names   []int32 // and these
	touched []int32 // pools that have lost members, in that order
}

// A tally counts components.
type tally struct {
	up      int32
	unasked int32 // with a demand, that the scenario took down
	unmet   int32 // with a demand, that are down otherwise, or drained
}

type change struct{ at, was int32 }

type changeOfSum struct {
	at  int32
	was float64
}

func (s *state) set(at, value int32) {
	s.trail = append(s.trail, change{at, s.ints[at]})
	s.ints[at] = value
}

func (s *state) add(at, delta int32) { s.set(at, s.ints[at]+delta) }

func (s *state) setSum(at int32, value float64) {
	s.before = append(s.before, changeOfSum{at, s.sums[at]})
	s.sums[at] = value
}

// A mark is a place in the trail.
type mark struct {
	tally                                tally
	trail, before, holes, names, touched int
}

func (s *state) mark() mark {
	return mark{s.tally, len(s.trail), len(s.before), len(s.holes), len(s.names), len(s.touched)}
}

// restore takes back what has changed since a mark.
func (s *state) restore(m mark) {
	s.tally = m.tally
	for i := len(s.trail) - 1; i >= m.trail; i-- {
		s.ints[s.trail[i].at] = s.trail[i].was
	}
	for i := len(s.before) - 1; i >= m.before; i-- {
		s.sums[s.before[i].at] = s.before[i].was
	}
	s.trail, s.before = s.trail[:m.trail], s.before[:m.before]
	for _, slot := range s.holes[m.holes:] {
		s.lost[slot] = 0
	}
	for _, slot := range s.names[m.names:] {
		s.named[slot] = false
	}
	s.holes, s.names, s.touched = s.holes[:m.holes], s.names[:m.names], s.touched[:m.touched]
}

// A layout tells where in the integers of a state each part begins, and single numbers stand.
type layout struct {
	head    int32 // by class: members from the weakest that are all down
	live    int32 // by class: members that are up
	holes   int32 // by class: members lost one by one
	count   int32 // by cell: members that take load
	owners  int32 // by term: owners that are up
	left    int32 // by set: members that are up
	next    int32 // by set: of what it keeps up, how many are met no longer
	weakest int32 // by group of several classes: the run before which all are down
	touched int32 // by pool: 1 once it has lost members
	size    int32
}

// begin lays out the state in which nothing is lost.
func (c *compiler) begin() {
	at := int32(0)
	part := func(n int) int32 { at += int32(n); return at - int32(n) }
	sets := len(c.keepers)
	c.layout = layout{
		head: part(len(c.classes)), live: part(len(c.classes)), holes: part(len(c.classes)),
		count: part(len(c.cell)), owners: part(len(c.term)), left: part(sets), next: part(sets),
		weakest: part(len(c.groups)), touched: part(len(c.pools)),
	}
	c.layout.size = at
	s := &c.start
	s.ints = make([]int32, at)
	s.up = int32(c.t.Len())
	for set, members := range c.keepers {
		s.ints[c.layout.left+int32(set)] = int32(len(members))
	}
	for g := range c.groups {
		s.ints[c.layout.weakest+int32(g)] = c.groups[g].from
	}
	for k := range c.classes {
		c.fill(int32(k))
	}
	s.trail, s.before = nil, nil
}

// fill counts the members of a class, all up.
func (c *compiler) fill(k int32) {
	s, size := &c.start, c.classes[k].size
	s.ints[c.layout.live+k] = size
	for _, cell := range c.cells.of(k) {
		c.addTo(s, cell, size)
	}
	for _, term := range c.terms.of(k) {
		s.ints[c.layout.owners+term] += size
	}
	if !c.classes[k].demand {
		return
	}
	c.asked += int(size)
	if c.groups[c.classes[k].group].drained {
		s.unmet += size // nothing that is out of rotation serves
	}
}

// addTo changes the number of members that a cell counts.
func (p *program) addTo(s *state, at, delta int32) {
	i := p.layout.count + at
	s.add(i, delta)
	c := &p.cell[at]
	if c.leaf < 0 {
		return
	}
	root := p.tiers[c.tier].tree
	s.setSum(c.leaf, float64(s.ints[i])*c.weight)
	for n := (c.leaf - root) / 2; n > 0; n /= 2 {
		s.setSum(root+n, s.sums[root+2*n]+s.sums[root+2*n+1])
	}
}

// weightOf returns the sum of the weights of a tier's members that take load.
func (p *program) weightOf(s *state, t *tier) float64 {
	switch {
	case t.byCapacity:
		return s.sums[t.tree+1]
	case t.cell < 0:
		return 0
	default:
		return float64(s.ints[p.layout.count+t.cell]) * t.weight
	}
}
