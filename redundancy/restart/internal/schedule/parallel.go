package schedule

import "slices"

// parallel goes through time and starts at each instant what fits, the smallest key first: the parallel scheme of Bedworth
// and Bailey (1982). It reports false if in the end some job does not fit beside what the others keep.
func (g *generator) parallel(key, start []int64) bool {
	n := g.jobs()
	w := wave{generator: g, key: key, start: start, free: slices.Clone(g.capacity), open: make([]int32, n)}
	for j := range g.before {
		if w.open[j] = int32(len(g.before[j])); w.open[j] == 0 {
			w.enter(int32(j))
		}
	}
	for w.now = 0; w.left(); {
		w.begin()
		next := w.next()
		if next < 0 {
			return false
		}
		w.now = next
		w.end()
	}
	return true
}

// A wave is the state of the parallel scheme at an instant.
type wave struct {
	*generator
	key, start []int64
	now        int64
	started    int
	free       []int64 // by resource
	open       []int32 // how many jobs before one have not ended
	eligible   []int32 // not started, and none before them is open; the smallest key first
	running    []int32
}

func (w *wave) left() bool { return w.started < w.jobs() }

func (w *wave) enter(j int32) {
	at := len(w.eligible)
	for at > 0 && w.key[w.eligible[at-1]] > w.key[j] {
		at--
	}
	w.eligible = slices.Insert(w.eligible, at, j)
}

// begin starts what fits.
func (w *wave) begin() {
	kept := w.eligible[:0]
	for _, j := range w.eligible {
		if w.release[j] > w.now || !w.fits(j) {
			kept = append(kept, j)
			continue
		}
		w.start[j] = w.now
		w.started++
		w.running = append(w.running, j)
		for _, u := range w.uses[j] {
			w.free[u.resource] -= u.during
		}
	}
	w.eligible = kept
}

func (w *wave) fits(j int32) bool {
	for _, u := range w.uses[j] {
		if u.during > w.free[u.resource] {
			return false
		}
	}
	return true
}

// next returns the next instant at which something ends or is released; -1 if nothing ever does.
func (w *wave) next() int64 {
	next := int64(-1)
	sooner := func(t int64) {
		if next < 0 || t < next {
			next = t
		}
	}
	for _, j := range w.running {
		sooner(w.start[j] + w.duration[j])
	}
	for _, j := range w.eligible {
		if w.release[j] > w.now {
			sooner(w.release[j])
		}
	}
	if next < 0 && !w.left() {
		return w.now
	}
	return next
}

func (w *wave) end() {
	kept := w.running[:0]
	for _, j := range w.running {
		if w.start[j]+w.duration[j] > w.now {
			kept = append(kept, j)
			continue
		}
		for _, u := range w.uses[j] {
			w.free[u.resource] += u.during - u.then
		}
		for _, k := range w.after[j] {
			if w.open[k]--; w.open[k] == 0 {
				w.enter(k)
			}
		}
	}
	w.running = kept
}
