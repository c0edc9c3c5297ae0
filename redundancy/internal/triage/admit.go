package triage

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// An admission is the most that can be admitted with one choice.
type admission struct {
	fits     bool      // nothing is overloaded
	fraction []float64 // by demand
	value    float64
	most     float64 // this choice has no more
}

// admit finds the most that can be admitted with a choice.
func (l *look) admit(c choice) admission {
	if l.spills {
		return l.admitSpilling(c)
	}
	l.take(c, nil)
	up := make([]float64, len(l.demands))
	for k, c := range l.demands {
		if l.on[c] > 0 && l.full[c] {
			up[k] = 1
		}
	}
	return l.program(up)
}

// program solves the linear program of a choice that has been taken, with so much of each demand at most.
func (l *look) program(up []float64) admission {
	rows, fits := l.rows(up)
	a := admission{fits: fits, fraction: make([]float64, len(up))}
	if !fits {
		return a
	}
	free, only := 0, 0
	for k := range up {
		if up[k] > 0 {
			free, only = free+1, k
		}
	}
	switch {
	case len(rows) == 0:
		copy(a.fraction, up)
		a.value = l.valueOf(up)
		a.most = a.value
		return a
	case free == 1:
		a.fraction[only] = alone(rows, only, up[only])
		a.value = l.valueOf(a.fraction)
		a.most = a.value
		return a
	}
	return l.solve(rows, up)
}

// rows returns what could be overloaded: Σ part · fraction ≤ capacity − base, in the form of integer.Row.
func (l *look) rows(up []float64) (rows []integer.Row, fits bool) {
	for i := range l.classes {
		k := &l.classes[i]
		if l.on[i] == 0 || !k.limited() {
			continue
		}
		load := l.at(int32(i))
		room := k.capacity - load[0]
		if room < 0 {
			if topology.Overloaded(load[0], k.capacity) {
				return nil, false
			}
			room = 0
		}
		if total(load, up)-load[0] <= room {
			continue
		}
		r := integer.Row{Least: -room}
		for d := range up {
			if x := load[d+1]; x > 0 && up[d] > 0 {
				r.On, r.Of = append(r.On, d), append(r.Of, -x)
			}
		}
		if len(r.On) > 0 {
			rows = append(rows, r)
		}
	}
	return rows, true
}

// alone returns how much of a demand rows leave room for where it is the only one.
func alone(rows []integer.Row, demand int, most float64) float64 {
	least := most
	for _, r := range rows {
		for i, d := range r.On {
			if d == demand {
				least = min(least, r.Least/r.Of[i])
			}
		}
	}
	if least > most-hair {
		return most
	}
	return least
}

func (l *look) valueOf(fraction []float64) float64 {
	sum := 0.0
	for k, f := range fraction {
		sum += float64(l.fleet.worth[k] * f)
	}
	return sum
}

const pivots = 2000

// solve finds the most of several demands: first of those that are worth something, then of the others.
func (l *look) solve(rows []integer.Row, up []float64) admission {
	a := admission{fits: true}
	p := integer.Linear{Low: make([]float64, len(up)), Up: up, Cost: make([]float64, len(up)), Rows: rows}
	worthless := false
	for k, w := range l.fleet.worth {
		p.Cost[k] = -w
		worthless = worthless || w == 0 && up[k] > 0
	}
	e := p.Solve(context.Background(), pivots)
	a.fraction = kept(rows, e.X, up)
	a.value, a.most = l.valueOf(a.fraction), -p.Bound(e.Prices)
	if !worthless {
		return a
	}
	q := integer.Linear{Low: make([]float64, len(up)), Up: append([]float64(nil), up...), Cost: make([]float64, len(up)), Rows: rows}
	for k, w := range l.fleet.worth {
		if w > 0 {
			q.Low[k], q.Up[k] = a.fraction[k], a.fraction[k]
		} else {
			q.Cost[k] = -1
		}
	}
	if e := q.Solve(context.Background(), pivots); !e.Stuck {
		if x := kept(rows, e.X, up); l.valueOf(x) >= a.value {
			a.fraction = x
		}
	}
	return a
}

// hair is how far from a bound, in parts of the range, floating point may leave a fraction that is at it.
const hair = 1e-12

// kept makes what floating point found keep all rows: what a row without room takes is nothing, and otherwise all is scaled
// down.
func kept(rows []integer.Row, x, up []float64) []float64 {
	fraction := make([]float64, len(up))
	if x == nil {
		return fraction
	}
	for k, f := range x {
		switch {
		case f > up[k]-hair:
			fraction[k] = up[k]
		case f > hair:
			fraction[k] = f
		}
	}
	for _, r := range rows {
		for i, d := range r.On {
			if r.Least == 0 && r.Of[i] != 0 {
				fraction[d] = 0
			}
		}
	}
	scale := 1.0
	for _, r := range rows {
		sum := 0.0
		for i, d := range r.On {
			sum -= float64(r.Of[i] * fraction[d])
		}
		if room := -r.Least; sum > room+float64(room*hair) {
			scale = min(scale, room/sum)
		}
	}
	for k := range fraction {
		fraction[k] *= scale
	}
	return fraction
}
