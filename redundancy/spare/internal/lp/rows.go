package lp

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A situation is what a scenario leaves, and how the program calls it.
type situation struct {
	n    int    // servers there are that are left
	more []term // servers bought that would be
}

// scenario adds the rows of a scenario.
func (p *Program) scenario(l *left) {
	n, weakest := l.total()
	s := situation{n: n, more: []term{{1, "all"}}}
	for _, c := range p.columns {
		if c.server != nil && !l.has(c.server) {
			s.more = append(s.more, term{-1, c.name})
		}
	}
	p.atLeast(s, p.fleet.Need)
	if n > 0 {
		p.atLeast(s, p.wanted(weakest))
	}
	for j, c := range p.columns {
		if c.server != nil && l.has(c.server) && c.server.Capacity < weakest {
			p.weaker(s, j)
		}
	}
	limits := p.limits(l)
	for i, m := range limits {
		p.useRaise(m)
		switch {
		case m.reserved > m.capacity:
			p.either(s, m)
		case p.intact == nil || !slices.Equal(m.bought, p.intact[i].bought) || m.reserved != p.intact[i].reserved:
			p.room(m)
		}
	}
	if p.intact == nil {
		p.intact = limits
	}
}

// atLeast asks for so many servers.
func (p *Program) atLeast(s situation, wanted int) {
	p.most = max(p.most, wanted-s.n)
	p.row(s.more, ">=", float64(wanted-s.n))
}

// weaker asks for as many servers as carry the demand at the capacity of one that is bought, if it is.
func (p *Program) weaker(s situation, j int) {
	c := p.columns[j]
	if p.weak[j] == "" {
		p.weak[j] = p.choice()
		p.only = append(p.only, [2]string{c.name, p.weak[j]})
	}
	wanted := p.wanted(c.server.Capacity)
	p.most = max(p.most, wanted-s.n)
	p.row(append(slices.Clip(s.more), term{-float64(wanted), p.weak[j]}), ">=", -float64(s.n))
}

// A limit is a source with a capacity, as a scenario leaves it.
type limit struct {
	source   int
	capacity float64
	draw
	bought []term // that draws on it, as reserved
}

// limits returns those of the sources that are left and have a capacity; the others are without one.
func (p *Program) limits(l *left) []limit {
	all := make([]limit, len(l.up))
	for i, d := range l.draws() {
		all[i] = limit{source: i, capacity: math.Inf(1), draw: d}
		if c := p.fleet.Sources[i].Capacity; c > 0 && l.up[i] {
			all[i].capacity = c
		}
	}
	for _, c := range p.columns {
		if c.server != nil && l.has(c.server) {
			l.server(c.server, func(source int, a load) { all[source].add(a.at(c.server.Capacity), c.name) })
		}
	}
	return all
}

// add notes what a server that is bought reserves; it may come by two ways.
func (m *limit) add(reserved float64, x string) {
	switch k := len(m.bought) - 1; {
	case math.IsInf(m.capacity, 1):
	case k >= 0 && m.bought[k].x == x:
		m.bought[k].of += reserved
	default:
		m.bought = append(m.bought, term{reserved, x})
	}
}

// useRaise notes what more capacity for a limit could be of use for.
func (p *Program) useRaise(m limit) {
	if j := p.raises[m.source]; j >= 0 {
		each := 0.0
		for _, t := range m.bought {
			each += t.of
		}
		p.reserve[j], p.each[j] = max(p.reserve[j], m.reserved-m.capacity), max(p.each[j], each)
	}
}

// room asks for all that is reserved to fit.
func (p *Program) room(m limit) {
	if len(m.bought) > 0 {
		p.row(append(slices.Clip(m.bought), p.raise(m, -1)...), "<=", m.capacity-m.reserved)
	}
}

// raise is the capacity that is bought for a limit, so many times as much.
func (p *Program) raise(m limit, times float64) []term {
	if j := p.raises[m.source]; j >= 0 {
		return []term{{times * p.columns[j].offer.By, p.columns[j].name}}
	}
	return nil
}

// either asks for all that is reserved to fit, where it does not without a purchase; or for nothing that draws on a limit
// to be bought, its capacity to be raised so many times, and so many servers with which its true load fits then.
func (p *Program) either(s situation, m limit) {
	key := fmt.Sprint(s, m)
	if p.written[key] {
		return
	}
	p.written[key] = true
	reserved := p.choice()
	over := m.reserved - m.capacity
	p.row(slices.Concat(m.bought, p.raise(m, -1), []term{{over, reserved}}), "<=", 0)
	for _, t := range m.bought {
		p.only = append(p.only, [2]string{t.x, reserved})
	}
	one, times, servers := []term{{1, reserved}}, p.raise(m, 1), slices.Clip(s.more)
	for k := 0; float64(k)*p.by(m) < over && k <= p.times(m); k++ {
		n, ok := p.enough(m, k)
		if !ok {
			continue
		}
		p.most = max(p.most, n-s.n)
		actual := p.choice()
		one = append(one, term{1, actual})
		servers = append(servers, term{-float64(n), actual})
		if k > 0 {
			times = append(times, term{-float64(k) * p.by(m), actual})
		}
	}
	p.row(one, "=", 1)
	p.row(servers, ">=", -float64(s.n))
	if len(times) > 0 {
		p.row(times, ">=", 0)
	}
}

// by returns how much capacity can be bought for a limit at a time.
func (p *Program) by(m limit) float64 {
	if j := p.raises[m.source]; j >= 0 {
		return p.columns[j].offer.By
	}
	return 0
}

// times returns how often.
func (p *Program) times(m limit) int {
	if j := p.raises[m.source]; j >= 0 {
		return cmp.Or(p.columns[j].offer.Most, math.MaxInt)
	}
	return 0
}

// enough returns how many servers must share the demand for the true load of a limit to fit with capacity bought k times,
// and whether any number is enough.
func (p *Program) enough(m limit, k int) (n int, ok bool) {
	room := m.capacity + float64(k)*p.by(m) - m.actual.base
	switch moving := m.actual.rate * p.fleet.Demand; {
	case moving == 0:
		return 0, room >= 0
	case room <= 0:
		return 0, false
	default:
		return int(math.Ceil(moving / room)), true
	}
}
