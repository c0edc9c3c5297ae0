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
		times.Push(o.from[id])
	}
	slices.Sort(from)
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

// A least is the least that something draws on a component, whatever else runs: for each unit that is placed.
type least struct {
	on   topology.ID
	part float64
}

// findPowered finds what boots behind each component with a capacity.
func (o *outlook) findPowered() {
	type limit struct {
		ids               []topology.ID
		boots, runs, room float64
	}
	limits := map[topology.ID]*limit{}
	for _, id := range o.finite {
		c := o.t.Capacity(id)
		limits[id] = &limit{boots: math.Inf(1), runs: math.Inf(1), room: c + float64(c*topology.Tolerance)}
	}
	r := &leastDraws{outlook: o, known: map[[2]int32][]least{}}
	for id := range topology.ID(o.t.Len()) {
		down := o.status[id] == topology.Down
		if down && !o.boots(id) {
			continue
		}
		boots, runs := map[topology.ID]float64{}, map[topology.ID]float64{}
		for _, l := range o.linksOf[id] {
			if l.Supply == nil {
				continue
			}
			for _, d := range r.of(&l) {
				boots[d.on] += float64((l.Supply.Base + l.Supply.Inrush) * d.part)
				runs[d.on] += float64(l.Supply.Base * d.part)
			}
		}
		for on, draw := range boots {
			switch l := limits[on]; {
			case l == nil || draw <= 0:
			case down:
				l.ids = append(l.ids, id)
				l.boots, l.runs = min(l.boots, draw), min(l.runs, runs[on])
			default:
				l.room -= runs[on]
			}
		}
	}
	for _, id := range o.finite {
		if l := limits[id]; len(l.ids) > 0 {
			o.addCrowd(1, l.ids, l.boots*(1-topology.Tolerance), min(l.runs, l.boots)*(1-topology.Tolerance), max(0, l.room))
		}
	}
}

// leastDraws follows what is placed on a link to what it ends up on whatever a plan does.
type leastDraws struct {
	*outlook
	known map[[2]int32][]least // by pool, and whether all members must be ready
}

// of returns the parts of what a link places, for its members and what is behind them.
func (r *leastDraws) of(l *topology.Link) []least {
	all := int32(0)
	if l.Need == len(l.Members) {
		all = 1
	}
	key := [2]int32{l.Pool, all}
	if known, ok := r.known[key]; ok {
		return known
	}
	sum := map[topology.ID]float64{}
	for _, m := range l.Members {
		// What is not up yet draws nothing from anybody, and others then take its part.
		if r.status[m] != topology.Up && (all == 0 || r.rotates[m]) {
			continue
		}
		part := r.part(l, m)
		if part == 0 {
			continue
		}
		sum[m] += part
		for _, below := range r.linksOf[m] {
			if below.Supply != nil {
				for _, d := range r.of(&below) {
					sum[d.on] += float64(float64(part*below.Supply.Rate()) * d.part)
				}
			}
		}
	}
	var out []least
	for id, part := range sum {
		out = append(out, least{id, part})
	}
	slices.SortFunc(out, func(a, b least) int { return cmp.Compare(a.on, b.on) })
	r.known[key] = out
	return out
}

// part returns the least part of what is placed on a pool that a member takes, if it takes load: beside all that ever can.
func (r *leastDraws) part(l *topology.Link, member topology.ID) float64 {
	p := &r.t.Pools()[l.Pool]
	if p.Share == topology.Each {
		return 1
	}
	mine, all, from, others := 0., 0., 0, 0
	for entry, end := range p.Ends {
		for _, m := range p.Members[from:end] {
			weight := 1.0
			if p.Share == topology.Weighted {
				weight = p.Weights[entry]
			}
			if r.soon[m] < 0 {
				continue
			}
			if all += weight; m == member {
				mine += weight
			} else {
				others++
			}
		}
		from = end
	}
	switch {
	case others == 0:
		return 1
	case p.Share == topology.Equal || p.Share == topology.Weighted:
		return mine / all
	}
	return 0
}
