package restart

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// begins returns the phases that the cascade leaves.
func (x *exact) begins() []phase {
	p := make([]phase, len(x.runners))
	for i := range x.runners {
		if x.status[x.runners[i].id] == topology.Ready {
			p[i] = waits
		}
	}
	return p
}

func (c *quorum) met(p []phase) bool {
	n := 0
	for _, i := range c.runners {
		if p[i].ready() {
			n++
		}
	}
	return n >= c.n
}

// startable reports whether a runner can be powered on.
func (x *exact) startable(p []phase, i, tick int) bool {
	m := &x.runners[i]
	return p[i] == down && m.back <= tick && !slices.ContainsFunc(m.needs, func(c quorum) bool { return !c.met(p) })
}

func (x *exact) start(p []phase, i int) {
	if boot := x.runners[i].boot; boot > 0 {
		p[i] = boots + phase(boot)
		return
	}
	x.ends(p, i)
}

// ends makes a runner ready.
func (x *exact) ends(p []phase, i int) {
	if p[i] = waits; !x.runners[i].rotates {
		x.turn(p, i)
	}
}

// turn puts a runner in rotation.
func (x *exact) turn(p []phase, i int) {
	if p[i] = turned; x.runners[i].warm > 0 {
		p[i] = cold + phase(x.runners[i].warm)
	}
}

// advance lets ticks pass in which nothing happens, and then one begin; it reports whether anything happens then.
func (x *exact) advance(p []phase, from, to int) bool {
	skip(p, to-from-1)
	return x.pass(p, to)
}

// skip lets ticks pass in which no boot ends.
func skip(p []phase, ticks int) {
	for i, at := range p {
		if at.booting() {
			p[i] -= phase(ticks)
		} else if at > cold {
			p[i] = cold + phase(max(0, int(at-cold)-ticks))
		}
	}
}

// upcoming returns when next a boot ends, or something returns, if that is before last.
func (x *exact) upcoming(p []phase, tick, last int) int {
	for i, at := range p {
		if at.booting() {
			last = min(last, tick+int(at-boots))
		} else if back := x.runners[i].back; at == down && back > tick {
			last = min(last, back)
		}
	}
	return last
}

// moves reports whether something will happen without a step.
func (x *exact) moves(p []phase, tick int) bool {
	for i, at := range p {
		if m := &x.runners[i]; at.booting() || at == down && m.back > tick && (m.source || m.free) {
			return true
		}
	}
	return false
}

// mayWait reports whether there may be a reason to do something between two events.
func (x *exact) mayWait(p []phase, tick int) bool {
	if x.finely || x.shifts(p, tick) {
		return true
	}
	atOnce := false // something takes no time, and may let others start with it
	for i := range p {
		m := &x.runners[i]
		atOnce = atOnce || p[i] == down && m.boot == 0 && m.back <= tick
	}
	for i := range p {
		m := &x.runners[i]
		if p[i] == down && !m.gentle && !m.source && m.back <= tick && (atOnce || x.startable(p, i, tick)) {
			return true
		}
	}
	return false
}

// pass lets a tick begin: boots end, and what needs no step starts. It reports whether anything happened.
func (x *exact) pass(p []phase, tick int) (event bool) {
	for i := range p {
		if p[i].booting() {
			if p[i]--; p[i] == boots {
				x.ends(p, i)
				event = true
			}
		} else if p[i] > cold {
			p[i]--
		}
		event = event || p[i] == down && x.runners[i].back == tick
	}
	return x.settle(p, tick) || event
}

// settle starts what needs no step, and what is not worth waiting with.
func (x *exact) settle(p []phase, tick int) (any bool) {
	for again := true; again; {
		again = false
		for i := range x.runners {
			if m := &x.runners[i]; (m.source || m.free) && x.startable(p, i, tick) {
				x.start(p, i)
				again, any = true, true
			}
		}
	}
	return any
}

// crowded reports whether too many boot.
func (x *exact) crowded(p []phase) bool {
	for _, l := range x.limited {
		n := 0
		for _, i := range l.runners {
			if p[i].booting() {
				n++
			}
		}
		if n > l.n {
			return true
		}
	}
	return false
}

// shifts reports whether anything may be done at a tick, or soon, and something warms up, or a surge decays, that may be waited for at any time.
func (x *exact) shifts(p []phase, tick int) bool {
	warming, open := false, false
	for i, at := range p {
		m := &x.runners[i]
		warming = warming || (m.early || m.decay > 0) && at > cold
		open = open || at == waits || at == down && !m.source && m.back <= tick
	}
	return warming && open
}

// key is that of all states at a time of the grid that are the same. Once all has returned, the time makes no difference.
func (x *exact) key(p []phase, tick int) string {
	if !x.timely {
		tick = min(tick, x.last+x.perGrid)
	}
	return string(x.appendPhases(binary.AppendUvarint(nil, uint64(tick)), p, math.MaxUint16))
}

// appendPhases appends phases, but for which of a class has them; those that boot are not told apart above most.
func (x *exact) appendPhases(key []byte, p []phase, most phase) []byte {
	for _, class := range x.classes {
		from := len(key)
		for _, i := range class {
			at := p[i]
			if at.booting() {
				at = min(at, most)
			}
			key = binary.BigEndian.AppendUint16(key, uint16(at))
		}
		sortPairs(key[from:])
	}
	return key
}

// sortPairs sorts numbers of two bytes.
func sortPairs(b []byte) {
	for i := 2; i < len(b); i += 2 {
		for k := i; k > 0 && (b[k] < b[k-2] || b[k] == b[k-2] && b[k+1] < b[k-1]); k -= 2 {
			b[k], b[k+1], b[k-2], b[k-1] = b[k-2], b[k-1], b[k], b[k+1]
		}
	}
}
