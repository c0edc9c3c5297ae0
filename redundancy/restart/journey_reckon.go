package restart

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A reckoning is what is left for starting, class by class.
type reckoning struct {
	*journey
	wiring  *pool.Wiring
	left    []float64                // by lot: the room of each
	room    map[topology.ID]*float64 // of what has been drawn on
	roomy   map[int32]*float64       // by pool with many behind it, which counts as one
	booting []int                    // by limit
}

// many is how many a pool may have behind it before it counts as one: what else draws on them is not looked at then.
const many = 64

// reckon adds up how many of each class, in order, what they draw on has room for, where it is shared by fixed parts; the other
// classes have to be tried.
func (j *journey) reckon(classes [][]topology.ID) (fit, others [][]topology.ID) {
	r := reckoning{journey: j, left: j.rooms(), room: map[topology.ID]*float64{}, roomy: map[int32]*float64{}, booting: slices.Clone(j.booting)}
	r.wiring = pool.NewWiring(j.t, func(id topology.ID) bool { return j.state[id] == topology.Up })
	for _, ids := range classes {
		if !j.reckonable(ids[0]) {
			others = append(others, ids)
		} else if n := r.start(ids); n > 0 {
			fit = append(fit, ids[:n])
		}
	}
	return fit, others
}

// start starts as many of a class as there is room for, and returns how many.
func (r *reckoning) start(ids []topology.ID) int {
	id := ids[0]
	n, boots := len(ids), r.bootTime[id] > 0
	if boots {
		for _, l := range r.limited[id] {
			n = min(n, r.limits[l].most-r.booting[l])
		}
	}
	if n <= 0 {
		return 0
	}
	for room, one := range r.draws(id, boots) {
		if one > 0 && !math.IsInf(*room, 1) {
			n = min(n, int(max(0, min(*room/one, float64(n)))))
		}
	}
	if n <= 0 {
		return 0
	}
	for room, one := range r.draws(id, boots) {
		*room -= float64(float64(n) * one)
	}
	if boots {
		for _, l := range r.limited[id] {
			r.booting[l] += n
		}
	}
	return n
}

// draws yields the rooms that a component draws on as soon as it is powered on, and how much of them it takes.
func (r *reckoning) draws(id topology.ID, boots bool) func(yield func(room *float64, one float64) bool) {
	return func(yield func(*float64, float64) bool) {
		for _, l := range r.linksOf[id] {
			if l.Supply == nil {
				continue
			}
			one := l.Supply.Base
			if boots {
				one += l.Supply.Inrush
			}
			reach := r.wiring.Of(l.Pool)
			if len(reach) > many {
				if !yield(r.roomOf(l.Pool, reach), one) {
					return
				}
				continue
			}
			for _, on := range reach {
				if !yield(r.roomAt(on.ID), float64(one*on.Part)) {
					return
				}
			}
		}
	}
}

// roomAt returns the room of a component.
func (r *reckoning) roomAt(id topology.ID) *float64 {
	if r.room[id] == nil {
		left := r.left[r.lot[id]]
		r.room[id] = &left
	}
	return r.room[id]
}

// roomOf returns the room of a pool, whose members take it by fixed parts.
func (r *reckoning) roomOf(p int32, reach []pool.Reach) *float64 {
	if r.roomy[p] == nil {
		room := math.Inf(1)
		for _, on := range reach {
			room = min(room, *r.roomAt(on.ID)/on.Part)
		}
		r.roomy[p] = &room
	}
	return r.roomy[p]
}

// rooms returns what a component has left of its capacity, by lot.
func (j *journey) rooms() []float64 {
	room := slices.Repeat([]float64{math.Inf(1)}, len(j.members))
	j.attempt(func() bool {
		if j.first != serve && j.onGrid() {
			j.refuse()
		}
		j.fits(j.now)
		for _, lot := range j.finite {
			c := j.tide.least[lot]
			room[lot] = c + float64(c*slack) - j.tide.load(lot)
		}
		return false
	})
	return room
}

// reckonable reports whether starting a component only adds fixed loads.
func (j *journey) reckonable(id topology.ID) bool {
	if j.bootTime[id] == 0 && !j.rotates[id] {
		return false
	}
	for _, l := range j.linksOf[id] {
		if l.Pool >= 0 && !j.fixed[l.Pool] {
			return false
		}
	}
	return true
}

// findFixed finds the pools behind which all shares are of fixed parts.
func (c *compass) findFixed() {
	pools := c.t.Pools()
	c.fixed = make([]bool, len(pools))
	known := make([]bool, len(pools))
	var find func(p int32) bool
	find = func(p int32) bool {
		if known[p] {
			return c.fixed[p]
		}
		known[p] = true
		share := pools[p].Share
		ok := share == topology.Equal || share == topology.Weighted || share == topology.Each || len(pools[p].Members) == 1
		for _, m := range pools[p].Members {
			for _, l := range c.linksOf[m] {
				ok = ok && (l.Pool < 0 || find(l.Pool))
			}
		}
		c.fixed[p] = ok
		return ok
	}
	for p := range pools {
		find(int32(p))
	}
}
