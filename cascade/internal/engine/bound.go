package engine

import "github.com/ridethrough/ridethrough/topology"

// bounds hold an upper bound on every load of the present state:
//
//	load ≤ factor · load when nothing is lost + extra
//
// Losses raise loads only where a pool has lost members. What each member of it takes more goes into its extra, and
// into that of what it draws on, and so on. Where that would be many, or nearly all components bear it anyway, the factor
// grows instead. Components with an extra are looked at; and of the others, sorted by what factor they bear, only the first.
//
// It is a bound because a share, base loads and shedding at a capacity never turn a load that grows by a factor into one
// that grows by more. A waterfall does, so that it is looked at when its load may have grown enough to spill.
type bounds struct {
	pass   int64
	factor float64
	group  []extra
	pool   []extra
	most   []float64 // by group that was looked at: the bound

	pools, groups [][]int32 // by depth: those to be looked at
	from, to      int32     // depths at which there may be some
	level         []float64 // of one pool

	over []over  // groups of which some member is overloaded
	dry  []int32 // pools on which load may be placed, and no member takes it
}

// An extra is valid in one pass.
type extra struct {
	load float64
	pass int64
}

// An over is a group and its load.
type over struct {
	group int32
	load  float64
}

const (
	wide  = 64    // to so many extras are handed on one by one
	few   = 4     // so many are looked at rather than others handed an extra
	noise = 1e-14 // of a load is rounding
)

// byFactor reports whether the factor bounds what grows so much, and has so many to hand it on to.
func (e *Engine) byFactor(growth float64, n int) bool {
	return n > wide || n > few && growth <= e.intact.spare
}

func (b *bounds) reset(p *program) {
	*b = bounds{
		group: make([]extra, len(p.groups)), pool: make([]extra, len(p.pools)), most: make([]float64, len(p.groups)),
		pools: make([][]int32, p.deep+1), groups: make([][]int32, p.deep+1), level: make([]float64, p.mostTiers()),
	}
}

// mostTiers returns how many tiers the pool has that has the most.
func (p *program) mostTiers() (most int32) {
	for i := range p.pools {
		most = max(most, p.pools[i].to-p.pools[i].from)
	}
	return most
}

// look finds the groups that are overloaded, and the pools that may be dry. With first it stops at the first such group.
func (e *Engine) look(first bool) {
	b := &e.bounds
	b.begin(e.deep)
	for _, p := range e.touched {
		e.raisePool(p, 0)
	}
	for _, p := range e.intact.dry {
		e.raisePool(p, 0)
	}
	for d := b.from; d <= b.to || d <= e.intact.lastFall && b.factor > 1; d++ {
		e.lookAt(d)
		if first && len(b.over) > 0 {
			b.forget(d + 1)
			return
		}
	}
	e.lookAtTight(first)
}

func (b *bounds) begin(deep int32) {
	b.pass++
	b.factor, b.over, b.dry = 1, b.over[:0], b.dry[:0]
	b.from, b.to = deep+1, -1
}

// forget empties the lists from a depth on.
func (b *bounds) forget(from int32) {
	for d := from; d <= b.to; d++ {
		b.pools[d], b.groups[d] = b.pools[d][:0], b.groups[d][:0]
	}
}

// lookAt looks at what has an extra at a depth: pools first, then the groups that take from them.
func (e *Engine) lookAt(d int32) {
	b := &e.bounds
	for _, w := range e.intact.falls[d] {
		if w.factor >= b.factor {
			break
		}
		e.raisePool(w.at, 0)
	}
	for _, p := range b.pools[d] {
		e.spread(p)
	}
	for _, g := range b.groups[d] {
		e.check(g)
	}
	for _, g := range b.groups[d] {
		e.grow(g)
	}
	for _, g := range b.groups[d] {
		e.passOn(g)
	}
	b.pools[d], b.groups[d] = b.pools[d][:0], b.groups[d][:0]
}

// lookAtTight looks at groups without an extra that may not bear the factor.
func (e *Engine) lookAtTight(first bool) {
	b := &e.bounds
	for _, w := range e.intact.watch {
		if w.factor >= b.factor || first && len(b.over) > 0 {
			return
		}
		if b.group[w.at].pass != b.pass {
			e.check(w.at)
		}
	}
}

// raisePool adds to the extra of a pool, and has it looked at.
func (e *Engine) raisePool(p int32, load float64) {
	b := &e.bounds
	x := &b.pool[p]
	if x.pass == b.pass {
		x.load += load
		return
	}
	*x = extra{load, b.pass}
	d := e.pools[p].depth
	b.pools[d] = append(b.pools[d], p)
	b.from, b.to = min(b.from, d), max(b.to, d)
}

func (e *Engine) raiseGroup(g int32, load float64) {
	b := &e.bounds
	x := &b.group[g]
	if x.pass == b.pass {
		x.load += load
		return
	}
	*x = extra{load, b.pass}
	d := e.groups[g].depth
	b.groups[d] = append(b.groups[d], g)
	b.to = max(b.to, d)
}

// spread hands on what the members of a pool may take more.
func (e *Engine) spread(p int32) {
	b, q := &e.bounds, &e.pools[p]
	levels := b.level[:q.to-q.from]
	if !e.split(&e.state, p, float64(b.factor*e.intact.total[p])+b.pool[p].load, levels) {
		b.dry = append(b.dry, p)
		return
	}
	for i, level := range levels {
		was, tier := e.intact.level[q.from+int32(i)], &e.tiers[q.from+int32(i)]
		more := level - float64(b.factor*was)
		switch {
		case more <= noise*level:
		case was > 0 && e.byFactor(level/was, int(tier.to-tier.from)):
			b.factor = max(b.factor, level/was)
		default:
			for _, s := range e.inTier[tier.from:tier.to] {
				e.raiseGroup(s.group, float64(s.weight*more))
			}
		}
	}
}

// check bounds the load of a group, by the load itself where the weakest member might not bear the bound.
func (e *Engine) check(g int32) {
	b := &e.bounds
	most := float64(b.factor * e.intact.load[g])
	if x := &b.group[g]; x.pass == b.pass {
		most += x.load
	}
	if e.groups[g].limited {
		if weakest := e.weakest(g); most > weakest {
			most = e.load(g)
			if topology.Overloaded(most, weakest) {
				b.over = append(b.over, over{g, most})
			}
		}
	}
	b.most[g] = most
}

// grow lets the factor bound what a group places.
func (e *Engine) grow(g int32) {
	was, most := e.intact.load[g], e.bounds.most[g]
	if was > 0 && e.byFactor(most/was, len(e.places.of(g))) {
		e.bounds.factor = max(e.bounds.factor, most/was)
	}
}

// passOn hands on what a group may place more than the factor says.
func (e *Engine) passOn(g int32) {
	b := &e.bounds
	was, most := e.intact.load[g], b.most[g]
	if most-float64(b.factor*was) <= noise*most {
		return
	}
	for _, i := range e.places.of(g) {
		k := &e.term[i]
		more := passed(most, k.most) - float64(b.factor*passed(was, k.most))
		if n := e.ints[e.layout.owners+i]; n > 0 && more > 0 && k.rate > 0 {
			e.raisePool(k.pool, float64(float64(n)*k.rate*more))
		}
	}
}
