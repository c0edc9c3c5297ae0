package cascade

import (
	"slices"
	"sync/atomic"

	"github.com/ridethrough/ridethrough/cascade/internal/choose"
	"github.com/ridethrough/ridethrough/cascade/internal/draw"
	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// A worker does items of a plan, one range after the other, and tallies them.
type worker struct {
	*Plan
	tally   *tally
	stopped *atomic.Bool

	base   int // of the engines; -1 for none
	engine *engine.Engine
	probe  *engine.Engine // for what an item is compared with
	random draw.Source
	drawer map[int]*draw.Subset // by number of components
	places [][]int32
	lose   []topology.ID
	levels int
	ways   choose.Ways
}

// do does the items from one to before another, and returns before which it was stopped.
func (w *worker) do(from, to int64) int64 {
	if w.sampled {
		return w.doSamples(from, to)
	}
	for from < to && !w.stopped.Load() {
		var p *part
		p, w.places = w.at(from, w.places)
		if p.n == 1 {
			w.once(p, from)
			from++
			continue
		}
		from = w.walk(p, from, min(to, p.first+p.n))
	}
	return from
}

// use has the engine of a part at hand.
func (w *worker) use(p *part) {
	if w.engine == nil || w.base != p.group.base {
		e := w.bases[p.group.base].engine()
		w.base, w.engine, w.probe = p.group.base, e.Fork(), e.Fork()
	}
}

// once does one item at the places set, by itself.
func (w *worker) once(p *part, item int64) {
	w.use(p)
	w.lose = w.appendTaken(append(w.lose[:0], p.group.begin.lose...), p)
	w.engine.Lose(w.lose...)
	w.settle(p, item)
	w.engine.Undo()
}

// walk does items of a part, the first of which is at the places set: each time, what differs is undone and lost anew.
func (w *worker) walk(p *part, from, to int64) int64 {
	w.use(p)
	w.engine.Lose(p.group.begin.lose...)
	w.levels = 1
	at, place := 0, 0
	for ; from < to; from++ {
		if w.stopped.Load() {
			break
		}
		w.push(p, at, place)
		w.settle(p, from)
		at, place = w.next(p)
		if at < 0 {
			from++
			break
		}
		w.pop(p, at, place)
	}
	for ; w.levels > 0; w.levels-- {
		w.engine.Undo()
	}
	return from
}

// push loses what the picks take, from a place of a pick on.
func (w *worker) push(p *part, at, place int) {
	for ; at < len(p.picks); at, place = at+1, 0 {
		for _, i := range w.places[at][place:] {
			w.engine.Lose(p.picks[at].ids[i])
			w.levels++
		}
	}
}

// pop undoes what push lost from a place of a pick on.
func (w *worker) pop(p *part, at, place int) {
	keep := 1 + place
	for _, pk := range p.picks[:at] {
		keep += pk.k
	}
	for ; w.levels > keep; w.levels-- {
		w.engine.Undo()
	}
}

// next moves the last pick that has a next one, and returns where it changed; -1 if none has.
func (w *worker) next(p *part) (at, place int) {
	for at = len(p.picks) - 1; at >= 0; at-- {
		if place, ok := p.picks[at].space.Next(w.places[at]); ok {
			return at, place
		}
		p.picks[at].space.At(0, w.places[at])
	}
	return -1, 0
}

// settle asks how the state of the engine ends, and tallies it.
func (w *worker) settle(p *part, item int64) {
	r := w.result(p)
	r.item, r.lost, r.weight = item, w.lost(p), p.weight(&w.ways, w.places, w.sampled)
	w.tally.add(r)
	if !w.bare && r.fails(w.options) && (!w.sampled || item < mostSpared) && w.tally.wants(r) && w.least(p) {
		w.tally.keepSmall(r)
	}
}

// mostSpared is the number of samples, from the first, of which it is asked whether some component could be spared.
const mostSpared = 10_000

// result asks how the state of the engine ends.
func (w *worker) result(p *part) result {
	e := w.engine
	r := result{unasked: e.Unasked()}
	if w.options.OnlyHolds {
		r.End = onlyHolds(e)
		return r
	}
	end := e.End()
	r.End = ended(end, w.options.Serve)
	r.risk = r.Verdict == Collapses
	if !w.bare && end.Tripped && r.Verdict != Holds && w.bases[p.group.base].timing() { // else no trip is the first
		bound := e.Bound()
		r.timing = !bound.Orderless
		r.risk = r.risk || r.timing && !bound.Served
	}
	return r
}

// lost returns how many components the picks take.
func (w *worker) lost(p *part) int {
	if p.group.twice {
		w.gather(p)
		return len(w.lose)
	}
	n := 0
	for _, places := range w.places {
		n += len(places)
	}
	return n
}

// gather sets lose to the components that the picks take, each once.
func (w *worker) gather(p *part) {
	w.lose = w.appendTaken(w.lose[:0], p)
	if p.group.twice {
		slices.Sort(w.lose)
		w.lose = slices.Compact(w.lose)
	}
}

// appendTaken appends the components that the picks take.
func (w *worker) appendTaken(ids []topology.ID, p *part) []topology.ID {
	for i, places := range w.places {
		from, all := len(ids), p.picks[i].ids
		ids = slices.Grow(ids, len(places))[:from+len(places)]
		for j, at := range places {
			ids[from+j] = all[at]
		}
	}
	return ids
}

// least reports whether none of the components that an item's picks take could be spared: with any one of them left, it
// would not fail. Of neighbours that nothing tells apart one is enough, unless one could be lost without its pick too.
func (w *worker) least(p *part) bool {
	w.gather(p)
	w.probe.Lose(p.group.begin.lose...)
	defer w.probe.Undo()
	for i, id := range w.lose {
		if i > 0 && len(p.group.begin.lose) == 0 && w.alike(id, w.lose[i-1]) {
			continue
		}
		w.lose[0], w.lose[i] = id, w.lose[0]
		w.probe.Lose(w.lose[1:]...)
		fails := w.probeFails()
		w.probe.Undo()
		w.lose[0], w.lose[i] = w.lose[i], id
		if fails {
			return false
		}
	}
	return len(w.lose) > 0
}

func (w *worker) alike(a, b topology.ID) bool {
	classA, capacityA := w.probe.Alike(a)
	classB, capacityB := w.probe.Alike(b)
	return classA == classB && capacityA == capacityB
}

// probeFails reports whether the state of the probe is what a screening looks for.
func (w *worker) probeFails() bool {
	if w.options.OnlyHolds {
		return !w.probe.Holds()
	}
	return ended(w.probe.End(), w.options.Serve).Verdict == Collapses
}
