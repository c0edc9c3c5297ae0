package sizes

import "github.com/ridethrough/ridethrough/topology"

// flow computes the loads of a state, by nameplate where draws are counted so.
func (st *state) flow(plated bool) {
	f := st.f
	st.lost = false
	clear(st.placed)
	for k := range f.Classes {
		st.load[k] = float64(st.s.Factor * f.Classes[k].Demand)
	}
	for _, at := range f.order {
		if at < 0 {
			st.split(^int32(at))
		} else {
			st.place(int32(at), plated)
		}
	}
}

func (st *state) place(k int32, plated bool) {
	c := &st.f.Classes[k]
	if st.live[k] == 0 {
		return
	}
	served := st.load[k]
	capacity := st.f.capacity(c, st.x)
	if c.sheds && topology.Overloaded(served, capacity) {
		served = capacity
	}
	for _, l := range c.links {
		switch {
		case l.pool < 0:
		case plated && l.plate:
			st.placed[l.pool] += float64((l.base + float64(l.rate*capacity)) * float64(st.live[k]))
		default:
			st.placed[l.pool] += float64(l.base*float64(st.live[k])) + float64(float64(l.rate*served)*float64(st.turns[k]))
		}
	}
}

// A portion is what one tier of a pool takes: each of its members amount · weight / over.
type portion struct {
	weights, amount, over float64
	size                  int // how many there are, with those that are not in rotation; of a tiered pool
}

// each returns what each unit of weight takes.
func (q *portion) each() float64 {
	if q.over <= 0 {
		return 0
	}
	return q.amount / q.over
}

func (st *state) split(pool int32) {
	p := &st.f.pools[pool]
	portions := st.portions(p, st.placed[pool])
	takes := false
	for t, q := range portions {
		if q.over <= 0 {
			continue
		}
		takes = true
		for _, k := range p.tiers[t].classes {
			st.load[k] += q.amount * st.weight(p, t, k) / q.over
		}
	}
	st.lost = st.lost || !takes && st.placed[pool] > 0
}

func (st *state) weight(p *pool, tier int, k int32) float64 {
	if p.byCapacity() {
		return st.f.capacity(&st.f.Classes[k], st.x)
	}
	return p.tiers[tier].weight
}

// portions returns what the tiers of a pool take. The result is good until the next call.
func (st *state) portions(p *pool, load float64) []portion {
	st.tiers = st.tiers[:0]
	for t := range p.tiers {
		st.tiers = append(st.tiers, st.weigh(p, t))
	}
	st.divide(p, load, st.tiers)
	return st.tiers
}

// weigh returns a portion of which nothing is known but who takes it.
func (st *state) weigh(p *pool, tier int) (q portion) {
	for _, k := range p.tiers[tier].classes {
		if st.turns[k] > 0 {
			q.weights += float64(st.weight(p, tier, k) * float64(st.turns[k]))
		}
		if p.share == topology.Tiered {
			q.size += st.f.Classes[k].count(st.x)
		}
	}
	return q
}

// divide splits a load among the tiers of a pool.
func (st *state) divide(p *pool, load float64, portions []portion) {
	all := 0.0
	for t := range portions {
		q := &portions[t]
		all += q.weights
		q.amount, q.over = load, q.weights
	}
	switch p.share {
	case topology.Each:
		portions[0].amount = float64(load * portions[0].weights)
	case topology.Weighted:
		for t := range portions {
			portions[t].over = all
		}
	case topology.Tiered:
		for t, h := range p.health(portions) {
			portions[t].amount = float64(load * h)
		}
	case topology.Waterfall: // each owner fills its own
		n := float64(max(1, st.live[p.owners[0].class]))
		spill(portions, load/n, p.factor)
		for t := range portions {
			portions[t].amount *= n
		}
	}
}

// health returns what part of a tiered pool's load each tier takes.
func (p *pool) health(portions []portion) []float64 {
	parts, sum := make([]float64, len(portions)), 0.0
	for t, q := range portions {
		if q.size > 0 {
			parts[t] = min(1, p.factor*q.weights/float64(q.size))
		}
		sum += parts[t]
	}
	left := 1.0
	for t := range parts {
		if 0 < sum && sum < 1 {
			parts[t] /= sum
		}
		parts[t] = min(parts[t], left)
		left -= parts[t]
	}
	return parts
}

// spill fills tiers to a part of their capacity, in order; the last that has any takes all that is left.
func spill(portions []portion, load, limit float64) {
	last := -1
	for t, q := range portions {
		if q.weights > 0 {
			last = t
		}
	}
	for t := range portions {
		q := &portions[t]
		switch {
		case t < last:
			q.amount = min(load, float64(limit*q.weights))
		case t == last:
			q.amount = load
		default:
			q.amount = 0
		}
		load -= q.amount
	}
}

// serve returns what part of its load each class serves, by what goes nowhere.
func (st *state) serve() []float64 {
	f := st.f
	served, fraction := make([]float64, len(f.Classes)), make([]float64, len(f.pools))
	for k := range served {
		if st.turns[k] > 0 {
			served[k] = 1
		}
	}
	for i := len(f.order) - 1; i >= 0; i-- {
		if at := f.order[i]; at < 0 {
			fraction[^at] = st.fraction(^int32(at), served)
		} else {
			for _, l := range f.Classes[at].links {
				if l.pool >= 0 {
					served[at] *= fraction[l.pool]
				}
			}
		}
	}
	return served
}

func (st *state) fraction(pool int32, served []float64) float64 {
	p := &st.f.pools[pool]
	sum, taken := 0.0, 0.0
	for t, q := range st.portions(p, st.placed[pool]) {
		if q.over <= 0 {
			continue
		}
		for _, k := range p.tiers[t].classes {
			share := float64(st.turns[k]) * (q.amount * st.weight(p, t, k) / q.over)
			sum += float64(share * served[k])
			taken += share
		}
	}
	switch {
	case taken > 0:
		return sum / taken
	case st.placed[pool] == 0:
		return 1
	default:
		return 0
	}
}
