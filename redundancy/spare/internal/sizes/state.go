package sizes

// A state is what a scenario leaves at one x, before anything trips.
type state struct {
	f      *Fleet
	s      *Scenario
	x      []int
	up     []bool // by class
	live   []int  // by class: members that are up, if it is
	turns  []int  // by class: of these, how many are in rotation
	met    []int  // by set: members that are up
	load   []float64
	placed []float64 // by pool
	lost   bool      // some load goes nowhere
}

// counts fills in how many of each class a scenario leaves, but for what goes down with them.
func (st *state) counts() {
	f, s := st.f, st.s
	for k := range f.Classes {
		n := f.Classes[k].count(st.x)
		st.up[k], st.live[k], st.turns[k] = true, n, n
	}
	for _, l := range s.lost {
		st.take(l.of, l.n, true)
	}
	for _, j := range s.gone {
		st.take(f.Columns[j].class, st.x[j], true)
	}
	for _, l := range s.copies {
		st.take(f.Columns[l.of].class, min(l.n, st.x[l.of]), true)
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
	for _, i := range sorted {
		if i >= j {
			return i == j
		}
	}
	return false
}

// settle computes what is up and how many.
func (f *Fleet) settle(s *Scenario, x []int) *state {
	n := len(f.Classes)
	st := &state{f: f, s: s, x: x, up: make([]bool, n), live: make([]int, n), turns: make([]int, n), met: make([]int, len(f.sets))}
	st.counts()
	st.close()
	return st
}

// close takes down whatever needs too many of what is down.
func (st *state) close() {
	f := st.f
	for i := range f.sets {
		for _, k := range f.sets[i].classes {
			st.met[i] += st.live[k]
		}
	}
	var queue []int32
	for i := range f.sets {
		queue = st.unmet(int32(i), queue)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		k := queue[0]
		for _, i := range f.inSets[k] {
			if st.met[i] -= st.live[k]; st.live[k] > 0 {
				queue = st.unmet(i, queue)
			}
		}
		st.live[k], st.turns[k] = 0, 0
	}
}

// unmet takes down the owners of a set that have too few of it.
func (st *state) unmet(set int32, queue []int32) []int32 {
	for _, k := range st.f.sets[set].owners {
		if !st.up[k] {
			continue
		}
		for _, l := range st.f.Classes[k].links {
			if l.need > 0 && l.set == set && st.met[set] < l.need {
				st.up[k] = false
				queue = append(queue, k)
				break
			}
		}
	}
	return queue
}
