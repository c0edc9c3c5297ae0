package restart

import (
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// An outlook is what no safe plan of a fleet beats. Each limit on starting is taken by itself, each demand is alone, and what
// is ready carries all that it can, from the time before which it cannot be: all of that can only be better than it is.
type outlook struct {
	*compass
	crowds []crowd
	of     [2][]int32 // by ID: its crowd by what boots at once, and by what powers it; -1: none
	times  []time.Duration
	warm   time.Duration // from then on nothing grows
	warms  bool          // something warms up
	curves [][]level     // by demand: the most that can be served of it from each time on
	booked []booking
	late   []time.Duration // by demand: what the curve may be late by, for service that begins between two times of the grid

	now     time.Duration
	known   [2][]float64       // by pool: what can be placed on it now; negative: not known
	hands   map[int32]*handed  // by pool
	staffed map[int32]staffing // by pool
}

// newCrowds returns an outlook that knows when what starts can be ready, and nothing of what is served.
func (c *compass) newCrowds() *outlook {
	o := &outlook{compass: c, hands: map[int32]*handed{}, staffed: map[int32]staffing{}}
	for kind := range o.of {
		o.known[kind] = make([]float64, len(c.takers))
		o.of[kind] = slices.Repeat([]int32{-1}, c.t.Len())
	}
	o.findCrowds()
	return o
}

// maxLooks bounds the times at which a curve is computed; after that everything counts as served.
const maxLooks = 300

func (c *compass) newOutlook() *outlook {
	o := c.newCrowds()
	longest := time.Duration(0)
	for id, at := range c.soon {
		if at >= 0 {
			o.times = append(o.times, at)
			if c.status[id] != topology.Up {
				longest = max(longest, c.t.Start(topology.ID(id)).WarmUp)
			}
		}
	}
	o.warms = longest > 0
	for i := range o.crowds {
		o.times = append(o.times, o.crowds[i].times...)
	}
	slices.Sort(o.times)
	if n := len(o.times); n > 0 {
		o.warm = later(o.times[n-1], longest)
	}
	o.times = slices.Compact(o.times)
	for i := range o.asked {
		curve, late := o.curve(i)
		o.curves, o.late = append(o.curves, curve), append(o.late, late)
	}
	return o
}

// curve bounds what can be served of a demand.
func (o *outlook) curve(i int) ([]level, time.Duration) {
	d := o.asked[i]
	opens := o.soon[d.id]
	switch {
	case opens < 0:
		return []level{{0, 0}}, 0
	case !d.gated && d.open:
		return []level{{0, 1}}, 0
	case !d.gated:
		return o.burst(&d, opens), 0
	}
	direct, deep := o.mayBeEmpty(d.id)
	g := gate{reopen: d.reopen}
	empty := slices.Concat(direct, deep)
	if len(empty) > 0 {
		g.reopen.Surge = 0 // it may decay while nobody is in rotation
	}
	late := o.between(&d, empty)
	curve := []level{{0, 0}}
	at := o.roundUp(opens)
	if d.open {
		g.fraction, curve = 1, nil
	}
	for n := range maxLooks {
		o.look(at)
		limit := o.carries(d.id) / d.full
		if f := g.most(limit, at); f != g.fraction || n == 0 {
			g.set(f, at)
			curve = append(curve, level{at, f})
		}
		next, ok := o.change(at)
		if g.fraction >= 1 || !ok && at >= o.warm && enough(g.fraction, limit) {
			return curve, late
		}
		if !enough(g.fraction, limit) || at < o.warm {
			next = later(at, o.grid)
		}
		if next <= at {
			return curve, late
		}
		at = next
	}
	return append(curve, level{at, 1}), late
}

// burst finds when a demand that cannot be held back can come at once.
func (o *outlook) burst(d *demand, opens time.Duration) []level {
	if _, deep := o.mayBeEmpty(d.id); len(deep) > 0 {
		return o.partly(d, opens)
	}
	asked := d.full * (1 + d.reopen.Surge) * (1 - topology.Tolerance)
	fits := func(at time.Duration) bool {
		o.look(at)
		return o.carries(d.id) >= asked
	}
	before := opens
	for _, at := range append(slices.Clone(o.times), o.warm) {
		if at < opens {
			continue
		}
		if !fits(at) {
			before = at
			continue
		}
		if !fits(opens) && at > before { // capacities have grown since the time before
			for low, high := before, at; ; {
				if high-low <= 1 {
					return []level{{0, 0}, {low, 1}}
				}
				if middle := low + (high-low)/2; fits(middle) {
					high = middle
				} else {
					low = middle
				}
			}
		}
		return []level{{0, 0}, {max(opens, min(at, before)), 1}}
	}
	if fits(opens) {
		return []level{{0, 0}, {opens, 1}}
	}
	return []level{{0, 0}}
}

// partly bounds what can be served of a demand that cannot be held back where a pool behind may be empty: it may come, and its surge
// decay, before all are there that it is passed on to, and what has nobody behind is lost, and is no load there.
func (o *outlook) partly(d *demand, opens time.Duration) []level {
	curve := []level{{0, 0}}
	times := append(slices.Clone(o.times), o.warm)
	for i, at := range times {
		until := at
		if i+1 < len(times) {
			until = times[i+1] - 1 // capacities may grow until then
		}
		if until >= max(at, opens) {
			o.look(until)
			curve = append(curve, level{max(at, opens), min(1, o.carries(d.id)/(d.full*(1-topology.Tolerance)))})
		}
		if len(curve) == maxLooks {
			return append(curve, level{later(until, 1), 1})
		}
	}
	return curve
}

// between returns how much longer than a curve on the grid says a demand may be served: what was admitted at the time of the grid
// before is served as soon as its component is up, or a pool behind it gets the first member, each of which happens once.
func (o *outlook) between(d *demand, empty []int32) (late time.Duration) {
	times, cold := len(empty), len(empty) == 1 && !o.warmsBehind(empty[0]) // at the first of its members all are
	if !d.open && !o.opensWithFirst(d.id) {
		times, cold = times+1, false
	}
	if times == 0 {
		return 0
	}
	for _, at := range o.times {
		if rest := at % o.grid; rest != 0 {
			late = max(late, o.grid-rest)
		}
	}
	if o.warms && !cold {
		late = o.grid // some may have warmed up since the time of the grid
	}
	return late * time.Duration(min(times, 1000))
}

// opensWithFirst reports whether a component is up as soon as the first of its servers is ready.
func (o *outlook) opensWithFirst(id topology.ID) bool {
	links := o.linksOf[id]
	return len(links) == 1 && links[0].Need <= 1 && o.bootTime[id] == 0 && o.back[id] == 0
}

func (o *outlook) roundUp(at time.Duration) time.Duration {
	if rest := at % o.grid; rest != 0 {
		return later(at, o.grid-rest)
	}
	return at
}

// change returns the first time of the grid at which more may be ready than at a time.
func (o *outlook) change(at time.Duration) (time.Duration, bool) {
	i, _ := slices.BinarySearch(o.times, at+1)
	if i == len(o.times) {
		return at, false
	}
	return o.roundUp(o.times[i]), true
}

// look turns to a time.
func (o *outlook) look(at time.Duration) {
	o.now = at
	for kind := range o.known {
		for pool := range o.known[kind] {
			o.known[kind][pool] = -1
		}
	}
}

// carries returns the most of a demand that can be carried now.
func (o *outlook) carries(id topology.ID) float64 {
	return max(0, min(o.passes(id, 0), o.passes(id, 1), o.t.Capacity(id)))
}

// passes returns the most load that a component can take if it and what it draws on are as ready as they can be by now. Kind
// is by which limit what is ready is counted.
func (o *outlook) passes(id topology.ID, kind int) float64 {
	most := o.t.Capacity(id)
	if o.soon[id] < 0 || o.soon[id] > o.now {
		return 0
	}
	if o.status[id] != topology.Up && !math.IsInf(most, 1) {
		most *= max(coldest, warmth(o.t.Start(id), o.now-o.soon[id]))
	}
	for _, l := range o.linksOf[id] {
		if l.Supply != nil && l.Supply.Rate() > 0 {
			most = min(most, o.takes(&l, kind)/l.Supply.Rate()) // what is lost behind it, of its base too, leaves more
		}
	}
	return max(0, most)
}

// takes returns the most that can be placed on the pool of a link.
func (o *outlook) takes(l *topology.Link, kind int) float64 {
	if known := o.known[kind][l.Pool]; known >= 0 {
		return known
	}
	var sum, each float64
	var crowded []crowdedLot
	for _, to := range o.takers[l.Pool] {
		m, n := o.members[to.lot][0], len(o.members[to.lot])
		load := o.passes(m, kind)
		each = max(each, load)
		if c := o.of[kind][m]; c >= 0 {
			crowded = append(crowded, crowdedLot{c, n, load})
		} else {
			sum += float64(float64(n) * load)
		}
	}
	sum += o.inCrowds(crowded)
	if o.t.Pools()[l.Pool].Share == topology.Each {
		sum = each
	} else {
		sum = min(sum, o.behind(l.Pool, kind))
	}
	sum *= 1 + 1e-12 // it may round down
	o.known[kind][l.Pool] = sum
	return sum
}

// reached returns the first time from which as much as a plan serves of each demand could be.
func (o *outlook) reached(level []float64) time.Duration {
	at := time.Duration(0)
	for i := range o.asked {
		if o.worth[i] == 0 || level[i] < 0 {
			continue
		}
		for _, l := range o.curves[i] {
			if l.fraction >= level[i]*(1-1e-12) {
				at = max(at, l.at-o.late[i])
				break
			}
		}
	}
	return at
}

// least returns the least unserved demand, by value, of what serves so much of each demand in the end.
func (o *outlook) least(level []float64) float64 {
	until, sum := o.reached(level), 0.0
	for i := range o.asked {
		if o.worth[i] == 0 || level[i] < 0 {
			continue
		}
		missed := -o.late[i].Minutes()
		for k, l := range o.curves[i] {
			end := until
			if k+1 < len(o.curves[i]) {
				end = min(end, o.curves[i][k+1].at)
			}
			if end > l.at {
				missed += float64((1 - l.fraction) * (end - l.at).Minutes())
			}
		}
		sum += float64(o.worth[i] * max(0, missed))
	}
	return sum
}

// judge sets a plan's bounds, and how sure it is of the objective.
func (o *outlook) judge(p *Plan) {
	level := make([]float64, len(o.asked)) // -1: it does not count
	most := true
	for i := range o.asked {
		level[i] = -1
		for _, s := range p.Served {
			if s.Demand == o.t.Name(o.asked[i].id) {
				level[i] = s.Fraction
			}
		}
		top := 0.0
		for _, l := range o.curves[i] {
			top = max(top, l.fraction)
		}
		most = most && (level[i] < 0 || o.worth[i] == 0 || level[i] >= top*(1-2*settle))
	}
	p.LeastPossible = min(o.least(level)*(1-1e-12), p.Unserved)
	started := o.startedBy(p)
	p.Earliest = min(o.earliest(started), p.Finish)
	p.Certainty = cascade.Bounded
	if p.Soonest && p.Finish == p.Earliest && o.all(started) ||
		!p.Soonest && most && p.Unserved <= p.LeastPossible*(1+topology.Tolerance) {
		p.Certainty = cascade.Proven
	}
}

// startedBy returns what a plan powers on, or what comes up by itself, by ID.
func (o *outlook) startedBy(p *Plan) []bool {
	started := make([]bool, o.t.Len())
	for _, id := range p.doing(o.t, PowerOn) {
		started[id] = o.status[id] == topology.Down
	}
	return started
}

// all reports whether all is started that ever could be.
func (o *outlook) all(started []bool) bool {
	return !slices.ContainsFunc(o.order, func(id topology.ID) bool { return !started[id] })
}

// earliest returns the time before which what a plan starts cannot all be ready.
func (o *outlook) earliest(started []bool) time.Duration {
	at := time.Duration(0)
	for id, yes := range started {
		if yes {
			at = max(at, o.soon[id])
		}
	}
	for _, b := range o.booked {
		if !slices.ContainsFunc(b.ids, func(id topology.ID) bool { return !started[id] && !o.source[id] }) {
			at = max(at, b.end)
		}
	}
	for i := range o.crowds {
		n := 0
		for _, id := range o.crowds[i].ids {
			if started[id] {
				n++
			}
		}
		at = max(at, o.crowds[i].when(n))
	}
	return at
}
