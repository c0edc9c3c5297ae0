package triage

import (
	"math"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// A relaxation is a linear program that no choice is outside of, so that no choice admits more than its optimum.
//
// Its columns, each from 0 to 1, are the fraction of each demand, of each class that may go down how many are up, and how
// much of what it could carry a class gets from each pool. Whatever a choice does, it gives them values that keep these rows:
//
//   - What is in rotation carries at most its capacity, and what is down nothing: load ≤ capacity · up. The capacity is that
//     at which the engine calls it overloaded, which leaves room for the rounding of all that follows.
//   - A pool all of whose members stay, whatever is done, splits its load by parts that are known. Of any other, members may
//     take any parts: their loads add up to no less than what is placed there, base · up + rate · load of its owners.
//   - Nothing of what comes from an admitted demand is lost, or it would not be served. Only what bases bring may be, in a
//     pool that may be left without members: it is taken off what is placed. An owner that is a demand is refused then, so of
//     its base no more than the admitted part is asked for.
//   - Members that share equally carry as much as the weakest of those that do, so together at most max_j c_(j) · (number
//     with capacity ≥ c_(j)); the same for weights, and in each tier.
//   - All that a demand draws on is left out but loads, and so is every need.
type relaxation struct {
	*fleet
	integer.Linear
	fraction []int     // by demand: its column
	stays    []int     // by class: its column; -1 if all of it stays up
	load     []sum     // by class: of all its components
	one      []float64 // by class: the most that one component of it carries
	most     []float64 // by class: and all of them
	lost     []float64 // by class: the most that bases bring to all its components
	demand   []int     // by class: its place in demands; -1
	poolMost []float64
	left     *look
	strength func(pool int32) []float64
	counts   *counts
	parts    bool  // counts may be narrower than those of any choice
	even     []sum // by class: what each in rotation gets from pools that give all the same
	shares   []evenShare
}

// A sum is of coefficients by column, and a constant.
type sum struct {
	on    []int
	of    []float64
	fixed float64
	past  int // all its columns are before
}

func (s *sum) add(column int, of float64) {
	if of == 0 {
		return
	}
	if column < s.past {
		for i, j := range s.on {
			if j == column {
				s.of[i] += of
				return
			}
		}
	}
	s.on, s.of, s.past = append(s.on, column), append(s.of, of), max(s.past, column+1)
}

// plus adds another sum, times a factor.
func (s *sum) plus(other sum, times float64) {
	for i, j := range other.on {
		s.add(j, float64(other.of[i]*times))
	}
	s.fixed += float64(other.fixed * times)
}

// slack is left in every row, in parts of its terms, for the rounding of coefficients.
const slack = 1e-13

// relax sets up the program of a fleet. Its pools take no more than strength says, and so many of each class are in
// rotation, where counts are given.
func relax(f *fleet, strength func(pool int32) []float64, n *counts) *relaxation {
	r := &relaxation{fleet: f, strength: strength, counts: n, parts: n != nil}
	r.fraction, r.stays, r.demand = make([]int, len(f.demands)), make([]int, len(f.classes)), make([]int, len(f.classes))
	r.load, r.lost = make([]sum, len(f.classes)), make([]float64, len(f.classes))
	r.one, r.most = make([]float64, len(f.classes)), make([]float64, len(f.classes))
	r.even = make([]sum, len(f.classes))
	if r.counts == nil {
		r.counts = f.anyCounts()
	}
	r.left = &look{fleet: f, choice: choice{on: r.counts.low}}
	r.poolMost = make([]float64, len(f.pools))
	for c := range r.demand {
		r.demand[c], r.stays[c] = -1, -1
	}
	for k, c := range f.demands {
		r.demand[c], r.fraction[k] = k, r.column(-f.worth[k])
	}
	for c := range f.classes {
		if f.classes[c].falls {
			r.stays[c] = r.column(0)
		}
	}
	for _, step := range f.steps {
		if step < 0 {
			r.pool(^step)
		} else {
			r.class(step)
		}
	}
	return r
}

func (r *relaxation) column(cost float64) int {
	r.Cost, r.Low, r.Up = append(r.Cost, cost), append(r.Low, 0), append(r.Up, 1)
	return len(r.Cost) - 1
}

// row asks for a sum not to be below 0.
func (r *relaxation) row(s sum) {
	size := math.Abs(s.fixed)
	for _, x := range s.of {
		size += math.Abs(x)
	}
	least := -s.fixed - float64(size*slack)
	low := 0.0
	for _, x := range s.of {
		low += min(0, x)
	}
	if low >= least || size == 0 {
		return // it always is
	}
	r.Rows = append(r.Rows, integer.Row{On: s.on, Of: s.of, Least: least})
}

// bearing returns what one component carries before it counts as overloaded.
func (k *class) bearing() float64 { return k.capacity + float64(k.capacity*topology.Tolerance) }

// class adds up the load of a class, and keeps it within its capacity.
func (r *relaxation) class(c int32) {
	k := &r.classes[c]
	n, load := float64(len(k.ids)), &r.load[c]
	if d := r.demand[c]; d >= 0 {
		load.add(r.fraction[d], n*k.demand)
		r.one[c] += k.demand
		r.most[c] += float64(n * k.demand)
		if r.stays[c] >= 0 {
			up := sum{}
			up.add(r.stays[c], 1)
			up.add(r.fraction[d], -1)
			r.row(up)
		}
	}
	if k.limited() {
		r.one[c] = min(r.one[c], k.bearing())
		r.most[c] = min(r.most[c], float64(n*k.bearing()))
	}
	if k.ready || r.most[c] == 0 || r.stays[c] < 0 && !k.limited() {
		return
	}
	r.each(c)
	within := sum{}
	if r.stays[c] >= 0 {
		within.add(r.stays[c], float64(n*r.one[c]))
	} else {
		within.fixed = float64(n * k.bearing())
	}
	within.plus(*load, -1)
	r.row(within)
}
