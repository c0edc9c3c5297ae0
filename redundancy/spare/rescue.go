package spare

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A sort is servers that draw the same of every budget, the strongest first.
type sort struct {
	servers []topology.ID // in rotation
	idle    []topology.ID // out of rotation already
	parts   []pool.Part   // On is a place in rescue.power
}

// A budget is a component of limited power.
type budget struct {
	id       topology.ID
	capacity float64
	fixed    float64   // what is no server draws
	base     []float64 // by sort: what a server draws that is up,
	rate     []float64 // and for each unit of its load
}

// A way is what becomes of each server: n of them in rotation carry load.
type way struct {
	n            int
	load         float64
	on, out, off []topology.ID
}

// survey finds the sorts and budgets. It says what could not be helped by servers at all.
func (r *rescue) survey() string {
	t, draws := r.p.Topology, r.p.Draws(r.st)
	for b, id := range r.p.Power {
		if r.st.Status[id] != topology.Down {
			r.power = append(r.power, budget{id: id, capacity: t.Capacity(id), fixed: draws.Fixed[b]})
		}
	}
	for id := range topology.ID(t.Len()) {
		if _, server := r.p.Place(id); server || r.st.Status[id] == topology.Down {
			continue
		}
		if topology.Overloaded(draws.Steady[id], t.Capacity(id)) {
			return t.Name(id) + " is overloaded by what is not of the pool."
		}
	}
	r.sortOut(draws)
	for b := range r.power {
		m := &r.power[b]
		m.base, m.rate = make([]float64, len(r.sorts)), make([]float64, len(r.sorts))
		for g := range r.sorts {
			for _, part := range r.sorts[g].parts {
				if r.p.Power[part.On] == m.id {
					m.base[g], m.rate[g] = part.Base, part.Rate
				}
			}
		}
	}
	return ""
}

func (r *rescue) sortOut(draws *pool.Draws) {
	place := map[int]int{}
	at := func(id topology.ID) *sort {
		class := draws.Class(id)
		g, ok := place[class]
		if !ok {
			g = len(r.sorts)
			place[class] = g
			r.sorts = append(r.sorts, sort{parts: draws.Of(id)})
		}
		return &r.sorts[g]
	}
	for _, id := range r.p.Strongest(r.st.Rotating) {
		s := at(id)
		s.servers = append(s.servers, id)
	}
	for _, id := range r.st.Idle {
		s := at(id)
		s.idle = append(s.idle, id)
	}
}

// staying returns the load that the pool can carry if every server stays as it is.
func (r *rescue) staying() float64 {
	on, out := make([]int, len(r.sorts)), make([]int, len(r.sorts))
	for g, s := range r.sorts {
		on[g], out[g] = len(s.servers), len(s.idle)
	}
	q := r.most(on, out)
	if q < 0 {
		return r.p.Base
	}
	return min(r.load, q*float64(len(r.st.Rotating)))
}

// most returns the most load of each server in rotation with which on[g] in rotation and out[g] out of it, of each sort,
// overload nothing; negative if they do so without any.
func (r *rescue) most(on, out []int) float64 {
	q := math.Inf(1)
	for g, n := range on {
		if n > 0 {
			q = min(q, r.p.Topology.Capacity(r.sorts[g].servers[n-1]))
		}
	}
	for b := range r.power {
		m := &r.power[b]
		left, rate := m.capacity-m.fixed, 0.0
		for g := range on {
			left -= float64(m.base[g] * float64(on[g]+out[g]))
			rate += float64(m.rate[g] * float64(on[g]))
		}
		switch {
		case left < 0 && topology.Overloaded(m.capacity-left, m.capacity):
			return -1
		case rate > 0:
			q = min(q, max(left, 0)/rate)
		}
	}
	return q
}

// best finds the most load that can be carried, in the way that keeps most servers.
//
// Fewer servers carry more each. For each number n of servers in rotation, the ways in which n can carry a load of q
// each only become fewer as q grows, so whether more than the best so far can be carried is one question, and by halving
// the range of q the most is found to the tolerance of overloads. Every answer is a program in whole numbers.
func (r *rescue) best(ctx context.Context) (way, bool, error) {
	best := way{load: -1}
	all := len(r.st.Rotating)
	strongest := r.p.Strongest(r.st.Rotating)
	for n := all; n > 0; n-- {
		top := min(r.load/float64(n), r.p.Topology.Capacity(strongest[n-1]))
		least := max(r.p.Base, best.load*(1+2*topology.Tolerance)) / float64(n)
		if top < least {
			continue
		}
		w, ok, err := r.with(ctx, n, least, top)
		if err != nil || !ok {
			return w, ok, err
		}
		if w.n > 0 && w.load > best.load {
			best = w
		}
		if best.load >= r.load*(1-topology.Tolerance) {
			break
		}
	}
	return best, true, nil
}

