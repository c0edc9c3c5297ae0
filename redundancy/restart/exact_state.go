package restart

import (
	"encoding/binary"
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
		if p[i] == waits || p[i] == turned {
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
	if p[i] = turned; x.runners[i].rotates {
		p[i] = waits
	}
}

// advance lets ticks pass in which nothing happens, and then one begin; it reports whether anything happens then.
func (x *exact) advance(p []phase, from, to int) bool {
	skip(p, to-from-1)
	return x.pass(p, to)
}

// skip lets ticks pass in which no boot ends.
func skip(p []phase, ticks int) {
	for i := range p {
		if p[i] > boots {
			p[i] -= phase(ticks)
		}
	}
}

// upcoming returns when next a boot ends, or something returns, if that is before last.
func (x *exact) upcoming(p []phase, tick, last int) int {
	for i, at := range p {
		if at > boots {
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
		if m := &x.runners[i]; at > boots || at == down && m.back > tick && (m.source || m.free) {
			return true
		}
	}
	return false
}

// mayWait reports whether there may be a reason to do something between two events.
func (x *exact) mayWait(p []phase, tick int) bool {
	if x.finely {
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
		if p[i] > boots {
			if p[i]--; p[i] == boots {
				x.ends(p, i)
				event = true
			}
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
			if p[i] > boots {
				n++
			}
		}
		if n > l.n {
			return true
		}
	}
	return false
}

// key is that of all states at a time of the grid that are the same. Once all has returned, the time makes no difference.
func (x *exact) key(p []phase, tick int) string {
	if !x.timely {
		tick = min(tick, x.last+x.perGrid)
	}
	key := binary.AppendUvarint(nil, uint64(tick))
	for _, class := range x.classes {
		from := len(key)
		for _, i := range class {
			key = binary.BigEndian.AppendUint16(key, uint16(p[i]))
		}
		sortPairs(key[from:])
	}
	return string(key)
}

// sortPairs sorts numbers of two bytes.
func sortPairs(b []byte) {
	for i := 2; i < len(b); i += 2 {
		for k := i; k > 0 && (b[k] < b[k-2] || b[k] == b[k-2] && b[k+1] < b[k-1]); k -= 2 {
			b[k], b[k+1], b[k-2], b[k-1] = b[k-2], b[k-1], b[k], b[k+1]
		}
	}
}

// statuses is a config's key.
func statuses(p []phase) (key uint64) {
	for i, at := range p {
		key |= uint64(min(at, boots)) << (2 * i)
	}
	return key
}
