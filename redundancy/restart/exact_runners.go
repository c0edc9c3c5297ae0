package restart

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A runner is a component whose status may change.
type runner struct {
	id       topology.ID
	back     int // tick; -1: it is ready already
	boot     int // ticks
	needs    []quorum
	class    int
	warm     int // ticks from rotation on until it is warm
	decay    int // ticks for which its demand surges
	reopen   topology.Reopen
	carriers [][]int // see exact.carriers
	rotates  bool
	source   bool
	gentle   bool // that it ends sooner does no harm
	harmless bool // that it is on does none
	joins    bool // once one of its class is in rotation it may as well be
	free     bool // nor that it is on
	early    bool // it is taken for a tick warmer than it is
}

// A quorum is runners of which so many are needed, or allowed.
type quorum struct {
	runners []int
	n       int
	queue   bool // see exact.idles
}

// A phase is how a runner stands: down, ready, in rotation, booting for so many ticks more, or in rotation and warming up for
// so many; what is warm then stays at cold.
type phase uint16

const (
	down phase = iota
	waits
	turned
	boots                 // and above
	cold  phase = 1 << 15 // and above
)

func (at phase) booting() bool { return at > boots && at < cold }

// rotated reports whether a runner is in rotation.
func (at phase) rotated() bool { return at == turned || at >= cold }

// ready reports whether a runner counts for what needs it.
func (at phase) ready() bool { return at == waits || at.rotated() }

func (at phase) status() topology.Status {
	switch {
	case at.rotated():
		return topology.Up
	case at == waits:
		return topology.Ready
	case at == down:
		return topology.Down
	}
	return topology.Booting
}

// maxRunners is up to how many a search is worth preparing.
const maxRunners = 512

// newExact prepares a search; nil if the fleet is too large, or not of the kind: where shares spill over, loads are no
// linear function of what is admitted, and where those by capacity warm up, cold is not less.
func (c *compass) newExact(p *Plan, bounds *outlook) *exact {
	x := &exact{compass: c, j: c.newJourney(p, policy{}), tick: c.grid, of: slices.Repeat([]int32{-1}, c.t.Len()), configs: map[string]*config{}}
	if c.spills {
		return nil
	}
	for id, status := range c.status {
		id := topology.ID(id)
		if status == topology.Up || status == topology.Down && c.soon[id] < 0 {
			continue
		}
		if len(x.runners) == maxRunners || warms(c.t, id) && x.sharedByCapacity(id) {
			return nil
		}
		x.of[id] = int32(len(x.runners))
		x.runners = append(x.runners, runner{id: id, back: -1, rotates: c.rotates[id], source: c.source[id]})
		if status == topology.Down {
			x.tick = common(x.tick, common(c.back[id], c.bootTime[id]))
		}
	}
	if !x.clock() {
		return nil
	}
	for i := range c.asked {
		d := &c.asked[i]
		x.all += c.worth[i]
		if d.gated && c.worth[i] > 0 {
			x.gated = append(x.gated, i)
		}
	}
	x.findNeeds()
	x.findAlike()
	x.findGentle(bounds)
	x.findSurges()
	x.findEarly()
	return x
}

func common(a, b time.Duration) time.Duration {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// clock counts returns and boots in ticks.
func (x *exact) clock() bool {
	ticks := func(d time.Duration) int { return int(min(d/x.tick, math.MaxInt32)) }
	x.perGrid = ticks(x.grid)
	for i := range x.runners {
		m := &x.runners[i]
		if x.status[m.id] != topology.Down {
			continue
		}
		m.back, m.boot = ticks(x.back[m.id]), ticks(x.bootTime[m.id])
		x.last = max(x.last, m.back)
		if m.boot > maxBoot {
			return false
		}
	}
	x.warmUps(ticks)
	return x.last < maxTicks && x.perGrid < maxTicks
}

// A boot or a warm-up of so many ticks fits a phase, and so many ticks an int.
const (
	maxBoot  = int(cold/2 - 1 - boots)
	maxTicks = 1 << 14
)

// warmUps counts warm-ups in ticks, rounded up; one that takes too long is not seen.
func (x *exact) warmUps(ticks func(time.Duration) int) {
	for i := range x.runners {
		m := &x.runners[i]
		if !warms(x.t, m.id) {
			continue
		}
		if n := ticks(later(x.t.Start(m.id).WarmUp, x.tick-1)); n <= maxBoot {
			m.warm = n
		} else {
			x.rough = true
		}
	}
}

func (x *exact) sharedByCapacity(id topology.ID) bool {
	return slices.ContainsFunc(x.t.PoolsOf(id), func(p int32) bool { return x.t.Pools()[p].Share == topology.Proportional })
}

// findNeeds finds what each runner waits for, and what limits it.
func (x *exact) findNeeds() {
	for i := range x.runners {
		m := &x.runners[i]
		for _, l := range x.linksOf[m.id] {
			need := quorum{n: l.Need}
			for _, member := range l.Members {
				if k := x.of[member]; k >= 0 {
					need.runners = append(need.runners, int(k))
				} else if x.status[member] != topology.Down {
					need.n--
				}
			}
			if need.n > 0 {
				m.needs = append(m.needs, need)
			}
		}
	}
	for _, l := range x.limits {
		limit := quorum{n: l.most}
		for _, id := range l.ids {
			if k := x.of[id]; k >= 0 && x.runners[k].boot > 0 {
				limit.runners = append(limit.runners, int(k))
			}
		}
		if len(limit.runners) > limit.n {
			x.limited = append(x.limited, limit)
		}
	}
}

// findAlike groups runners that nothing tells apart: of one class, and of one place in what they share load by.
func (x *exact) findAlike() {
	known := map[string]int{}
	for i := range x.runners {
		m := &x.runners[i]
		key := fmt.Appendf(nil, "%d %v %x", x.class[m.id], x.sheds[m.id], x.t.Demand(m.id))
		switch {
		case x.t.Demand(m.id) > 0:
			key = fmt.Appendf(key, " alone %d", m.id)
		case x.class[m.id] == 0: // it runs already
			key = append(key, x.likeness(m.id, 0, x.in[m.id])...)
		}
		for _, p := range x.t.PoolsOf(m.id) {
			pool := &x.t.Pools()[p]
			from := 0
			for entry, end := range pool.Ends {
				if slices.Contains(pool.Members[from:end], m.id) {
					key = binary.AppendVarint(key, int64(entry))
				}
				from = end
			}
		}
		class, ok := known[string(key)]
		if !ok {
			class = len(x.classes)
			known[string(key)] = class
			x.classes = append(x.classes, nil)
		}
		m.class = class
		x.classes[class] = append(x.classes[class], i)
	}
}
