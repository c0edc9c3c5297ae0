package chance

import (
	"context"
	"slices"
)

// A walk goes over the levels of a pool, from strong to weak and back. The package's documentation defines G and H.
type walk struct {
	*meter
	servers int  // in the pool
	idle    bool // no demand
	start   law  // of what comes before the first level: domains that have no server
	levels  []level
	lost    int // so many domains are lost in all
	left    int // so many servers are left in all; -1: however many

	into Distribution

	none  []float64 // of each level, by how many domains were lost so far: nobody after it is up, and it ends as it must
	later []int     // later[k]: the most servers after level k
	marks marks
	room  [2]law
	last  group // what like is the law of
	like  law
}

// A level is the servers that need equally many live ones.
type level struct {
	least int // that many
	up    law // how many of them are up
}

func (p Pool) walk(ctx context.Context, limit int64) *walk {
	return &walk{
		meter:   newMeter(ctx, limit),
		servers: len(p.Capacity),
		idle:    p.Demand == 0,
		start:   law{always(0)},
		left:    -1,
		into:    Distribution{Survivors: make([]float64, len(p.Capacity)+1)},
	}
}

// load takes the levels given, and to each what servers of its own it has. Both are in order of strength.
func (w *walk) load(levels []level, servers []group) {
	w.levels = slices.Grow(w.levels[:0], len(levels)+len(servers))
	for len(levels) > 0 || len(servers) > 0 {
		if len(servers) == 0 || len(levels) > 0 && levels[0].least <= servers[0].least {
			w.add(levels[0].least, levels[0].up)
			levels = levels[1:]
			continue
		}
		if servers[0].count > 0 {
			w.add(servers[0].least, w.binomial(servers[0]))
		}
		servers = servers[1:]
	}
}

// add adds servers that are no stronger than those so far.
func (w *walk) add(least int, up law) {
	if last := len(w.levels) - 1; last >= 0 && w.levels[last].least == least {
		w.levels[last].up = w.sum(nil, w.levels[last].up, up, w.lost+1)
		return
	}
	w.levels = append(w.levels, level{least, up})
}

// binomial is the law of a group. A million that differ in strength alone share one.
func (w *walk) binomial(g group) law {
	g.least = 0
	if w.like == nil || w.last != g {
		w.last, w.like = g, law{binomial(g.count, g.lost)}
	}
	return w.like
}

// result is what was added up, unless it was broken off.
func (w *walk) result() (Distribution, error) {
	if w.err != nil {
		return Distribution{}, w.err
	}
	return w.into, nil
}

// run adds what becomes of the pool, at this weight.
func (w *walk) run(weight float64) {
	w.prepare()
	w.forward(weight)
	w.back(weight)
}

// prepare computes what the way forward needs of the levels to come.
func (w *walk) prepare() {
	k := len(w.levels)
	w.later = zeros(w.later, k+1)
	w.none = zeros(w.none, (k+1)*(w.lost+1))
	w.nobody(k)[w.lost] = 1
	for ; k > 0; k-- {
		up := w.levels[k-1].up
		w.later[k-1] = w.later[k] + max(0, up.end()-1)
		before, after := w.nobody(k-1), w.nobody(k)
		for d := range before {
			for e := 0; e < len(up) && d+e <= w.lost; e++ {
				before[d] += float64(up[e].at(0) * after[d+e])
			}
		}
		w.spend(len(before) * len(up))
	}
}

// nobody is the part of none that is about level k.
func (w *walk) nobody(k int) []float64 { return w.none[k*(w.lost+1):][:w.lost+1] }

// zeros makes so many, in the room of those before where they fit.
func zeros[T int | float64](room []T, n int) []T {
	if cap(room) < n {
		return make([]T, n)
	}
	clear(room[:n])
	return room[:n]
}

// ends returns between which numbers of survivors the walk may end at level k: from that level on, until the next.
func (w *walk) ends(k int) (from, end int) {
	end = w.servers + 1
	if k > 0 {
		from = w.levels[k-1].least
	}
	if k < len(w.levels) {
		end = w.levels[k].least
	}
	return from, end
}

// forward computes G level by level, keeps what the way back needs of it, and sees whether the pool holds.
func (w *walk) forward(weight float64) {
	w.marks.clear()
	g := w.start[:min(len(w.start), w.lost+1)]
	w.mark(0, g, weight)
	for k := 1; k <= len(w.levels) && w.err == nil; k++ {
		w.into.Breaks += float64(weight * w.breaks(k, g))
		into := &w.room[k%2]
		*into = w.sum(*into, g, w.levels[k-1].up, w.lost+1)
		g = *into
		if w.left >= 0 {
			g[0] = g[0].within(w.left-w.later[k], w.left+1)
		}
		w.mark(k, g, weight)
	}
}

// mark keeps G of level k. What may end there holds if nobody of a later level is up.
func (w *walk) mark(k int, g law, weight float64) {
	from, end := w.ends(k)
	w.marks.level()
	for d, row := range g {
		ends := row.within(from, end)
		w.marks.add(row, ends)
		sum := 0.0
		for _, p := range ends.p {
			sum += p
		}
		sum = float64(sum * float64(w.nobody(k)[d]*weight))
		if k > 0 || w.idle {
			w.into.Holds += sum
		} else {
			w.into.Breaks += sum
		}
	}
}

// breaks is the probability that the weakest who are left are of level k, and are overloaded. G is that of the level before.
func (w *walk) breaks(k int, g law) float64 {
	sum, least, none := 0.0, w.levels[k-1].least, w.nobody(k)
	for d, row := range g {
		for e, up := range w.levels[k-1].up {
			if d+e > w.lost || none[d+e] < tiny {
				continue
			}
			sum += float64(none[d+e] * below(least, row, up))
		}
	}
	return sum
}

// below is the probability that some of up are up, and together with those of row fewer than least.
func below(least int, row, up counts) float64 {
	sum, few, next := 0.0, 0.0, row.low
	for x := up.end() - 1; x >= max(1, up.low); x-- {
		for ; next < row.end() && next+x < least; next++ {
			few += row.p[next-row.low]
		}
		sum += float64(few * up.p[x-up.low])
	}
	return sum
}

// back computes H level by level. G and H together tell who survives.
func (w *walk) back(weight float64) {
	var now, then law
	for k := len(w.levels); k >= 0 && w.err == nil; k-- {
		rows := w.marks.rows(k)
		now = now.resize(len(rows))
		for d, row := range rows {
			now[d].reset(row.low, row.end)
			if k == len(w.levels) {
				w.final(&now[d], d)
			} else {
				w.foresee(&now[d], d, w.levels[k], then)
			}
			for i, p := range w.marks.ends(row) {
				h := now[d].at(row.from + i)
				w.into.Survivors[row.from+i] += float64(weight * float64(p*h))
			}
		}
		now, then = then, now
	}
}

// final is H of the last level: whether it ends as it must.
func (w *walk) final(h *counts, d int) {
	if d != w.lost {
		return
	}
	for i := range h.p {
		if w.left < 0 || h.low+i == w.left {
			h.p[i] = 1
		}
	}
}

// foresee is H of the level before next, if d domains were lost so far. Then is that of next.
func (w *walk) foresee(h *counts, d int, next level, then law) {
	for e := 0; e < len(next.up) && d+e < len(then); e++ {
		w.lookAhead(*h, then[d+e].within(0, next.least), next.up[e])
	}
}
