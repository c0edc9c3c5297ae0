package deadlock

import "slices"

// maxShrink bounds the work of making one set small: a tenth of a second.
const maxShrink = 5_000_000

// shrink starts nodes for as long as others are stuck, the goal among them if there is one, and returns those: a deadlock
// of which no part is one, unless the work was bounded. The walk is left there.
func (w *walk) shrink(goal int32) []int32 {
	before := w.work
	w.peel(goal)
	for _, node := range w.stuck() {
		if node == goal || w.runs[node] {
			continue
		}
		mark := len(w.trail)
		if w.force(node); w.left == 0 || goal >= 0 && w.runs[goal] {
			w.undo(mark)
		}
		if w.work-before > maxShrink {
			break
		}
	}
	return w.stuck()
}

// peel starts nodes that others do not wait for, and then those that none of the rest waits for, at once.
func (w *walk) peel(goal int32) {
	for before := -1; w.left != before; {
		before = w.left
		stuck, mark := w.stuck(), len(w.trail)
		wanted := make([]bool, len(w.Sets))
		for _, node := range stuck {
			for _, i := range w.of.at(node) {
				wanted[w.Needs[i].Set] = wanted[w.Needs[i].Set] || w.waits(i)
			}
		}
		var out []int32
		for _, node := range stuck {
			if node != goal && !slices.ContainsFunc(w.in.at(node), func(s int32) bool { return wanted[s] }) {
				out = append(out, node)
			}
		}
		if w.force(out...); w.left == 0 {
			w.undo(mark)
			return
		}
	}
}

// cut returns needs of which at least one has to be broken, for the first of those that are stuck to start: one of each, for
// the first waits for none of its own. Of several the dearest, which proves more. It has none where nothing is of any use.
func (w *walk) cut(stuck []int32) []int32 {
	var needs []int32
	for _, node := range stuck {
		dearest := int32(-1)
		for _, i := range w.of.at(node) {
			if !w.waits(i) {
				continue
			}
			if w.Needs[i].Cost < 0 {
				dearest = -1
				break
			}
			if dearest < 0 || w.Needs[i].Cost > w.Needs[dearest].Cost {
				dearest = i
			}
		}
		if dearest >= 0 {
			needs = append(needs, dearest)
		}
	}
	return needs
}
