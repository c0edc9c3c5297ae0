package restart

import "slices"

// A choice is being made of what to do at a tick.
type choice struct {
	*exact
	tick    int
	event   bool   // something has happened
	settled []bool // by class: it is settled who starts, or who enters rotation
	hard    bool   // something starts that has a reason to do so at any tick
	any     bool   // something is done
	yield   func([]phase)
}

// choose yields what can be made of a state at a tick.
func (x *exact) choose(p []phase, tick int, event bool, yield func([]phase)) {
	c := choice{exact: x, tick: tick, event: event || x.finely || x.shifts(p, tick), settled: make([]bool, len(x.classes)), yield: yield}
	if !c.event && !c.mayWait(p, tick) {
		if !x.crowded(p) {
			yield(p)
		}
		return
	}
	c.power(p)
}

// power settles class by class how many start.
func (c *choice) power(p []phase) {
	if c.crowded(p) || c.looks > maxExactLooks {
		return // more that boots makes it no better
	}
	for class, runners := range c.classes {
		if c.settled[class] {
			continue
		}
		var can []int
		for _, i := range runners {
			if !c.runners[i].source && c.startable(p, i, c.tick) {
				can = append(can, i)
			}
		}
		if len(can) == 0 {
			continue
		}
		c.settled[class] = true
		hard, any, done := c.hard, c.any, c.split(len(can)+1)
		for n := len(can); n >= 0; n-- {
			with := slices.Clone(p)
			c.looks += len(p) / 64
			for _, i := range can[:n] {
				c.start(with, i)
				c.hard, c.any = c.hard || !c.runners[i].gentle, true
			}
			c.exact.settle(with, c.tick)
			c.power(with)
			c.hard, c.any = hard, any
			done()
		}
		c.settled[class] = false
		return
	}
	if !c.event && !c.hard && c.any || c.event && c.idles(p, c.tick) {
		c.looks++
		return
	}
	if c.event || c.hard {
		c.rotate(p, 0)
	} else {
		c.yield(p)
	}
}

// rotate settles class by class how many enter rotation.
func (c *choice) rotate(p []phase, from int) {
	if c.looks > maxExactLooks {
		return
	}
	for class := from; class < len(c.classes); class++ {
		var can []int
		for _, i := range c.classes[class] {
			if p[i] == waits {
				can = append(can, i)
			}
		}
		if len(can) == 0 {
			continue
		}
		numbers := c.numbers(p, class, len(can))
		done := c.split(len(numbers))
		for _, n := range numbers {
			with := slices.Clone(p)
			c.looks += len(p) / 64
			for _, i := range can[:n] {
				c.turn(with, i)
			}
			c.rotate(with, class+1)
			done()
		}
		return
	}
	c.yield(p)
}

// numbers returns how many of those of a class that wait may enter rotation. Where load is passed on to what can carry the worst, each
// has as much load as the others of its class in rotation, and that becomes less with each: so it is all or none, and all once one is.
func (x *exact) numbers(p []phase, class, can int) (all []int) {
	runners := x.classes[class]
	switch {
	case x.runners[runners[0]].joins && slices.ContainsFunc(runners, func(i int) bool { return p[i].rotated() }):
		return []int{can}
	case x.runners[runners[0]].joins:
		return []int{can, 0}
	}
	for n := can; n >= 0; n-- {
		all = append(all, n)
	}
	return all
}

// idles reports whether more could be started under a limit by which one start is as good as another, and nothing is still to come:
// whichever starts next may as well start now. The limit is kept, as none starts until then, and all take as long.
func (x *exact) idles(p []phase, tick int) bool {
	return slices.ContainsFunc(x.limited, func(l quorum) bool {
		booting, open := 0, 0
		for _, i := range l.runners {
			switch {
			case p[i].booting():
				booting++
			case p[i] != down:
			case !x.startable(p, i, tick):
				return false
			default:
				open++
			}
		}
		return l.queue && open > 0 && booting < l.n
	})
}

// split divides what is being looked at into so many choices; what it returns says that one of them is done.
func (x *exact) split(choices int) (done func()) {
	from, width := x.at, x.width
	n := 0
	x.width /= float64(choices)
	return func() {
		if n++; n == choices {
			x.width = width
		}
		x.at = from + float64(width*float64(n)/float64(choices))
	}
}
