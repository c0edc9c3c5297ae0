package maintenance

import (
	"fmt"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A group is what is taken out together.
type group struct {
	named   []topology.ID // in order of declaration
	down    []topology.ID // with what goes down with them, in that order
	turns   []topology.ID // of these, what is drained before and rotated in after
	waves   []wave        // in which it boots
	cannot  string        // why it cannot come back
	wounded []topology.ID // of down: it warms up
	takes   time.Duration
}

// A wave is what boots together, and what is ready by then.
type wave struct{ boot, ready, rest []topology.ID }

func (q *question) group(named []topology.ID) *group {
	g := &group{named: named}
	c := q.t.Closure()
	c.Fail(q.lose...)
	for _, l := range c.Fail(named...) {
		g.down = append(g.down, l.ID)
	}
	slices.Sort(g.down)
	g.takes = q.o.Drain
	warm := time.Duration(0)
	for _, id := range g.down {
		if q.rotates[id] && !q.drainedNow(id) {
			g.turns = append(g.turns, id)
		}
		if q.warms(id) {
			g.wounded = append(g.wounded, id)
			warm = max(warm, q.t.Start(id).WarmUp)
		}
	}
	q.findWaves(g, c)
	g.takes = later(g.takes, warm)
	return g
}

func (q *question) drainedNow(id topology.ID) bool { return slices.Contains(q.drain, id) }

// later adds times, and stops at the longest there is.
func later(a, b time.Duration) time.Duration {
	if sum := a + b; sum >= a {
		return sum
	}
	return 1<<63 - 1
}

// findWaves follows how a group boots: whatever can be started is, as soon as it can and as many as may boot together, and
// the next once all of these are ready. c has the group down.
func (q *question) findWaves(g *group, c *topology.Closure) {
	live := newLive(q.t, c)
	waiting, ready := g.down, []topology.ID(nil)
	for len(waiting) > 0 {
		w, blocked := q.wave(waiting, live)
		if len(w.boot)+len(w.ready) == 0 {
			g.cannot = q.whyStuck(w.rest[0], blocked, live)
			return
		}
		live.up(w.boot)
		live.up(w.ready)
		ready = append(ready, w.ready...)
		waiting = w.rest
		if len(w.boot) == 0 {
			continue
		}
		longest := time.Duration(0)
		for _, id := range w.boot {
			longest = max(longest, q.t.Start(id).Boot)
		}
		g.takes = later(g.takes, longest)
		w.ready = slices.Clone(ready)
		ready = append(ready, w.boot...)
		g.waves = append(g.waves, w)
	}
}

// wave divides what waits into what boots now, what is ready at once, and the rest; blocked reports whether some of that waits
// for others to have booted.
func (q *question) wave(waiting []topology.ID, live *live) (w wave, blocked bool) {
	room := make([]int, len(q.limits))
	for _, id := range waiting {
		switch {
		case !live.met(id):
			w.rest = append(w.rest, id)
		case q.t.Start(id).Boot == 0:
			w.ready = append(w.ready, id)
		case q.fits(id, room):
			w.boot = append(w.boot, id)
		default:
			w.rest, blocked = append(w.rest, id), true
		}
	}
	return w, blocked
}

// fits reports whether one more may boot, and counts it if so.
func (q *question) fits(id topology.ID, room []int) bool {
	for i, l := range q.limits {
		if l.has[id] && room[i] >= l.most {
			return false
		}
	}
	for i, l := range q.limits {
		if l.has[id] {
			room[i]++
		}
	}
	return true
}

func (q *question) whyStuck(id topology.ID, blocked bool, live *live) string {
	if blocked {
		return fmt.Sprintf("%s cannot come back: none of it may boot", q.t.Name(id))
	}
	l := live.unmet(id)
	return fmt.Sprintf("%s cannot come back: to start it needs %d of %s, and has %d", q.t.Name(id), l.Need, list(l.Names), live.of(l))
}

// A live counts what runs, by set, links that are needed only to start included.
type live struct {
	t     *topology.Topology
	runs  []bool
	count map[int32]int
}

func newLive(t *topology.Topology, c *topology.Closure) *live {
	l := &live{t: t, runs: make([]bool, t.Len()), count: map[int32]int{}}
	for id := range l.runs {
		l.runs[id] = !c.Down(topology.ID(id))
	}
	return l
}

func (l *live) up(ids []topology.ID) {
	for _, id := range ids {
		l.runs[id] = true
	}
	clear(l.count)
}

func (l *live) of(link *topology.Link) int {
	n, known := l.count[link.Set]
	if !known {
		for _, m := range link.Members {
			if l.runs[m] {
				n++
			}
		}
		l.count[link.Set] = n
	}
	return n
}

// unmet returns a link of which too few run for a component to start; nil if there is none.
func (l *live) unmet(id topology.ID) *topology.Link {
	links := l.t.Links(id)
	for i := range links {
		if l.of(&links[i]) < links[i].Need {
			return &links[i]
		}
	}
	return nil
}

func (l *live) met(id topology.ID) bool { return l.unmet(id) == nil }
