package engine

import (
	"bytes"
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// Lose takes components down besides those that are, and whatever needs too many of them. It takes time in proportion
// to the components named, and to the classes that go down with them.
func (e *Engine) Lose(ids ...topology.ID) {
	e.undo = append(e.undo, e.state.mark())
	e.values.epoch++
	for i := 0; i < len(ids); {
		k, first := e.at[ids[i]].class, i
		for i++; i < len(ids) && e.at[ids[i]].class == k; i++ {
		}
		if n := e.pierce(k, ids[first:i]); n > 0 {
			e.add(e.layout.holes+k, n)
			e.drop(k, n)
		}
	}
	e.close()
}

// pierce marks members of a class as lost, and returns how many of them were up.
func (e *Engine) pierce(k int32, ids []topology.ID) (n int32) {
	if e.classes[k].demand {
		e.name(ids)
	}
	first := e.classes[k].from + e.ints[e.layout.head+k] // those before it are down
	for _, id := range ids {
		if slot := e.at[id].slot; slot >= first && e.lost[slot] == 0 {
			e.lost[slot] = 1
			e.holes = append(e.holes, slot)
			n++
		}
	}
	return n
}

// Undo takes the latest Lose back that has not been taken back.
func (e *Engine) Undo() {
	last := len(e.undo) - 1
	e.state.restore(e.undo[last])
	e.undo = e.undo[:last]
	e.values.epoch++
}

// name marks components with a demand as lost by the scenario.
func (e *Engine) name(ids []topology.ID) {
	for _, id := range ids {
		if slot := e.at[id].slot; !e.named[slot] {
			e.named[slot] = true
			e.names = append(e.names, slot)
			e.unasked++
			e.unmet-- // it is counted there, or will be in a moment
		}
	}
}

// drop counts so many members of a class as down, and queues the sets that miss them.
func (e *Engine) drop(k, n int32) {
	e.add(e.layout.live+k, -n)
	e.up -= n
	if e.classes[k].demand && !e.groups[e.classes[k].group].drained {
		e.unmet += n
	}
	for _, cell := range e.cells.of(k) {
		e.addTo(&e.state, cell, -n)
		e.touch(e.cell[cell].pool)
	}
	for _, term := range e.terms.of(k) {
		e.add(e.layout.owners+term, -n)
	}
	for _, set := range e.sets.of(k) {
		e.add(e.layout.left+set, -n)
		e.queue = append(e.queue, set)
	}
}

func (e *Engine) touch(pool int32) {
	if at := e.layout.touched + pool; e.ints[at] == 0 {
		e.set(at, 1)
		e.touched = append(e.touched, pool)
	}
}

// close takes down the classes that are kept up no longer, until all that are up are.
func (e *Engine) close() {
	for i := 0; i < len(e.queue); i++ {
		set := e.queue[i]
		from := int32(0)
		if set > 0 {
			from = e.keep[set-1]
		}
		next, left := e.ints[e.layout.next+set], e.ints[e.layout.left+set]
		first := next
		for from+next < e.keep[set] && e.need[from+next] > left {
			e.fell(e.keeps[from+next])
			next++
		}
		if next != first {
			e.set(e.layout.next+set, next)
		}
	}
	e.queue = e.queue[:0]
}

// fell takes down all members of a class.
func (e *Engine) fell(k int32) {
	if n := e.ints[e.layout.live+k]; n > 0 {
		e.set(e.layout.head+k, e.classes[k].size)
		e.drop(k, n)
	}
}

// trip takes down the members of a group that a load is too much for, and returns how many.
func (e *Engine) trip(g int32, load float64) {
	at := &e.groups[g]
	if at.class >= 0 {
		e.tripTo(at.class, e.overloaded(at.class, load))
		return
	}
	for i := e.ints[e.layout.weakest+g]; i < at.to; i++ {
		if !topology.Overloaded(load, e.runs[i].capacity) {
			return
		}
		e.tripTo(e.runs[i].class, e.runs[i].to)
	}
}

// overloaded returns how many members of a class, from the weakest, a load is too much for: it doubles its steps from
// the first that may be up, then halves them.
func (e *Engine) overloaded(k int32, load float64) int32 {
	return e.overloadedFrom(k, e.ints[e.layout.head+k], load)
}

// overloadedFrom is overloaded where all before low are known to be.
func (e *Engine) overloadedFrom(k, low int32, load float64) int32 {
	at := &e.classes[k]
	limit := e.limit[at.from:at.to()]
	step := int32(1)
	for low+step <= at.size && topology.Overloaded(load, limit[low+step-1]) {
		low += step
		step *= 2
	}
	for ; step > 0; step /= 2 {
		if low+step <= at.size && topology.Overloaded(load, limit[low+step-1]) {
			low += step
		}
	}
	return low
}

// tripTo takes down the members of a class from the weakest to before a place.
func (e *Engine) tripTo(k, to int32) {
	head := e.ints[e.layout.head+k]
	if to <= head {
		return
	}
	n := to - head - e.holesIn(k, head, to)
	e.set(e.layout.head+k, to)
	if n > 0 {
		e.drop(k, n)
	}
}

// holesIn returns how many members of a class between two places were lost one by one.
func (e *Engine) holesIn(k, from, to int32) (n int32) {
	if e.ints[e.layout.holes+k] == 0 {
		return 0
	}
	from, to = e.classes[k].from+from, e.classes[k].from+to
	if int(to-from) <= 64*len(e.holes) { // bytes are counted many at a time
		return int32(bytes.Count(e.lost[from:to], []byte{1}))
	}
	for _, slot := range e.holes {
		if from <= slot && slot < to {
			n++
		}
	}
	return n
}

// weakest returns the least capacity of the members of a group that are up; +Inf if there is none.
func (e *Engine) weakest(g int32) float64 {
	at := &e.groups[g]
	if at.class >= 0 {
		return e.firstUp(at.class, e.classes[at.class].size)
	}
	first := e.ints[e.layout.weakest+g]
	for i := first; i < at.to; i++ {
		if c := e.firstUp(e.runs[i].class, e.runs[i].to); c < unlimited || math.IsInf(e.runs[i].capacity, 1) {
			if i != first {
				e.set(e.layout.weakest+g, i)
			}
			return c
		}
	}
	return unlimited
}

// firstUp returns the least capacity of the members of a class before a place that are up; +Inf if there is none.
func (e *Engine) firstUp(k, to int32) float64 {
	head, from := e.ints[e.layout.head+k], e.classes[k].from
	i := head
	for i < to && e.lost[from+i] != 0 {
		i++
	}
	if i > head {
		e.set(e.layout.head+k, i)
	}
	if i >= to {
		return unlimited
	}
	return e.limit[from+i]
}
