package chance

import "slices"

// run walks every case of which wide domains are up.
func (f *fleet) run(w *walk) {
	levels := f.levels(w)
	w.start = f.nobody(w)
	if len(f.wide) == 0 {
		w.lost = f.down
		w.load(levels, f.servers)
		w.run(1)
		return
	}
	c, ok := f.code()
	if !ok {
		w.err = ErrTooHard
		return
	}
	all, ok := f.cases(w.meter, c, f.affordable(w, levels))
	if !ok && w.err == nil {
		w.err = ErrTooHard
	}
	r := newReader(f, c)
	for i, at := range all.list {
		if w.err != nil {
			return
		}
		servers, down := r.read(at)
		w.lost = f.down - down
		switch {
		case len(levels) == 0 && f.certain():
			f.settle(w, servers, all.chance[i])
		default:
			w.load(levels, servers)
			w.run(all.chance[i])
		}
	}
}

// affordable is how many cases may be walked: by the steps that one takes in which all wide domains are up.
func (f *fleet) affordable(w *walk, levels []level) int {
	if w.err != nil {
		return 0
	}
	before := w.spent
	whole := slices.Clone(f.servers)
	for _, d := range f.wide {
		for _, p := range d.parts {
			whole[p.group].count += p.count
		}
	}
	w.lost = f.down
	w.load(levels, whole)
	w.run(0)
	return int(min(mostCases, w.limit/max(1, w.spent-before)))
}

// certain reports whether no server is lost by itself.
func (f *fleet) certain() bool {
	return !slices.ContainsFunc(f.servers, func(g group) bool { return g.lost > 0 })
}

// settle adds what becomes of servers that are all up: no more than counting.
func (f *fleet) settle(w *walk, servers []group, weight float64) {
	if w.lost >= len(w.start) {
		return
	}
	weight = float64(weight * w.start[w.lost].at(0))
	left, survive, weakest := 0, 0, 0
	for i, g := range servers {
		left += g.count
		if g.count > 0 {
			weakest = g.least
		}
		next := w.servers + 1
		if i+1 < len(servers) {
			next = servers[i+1].least
		}
		if left >= g.least && left < next {
			survive = left
		}
	}
	w.spend(len(servers))
	w.into.Survivors[survive] += weight
	if left >= weakest && (left > 0 || w.idle) {
		w.into.Holds += weight
	} else {
		w.into.Breaks += weight
	}
}

// A reader tells what a case leaves. Cases in order differ little, so it changes only what does.
type reader struct {
	code    code
	digits  []int
	servers []group
}

func newReader(f *fleet, c code) *reader {
	slices.SortFunc(c.digits, func(a, b digit) int {
		if a.unit > b.unit {
			return -1
		}
		return 1
	})
	return &reader{c, make([]int, len(c.digits)), slices.Clone(f.servers)}
}

// read returns the servers that a case leaves, to be read only, and how many of the wide domains are down in it.
func (r *reader) read(at uint64) (servers []group, down int) {
	if r.code.down > 0 {
		down, at = int(at/r.code.down), at%r.code.down
	}
	for i, d := range r.code.digits {
		n := int(at / d.unit)
		at %= d.unit
		more := n - r.digits[i]
		if more == 0 {
			continue
		}
		r.digits[i] = n
		for _, p := range d.parts {
			r.servers[p.group].count += more * p.count
		}
	}
	return r.servers, down
}
