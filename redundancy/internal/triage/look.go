package triage

import "github.com/ridethrough/ridethrough/topology"

// A choice is how many of each class are in rotation, and how many are up and out of it. The others are switched off.
type choice struct {
	on, out []int32
}

func (c choice) clone() choice {
	return choice{append([]int32(nil), c.on...), append([]int32(nil), c.out...)}
}

func (c choice) copy(from choice) {
	copy(c.on, from.on)
	copy(c.out, from.out)
}

// asLeft is the choice in which every component stays as the scenario leaves it.
func (f *fleet) asLeft() choice {
	c := choice{make([]int32, len(f.classes)), make([]int32, len(f.classes))}
	for i := range f.classes {
		if k := &f.classes[i]; k.ready {
			c.out[i] = k.count()
		} else {
			c.on[i] = k.count()
		}
	}
	return c
}

// A look is what follows from a choice: who is up, and the loads, as base + Σ over demands of part · admitted fraction.
type look struct {
	*fleet
	choice           // once it has closed
	left   []int32   // by set: members that are up
	shaken []int32   // sets that have fewer than before, whose owners are to be checked
	shakes []bool    // by set: it is among these
	width  int       // 1 + demands
	load   []float64 // of each component of a class: width numbers
	placed []float64 // by pool
	by     [][]float64
	full   []bool // by class: all that it passes on is served
	passes []bool // by pool
	room   []tiering
}

// A tiering is what a tier takes of a unit that its pool gets.
type tiering struct {
	weights, amount, over float64
}

func newLook(f *fleet) *look {
	n := 1 + len(f.demands)
	l := &look{
		fleet: f, choice: f.asLeft(), left: make([]int32, len(f.sets)), shakes: make([]bool, len(f.sets)), width: n,
		load: make([]float64, n*len(f.classes)), placed: make([]float64, n*len(f.pools)),
		full: make([]bool, len(f.classes)), passes: make([]bool, len(f.pools)), by: make([][]float64, len(f.pools)),
	}
	for p := range f.pools {
		l.by[p] = make([]float64, len(f.pools[p].tiers))
	}
	return l
}

// at returns the load of each component of a class: base, and what each demand adds.
func (l *look) at(class int32) []float64 {
	return l.load[int(class)*l.width : (int(class)+1)*l.width]
}

func (l *look) pooled(pool int32) []float64 {
	return l.placed[int(pool)*l.width : (int(pool)+1)*l.width]
}

// total returns a load at admitted fractions.
func total(load, admitted []float64) float64 {
	sum := load[0]
	for k, f := range admitted {
		sum += float64(load[k+1] * f)
	}
	return sum
}

// take turns to another choice. Waterfalls split what they get at the admitted fractions given.
func (l *look) take(c choice, admitted []float64) {
	l.copy(c)
	l.close()
	l.flow(admitted)
	l.serve()
}

// close takes down all classes of which a need is no longer met: to the greatest fixpoint, for it takes no more than that.
func (l *look) close() {
	clear(l.left)
	for s, members := range l.sets {
		for _, c := range members {
			l.left[s] += l.on[c] + l.out[c]
		}
	}
	l.shaken = l.shaken[:0]
	for c := range l.classes {
		l.check(int32(c))
	}
	for i := 0; i < len(l.shaken); i++ { // each once for all that fell together
		set := l.shaken[i]
		l.shakes[set] = false
		for _, c := range l.keeps[set] {
			l.check(c)
		}
	}
}

// check takes a class down if a need of it is not met, and remembers which sets have fewer members up for that.
func (l *look) check(class int32) {
	k := &l.classes[class]
	if l.up(class) == 0 || !l.unmet(k) {
		return
	}
	for _, s := range k.sets {
		l.left[s] -= l.up(class)
		if !l.shakes[s] {
			l.shakes[s] = true
			l.shaken = append(l.shaken, s)
		}
	}
	l.on[class], l.out[class] = 0, 0
}

func (l *look) up(class int32) int32 { return l.on[class] + l.out[class] }

func (l *look) unmet(k *class) bool {
	for _, n := range k.needs {
		if l.left[n.set] < n.least {
			return true
		}
	}
	return false
}

