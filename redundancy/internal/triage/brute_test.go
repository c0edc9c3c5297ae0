package triage_test

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
	"github.com/ridethrough/ridethrough/topology"
)

// A brute looks at every status of every server.
type brute struct {
	p       triage.Problem
	spills  bool
	is      []bool
	demands []topology.ID
	flow    *topology.Flow
	value   float64 // the most; negative if nothing holds
	live    int
	off     int
}

// every tries each of on, out and off for every server that is in rotation, and of up and off for each that is not.
func every(p triage.Problem) *brute {
	t := p.Topology
	b := &brute{p: p, value: -1, is: servers(t), flow: t.Flow(topology.State{})}
	for _, pool := range t.Pools() {
		b.spills = b.spills || pool.Share == topology.Waterfall
	}
	var ids []topology.ID
	for id := range topology.ID(t.Len()) {
		if p.Demand[id] > 0 {
			b.demands = append(b.demands, id)
		}
		if b.is[id] && p.Status[id] != topology.Down {
			ids = append(ids, id)
		}
	}
	b.rest(ids, slices.Clone(p.Status), 0)
	return b
}

func (b *brute) rest(ids []topology.ID, status []topology.Status, off int) {
	if len(ids) == 0 {
		b.look(status, off)
		return
	}
	id, was := ids[0], status[ids[0]]
	b.rest(ids[1:], status, off)
	if was == topology.Up {
		status[id] = topology.Ready
		b.rest(ids[1:], status, off)
	}
	status[id] = topology.Down
	b.rest(ids[1:], status, off+1)
	status[id] = was
}

func (b *brute) look(chosen []topology.Status, off int) {
	status := slices.Clone(chosen)
	closure := b.p.Topology.Closure()
	for id, s := range chosen {
		if s == topology.Down {
			for _, l := range closure.Fail(topology.ID(id)) {
				status[l.ID] = topology.Down
			}
		}
	}
	value := -1.0
	switch {
	case !b.holds(status, make([]float64, len(b.demands))):
	case b.spills:
		value = b.climb(status)
	default:
		value = b.corners(status)
	}
	live := 0
	for id, is := range b.is {
		if is && status[id] == topology.Up {
			live++
		}
	}
	if value > b.value+1e-7 || value > b.value-1e-7 && value >= 0 && (live > b.live || live == b.live && off < b.off) {
		b.value, b.live, b.off = max(value, b.value), live, off
	}
}

// at computes the loads at fractions of the demands.
func (b *brute) at(status []topology.Status, fraction []float64) {
	demand := make([]float64, len(status))
	for k, id := range b.demands {
		demand[id] = b.p.Demand[id] * fraction[k]
	}
	b.flow.Update(topology.State{Status: status, Demand: demand})
}

// holds reports whether nothing is overloaded, and what is admitted is served.
func (b *brute) holds(status []topology.Status, fraction []float64) bool {
	t := b.p.Topology
	b.at(status, fraction)
	for id := range topology.ID(t.Len()) {
		if status[id] != topology.Down && topology.Overloaded(b.flow.Load[id], t.Capacity(id)) {
			return false
		}
	}
	for k, id := range b.demands {
		if fraction[k] > 0 && b.flow.Served[id] < 1-topology.Tolerance {
			return false
		}
	}
	return true
}

// corners returns the most value that a state admits where loads are linear: the best of all points where as many limits
// meet as there are demands. Limits are normal · f ≤ room.
func (b *brute) corners(status []topology.Status) float64 {
	t, n := b.p.Topology, len(b.demands)
	var limits [][]float64
	b.at(status, make([]float64, n))
	base := slices.Clone(b.flow.Load)
	part := make([][]float64, n)
	for k := range n {
		unit := make([]float64, n)
		unit[k] = 1e-6
		most := 1.0
		if !b.holds(status, unit) {
			most = 0 // it is not served, for the room of what is overloaded is seen to below
		}
		part[k] = make([]float64, t.Len())
		for id := range base {
			part[k][id] = (b.flow.Load[id] - base[id]) / 1e-6
		}
		if b.flow.Served[b.demands[k]] >= 1-topology.Tolerance {
			most = 1
		}
		one, zero := make([]float64, n+1), make([]float64, n+1)
		one[k], one[n], zero[k] = 1, most, -1
		limits = append(limits, one, zero)
	}
	for id := range topology.ID(t.Len()) {
		row, sum := make([]float64, n+1), base[id]
		for k := range n {
			row[k] = part[k][id]
			sum += part[k][id]
		}
		if row[n] = max(0, t.Capacity(id)-base[id]); status[id] != topology.Down && sum > t.Capacity(id) {
			limits = append(limits, row)
		}
	}
	best := 0.0
	meet(limits, n, nil, func(f []float64) {
		for _, l := range limits {
			sum := 0.0
			for k := range n {
				sum += l[k] * f[k]
			}
			if sum > l[n]+1e-9 {
				return
			}
		}
		best = max(best, b.valueOf(f))
	})
	return best
}

// meet yields the points where n limits meet.
func meet(limits [][]float64, n int, some [][]float64, yield func([]float64)) {
	if n == 0 {
		if f := solve(some); f != nil {
			yield(f)
		}
		return
	}
	for i := range limits {
		meet(limits[i+1:], n-1, append(some, limits[i]), yield)
	}
}

// solve is Cramer's rule, by elimination; nil if there is no single solution.
func solve(rows [][]float64) []float64 {
	n := len(rows)
	m := make([][]float64, n)
	for i := range m {
		m[i] = slices.Clone(rows[i])
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			if math.Abs(m[j][i]) > math.Abs(m[i][i]) {
				m[i], m[j] = m[j], m[i]
			}
		}
		if math.Abs(m[i][i]) < 1e-9 {
			return nil
		}
		for j := range n {
			if j != i {
				x := m[j][i] / m[i][i]
				for k := range m[j] {
					m[j][k] -= x * m[i][k]
				}
			}
		}
	}
	f := make([]float64, n)
	for i := range n {
		f[i] = m[i][n] / m[i][i]
	}
	return f
}

// climb raises demand by demand, in every order, by halving: what it finds can be had, and there may be more.
func (b *brute) climb(status []topology.Status) float64 {
	best := 0.0
	for _, order := range permutations(len(b.demands)) {
		f := make([]float64, len(b.demands))
		for _, k := range order {
			f[k] = b.halve(func(x float64) bool {
				g := slices.Clone(f)
				g[k] = x
				return b.holds(status, g)
			})
		}
		best = max(best, b.valueOf(f))
	}
	return best
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := 0; i <= len(p); i++ {
			all = append(all, slices.Insert(slices.Clone(p), i, n-1))
		}
	}
	return all
}

func (b *brute) halve(holds func(float64) bool) float64 {
	if holds(1) {
		return 1
	}
	low, high := 0.0, 1.0
	for range 24 {
		if x := low + (high-low)/2; holds(x) {
			low = x
		} else {
			high = x
		}
	}
	if low < 1e-9 {
		return 0
	}
	return low
}

func (b *brute) valueOf(f []float64) float64 {
	sum := 0.0
	for k, id := range b.demands {
		sum += f[k] * b.p.Demand[id] * b.p.Worth[id]
	}
	return sum
}
