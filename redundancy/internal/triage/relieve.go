package triage

import (
	"cmp"
	"math"
	"slices"
)

// A relief is what switching off one server of a class takes off something.
type relief struct {
	class int32
	by    float64
	idle  bool
}

// relieve switches off servers that draw on what is overloaded: for each of these, the fewest if no load moved. It
// reports whether there were any.
func (s *search) relieve(c choice, at []float64, strained []int32) bool {
	gone := false
	for _, b := range strained {
		excess := (total(s.look.at(b), at) - s.classes[b].capacity) * float64(s.on[b])
		for _, r := range s.reliefs(b, at) {
			if excess <= 0 {
				break
			}
			n := c.take(r, math.Ceil(float64(excess/r.by)*(1-1e-12)))
			excess -= float64(n * r.by)
			gone = gone || n > 0
		}
	}
	return gone
}

// take switches off at most n servers, and returns how many it did.
func (c choice) take(r relief, n float64) float64 {
	from := c.on
	if r.idle {
		from = c.out
	}
	n = max(0, min(n, float64(from[r.class])))
	from[r.class] -= int32(n)
	return n
}

// reliefs returns which servers draw on a class: those out of rotation first, then those that draw most.
func (s *search) reliefs(b int32, at []float64) []relief {
	var all []relief
	for _, d := range s.behind(b) {
		if !s.classes[d.class].server {
			continue
		}
		if s.out[d.class] > 0 && d.base > 0 {
			all = append(all, relief{d.class, d.base, true})
		}
		if by := d.base + float64(d.load*total(s.look.at(d.class), at)); s.on[d.class] > 0 && by > 0 {
			all = append(all, relief{d.class, by, false})
		}
	}
	slices.SortStableFunc(all, func(x, y relief) int {
		switch {
		case x.idle != y.idle && x.idle:
			return -1
		case x.idle != y.idle:
			return 1
		}
		return cmp.Or(cmp.Compare(y.by, x.by), s.byWeakness(x.class, y.class))
	})
	return all
}

// A draw is what a unit of load of a component, and what its being up, brings to something in all.
type draw struct {
	class      int32
	load, base float64
}

// behind returns what whoever draws on a class, directly or further up, brings to it.
func (s *search) behind(b int32) []draw {
	above, pools := s.above(b)
	all := make([]draw, 0, len(above))
	for _, c := range above {
		d := draw{class: c}
		if c == b {
			d.load = 1
		}
		k := &s.classes[c]
		for _, from := range k.supplies {
			d.load += float64(from.rate * s.brings[from.pool])
			d.base += float64(from.base * s.brings[from.pool])
		}
		for _, in := range k.in {
			p := &s.pools[in.pool]
			part := float64(s.by[in.pool][in.tier]*s.weight(p, &p.tiers[in.tier], c)) * float64(s.on[c])
			s.brings[in.pool] += float64(part * d.load)
		}
		all = append(all, d)
	}
	for _, p := range pools {
		s.brings[p] = 0
	}
	s.work += len(above) + len(pools)
	return all
}

// above returns a class and all that draw on it, directly or further up, members before owners; and the pools that these
// are in.
func (s *search) above(b int32) (classes, pools []int32) {
	classes = []int32{b}
	seen, through := map[int32]bool{b: true}, map[int32]bool{}
	for i := 0; i < len(classes); i++ {
		for _, in := range s.classes[classes[i]].in {
			if through[in.pool] {
				continue
			}
			through[in.pool] = true
			pools = append(pools, in.pool)
			for _, o := range s.pools[in.pool].owners {
				if !seen[o.class] && s.up(o.class) > 0 {
					seen[o.class] = true
					classes = append(classes, o.class)
				}
			}
		}
	}
	slices.SortFunc(classes, func(x, y int32) int { return cmp.Compare(s.turn[y], s.turn[x]) })
	return classes, pools
}
