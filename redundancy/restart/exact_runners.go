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
	id      topology.ID
	back    int // tick; -1: it is ready already
	boot    int // ticks
	needs   []quorum
	class   int
	rotates bool
	source  bool
	gentle  bool // that it ends sooner does no harm
	free    bool // nor that it is on
}

// A quorum is runners of which so many are needed, or allowed.
type quorum struct {
	runners []int
	n       int
}

// A phase is how a runner stands: down, ready, in rotation, or booting for so many ticks more.
type phase uint16

const (
	down phase = iota
	waits
	turned
	boots // and above
)

// maxRunners is how many fit a config's key.
const maxRunners = 32

// newExact prepares a search; nil if the fleet is too large, or not of the kind: where shares spill over, loads are no
// linear function of what is admitted, and where those by capacity warm up, cold is not less.
func (c *compass) newExact(p *Plan, bounds *outlook) *exact {
	x := &exact{compass: c, j: c.newJourney(p, policy{}), tick: c.grid, of: slices.Repeat([]int32{-1}, c.t.Len()), configs: map[uint64]*config{}}
	if c.spills {
		return nil
	}
	for id, status := range c.status {
		id := topology.ID(id)
		if status == topology.Up || status == topology.Down && c.soon[id] < 0 {
			continue
		}
		if len(x.runners) == maxRunners || c.warms(id) && x.sharedByCapacity(id) {
			return nil
		}
		x.rough = x.rough || c.warms(id)
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
		x.rough = x.rough || d.reopen.Surge > 0 && (d.gated || !d.open)
		if d.gated && c.worth[i] > 0 {
			x.gated = append(x.gated, i)
		}
	}
	x.findNeeds()
	x.findAlike()
	x.findGentle(bounds)
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
	return x.last < maxTicks && x.perGrid < maxTicks
}

// A boot of so many ticks fits a phase, and so many ticks an int.
const (
	maxBoot  = math.MaxUint16 - int(boots)
	maxTicks = 1 << 14
)

// warms reports whether a component that enters rotation has less than its capacity at first.
func (c *compass) warms(id topology.ID) bool {
	start := c.t.Start(id)
	return start.WarmUp > 0 && start.Cold < 1 && !math.IsInf(c.t.Capacity(id), 1)
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
		if x.class[m.id] == 0 || x.t.Demand(m.id) > 0 {
			key = fmt.Appendf(key, " alone %d", m.id)
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
