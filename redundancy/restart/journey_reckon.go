package restart

import (
	"math"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// reckon adds up how many of each class, in order, what they draw on has room for, where it is shared by fixed parts; the other
// classes have to be tried.
func (j *journey) reckon(classes [][]topology.ID) (fit, others [][]topology.ID) {
	w := pool.NewWiring(j.t, func(id topology.ID) bool { return j.state.Status[id] == topology.Up })
	room := j.rooms()
	booting := append([]int(nil), j.booting...)
	for _, ids := range classes {
		id := ids[0]
		if !j.reckonable(id) {
			others = append(others, ids)
			continue
		}
		n, boots := len(ids), j.bootTime[id] > 0
		if boots {
			for _, l := range j.limited[id] {
				n = min(n, j.limits[l].most-booting[l])
			}
		}
		all := draws(w, j.linksOf[id])
		for _, d := range all {
			if one := d.first(boots); one > 0 && !math.IsInf(room[d.on], 1) {
				n = min(n, int(max(0, min(room[d.on]/one, float64(n)))))
			}
		}
		if n <= 0 {
			continue
		}
		fit = append(fit, ids[:n])
		for _, d := range all {
			room[d.on] -= float64(float64(n) * d.first(boots))
		}
		if boots {
			for _, l := range j.limited[id] {
				booting[l] += n
			}
		}
	}
	return fit, others
}

// first returns what is drawn as soon as it is powered on.
func (d *draw) first(boots bool) float64 {
	if boots {
		return d.boot
	}
	return d.run
}

// rooms returns what each component has left of its capacity, by ID.
func (j *journey) rooms() []float64 {
	room := make([]float64, j.t.Len())
	j.attempt(func() bool {
		if j.first != serve && j.onGrid() {
			j.refuse()
		}
		j.fits(j.now)
		for id := range room {
			room[id] = math.Inf(1)
		}
		for _, id := range j.finite {
			c := j.state.Capacity[id]
			room[id] = c + float64(c*slack) - j.flow.Load[id]
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
