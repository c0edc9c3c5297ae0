package sizes

import "slices"

// A state is what a scenario leaves at one x, before anything trips.
type state struct {
	f      *Fleet
	s      *Scenario
	x      []int
	up     []bool // by class
	live   []int  // by class: members that are up, if it is
	turns  []int  // by class: of these, how many are in rotation
	met    []int  // by set: members that are up
	others []int  // x, or the other corner of a box of which x is one: needs for all of a kind are asked of it
	out    []int  // by class: members at others that are not up
	short  []int  // by set: the sum of these
	load   []float64
	placed []float64 // by pool
	lost   bool      // some load goes nowhere
	found  []Fault   // memory of them
	tiers  []portion
}

// counts fills in how many of each class a scenario leaves, but for what goes down with them.
func (st *state) counts() {
	f := st.f
	for k := range f.Classes {
		n := f.Classes[k].count(st.x)
		st.up[k], st.live[k], st.turns[k] = true, n, n
	}
	st.lose()
}

// lose takes away what the scenario names.
func (st *state) lose() {
	f, s := st.f, st.s
	for _, l := range s.lost {
		st.take(l.of, l.n, true)
		st.out[l.of] += l.n
	}
	for _, j := range s.gone {
		k := f.Columns[j].class
		st.take(k, st.x[j], true)
		st.out[k] += st.others[j]
	}
	for _, l := range s.copies {
		k := f.Columns[l.of].class
		st.take(k, min(l.n, st.x[l.of]), true)
		st.out[k] += min(l.n, st.others[l.of])
	}
	for _, l := range s.drained {
		st.take(l.of, l.n, false)
	}
	for _, j := range s.idle {
		if !contains(s.gone, j) {
			st.take(f.Columns[j].class, st.x[j], false)
		}
	}
}

func (st *state) take(class int32, n int, down bool) {
	if st.turns[class] -= n; down {
		st.live[class] -= n
	}
}

func contains(sorted []int, j int) bool {
	_, found := slices.BinarySearch(sorted, j)
	return found
}

// settle computes what is up and how many.
func (f *Fleet) settle(s *Scenario, x []int) *state { return f.between(s, x, x) }

// between computes what is up and how many at one corner of a box. More members keep more up, but for a need for all of
// them: one that is bought and does not live takes its owner down. So needs for all are asked of the other corner: what is
// up at the least corner is up everywhere, and what is down at the most is down everywhere.
func (f *Fleet) between(s *Scenario, x, others []int) *state {
	st := f.blank()
	st.settle(s, x, others)
	return st
}

func (f *Fleet) blank() *state {
	n := len(f.Classes)
	return &state{
		f: f, up: make([]bool, n), live: make([]int, n), turns: make([]int, n), out: make([]int, n),
		met: make([]int, len(f.sets)), short: make([]int, len(f.sets)), load: make([]float64, n), placed: make([]float64, len(f.pools)),
	}
}

// settle is between, in the memory of a state before.
func (st *state) settle(s *Scenario, x, others []int) {
	st.s, st.x, st.others = s, x, others
	clear(st.out)
	clear(st.met)
	clear(st.short)
	st.counts()
	st.close()
}

// close takes down whatever needs too many of what is down.
func (st *state) close() {
	f := st.f
	for i := range f.sets {
		for _, k := range f.sets[i].classes {
			st.met[i] += st.live[k]
			st.short[i] += st.out[k]
		}
	}
	var queue []int32
	for i := range f.sets {
		queue = st.unmet(int32(i), queue)
	}
	st.fall(queue)
}

// fall takes down, besides what is queued, whatever needs too much of that, and returns all that is down by it.
func (st *state) fall(queue []int32) []int32 {
	f := st.f
	for at := 0; at < len(queue); at++ {
		k := queue[at]
		for _, i := range f.inSets[k] {
			st.met[i] -= st.live[k]
			st.short[i] += f.Classes[k].count(st.others) - st.out[k]
			queue = st.unmet(i, queue)
		}
		st.live[k], st.turns[k] = 0, 0
	}
	return queue
}

// meets reports whether a need or a supply is met.
func (st *state) meets(l *link) bool {
	if l.all {
		return st.short[l.set] == 0
	}
	return st.met[l.set] >= l.need
}

// unmet takes down the owners of a set that have too few of it.
func (st *state) unmet(set int32, queue []int32) []int32 {
	for _, k := range st.f.sets[set].owners {
		if !st.up[k] {
			continue
		}
		links := st.f.Classes[k].links
		for i := range links {
			if l := &links[i]; l.need > 0 && l.set == set && !st.meets(l) {
				st.up[k] = false
				queue = append(queue, k)
				break
			}
		}
	}
	return queue
}
