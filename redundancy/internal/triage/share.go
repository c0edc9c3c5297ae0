package triage

import "github.com/ridethrough/ridethrough/topology"

func (l *look) split(at int32, admitted []float64) {
	p, placed := &l.pools[at], l.pooled(at)
	l.divide(p, l.by[at], placed, admitted)
	for i := range p.tiers {
		t := &p.tiers[i]
		if l.by[at][i] == 0 {
			continue
		}
		for _, c := range t.members {
			if l.on[c] == 0 {
				continue
			}
			part, into := l.by[at][i]*l.weight(p, t, c), l.at(c)
			for k, x := range placed {
				into[k] += float64(part * x)
			}
		}
	}
}

// divide finds what a member of each tier takes of a unit, for each unit of its weight; see topology.Pool.
func (l *look) divide(p *pool, by, placed, admitted []float64) {
	l.room = l.room[:0]
	all := 0.0
	for i := range p.tiers {
		t := &p.tiers[i]
		w := 0.0
		for _, c := range t.members {
			if l.on[c] > 0 {
				w += float64(float64(l.on[c]) * l.weight(p, t, c))
			}
		}
		all += w
		l.room = append(l.room, tiering{weights: w, amount: 1, over: w})
	}
	switch p.share {
	case topology.Each:
		l.room[0].amount = l.room[0].weights
	case topology.Weighted:
		for i := range l.room {
			l.room[i].over = all
		}
	case topology.Tiered:
		byHealth(l.room, p)
	case topology.Waterfall:
		spill(l.room, p.factor, total(placed, admitted))
	}
	for i, r := range l.room {
		if by[i] = 0; r.over > 0 {
			by[i] = r.amount / r.over
		}
	}
}

func byHealth(tiers []tiering, p *pool) {
	health := func(i int) float64 { return min(1, p.factor*tiers[i].weights/float64(p.tiers[i].size)) }
	sum := 0.0
	for i := range tiers {
		sum += health(i)
	}
	left := 1.0
	for i := range tiers {
		h := health(i)
		if 0 < sum && sum < 1 {
			h /= sum
		}
		h = min(h, left)
		tiers[i].amount = h
		left -= h
	}
}

func spill(tiers []tiering, limit, load float64) {
	if load <= 0 {
		load = 1e-300 // the first takes it
	}
	last := -1
	for i, q := range tiers {
		if q.weights > 0 {
			last = i
		}
	}
	left := load
	for i := range tiers {
		take := 0.0
		if i <= last {
			take = min(left, limit*tiers[i].weights)
		}
		if i == last {
			take = left
		}
		left -= take
		tiers[i].amount = take / load
	}
}
