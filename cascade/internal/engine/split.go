package engine

import "github.com/ridethrough/ridethrough/topology"

// split sets levels to what each tier of a pool takes of a load, for each unit of its members' weight. It reports false
// if no member takes load.
func (p *program) split(s *state, at int32, load float64, levels []float64) bool {
	p.weigh(s, at, levels)
	return p.apportion(at, load, levels)
}

// weigh sets weights to those of a pool's tiers: the sums over their members that take load.
func (p *program) weigh(s *state, at int32, weights []float64) {
	tiers := p.tiers[p.pools[at].from:p.pools[at].to]
	for i := range tiers {
		weights[i] = p.weightOf(s, &tiers[i])
	}
}

// apportion turns the weights of a pool's tiers into what each takes of a load, for each unit of weight. It reports false
// if they have none.
func (p *program) apportion(at int32, load float64, levels []float64) bool {
	all := 0.0
	for _, weight := range levels {
		all += weight
	}
	if all == 0 {
		clear(levels)
		return false
	}
	q := &p.pools[at]
	switch q.share {
	case topology.Each:
		levels[0] = load
	case topology.Tiered:
		byHealth(levels, p.tiers[q.from:q.to], load, q.factor)
	case topology.Waterfall:
		spill(levels, load, q.factor)
	default:
		for i := range levels {
			levels[i] = load / all
		}
	}
	return true
}

// byHealth fills tiers in order, each to its health min(1, φ · live/size), and scales all up if that is not enough.
// Levels are the numbers of live members before, and what each of them takes after.
func byHealth(levels []float64, tiers []tier, load, overprovision float64) {
	health := func(i int) float64 { return min(1, overprovision*levels[i]/tiers[i].size) }
	sum := 0.0
	for i := range levels {
		sum += health(i)
	}
	left := 1.0
	for i, live := range levels {
		h := health(i)
		if 0 < sum && sum < 1 {
			h /= sum
		}
		h = min(h, left)
		left -= h
		if live > 0 {
			levels[i] = load * h / live
		}
	}
}

// spill fills tiers to a part of their capacity, in order; the last that has any takes all that is left.
// Levels are the tiers' capacities before, and the part of them that is used after.
func spill(levels []float64, load, limit float64) {
	last := 0
	for i, capacity := range levels {
		if capacity > 0 {
			last = i
		}
	}
	for i, capacity := range levels {
		amount := min(load, limit*capacity)
		if i == last {
			amount = load
		}
		load -= amount
		if capacity > 0 {
			levels[i] = amount / capacity
		}
		if i == last {
			clear(levels[i+1:])
			return
		}
	}
}
