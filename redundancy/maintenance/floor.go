package maintenance

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// floor returns how many groups some units take at least. In each case the members of a pool that stay in rotation must be able to
// carry what a demand places on it: by the sum of their capacities, whatever the share, and by their number, where all bear the
// same; and so must they with the first of a group that is back, and cold. So what a group takes from it besides what the case
// takes is limited, and the groups together take all. What limits hold in each of some cases holds in their sum, which says more
// where each case spares others.
func (q *question) floor(units []unit, cases []loss) int {
	if len(units) == 0 {
		return 0
	}
	f := &floor{question: q, home: slices.Repeat([]int32{-1}, q.t.Len()), units: len(units), sums: map[int32][2]room{}}
	named := map[topology.ID]bool{}
	for i, u := range units {
		for _, id := range u.named {
			named[id] = true
		}
		for _, id := range u.down {
			f.home[id] = int32(i) // of several units it counts for one
		}
	}
	f.asked = slices.DeleteFunc(slices.Clone(q.demands), func(id topology.ID) bool { return named[id] })
	most, v := 1, newViewer(q)
	for _, l := range cases {
		v.set(&stage{}, l)
		for pool, load := range f.placed(v, l) {
			if load > 0 {
				most = max(most, f.pool(v, int32(pool), load, l))
			}
		}
	}
	for _, sums := range f.sums {
		most = max(most, sums[0].bins(), sums[1].bins())
	}
	return most
}

// every returns each scenario of the family, where these are not too many to look at all: alike ones limit different units.
func (q *question) every(cases []loss) []loss {
	n, err := q.family.Count(q.t)
	if err != nil || !n.IsInt64() || n.Int64() > min(q.o.Cases, mostLooked/int64(q.t.Len())) {
		return cases
	}
	scenarios, err := q.family.All(q.t)
	if err != nil {
		return cases
	}
	all := []loss{nothing(q)}
	for s := range scenarios {
		l := q.loss(s)
		l.load *= q.load
		all = append(all, l)
	}
	return all
}

// mostLooked bounds scenarios × components.
const mostLooked = 50_000_000

// A floor is what units take away.
type floor struct {
	*question
	home  []int32 // by ID: the unit with which it goes down
	units int
	asked []topology.ID
	sums  map[int32][2]room // by pool: of all cases in which something else is lost, by capacity and by number
}

// A room is what a group may take of a pool, and what each unit takes of it.
type room struct {
	weights []float64
	size    float64
}

// placed returns, by pool, what demands place on it, so far as it must be served.
func (f *floor) placed(v *viewer, l loss) []float64 {
	all := make([]float64, len(f.t.Pools()))
	for _, id := range f.asked {
		if v.state.Status[id] != topology.Up {
			continue
		}
		load := min(v.state.Demand[id], f.t.Capacity(id))
		for _, link := range f.t.Links(id) {
			if link.Supply != nil && f.t.Pools()[link.Pool].Share != topology.Each {
				part := link.Supply.Base + float64(link.Supply.Rate()*load)
				if f.o.Survive && !l.nothing {
					part = float64(link.Supply.Rate()*load) * f.o.Serve
				}
				all[link.Pool] += part
			}
		}
	}
	return all
}

// pool returns how many groups a pool asks for in a case.
func (f *floor) pool(v *viewer, pool int32, load float64, l loss) int {
	byCapacity, byNumber := f.rooms(v, &f.t.Pools()[pool], load, l)
	if !l.nothing {
		sums := f.sums[pool]
		f.sums[pool] = [2]room{sums[0].plus(byCapacity), sums[1].plus(byNumber)}
	}
	return max(byCapacity.bins(), byNumber.bins())
}

