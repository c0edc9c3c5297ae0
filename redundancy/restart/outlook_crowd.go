package restart

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// A crowd is components that boot, of which a limit lets only so many be ready by each time. In N(t), of its components started by t,
// the limit reads N(t) · boots − N(t−boot) · (boots − runs) ≤ room, where boots, runs and boot are the least of any of them.
type crowd struct {
	ids   []topology.ID
	times []time.Duration // at which
	most  []int           // so many, and no more, can be ready
}

// A crowdedLot is a lot of a crowd, of which each can take so much load.
type crowdedLot struct {
	crowd int32
	n     int
	load  float64
}

// inCrowds returns what lots can take of which so many are ready now as their crowds let: those that take the most.
func (o *outlook) inCrowds(lots []crowdedLot) float64 {
	slices.SortFunc(lots, func(a, b crowdedLot) int { return cmp.Or(cmp.Compare(a.crowd, b.crowd), cmp.Compare(b.load, a.load)) })
	sum, left := 0.0, 0
	for i, l := range lots {
		if i == 0 || l.crowd != lots[i-1].crowd {
			left = o.crowds[l.crowd].by(o.now)
		}
		n := min(l.n, left)
		sum += float64(float64(n) * l.load)
		left -= n
	}
	return sum
}

// by returns how many can be ready by a time.
func (c *crowd) by(at time.Duration) int {
	i := sort.Search(len(c.times), func(i int) bool { return c.times[i] > at })
	if i == 0 {
		return 0
	}
	return c.most[i-1]
}

// when returns the time before which so many cannot be ready.
func (c *crowd) when(n int) time.Duration {
	for i, most := range c.most {
		if most >= n {
			if n == 0 {
				return 0
			}
			return c.times[i]
		}
	}
	return 0
}

// findCrowds finds what boots at once by AtOnce, and by what powers it.
func (o *outlook) findCrowds() {
	for _, l := range o.limits {
		var ids []topology.ID
		for _, id := range l.ids {
			if o.boots(id) {
				ids = append(ids, id)
			}
		}
		o.addCrowd(0, ids, 1, 0, float64(l.most))
	}
	o.findPowered()
}

// boots reports whether a component can be started, and takes time for that.
func (o *outlook) boots(id topology.ID) bool {
	return o.status[id] == topology.Down && o.soon[id] >= 0 && o.bootTime[id] > 0
}

func (o *outlook) addCrowd(kind int, ids []topology.ID, boots, runs, room float64) {
	if len(ids) == 0 || float64(float64(len(ids))*boots) <= room {
		return // all may boot together
	}
	c := crowd{ids: ids}
	boot := time.Duration(math.MaxInt64)
	times := queue.New(cmp.Compare[time.Duration])
	var from []time.Duration
	for _, id := range ids {
		boot = min(boot, o.bootTime[id])
		from = append(from, o.from[id])
	}
	slices.Sort(from)
	for _, at := range slices.Compact(slices.Clone(from)) {
		times.Push(at)
	}
	for range maxCrowdTimes {
		at, more := times.Pop()
		if !more {
			break
		}
		n := sort.Search(len(from), func(i int) bool { return from[i] > at })
		limit := (room + float64(float64(c.by(at))*(boots-runs))) / boots // by(at) were started a boot before
		if limit < float64(n) {
			n = max(0, int(float64(limit*(1+topology.Tolerance))+topology.Tolerance))
		}
		if before := len(c.most); before == 0 && n > 0 || before > 0 && n > c.most[before-1] {
			c.times, c.most = append(c.times, later(at, boot)), append(c.most, n)
			times.Push(later(at, boot))
		}
	}
	if at, more := times.Pop(); more {
		c.times, c.most = append(c.times, later(at, boot)), append(c.most, len(ids)) // nobody looked further
	}
	for _, id := range ids {
		if o.of[kind][id] < 0 {
			o.of[kind][id] = int32(len(o.crowds))
		}
	}
	o.crowds = append(o.crowds, c)
}

// maxCrowdTimes bounds the work on a bound.
const maxCrowdTimes = 10_000

// findPowered finds what boots behind each component with a capacity, and behind pools of them.
func (o *outlook) findPowered() {
	type limit struct {
		ids               []topology.ID
		boots, runs, room float64
	}
	n := topology.ID(o.t.Len())
	r := o.leastDraws(o.rotates)
	limits := make([]limit, n+topology.ID(len(o.t.Pools())))
	for id := range limits {
		c := r.capacity(topology.ID(id))
		limits[id] = limit{boots: math.Inf(1), runs: math.Inf(1), room: c + float64(c*topology.Tolerance)}
	}
	for id := range n {
		down := o.status[id] == topology.Down
		if down && !o.boots(id) {
			continue
		}
		for _, d := range r.draws(o.linksOf[id]) {
			switch l := &limits[d.on]; {
			case math.IsInf(l.room, 1) || d.boot <= 0:
			case down:
				l.ids = append(l.ids, id)
				l.boots, l.runs = min(l.boots, d.boot), min(l.runs, d.run)
			default:
				l.room -= d.run
			}
		}
	}
	for _, l := range limits {
		if len(l.ids) > 0 {
			o.addCrowd(1, l.ids, l.boots*(1-topology.Tolerance), min(l.runs, l.boots)*(1-topology.Tolerance), max(0, l.room))
		}
	}
}
