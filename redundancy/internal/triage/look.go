package triage

import "slices"

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
	hint   []float64 // by demand: what the relaxation admits
	work   int       // spent so far, in places of classes, sets and pools that were gone through
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
		hint: slices.Repeat([]float64{1}, len(f.demands)),
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
	l.work += l.size * l.width
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
