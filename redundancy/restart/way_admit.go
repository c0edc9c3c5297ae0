package restart

import (
	"math"
	"slices"
)

// onGrid reports whether admission can change now.
func (w *way) onGrid() bool { return w.gated && w.now%w.grid == 0 }

// admit admits the most that is safe, in place of what this instant admitted before.
func (w *way) admit() {
	if !w.onGrid() || !w.up() || w.rest {
		return
	}
	w.gate = w.before
	limit := w.most() / w.demand
	if w.in == 0 || w.first == hold && w.ahead() {
		limit = 0
	}
	if f := w.gate.most(limit, w.now); f != w.gate.fraction {
		w.gate.set(f, w.now)
	}
}

// comeBack notes when more can be admitted or put in rotation than now.
func (w *way) comeBack() {
	outside := 0
	for i := range w.crews {
		outside += w.crews[i].ready - w.crews[i].in
	}
	warming := w.mixed && w.now < later(w.entered, w.start.WarmUp)
	decaying := w.gate.left(w.now) > 1e-12*w.gate.fraction
	switch {
	case w.rest:
		w.comeBackForRest(outside > 0, warming || decaying)
	case w.gated && w.up() && (w.gate.fraction < 1 || outside > 0):
		if w.now%w.grid != 0 || warming || decaying && (!enough(w.gate.fraction, w.most()/w.demand) || outside > 0) {
			w.atGrid()
		}
	case !w.gated && w.opened && outside > 0 && (warming || decaying):
		w.atGrid()
	}
}

// comeBackForRest notes when to look again, each time twice as far away, for what is left off or out of rotation while loads or
// capacities move.
func (w *way) comeBackForRest(outside, moves bool) {
	left := outside || slices.ContainsFunc(w.crews, func(c crew) bool {
		return c.started < len(c.ids) && c.back >= 0 && c.back <= w.now && w.allMet(c.links)
	})
	if !left || !moves {
		return
	}
	stride := w.grid
	for range min(w.quiet, 20) {
		stride = later(stride, stride)
	}
	w.quiet++
	if at := nextOn(w.grid, later(w.now, stride)); at < math.MaxInt64 {
		w.at(at)
	}
}

// atGrid notes the next time of the grid.
func (w *way) atGrid() {
	if next := later(w.now, w.grid-w.now%w.grid); next > w.now {
		w.at(next)
	}
}