// with finds the most load from least to top, each, that n servers can carry; a way with n = 0 if not even the least.
func (r *rescue) with(ctx context.Context, n int, least, top float64) (way, bool, error) {
	on, out, ok, err := r.fit(ctx, n, top)
	if err != nil || !ok {
		return way{}, ok, err
	}
	if on != nil {
		return r.way(on, out, top), true, nil
	}
	if on, out, ok, err = r.fit(ctx, n, least); on == nil || err != nil || !ok {
		return way{}, ok, err
	}
	low, high := min(top, max(least, r.most(on, out))), top
	for high > low*(1+topology.Tolerance) {
		middle := low + (high-low)/2
		o, u, ok, err := r.fit(ctx, n, middle)
		if err != nil || !ok {
			return way{}, ok, err
		}
		if o == nil {
			high = middle
			continue
		}
		on, out = o, u
		low = min(top, max(middle, r.most(on, out)))
	}
	if o, u, ok, err := r.fit(ctx, n, low); err == nil && ok && o != nil {
		on, out = o, u // with as few off as can be
	}
	return r.way(on, out, low), true, nil
}

// way names the servers: of each sort the strongest stay in rotation, and of the others the first declared stay up.
func (r *rescue) way(on, out []int, q float64) way {
	var w way
	for g, s := range r.sorts {
		w.n += on[g]
		w.on = append(w.on, s.servers[:on[g]]...)
		rest := slices.Clone(s.servers[on[g]:])
		slices.Sort(rest)
		idle := min(len(s.idle), out[g])
		w.off = append(w.off, s.idle[idle:]...)
		w.out = append(w.out, rest[:out[g]-idle]...)
		w.off = append(w.off, rest[out[g]-idle:]...)
	}
	for _, ids := range [][]topology.ID{w.on, w.out, w.off} {
		slices.Sort(ids)
	}
	w.load = min(r.load, q*float64(w.n))
	return w
}

// fit finds how many of each sort to keep in rotation, n in all, and how many out of it, as many as can be, so that each
// in rotation can carry q. Nil if there is no way; not ok if that could not be found out.
func (r *rescue) fit(ctx context.Context, n int, q float64) (on, out []int, ok bool, err error) {
	groups := len(r.sorts)
	p := integer.Program{}
	var all, kept, notMore integer.Row
	all.Least, kept.Least, notMore.Least = float64(n), float64(r.p.Need), float64(-n)
	for g, s := range r.sorts {
		able := r.able(s, q)
		p.Cost, p.Most = append(p.Cost, new(big.Rat)), append(p.Most, able)
		all.On, all.Of = append(all.On, g), append(all.Of, 1)
		notMore.On, notMore.Of = append(notMore.On, g), append(notMore.Of, -1)
		kept.On, kept.Of = append(kept.On, g, groups+g), append(kept.Of, 1, 1)
	}
	for g, s := range r.sorts {
		size := len(s.servers) + len(s.idle)
		p.Cost, p.Most = append(p.Cost, big.NewRat(-1, 1)), append(p.Most, size)
		p.Rows = append(p.Rows, integer.Row{On: []int{g, groups + g}, Of: []float64{-1, -1}, Least: -float64(size)})
	}
	p.Rows = append(p.Rows, all, notMore, kept)
	for b := range r.power {
		p.Rows = append(p.Rows, r.power[b].row(q, groups))
	}
	result, err := integer.Solve(ctx, p, maxNodes)
	switch {
	case err != nil:
		return nil, nil, false, err
	case result.Infeasible:
		return nil, nil, true, nil
	case result.X == nil:
		return nil, nil, false, nil
	}
	return result.X[:groups], result.X[groups:], true, nil
}

// able returns how many servers of a sort in rotation can carry q.
func (r *rescue) able(s sort, q float64) int {
	n, _ := slices.BinarySearchFunc(s.servers, q, func(id topology.ID, q float64) int {
		if topology.Overloaded(q, r.p.Topology.Capacity(id)) {
			return 1
		}
		return -1
	})
	return n
}

// row asks for what servers draw at a load of q to fit.
func (m *budget) row(q float64, groups int) integer.Row {
	row := integer.Row{Least: m.fixed - (m.capacity + float64(m.capacity*topology.Tolerance))}
	for g := range groups {
		if draw := m.base[g] + float64(m.rate[g]*q); draw > 0 {
			row.On, row.Of = append(row.On, g), append(row.Of, -draw)
		}
		if m.base[g] > 0 {
			row.On, row.Of = append(row.On, groups+g), append(row.Of, -m.base[g])
		}
	}
	return row
}

// load returns the true load of a budget.
func (m *budget) load(r *rescue, w way, q float64) float64 {
	sum := m.fixed
	for g, s := range r.sorts {
		for _, id := range append(slices.Clone(s.servers), s.idle...) {
			if !contains(w.off, id) {
				sum += m.base[g]
			}
			if contains(w.on, id) {
				sum += float64(m.rate[g] * q)
			}
		}
	}
	return sum
}

func contains(sorted []topology.ID, id topology.ID) bool {
	_, found := slices.BinarySearchFunc(sorted, id, func(a, b topology.ID) int { return cmp.Compare(a, b) })
	return found
}
