package restart

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// A config is what statuses allow.
type config struct {
	number int // in the order in which they were met
	safe   bool
	rows   []integer.Row // what could be overloaded, in what is admitted of exact.gated
	worth  []float64     // of what of them is served, if all is admitted
	fixed  float64       // of what cannot be held back
	idle   []float64     // what is served of demands that count, but are worth nothing, and cannot be held back
	most   float64       // of both
}

// An admission is a constant part of each of exact.gated, between two times of the grid.
type admission struct {
	fractions []float64
	worth     float64 // no more can be had
	fails     bool    // nothing can be admitted like that
}

// config looks at phases, of which that of a boot makes no difference.
func (x *exact) config(p []phase, slot int) *config {
	x.buffer = x.appendPhases(append(x.buffer[:0], byte(slot%x.slots)), p, boots+1)
	c, known := x.configs[string(x.buffer)]
	if !known {
		c = &config{number: len(x.configs)}
		x.configs[string(x.buffer)] = c
		x.looks += x.t.Len() / 64
		x.reckonConfig(c, p, slot)
	}
	return c
}

// stand sets the journey to phases, at its time 0.
func (x *exact) stand(p []phase, slot int) {
	x.j.warming = x.j.warming[:0]
	for i, at := range p {
		m := &x.runners[i]
		x.j.set(m.id, at.status())
		if m.warm > 0 && at > cold {
			age := x.timeOf(x.age(m.warm-int(at-cold), slot, m.early))
			x.j.warming = append(x.j.warming, cohort{x.lot[m.id], 1, -age, x.t.Start(m.id)})
		}
	}
}

// reckonConfig computes the loads without what can be held back, and what all of each of that adds.
func (x *exact) reckonConfig(c *config, p []phase, slot int) {
	x.stand(p, slot)
	all, most := x.j.columns(0), x.j.tide.least
	for i := range x.asked {
		d := &x.asked[i]
		if d.gated || !x.comes(d) {
			continue
		}
		c.fixed += float64(x.worth[i] * all.columns[i].served)
		if x.worth[i] == 0 && x.counts(d.id) {
			c.idle = append(c.idle, float64(i), all.columns[i].served)
		}
		amount := 1.
		if k := x.of[d.id]; k >= 0 {
			amount += x.left(&x.runners[k], p[k], slot)
		}
		for k, load := range all.columns[i].load {
			all.base[k] += float64(amount * load)
		}
	}
	for k, lot := range x.finite {
		if x.j.runsAny(lot) && topology.Overloaded(all.base[k], most[lot]) {
			return
		}
	}
	c.safe = true
	up, columns := make([]float64, len(x.gated)), make([][]float64, len(x.gated))
	c.worth = make([]float64, len(x.gated))
	for k, i := range x.gated {
		if columns[k] = all.columns[i].load; x.comes(&x.asked[i]) {
			up[k], c.worth[k] = 1, float64(x.worth[i]*all.columns[i].served)
		}
	}
	// What can be overloaded is held to its capacity, what is already to what it has: that is within the tolerance.
	base := func(k int) float64 { return min(all.base[k], most[x.finite[k]]) }
	c.rows, _ = x.j.rows(base, func(k int) []float64 { return columns[k] }, up)
	c.most = c.fixed + x.admit(c.rows, c.worth, nil, 0).worth
}

// counts reports whether a demand is one that the scenario did not take down itself.
func (x *exact) counts(id topology.ID) bool {
	return slices.ContainsFunc(x.outcome.Served, func(s cascade.Served) bool { return s.Demand == x.t.Name(id) })
}

// comes reports whether a demand is there, in the state that the journey has.
func (x *exact) comes(d *demand) bool {
	if d.open {
		return true
	}
	if status := x.j.state[d.id]; status == topology.Down || status == topology.Booting {
		return false
	}
	for _, l := range x.linksOf[d.id] {
		carried := d.gated || l.Supply == nil
		for _, m := range l.Members {
			carried = carried || x.j.state[m] == topology.Up
		}
		if !carried {
			return false
		}
	}
	return true
}

// admit finds the most worth that rows allow; with keep, while that leaves least of another.
func (x *exact) admit(rows []integer.Row, worth, keep []float64, least float64) admission {
	switch len(worth) {
	case 0:
		return admission{fails: keep != nil && least > 0}
	case 1:
		f := 1.
		for _, r := range rows {
			f = min(f, r.Least/r.Of[0])
		}
		return admission{[]float64{f}, worth[0] * f, keep != nil && keep[0]*f < least}
	}
	n := len(worth)
	p := integer.Linear{Cost: make([]float64, n), Low: make([]float64, n), Up: make([]float64, n), Rows: rows}
	sum := 0.
	for i, w := range worth {
		p.Cost[i], p.Up[i] = -w, 1
		sum += w
	}
	if keep != nil {
		r := integer.Row{Least: least}
		for i, w := range keep {
			if w > 0 {
				r.On, r.Of = append(r.On, i), append(r.Of, w)
			}
		}
		if len(r.On) > 0 {
			p.Rows = append(append([]integer.Row(nil), rows...), r)
		} else if least > 0 {
			return admission{fails: true}
		}
	}
	if len(p.Rows) == 0 {
		return admission{fractions: p.Up, worth: sum}
	}
	x.looks += 2
	e := p.Solve(context.Background(), pivots)
	a := admission{worth: min(sum, -p.Bound(e.Prices)), fails: e.Stuck && p.Impossible(e.Prices)}
	for _, f := range e.X {
		a.fractions = append(a.fractions, max(0, min(1, f)))
	}
	return a
}

// program finds what is best admitted while configs follow each other. If it is to end there, so much worth is to be
// served from then on, and nothing of it is to be overloaded by what follows without steps.
func (x *exact) program(now []span, after []*config, ends bool) admission {
	key := make([]byte, 0, 4*(len(now)+len(after))+2)
	for _, c := range now {
		key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(c.number+1)), uint64(c.ticks))
	}
	if ends {
		key = append(key, 0)
		for _, c := range after {
			key = binary.AppendUvarint(key, uint64(c.number+1))
		}
	}
	if a, known := x.programs[string(key)]; known {
		return a
	}
	worth := make([]float64, len(x.gated))
	var rows []integer.Row
	for i, c := range now {
		if i == 0 || c.config != now[i-1].config {
			rows = append(rows, c.rows...)
		}
		for k, w := range c.worth {
			worth[k] += float64(w * float64(c.ticks))
		}
	}
	last := now[len(now)-1].config
	a := admission{}
	if ends {
		a = x.admitFor(x.rowsAfter(rows, last, after), worth, last)
	} else {
		a = x.admit(rows, worth, nil, 0)
	}
	x.programs[string(key)] = a
	return a
}

// admitFor finds the most worth while what is to be served in the end is: with the fractions that serve all of it, if they can be had.
func (x *exact) admitFor(rows []integer.Row, worth []float64, end *config) admission {
	a := x.admit(rows, worth, end.worth, x.target-end.fixed)
	if len(worth) > 1 && !a.fails {
		if all := x.admit(rows, worth, end.worth, x.goal-end.fixed); !all.fails && all.fractions != nil {
			a.fractions = all.fractions
		}
	}
	return a
}

// rounds is what is left between a bound and what it is a bound for, in parts of it, for rounding.
const rounds = 1e-10

// surely returns what is surely unserved.
func surely(unserved float64) float64 { return max(0, unserved*(1-rounds)) }
