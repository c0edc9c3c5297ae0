package maintenance

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ridethrough/ridethrough/topology"
)

// A bound is what no combination of phases of a group exceeds. What is out takes no load from others, and places all that it
// would if it were back alone: see [topology.Unrelieved]. On top of it comes the in-rush of as many as may boot at once, and the
// capacity is that of a cold component, or of a warm one, whichever is worse for what is asked. Loads only grow with what is
// out so, and each component of the group bears the most when it is back before the others.
type bound struct {
	*group
	rush  []rush
	below []topology.ID // of wounded, those that get more as others warm up: cold they may have to bear what these pass on warm
}

// A rush is the in-rush that a pool may have to bear.
type rush struct {
	pool int32
	load float64
}

// bound prepares the bound of a group.
func (q *question) bound(g *group) *bound {
	b := &bound{group: g}
	b.findBelow(q)
	type counted struct{ pool, limit int32 } // by the first limit that counts it; 0 is none
	draws := map[counted][]float64{}
	for _, id := range g.down {
		if q.t.Start(id).Boot == 0 {
			continue
		}
		limit := int32(slices.IndexFunc(q.limits, func(l limit) bool { return l.has[id] }) + 1)
		for _, l := range q.t.Links(id) {
			if l.Supply != nil && l.Supply.Inrush > 0 {
				key := counted{l.Pool, limit}
				draws[key] = append(draws[key], l.Supply.Inrush)
			}
		}
	}
	for key, all := range draws {
		slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
		if key.limit > 0 {
			all = all[:min(len(all), q.limits[key.limit-1].most)]
		}
		r := rush{pool: key.pool}
		for _, x := range all {
			r.load += x
		}
		b.rush = append(b.rush, r)
	}
	slices.SortFunc(b.rush, func(a, b rush) int { return cmp.Or(cmp.Compare(a.pool, b.pool), cmp.Compare(a.load, b.load)) })
	return b
}

// keeps reports whether the bound keeps to all capacities, and leaves every demand served, in all cases. Then all of them hold
// whichever of the group are in whichever phase.
func (q *question) keeps(ctx context.Context, g *group, cases []loss) (bool, error) {
	b := q.bound(g)
	var next atomic.Int64
	var exceeded atomic.Bool
	var all sync.WaitGroup
	for range min(q.o.Workers, len(cases)) {
		all.Go(func() {
			v := newViewer(q)
			for i := next.Add(1) - 1; int(i) < len(cases) && !exceeded.Load() && ctx.Err() == nil; i = next.Add(1) - 1 {
				if !v.keeps(b, cases[i]) {
					exceeded.Store(true)
				}
			}
		})
	}
	all.Wait()
	return !exceeded.Load(), ctx.Err()
}

func (v *viewer) keeps(b *bound, l loss) bool {
	s := &stage{named: b.named}
	v.name(s, l, true)
	defer v.name(s, l, false)
	v.unrelieve(b, l)
	if !v.takers() || !v.demandsUp() {
		return false
	}
	v.rush(b)
	v.flow.Update(v.state)
	if !v.within() {
		return false
	}
	for _, id := range b.below {
		if topology.Overloaded(v.flow.Load[id], v.q.cold(id)) {
			return false
		}
	}
	if len(b.wounded) == 0 {
		return true
	}
	for _, id := range b.wounded {
		v.state.Capacity[id] = v.q.cold(id)
	}
	v.flow.Update(v.state)
	return v.within()
}

// unrelieve sets the state in which a group is out, and keeps drawing.
func (v *viewer) unrelieve(b *bound, l loss) {
	v.plain(l)
	lost := v.closure.Fail(l.lose...)
	for id := range v.state.Status {
		if v.closure.Down(topology.ID(id)) {
			v.state.Status[id] = topology.Down
		}
	}
	for _, ids := range [][]topology.ID{v.q.drain, l.drain} {
		for _, id := range ids {
			if v.state.Status[id] == topology.Up {
				v.state.Status[id] = topology.Ready
			}
		}
	}
	out := v.closure.Fail(b.named...)
	for _, o := range out {
		if v.state.Status[o.ID] == topology.Up {
			v.state.Status[o.ID] = topology.Unrelieved
		}
	}
	v.closure.Undo(out)
	v.closure.Undo(lost)
}

// rush adds the in-rush to the members that may have to bear it.
func (v *viewer) rush(b *bound) {
	for _, r := range b.rush {
		p := &v.q.t.Pools()[r.pool]
		up := 0
		for _, m := range p.Members {
			if v.state.Status[m] == topology.Up {
				up++
			}
		}
		for _, m := range p.Members {
			switch part := r.load; {
			case p.Share != topology.Equal:
				v.state.Demand[m] += part
			case v.state.Status[m] == topology.Up:
				v.state.Demand[m] += part / float64(up)
			default:
				v.state.Demand[m] += part / float64(up+1)
			}
		}
	}
}

// within reports whether all that may run keeps to its capacity.
func (v *viewer) within() bool {
	for id, status := range v.state.Status {
		if status != topology.Down && topology.Overloaded(v.flow.Load[id], v.state.Capacity[id]) {
			return false
		}
	}
	return true
}

// demandsUp reports whether every demand that is asked for stays up.
func (v *viewer) demandsUp() bool {
	for _, id := range v.q.demands {
		if status := v.state.Status[id]; !v.named[id] && status != topology.Up {
			return false
		}
	}
	return true
}

// takers reports whether all load that may be placed finds a member that takes it: one that stays up, or else one of several
// that are in rotation whenever they run, of which the owner needs some to run itself.
func (v *viewer) takers() bool {
	t := v.q.t
	for i := range t.Pools() {
		p := &t.Pools()[i]
		if v.stays(p) {
			continue
		}
		held := v.held(p)
		for _, owner := range p.Owners {
			if v.state.Status[owner] == topology.Down {
				continue
			}
			for _, l := range t.Links(owner) {
				if l.Pool == int32(i) && !(held && l.Need > 0) {
					return false
				}
			}
		}
	}
	return true
}

// stays reports whether some member of a pool stays up, and takes load.
func (v *viewer) stays(p *topology.Pool) bool {
	from := 0
	for tier, end := range p.Ends {
		if p.Share != topology.Weighted || p.Weights[tier] > 0 {
			for _, m := range p.Members[from:end] {
				if v.state.Status[m] == topology.Up {
					return true
				}
			}
		}
		from = end
	}
	return false
}

// held reports whether every member of a pool takes load whenever it runs.
func (v *viewer) held(p *topology.Pool) bool {
	if p.Share == topology.Weighted && slices.Contains(p.Weights, 0) {
		return false
	}
	return !slices.ContainsFunc(p.Members, func(m topology.ID) bool {
		return v.q.rotates[m] || v.state.Status[m] == topology.Ready
	})
}
