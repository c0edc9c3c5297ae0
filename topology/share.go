package topology

// A portion is what one tier of a pool takes: each of its members amount · weight / over.
// A weighted share has a portion for each entry of its members.
type portion struct {
	from, to int     // its members
	weights  float64 // the sum over those that take load
	amount   float64
	over     float64 // 0: nothing
}

// weight returns the weight of a member within its tier.
func (p *Pool) weight(s State, m ID, tier int) float64 {
	switch p.Share {
	case Weighted:
		return p.Weights[tier]
	case Proportional, Waterfall:
		return s.Capacity[m]
	default:
		return 1
	}
}

// alike reports whether the members of a tier that take load take the same.
func (p *Pool) alike() bool { return p.Share == Equal || p.Share == Tiered || p.Share == Each }

func countUp(status []Status, members []ID) (n int) {
	for _, m := range members {
		if status[m] == Up {
			n++
		}
	}
	return n
}

// portions returns what the tiers of a pool take of a load. The result is good until the next call.
func (f *Flow) portions(s State, p *Pool, load float64) []portion {
	f.tiers = f.tiers[:0]
	from := 0
	for tier, end := range p.Ends {
		q := portion{from: from, to: end}
		if s.Status != nil && p.alike() {
			q.weights = float64(countUp(s.Status, p.Members[from:end]))
		} else {
			for _, m := range p.Members[from:end] {
				if s.status(m) == Up {
					q.weights += p.weight(s, m, tier)
				}
			}
		}
		f.tiers = append(f.tiers, q)
		from = end
	}
	p.divide(load, f.tiers)
	return f.tiers
}

// alone returns what a member that is down would take of a load if it alone were up again.
func (f *Flow) alone(s State, p *Pool, load float64, m ID, tier int, now []portion) float64 {
	w := p.weight(s, m, tier)
	f.then = append(f.then[:0], now...)
	f.then[tier].weights += w
	p.divide(load, f.then)
	return f.then[tier].share(w)
}

func (q *portion) share(weight float64) float64 {
	if q.over == 0 {
		return 0
	}
	return q.amount * weight / q.over
}

// Split finds what members of each tier take of a load for each unit of their weight, given the weights of all that take load: of
// a weighted share those given, by capacity the capacities, else 1 each. All are by tier, or entry of a weighted share.
func (p *Pool) Split(load float64, weights, perUnit []float64) {
	switch {
	case len(weights) > 1:
		tiers, from := make([]portion, len(weights)), 0
		for i, end := range p.Ends {
			tiers[i] = portion{from: from, to: end, weights: weights[i]}
			from = end
		}
		p.divide(load, tiers)
		for i := range tiers {
			perUnit[i] = tiers[i].share(1)
		}
	case weights[0] == 0:
		perUnit[0] = 0
	case p.Share == Each:
		perUnit[0] = load
	default:
		perUnit[0] = load / weights[0]
	}
}

// divide splits a load over tiers whose weights are known.
func (p *Pool) divide(load float64, tiers []portion) {
	all := 0.0
	for i := range tiers {
		all += tiers[i].weights
		tiers[i].amount, tiers[i].over = load, tiers[i].weights
	}
	switch p.Share {
	case Each:
		tiers[0].amount *= tiers[0].weights // all of it to every one
	case Weighted:
		for i := range tiers {
			tiers[i].over = all
		}
	case Tiered:
		byHealth(tiers, load, p.Factor)
	case Waterfall:
		spill(tiers, load, p.Factor)
	}
}

// byHealth fills tiers in order, each to its health min(1, φ · live/size), and scales all up if that is not enough:
// Envoy's priorities, without its rounding to whole percents.
func byHealth(tiers []portion, load, overprovision float64) {
	health := func(q portion) float64 {
		return min(1, overprovision*q.weights/float64(q.to-q.from))
	}
	sum := 0.0
	for _, q := range tiers {
		sum += health(q)
	}
	left := 1.0
	for i, q := range tiers {
		h := health(q)
		if 0 < sum && sum < 1 {
			h /= sum
		}
		h = min(h, left)
		tiers[i].amount = load * h
		left -= h
	}
}

// spill fills tiers to a part of their capacity, in order. The last that has any takes all that is left, for load has
// nowhere else to go.
func spill(tiers []portion, load, limit float64) {
	last := -1
	for i, q := range tiers {
		if q.weights > 0 {
			last = i
		}
	}
	for i, q := range tiers {
		if tiers[i].amount = 0; i <= last {
			tiers[i].amount = min(load, limit*q.weights)
		}
		if i == last {
			tiers[i].amount = load
		}
		load -= tiers[i].amount
	}
}
