package restart

// turn puts in rotation what is ready, all together if that is safe, else group by group.
func (w *way) turn() {
	var idle []int
	for i := range w.crews {
		if w.crews[i].in < w.crews[i].ready {
			idle = append(idle, i)
		}
	}
	if len(idle) == 0 || w.enter(idle) || !w.gated && !w.opened {
		return
	}
	if w.rest {
		idle = idle[:min(len(idle), maxGroups)]
	}
	for i := range idle {
		if len(idle) > 1 {
			w.enter(idle[i : i+1])
		}
	}
}

// enter puts in rotation what of some crews is ready, if that is safe, or can be made so by admitting less, and if more can be
// carried once all are warm than without them.
func (w *way) enter(crews []int) bool {
	opens := !w.gated && !w.opened
	if opens && !w.up() {
		return false
	}
	w.up()
	before, in, mixed, entered := w.warm(), w.in, w.mixed, w.entered
	was := make([]int, len(crews))
	for i, c := range crews {
		was[i] = w.crews[c].in
		w.in += w.crews[c].ready - was[i]
		w.crews[c].in = w.crews[c].ready
	}
	w.mixed, w.entered = true, w.now
	w.weigh()
	after := w.most() * (1 + slack)
	ok := w.traffic() <= after
	if !ok && w.onGrid() && !w.rest && !(w.lately && w.ahead()) {
		ok = after >= 0 && w.demand*w.gate.left(w.now) <= after
	}
	if w.gated && in > 0 && w.warm() < before*(1-slack) {
		ok = false
	}
	if !ok {
		w.in, w.mixed, w.entered = in, mixed, entered
		for i, c := range crews {
			w.crews[c].in = was[i]
		}
		w.weigh()
		return false
	}
	for i, c := range crews {
		w.turned = append(w.turned, w.crews[c].ids[was[i]:w.crews[c].in]...)
	}
	if opens {
		w.opened = true
		w.gate.opens(w.now)
	}
	return true
}
