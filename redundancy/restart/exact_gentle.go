package restart

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// findGentle finds what does no harm by ending its boot sooner, and of that what does none by being on: it is not worth waiting with.
//
// What boots is gentle if it has no demand, and
//   - waits for rotation, or nobody can draw on it before it is ready, as each of those who do needs all that they share, and
//   - no demand comes up by itself because of it that could find somebody in rotation.
func (x *exact) findGentle(bounds *outlook) {
	for i := range x.asked {
		if _, deep := bounds.mayBeEmpty(x.asked[i].id); len(deep) > 0 {
			x.finely = true // who enters rotation may have nobody behind, and serve less than the others
		}
	}
	for _, p := range x.t.Pools() {
		x.finely = x.finely || slices.Contains(p.Weights, 0)
	}
	calm := true
	for i := range x.runners {
		m := &x.runners[i]
		calm = calm && (!m.source || x.calm(m.id))
	}
	plenty := x.plenties()
	for i := range x.runners {
		m := &x.runners[i]
		quiet := x.t.Demand(m.id) == 0 && calm && (m.rotates || x.aside(m.id))
		m.gentle = m.boot == 0 || quiet
		m.harmless = quiet && (m.rotates || len(x.t.PoolsOf(m.id)) == 0) && x.drawsOnPlenty(m.id, plenty)
		m.free = m.harmless && !x.isLimited(i)
		m.joins = m.rotates && m.warm == 0 && !x.finely && x.t.Demand(m.id) == 0 && x.passesToPlenty(m.id, plenty)
	}
	x.findQueues()
}

// findQueues finds the limits by which one start is as good as another: of what does no harm by being on, boots equally long, and is
// limited by nothing else.
func (x *exact) findQueues() {
	for k := range x.limited {
		l := &x.limited[k]
		l.queue = !slices.ContainsFunc(l.runners, func(i int) bool {
			m := &x.runners[i]
			others := slices.ContainsFunc(x.limited, func(o quorum) bool { return &o.runners[0] != &l.runners[0] && slices.Contains(o.runners, i) })
			return !m.harmless || m.boot != x.runners[l.runners[0]].boot || others
		})
	}
}

// passesToPlenty reports whether all that load is passed on to by a component can carry the worst.
func (x *exact) passesToPlenty(id topology.ID, plenty []bool) bool {
	return !slices.ContainsFunc(x.linksOf[id], func(l topology.Link) bool { return l.Supply != nil && !plenty[l.Pool] })
}

// calm reports whether a demand that comes up by itself finds nobody in rotation before it is up, or does not wait for anybody.
func (x *exact) calm(id topology.ID) bool {
	waits, supplies, places := 0, 0, false
	for _, l := range x.linksOf[id] {
		if l.Need > 0 {
			waits++
		}
		if l.Supply != nil {
			supplies++
			places = places || l.Supply.Base > 0 || l.Supply.Inrush > 0
		}
		if l.Need > 1 {
			waits++
		}
	}
	gated := false
	for i := range x.asked {
		gated = gated || x.asked[i].id == id && x.asked[i].gated
	}
	return waits == 0 || waits == 1 && supplies == 1 && len(x.linksOf[id]) == 1 && gated && !places && x.bootTime[id] == 0
}

// aside reports whether all who draw on a component need it, and all others that they draw on with it, to be up.
func (x *exact) aside(id topology.ID) bool {
	for _, p := range x.t.PoolsOf(id) {
		for _, owner := range x.t.Pools()[p].Owners {
			for _, l := range x.linksOf[owner] {
				if l.Pool == p && l.Need < len(l.Members) {
					return false
				}
			}
		}
	}
	return true
}

func (x *exact) isLimited(i int) bool {
	return slices.ContainsFunc(x.limited, func(l quorum) bool { return slices.Contains(l.runners, i) })
}

// worstLoads returns more than each component can ever have: as if each member of a pool took all that is placed on it.
func (x *exact) worstLoads() []float64 {
	pools := x.t.Pools()
	worst, placed := slices.Repeat([]float64{-1}, x.t.Len()), slices.Repeat([]float64{-1}, len(pools))
	own := make([]float64, x.t.Len())
	for i := range x.asked {
		own[x.asked[i].id] = x.asked[i].full * (1 + x.asked[i].reopen.Surge)
	}
	var load func(id topology.ID) float64
	place := func(p int32) float64 {
		if placed[p] >= 0 {
			return placed[p]
		}
		owners, sum := slices.Clone(pools[p].Owners), 0.
		slices.Sort(owners)
		for _, owner := range slices.Compact(owners) {
			for _, l := range x.linksOf[owner] {
				if l.Pool == p {
					sum += l.Supply.Base + l.Supply.Inrush + float64(l.Supply.Rate()*load(owner))
				}
			}
		}
		placed[p] = sum
		return sum
	}
	load = func(id topology.ID) float64 {
		if worst[id] >= 0 {
			return worst[id]
		}
		sum := own[id]
		for _, p := range x.t.PoolsOf(id) {
			sum += place(p)
		}
		worst[id] = sum
		return sum
	}
	for id := range worst {
		load(topology.ID(id))
	}
	return worst
}

// plenties returns, by pool, whether all that is behind it can carry the worst.
func (x *exact) plenties() []bool {
	worst, pools := x.worstLoads(), x.t.Pools()
	plenty, known := make([]bool, len(pools)), make([]bool, len(pools))
	var find func(p int32) bool
	find = func(p int32) bool {
		if known[p] {
			return plenty[p]
		}
		known[p], plenty[p] = true, true
		for _, m := range pools[p].Members {
			plenty[p] = plenty[p] && worst[m] <= x.t.Capacity(m)*x.coldness(m)
			for _, l := range x.linksOf[m] {
				plenty[p] = plenty[p] && (l.Supply == nil || find(l.Pool))
			}
		}
		return plenty[p]
	}
	for p := range pools {
		find(int32(p))
	}
	return plenty
}

// drawsOnPlenty reports whether all that a component draws on, if it is on, can carry the worst.
func (x *exact) drawsOnPlenty(id topology.ID, plenty []bool) bool {
	return !slices.ContainsFunc(x.linksOf[id], func(l topology.Link) bool {
		return l.Supply != nil && (l.Supply.Base > 0 || l.Supply.Inrush > 0) && !plenty[l.Pool]
	})
}
