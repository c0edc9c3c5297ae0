package restart

import (
	"maps"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A staffing says who of a pool may take load.
type staffing struct {
	up    bool // some always do
	waits bool // some may be ready, and not in rotation
	warms bool // some may warm up
}

// staffingOf finds it once for each pool.
func (o *outlook) staffingOf(pool int32) staffing {
	s, known := o.staffed[pool]
	if known {
		return s
	}
	for _, to := range o.takers[pool] {
		m := o.members[to.lot][0]
		s.up = s.up || o.status[m] == topology.Up
		s.waits = s.waits || o.rotates[m] || o.status[m] == topology.Ready
		s.warms = s.warms || o.status[m] != topology.Up && o.soon[m] >= 0 && o.t.Start(m).WarmUp > 0
	}
	o.staffed[pool] = s
	return s
}

// mayBeEmpty returns the pools behind a component of which nobody may be in rotation though their owners are up: those it draws
// on, and those behind these. Where an owner needs some of what is in rotation as soon as it is ready, somebody is.
func (o *outlook) mayBeEmpty(id topology.ID) (direct, deep []int32) {
	own, others := map[int32]bool{}, map[int32]bool{}
	o.eachBehind([]topology.ID{id}, func(owner topology.ID, l *topology.Link) {
		switch s := o.staffingOf(l.Pool); {
		case s.up:
		case owner == id:
			own[l.Pool] = true
		case l.Need == 0 || s.waits:
			others[l.Pool] = true
		}
	})
	maps.DeleteFunc(others, func(pool int32, _ bool) bool { return own[pool] })
	return slices.Sorted(maps.Keys(own)), slices.Sorted(maps.Keys(others))
}

// warmsBehind reports whether anything that members of a pool draw on may warm up while none of these takes load.
func (o *outlook) warmsBehind(pool int32) (warms bool) {
	o.eachBehind(o.t.Pools()[pool].Members, func(_ topology.ID, l *topology.Link) {
		warms = warms || o.staffingOf(l.Pool).warms
	})
	return warms
}

// eachBehind visits each supply of some components, and of all that is behind them, with its owner: of a lot the first.
func (o *outlook) eachBehind(ids []topology.ID, visit func(owner topology.ID, l *topology.Link)) {
	lots, pools := make([]bool, len(o.members)), make([]bool, len(o.takers))
	var follow func(lot int32)
	follow = func(lot int32) {
		if lots[lot] {
			return
		}
		lots[lot] = true
		owner := o.members[lot][0]
		for i := range o.linksOf[owner] {
			l := &o.linksOf[owner][i]
			if l.Pool < 0 {
				continue
			}
			if visit(owner, l); pools[l.Pool] {
				continue
			}
			pools[l.Pool] = true
			for _, to := range o.takers[l.Pool] {
				follow(to.lot)
			}
		}
	}
	for _, id := range ids {
		follow(o.lot[id])
	}
}
