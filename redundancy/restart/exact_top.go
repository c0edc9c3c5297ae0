package restart

import (
	"context"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// maxTops bounds the states that a fleet of few components may end in; of many they cost more.
const maxTops = 20_000

// top returns a bound on the worth that may be served once nothing happens any more: the largest of all sets of what runs and is
// in rotation, however they are come by; infinite if there are too many sets to look at.
func (x *exact) top() (most float64) {
	sets := 1.
	for _, class := range x.classes {
		m, k := &x.runners[class[0]], float64(len(class)+1)
		if sets *= k; m.rotates && m.back >= 0 {
			sets *= (k + 1) / 2
		}
	}
	if sets > maxTops/float64(1+x.t.Len()/64) {
		return math.Inf(1)
	}
	most = -1
	x.endWith(x.begins(), 0, func(c *config) { most = max(most, c.most) })
	return most
}

// endWith settles class by class how many are ready, and in rotation.
func (x *exact) endWith(p []phase, class int, yield func(*config)) {
	if class == len(x.classes) {
		if x.canEnd(p) {
			if c := x.config(p, 0); c.safe {
				yield(c)
			}
		}
		return
	}
	runners := x.classes[class]
	set := func(on, in int) {
		for k, i := range runners {
			switch {
			case k < in:
				p[i] = turned
			case k < on:
				p[i] = waits
			default:
				p[i] = down
			}
		}
		x.endWith(p, class+1, yield)
	}
	m := &x.runners[runners[0]]
	for on := range len(runners) + 1 {
		switch {
		case m.back < 0:
			set(len(runners), on)
		case m.rotates:
			for in := range on + 1 {
				set(on, in)
			}
		default:
			set(on, on)
		}
	}
}

// canEnd reports whether what runs has what it needs, and nothing is to come by itself.
func (x *exact) canEnd(p []phase) bool {
	for i := range p {
		m, met := &x.runners[i], true
		for k := range m.needs {
			met = met && m.needs[k].met(p)
		}
		if m.back >= 0 && p[i] != down && !met || m.source && p[i] == down && met {
			return false
		}
	}
	return true
}

// maxReached bounds the states that are looked at for what can be served in the end.
const maxReached = maxExactLooks / 4

// A reaching follows all that can be reached while nothing is admitted that can be held back: that only stands in the way.
type reaching struct {
	*exact
	seen map[string]bool
	open []moment
	most float64 // worth that can be served where something has ended
	may  float64 // the same, or that may be if more is done
}

// reach returns the most worth that can be served in the end, and what may be at most; both are negative if nothing that can be done
// is safe.
func (x *exact) reach(ctx context.Context) (most, may float64) {
	r := reaching{x, map[string]bool{}, nil, -1, -1}
	defer func() { x.looks = 0 }() // these are cheap
	r.visit(x.begins(), -1, 0)
	for n := len(r.open); n > 0; n = len(r.open) {
		m := r.open[n-1]
		r.open = r.open[:n-1]
		then := x.upcoming(m.phases, m.tick, math.MaxInt)
		if x.mayWait(m.phases, m.tick) {
			then = m.tick + 1
		}
		if then < math.MaxInt {
			r.visit(m.phases, m.tick, then)
		}
		if x.looks > maxReached || ctx.Err() != nil {
			return r.most, math.Inf(1)
		}
	}
	return r.most, max(r.most, r.may)
}

// visit looks at what can be done at a tick.
func (r *reaching) visit(p []phase, from, tick int) {
	p = slices.Clone(p)
	event := r.advance(p, from, tick)
	r.choose(p, tick, event || tick == 0, func(p []phase) {
		r.letCome(p)
		r.looks++
		c := r.config(p, tick)
		if !c.safe {
			return
		}
		if key := r.key(p, tick); !r.seen[key] {
			r.seen[key] = true
			r.open = append(r.open, moment{tick, p})
			r.end(p, tick, c)
		}
	})
}

// end notes what can be served if nothing more is done.
func (r *reaching) end(p []phase, tick int, c *config) {
	warm := r.config(whenWarm(p), 0)
	if warm.most <= r.most {
		return
	}
	after, stays := r.after(p, tick, c)
	if stays {
		most := c.fixed + r.admit(r.rowsAfter(slices.Clone(warm.rows), c, after), c.worth, nil, 0).worth
		if r.most = max(r.most, most); most >= warm.most*(1-rounds) {
			return
		}
	}
	r.may = max(r.may, warm.most)
}

// rowsAfter adds what is to be kept after a config.
func (x *exact) rowsAfter(rows []integer.Row, last *config, after []*config) []integer.Row {
	for _, c := range after {
		rows = append(rows, c.rows...)
		for k, w := range c.worth {
			if w != last.worth[k] { // what is served of it would change
				rows = append(rows, integer.Row{Least: 0, On: []int{k}, Of: []float64{-1}})
			}
		}
	}
	return rows
}