func (l *look) flow(admitted []float64) {
	clear(l.load)
	clear(l.placed)
	for k, c := range l.demands {
		if l.on[c] > 0 {
			l.at(c)[k+1] = l.classes[c].demand
		}
	}
	for _, step := range l.steps {
		if step < 0 {
			l.split(^step, admitted)
		} else {
			l.place(step)
		}
	}
}

func (l *look) place(class int32) {
	up, on := float64(l.up(class)), float64(l.on[class])
	if up == 0 {
		return
	}
	load := l.at(class)
	for _, s := range l.classes[class].supplies {
		into := l.pooled(s.pool)
		into[0] += float64(up * s.base)
		for k, x := range load {
			into[k] += float64(on * float64(s.rate*x))
		}
	}
}

func (l *look) split(at int32, admitted []float64) {
	p, placed := &l.pools[at], l.pooled(at)
	l.divide(p, l.by[at], placed, admitted)
	for i := range p.tiers {
		t := &p.tiers[i]
		if l.by[at][i] == 0 {
			continue
		}
		for _, c := range t.members {
			if l.on[c] == 0 {
				continue
			}
			part, into := l.by[at][i]*l.weight(p, t, c), l.at(c)
			for k, x := range placed {
				into[k] += float64(part * x)
			}
		}
	}
}

// divide finds what a member of each tier takes of a unit, for each unit of its weight; see topology.Pool.
func (l *look) divide(p *pool, by, placed, admitted []float64) {
	l.room = l.room[:0]
	all := 0.0
	for i := range p.tiers {
		t := &p.tiers[i]
		w := 0.0
		for _, c := range t.members {
			if l.on[c] > 0 {
				w += float64(float64(l.on[c]) * l.weight(p, t, c))
			}
		}
		all += w
		l.room = append(l.room, tiering{weights: w, amount: 1, over: w})
	}
	switch p.share {
	case topology.Each:
		l.room[0].amount = l.room[0].weights
	case topology.Weighted:
		for i := range l.room {
			l.room[i].over = all
		}
	case topology.Tiered:
		byHealth(l.room, p)
	case topology.Waterfall:
		spill(l.room, p.factor, total(placed, admitted))
	}
	for i, r := range l.room {
		if by[i] = 0; r.over > 0 {
			by[i] = r.amount / r.over
		}
	}
}

func byHealth(tiers []tiering, p *pool) {
	health := func(i int) float64 { return min(1, p.factor*tiers[i].weights/float64(p.tiers[i].size)) }
	sum := 0.0
	for i := range tiers {
		sum += health(i)
	}
	left := 1.0
	for i := range tiers {
		h := health(i)
		if 0 < sum && sum < 1 {
			h /= sum
		}
		h = min(h, left)
		tiers[i].amount = h
		left -= h
	}
}

func spill(tiers []tiering, limit, load float64) {
	if load <= 0 {
		load = 1e-300 // the first takes it
	}
	last := -1
	for i, q := range tiers {
		if q.weights > 0 {
			last = i
		}
	}
	left := load
	for i := range tiers {
		take := 0.0
		if i <= last {
			take = min(left, limit*tiers[i].weights)
		}
		if i == last {
			take = left
		}
		left -= take
		tiers[i].amount = take / load
	}
}

// serve finds who passes load on to what serves all of it.
func (l *look) serve() {
	for i := len(l.steps) - 1; i >= 0; i-- {
		if step := l.steps[i]; step < 0 {
			l.passes[^step] = l.takes(^step)
		} else {
			l.full[step] = true
			for _, s := range l.classes[step].supplies {
				l.full[step] = l.full[step] && l.passes[s.pool]
			}
		}
	}
}

// takes reports whether a pool serves all that it gets.
func (l *look) takes(at int32) bool {
	p, any := &l.pools[at], false
	for i := range p.tiers {
		t := &p.tiers[i]
		for _, c := range t.members {
			if l.on[c] == 0 || l.by[at][i]*l.weight(p, t, c) == 0 {
				continue
			}
			if any = true; !l.full[c] {
				return false
			}
		}
	}
	return any
}
