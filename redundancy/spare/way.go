package spare

import (
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// A way is what becomes of each server: n of them in rotation carry load.
type way struct {
	n            int
	load         float64
	on, out, off []topology.ID
	base, rate   []float64 // by budget: what it draws
}

// staying returns the load that the pool can carry if every server stays as it is.
func (r *rescue) staying() float64 {
	on, out := make([]int, len(r.classes)), make([]int, len(r.classes))
	for g, s := range r.classes {
		on[g], out[g] = len(s.servers), len(s.idle)
	}
	q := r.most(on, out)
	if q < 0 {
		return r.p.Base
	}
	return min(r.load, q*float64(len(r.st.Rotating)))
}

// most returns the most load of each server in rotation with which on[g] in rotation and out[g] out of it, of each class,
// overload nothing; negative if they do so without any.
func (r *rescue) most(on, out []int) float64 {
	q := math.Inf(1)
	for g, n := range on {
		if n > 0 {
			q = min(q, r.p.Topology.Capacity(r.classes[g].servers[n-1]))
		}
	}
	for b := range r.power {
		m := &r.power[b]
		base, rate := m.draw(on, out)
		left := m.capacity - m.fixed - base
		switch {
		case left < 0 && topology.Overloaded(m.capacity-left, m.capacity):
			return -1
		case rate > 0:
			q = min(q, max(left, 0)/rate)
		}
	}
	return q
}

// alike is how much more, in parts of it, fewer servers must carry to be preferred to more: the tolerance of overloads at a
// board that is nearly filled without load lets them carry many times that tolerance more.
const alike = 100 * topology.Tolerance

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
		least := max(r.p.Base, best.load*(1+alike)) / float64(n)
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

// way names the servers: of each class the strongest stay in rotation, and of the others the first declared stay up.
func (r *rescue) way(on, out []int, q float64) way {
	var w way
	for g, s := range r.classes {
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
	for b := range r.power {
		base, rate := r.power[b].draw(on, out)
		w.base, w.rate = append(w.base, base), append(w.rate, rate)
	}
	return w
}

// fit finds how many of each class to keep in rotation, n in all, and how many out of it, as many as can be, so that each
// in rotation can carry q. Nil if there is no way; not ok if that could not be found out.
func (r *rescue) fit(ctx context.Context, n int, q float64) (on, out []int, ok bool, err error) {
	groups := len(r.classes)
	p := integer.Program{}
	var all, kept, notMore integer.Row
	all.Least, kept.Least, notMore.Least = float64(n), float64(r.p.Need), float64(-n)
	for g, s := range r.classes {
		able := r.able(s, q)
		p.Cost, p.Most = append(p.Cost, new(big.Rat)), append(p.Most, able)
		all.On, all.Of = append(all.On, g), append(all.Of, 1)
		notMore.On, notMore.Of = append(notMore.On, g), append(notMore.Of, -1)
		kept.On, kept.Of = append(kept.On, g, groups+g), append(kept.Of, 1, 1)
	}
	for g, s := range r.classes {
		size := len(s.servers) + len(s.idle)
		p.Cost, p.Most = append(p.Cost, big.NewRat(-1, 1)), append(p.Most, size)
		p.Rows = append(p.Rows, integer.Row{On: []int{g, groups + g}, Of: []float64{-1, -1}, Least: -float64(size)})
	}
	p.Rows = append(p.Rows, all, notMore, kept)
	for b := range r.power {
		p.Rows = append(p.Rows, r.power[b].row(q, groups))
	}
	size := len(p.Rows) * len(p.Cost) * len(p.Rows)
	result, err := integer.Solve(ctx, p, min(rescueNodes, r.work/size+1))
	r.work -= result.Nodes * size
	switch {
	case err != nil:
		return nil, nil, false, err
	case result.Infeasible:
		return nil, nil, true, nil
	case result.X == nil || r.work < 0:
		return nil, nil, false, nil
	}
	return result.X[:groups], result.X[groups:], true, nil
}

// able returns how many servers of a class in rotation can carry q.
func (r *rescue) able(s class, q float64) int {
	n, _ := slices.BinarySearchFunc(s.servers, q, func(id topology.ID, q float64) int {
		if topology.Overloaded(q, r.p.Topology.Capacity(id)) {
			return 1
		}
		return -1
	})
	return n
}
