package engine

// values are loads of the present state, each computed when it is first asked for.
type values struct {
	epoch int64 // a number for each state

	load    []float64 // by group: of each member that is up,
	loadAt  []int64   // as of this epoch
	level   []float64 // by tier: what its members take for each unit of weight
	total   []float64 // by pool: the load placed on it
	splitAt []int64   // by pool
	dry     []bool    // by pool: no member takes load
}

func (v *values) reset(p *program) {
	*v = values{
		epoch: 1, load: make([]float64, len(p.groups)), loadAt: make([]int64, len(p.groups)),
		level: make([]float64, len(p.tiers)), total: make([]float64, len(p.pools)),
		splitAt: make([]int64, len(p.pools)), dry: make([]bool, len(p.pools)),
	}
}

// deepest is how deep loads are computed by recursion.
const deepest = 1000

// load returns the load of each member of a group that is up:
//
//	demand + Σ weight · level, over the tiers that it is in
func (e *Engine) load(g int32) float64 {
	v := &e.values
	if v.loadAt[g] != v.epoch {
		if e.deep > deepest {
			e.pass()
		} else {
			e.sum(g)
		}
	}
	return v.load[g]
}

func (e *Engine) sum(g int32) {
	v, load := &e.values, e.groups[g].demand
	for _, in := range e.incomes[g] {
		if p := e.tiers[in.tier].pool; v.splitAt[p] != v.epoch {
			e.divide(p)
		}
		load += float64(in.weight * v.level[in.tier])
	}
	v.load[g], v.loadAt[g] = load, v.epoch
}

// divide splits a pool's load, the sum of what its owners place on it.
func (e *Engine) divide(p int32) {
	v, total := &e.values, 0.0
	for _, i := range e.placed.of(p) {
		k := &e.term[i]
		n := e.ints[e.layout.owners+i]
		if n == 0 {
			continue
		}
		if v.loadAt[k.group] != v.epoch {
			e.sum(k.group)
		}
		total += float64(float64(n) * k.value(v.load[k.group]))
	}
	v.total[p], v.splitAt[p] = total, v.epoch
	v.dry[p] = !e.split(&e.state, p, total, v.level[e.pools[p].from:e.pools[p].to])
}

// splitNow has what the tiers of a pool take at hand.
func (e *Engine) splitNow(p int32) {
	switch {
	case e.values.splitAt[p] == e.values.epoch:
	case e.deep > deepest:
		e.pass()
	default:
		e.divide(p)
	}
}

// pass computes all loads, owners before members.
func (e *Engine) pass() {
	for d := range e.deep + 1 {
		for _, p := range e.intact.pools[d] {
			e.divide(p)
		}
		for _, g := range e.intact.groups[d] {
			e.sum(g)
		}
	}
}