// rooms returns what a group may take of a pool, by capacity and, where all bear the same, by number.
func (f *floor) rooms(v *viewer, p *topology.Pool, load float64, l loss) (byCapacity, byNumber room) {
	weights, left := make([]float64, f.units), []topology.ID(nil)
	sum := 0.0
	for _, m := range p.Members {
		if v.state.Status[m] != topology.Up {
			continue
		}
		left = append(left, m)
		sum += f.t.Capacity(m)
		if u := f.home[m]; u >= 0 {
			weights[u] += f.t.Capacity(m)
		}
	}
	if len(left) == 0 {
		return room{}, room{}
	}
	least := load / (1 + 2*topology.Tolerance)
	if !math.IsInf(sum, 1) {
		byCapacity = room{weights, sum - least}
	}
	if p.Share == topology.Equal {
		byNumber = f.byNumber(left, least, !f.o.Together && (l.nothing || !f.o.Survive))
	}
	return byCapacity, byNumber
}

// byNumber returns the room in a pool whose members bear the same: as many must be left as the strongest of them needs beside
// it. In any order that is so for each that stays, the weakest too, or else for the last of the weakest to go; and for the
// first to be back, cold, with those that are not of its group. So what limits a group is the least of the limits of its units, and each
// unit takes at least its part of that.
func (f *floor) byNumber(left []topology.ID, load float64, anyOrder bool) room {
	counts, limits := make([]float64, f.units), slices.Repeat([]float64{math.Inf(1)}, f.units)
	most := f.mostOut(left, load, anyOrder)
	for _, m := range left {
		u := f.home[m]
		if u < 0 {
			continue
		}
		counts[u]++
		if limits[u] = min(limits[u], most); anyOrder {
			limits[u] = min(limits[u], float64(len(left)+1)-members(load, f.cold(m)))
		}
	}
	for u, n := range counts {
		switch {
		case n == 0:
		case limits[u] < n:
			counts[u] = math.Inf(1) // it can never be out
		default:
			counts[u] = n / limits[u]
		}
	}
	return room{counts, 1}
}

// mostOut returns how many of a pool's members can be out, whichever they are.
func (f *floor) mostOut(left []topology.ID, load float64, anyOrder bool) float64 {
	least, most := math.Inf(1), 0.0
	for _, m := range left {
		least, most = min(least, f.t.Capacity(m)), max(most, f.t.Capacity(m))
	}
	if !anyOrder {
		return float64(len(left)) - members(load, most)
	}
	weakest := 0.0
	for _, m := range left {
		if f.t.Capacity(m) == least {
			if f.home[m] < 0 {
				weakest = math.Inf(1) // one of them always stays
			}
			weakest++
		}
	}
	out := float64(len(left)) - members(load, least)
	if weakest <= out+1 { // all of them may be out, the last as the last of its group
		out++
	}
	return out
}

// plus adds what another case leaves.
func (r room) plus(more room) room {
	if more.weights == nil {
		return r
	}
	if r.weights == nil {
		r.weights = make([]float64, len(more.weights))
	}
	for i, w := range more.weights {
		r.weights[i] += w
	}
	r.size += more.size
	return r
}

func (r room) bins() int {
	if r.weights == nil {
		return 1
	}
	return bins(slices.Clone(r.weights), r.size)
}

// members returns how many of a capacity a load takes.
func members(load, capacity float64) float64 { return math.Ceil(load/capacity - topology.Tolerance) }

// bins returns a number of bins of a size that weights do not go into fewer of: by their sum, and by the number of those
// above some weight. What is too heavy for any is left out.
func bins(weights []float64, size float64) int {
	const slack = 1e-9 // so that rounding never asks for one more
	size += slack * max(1, math.Abs(size))
	fit := slices.DeleteFunc(weights, func(w float64) bool { return w <= 0 || w > size })
	slices.Sort(fit)
	sum, most := 0.0, 1
	for i, w := range slices.Backward(fit) {
		sum += w
		if i > 0 && fit[i-1] == w {
			continue
		}
		most = max(most, int(math.Ceil(float64(len(fit)-i)/math.Floor(size/w))))
	}
	if size > 0 {
		most = max(most, int(math.Ceil(sum/size)))
	}
	return most
}
