package engine

// rejects follow rejected load back up, from members to their owners. Only classes that are not served in full count.
type rejects struct {
	pass  int64
	own   []part // by class: the fraction that it serves
	pool  []part // by pool: of its load, what is rejected
	class [][]int32
	pools [][]int32 // by depth: what is to be looked at
}

// A part is valid in one pass.
type part struct {
	value float64
	pass  int64
}

func (r *rejects) begin(p *program) {
	if r.own == nil {
		r.own, r.pool = make([]part, len(p.classes)), make([]part, len(p.pools))
		r.class, r.pools = make([][]int32, p.deep+1), make([][]int32, p.deep+1)
	}
	r.pass++
}

// served returns what is served of the worst served demand that the scenario did not take down, after a look that did
// not stop at the first.
func (e *Engine) served() float64 {
	if e.unmet > 0 {
		return 0
	}
	if len(e.bounds.over) == 0 && len(e.bounds.dry) == 0 || e.Unasked() {
		return 1
	}
	r := &e.rejects
	r.begin(e.program)
	e.rejectOwn()
	worst := 1.0
	for d := e.deep; d >= 0; d-- {
		for _, k := range r.class[d] {
			if e.ints[e.layout.live+k] == 0 {
				continue
			}
			if e.classes[k].demand {
				worst = min(worst, r.own[k].value)
			}
			e.rejectBy(k)
		}
		for _, p := range r.pools[d] {
			e.rejectFrom(p)
		}
		r.class[d], r.pools[d] = r.class[d][:0], r.pools[d][:0]
	}
	return worst
}

// rejectOwn begins with what rejects load itself: classes that are overloaded, and so shed, for nothing trips any more;
// and pools without a member to take it.
func (e *Engine) rejectOwn() {
	for _, o := range e.bounds.over {
		g := &e.groups[o.group]
		if g.class >= 0 {
			e.serve(g.class, g.capacity/o.load)
		}
		for _, x := range e.runs[g.from:g.to] {
			e.serve(x.class, g.capacity/o.load)
		}
	}
	for _, p := range e.bounds.dry {
		e.splitNow(p)
		if e.values.total[p] > 0 {
			e.reject(p, 1)
		}
	}
}

// serve multiplies the fraction that a class serves.
func (e *Engine) serve(k int32, fraction float64) {
	r := &e.rejects
	if r.own[k].pass != r.pass {
		r.own[k] = part{1, r.pass}
		d := e.groups[e.classes[k].group].depth
		r.class[d] = append(r.class[d], k)
	}
	r.own[k].value *= fraction
}

// reject adds to what is rejected of a pool.
func (e *Engine) reject(p int32, load float64) {
	r := &e.rejects
	if r.pool[p].pass != r.pass {
		r.pool[p] = part{0, r.pass}
		d := e.pools[p].depth
		r.pools[d] = append(r.pools[d], p)
	}
	r.pool[p].value += load
}

// rejectBy adds what the members of a class reject to the pools that they take load from.
func (e *Engine) rejectBy(k int32) {
	n, g := float64(e.ints[e.layout.live+k]), e.classes[k].group
	rejected := 1 - e.rejects.own[k].value
	if rejected <= 0 {
		return
	}
	for _, in := range e.incomes[g] {
		p := e.tiers[in.tier].pool
		e.splitNow(p)
		if load := float64(n * in.weight * e.values.level[in.tier] * rejected); load > 0 {
			e.reject(p, load)
		}
	}
}

// rejectFrom hands the fraction of a pool's load that is rejected on to its owners.
func (e *Engine) rejectFrom(p int32) {
	fraction := 0.0
	if !e.values.dry[p] {
		taken := 0.0
		for k := e.pools[p].from; k < e.pools[p].to; k++ {
			taken += float64(e.values.level[k] * e.weightOf(&e.state, &e.tiers[k]))
		}
		fraction = 1 - e.rejects.pool[p].value/taken
	}
	for _, k := range e.owners.of(p) {
		e.serve(k, fraction)
	}
}
