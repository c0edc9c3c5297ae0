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
	c := choice{exact: x, tick: tick, event: event || x.finely, settled: make([]bool, len(x.classes)), yield: yield}
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
		hard, any := c.hard, c.any
		for n := len(can); n >= 0; n-- {
			with := slices.Clone(p)
			for _, i := range can[:n] {
				c.start(with, i)
				c.hard, c.any = c.hard || !c.runners[i].gentle, true
			}
			c.exact.settle(with, c.tick)
			c.power(with)
			c.hard, c.any = hard, any
		}
		c.settled[class] = false
		return
	}
	if !c.event && !c.hard && c.any {
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
		for n := len(can); n >= 0; n-- {
			with := slices.Clone(p)
			for _, i := range can[:n] {
				with[i] = turned
			}
			c.rotate(with, class+1)
		}
		return
	}
	c.yield(p)
}
