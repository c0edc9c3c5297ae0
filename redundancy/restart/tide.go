package restart

import (
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A tide is the loads of a journey's world, lot by lot: what [topology.Flow] says of each component, for states in which nothing that
// sheds is overloaded, for those are not safe anyway. A component in rotation with a capacity c carries even + byCapacity · c.
type tide struct {
	*lots
	t *topology.Topology

	even, byCapacity []float64 // by lot
	sum, least       []float64 // by lot: capacities of those in rotation, together and the least
	placed           []float64 // by pool
	cold             []float64 // by lot: how many of those in rotation are not warm
	weights, per     []float64 // by tier of the pool that is looked at
	coming           []float64 // by demand: what is there of it

	served, fraction []float64 // by lot, and by pool: of what is passed on, what is not lost where nobody is in rotation
	lost             bool      // some may be
}

func newTide(t *topology.Topology, l *lots) *tide {
	byLot := func() []float64 { return make([]float64, len(l.members)) }
	byPool := func() []float64 { return make([]float64, len(t.Pools())) }
	return &tide{lots: l, t: t, even: byLot(), byCapacity: byLot(), sum: byLot(), least: byLot(), cold: byLot(),
		placed: byPool(), served: byLot(), fraction: byPool()}
}

// update computes the loads of a world with what is coming of its demands, and the capacities of a time.
func (f *tide) update(w *world, at time.Duration) {
	f.warm(w, at)
	clear(f.even)
	clear(f.byCapacity)
	clear(f.placed)
	for i := range w.demands {
		f.even[f.lot[w.demands[i].id]] = f.coming[i]
	}
	f.lost = false
	for _, step := range f.downhill {
		if step < 0 {
			f.split(w, ^step)
		} else {
			f.place(w, step)
		}
	}
}

// warm finds the capacities of a time.
func (f *tide) warm(w *world, at time.Duration) {
	clear(f.cold)
	clear(f.sum)
	copy(f.least, f.most)
	for _, c := range w.warming {
		capacity := f.most[c.lot] * max(coldest, warmth(c.start, at-c.since))
		f.sum[c.lot] += float64(float64(c.n) * capacity)
		f.least[c.lot] = min(f.least[c.lot], capacity)
		f.cold[c.lot] += float64(c.n)
	}
	for _, lot := range f.finite {
		f.sum[lot] += float64((float64(w.counts[lot][topology.Up]) - f.cold[lot]) * f.most[lot])
	}
}

// load returns the most that a member of a lot has: of those in rotation the coldest is the nearest to its capacity.
func (f *tide) load(lot int32) float64 {
	if f.byCapacity[lot] == 0 {
		return f.even[lot]
	}
	return f.even[lot] + float64(f.byCapacity[lot]*f.least[lot])
}

// place adds to the pools of a lot what it places on them.
func (f *tide) place(w *world, lot int32) {
	n := &w.counts[lot]
	up, ready, booting := float64(n[topology.Up]), float64(n[topology.Ready]), float64(n[topology.Booting])
	if up+ready+booting == 0 {
		return
	}
	passed := float64(up * f.even[lot])
	if f.byCapacity[lot] > 0 {
		passed += float64(f.byCapacity[lot] * f.sum[lot])
	}
	links := f.t.Links(f.members[lot][0])
	for i := range links {
		if l := &links[i]; l.Pool >= 0 {
			s := l.Supply
			f.placed[l.Pool] += float64((up+ready)*s.Base) + float64(booting*(s.Base+s.Inrush)) + float64(s.Rate()*passed)
		}
	}
}

// split adds to the lots of a pool what they take of it.
func (f *tide) split(w *world, pool int32) {
	p := &f.t.Pools()[pool]
	if !f.weigh(w, pool) {
		f.lost = true
		return
	}
	p.Split(f.placed[pool], f.weights, f.per)
	for _, to := range f.takers[pool] {
		switch {
		case w.counts[to.lot][topology.Up] == 0:
		case p.Share == topology.Proportional || p.Share == topology.Waterfall:
			f.byCapacity[to.lot] += f.per[to.tier]
		case p.Share == topology.Weighted:
			f.even[to.lot] += float64(f.per[to.tier] * p.Weights[to.tier])
		default:
			f.even[to.lot] += f.per[to.tier]
		}
	}
}

// weight returns that of those of a lot that take load of a pool, together.
func (f *tide) weight(w *world, p *topology.Pool, to taker) float64 {
	up := float64(w.counts[to.lot][topology.Up])
	switch p.Share {
	case topology.Proportional, topology.Waterfall:
		return f.sum[to.lot]
	case topology.Weighted:
		return float64(up * p.Weights[to.tier])
	}
	return up
}

// weigh finds the weights of a pool's tiers; it reports whether any takes load.
func (f *tide) weigh(w *world, pool int32) bool {
	p := &f.t.Pools()[pool]
	f.weights, f.per = f.weights[:0], f.per[:0]
	for range p.Ends {
		f.weights, f.per = append(f.weights, 0), append(f.per, 0)
	}
	any := false
	for _, to := range f.takers[pool] {
		weight := f.weight(w, p, to)
		f.weights[to.tier] += weight
		any = any || weight > 0
	}
	return any
}

// serve follows what is lost back up to those who passed it on.
func (f *tide) serve(w *world) {
	for lot := range f.served {
		f.served[lot] = 0
		if w.counts[lot][topology.Up] > 0 {
			f.served[lot] = 1
		}
	}
	for i := len(f.downhill) - 1; i >= 0 && f.lost; i-- {
		step := f.downhill[i]
		if step < 0 {
			f.fraction[^step] = f.servedOf(w, ^step)
			continue
		}
		for _, l := range f.t.Links(f.members[step][0]) {
			if l.Pool >= 0 {
				f.served[step] *= f.fraction[l.Pool]
			}
		}
	}
}

// servedOf returns the fraction of a pool's load that its lots serve, each in proportion to its part of it.
func (f *tide) servedOf(w *world, pool int32) float64 {
	p := &f.t.Pools()[pool]
	served, taken := 0.0, 0.0
	if f.weigh(w, pool) {
		p.Split(f.placed[pool], f.weights, f.per)
		for _, to := range f.takers[pool] {
			share := float64(f.per[to.tier] * f.weight(w, p, to))
			served += float64(share * f.served[to.lot])
			taken += share
		}
	}
	switch {
	case taken > 0:
		return served / taken
	case f.placed[pool] == 0:
		return 1 // nothing is passed on, so nothing is lost
	}
	return 0
}
