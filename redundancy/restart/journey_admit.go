package restart

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// A column is what one demand brings: for all of it, the load of each component that has a capacity, and what part is served.
type column struct {
	load   []float64 // by place in lots.finite
	served float64
}

// A potential is the loads of all demands by themselves, and the rest.
type potential struct {
	base    []float64
	columns []column
}

// columns computes, for fixed statuses and the capacities of a time, what each demand brings. Where a share is a waterfall they hold
// near nothing only.
func (j *journey) columns(at time.Duration) potential {
	p := potential{base: make([]float64, len(j.finite))}
	clear(j.tide.coming)
	j.flow(at)
	for k, lot := range j.finite {
		p.base[k] = j.tide.load(lot)
	}
	for i := range j.demands {
		p.columns = append(p.columns, j.column(i, p.base, at))
	}
	return p
}

// column gives a demand alone.
func (j *journey) column(i int, base []float64, at time.Duration) column {
	c := column{load: make([]float64, len(j.finite))}
	d := &j.demands[i]
	j.tide.coming[i] = d.full
	j.flow(at)
	for k, lot := range j.finite {
		c.load[k] = j.tide.load(lot) - base[k]
	}
	j.tide.serve(&j.world)
	c.served = j.tide.served[j.lot[d.id]]
	j.tide.coming[i] = 0
	return c
}

// warmValue returns the value of the most that could be admitted with what is in rotation, all warm and without surges, as if
// every demand could be held back.
func (j *journey) warmValue() float64 {
	value, _ := j.warmMost()
	return value
}

// warmMost returns that value, and the fractions.
func (j *journey) warmMost() (float64, []float64) {
	p := j.columns(allWarm)
	if j.spills {
		return j.warmSpilling(p.columns)
	}
	cost, up := make([]float64, len(j.demands)), make([]float64, len(j.demands))
	for i := range j.demands {
		cost[i] = -j.worthOf(i) * p.columns[i].served
		if p.columns[i].served > 0 {
			up[i] = 1
		}
	}
	rows, ok := j.rows(func(k int) float64 { return p.base[k] }, func(i int) []float64 { return p.columns[i].load }, up)
	if !ok {
		return -1, make([]float64, len(up))
	}
	x, value := solve(cost, up, rows), 0.0
	for i, f := range x {
		value -= float64(cost[i] * f)
	}
	return value, x
}

// allWarm is a time at which all have warmed up.
const allWarm = time.Duration(math.MaxInt64)

// warmSpilling is warmMost for one factor of all demands, where shares are waterfalls.
func (j *journey) warmSpilling(columns []column) (float64, []float64) {
	at := func(factor float64) bool {
		for i := range j.demands {
			j.tide.coming[i] = factor * j.asked[i].full
		}
		return j.bears(allWarm)
	}
	if !at(0) {
		return -1, make([]float64, len(columns))
	}
	low, high := 0., 1.
	if at(1) {
		low = 1
	}
	for range halvings {
		if middle := (low + high) / 2; low < 1 && at(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	value, x := 0.0, make([]float64, len(columns))
	for i := range columns {
		value += float64(low * j.worthOf(i) * columns[i].served)
		x[i] = low
	}
	return value, x
}

// worthOf is what all of a demand is worth; what is worth nothing still goes before nothing.
func (j *compass) worthOf(i int) float64 {
	if j.worth[i] > 0 {
		return j.worth[i]
	}
	return 1e-9 * j.asked[i].full
}

// rows returns what could be overloaded: Σ load · x ≤ capacity − base. Rows that say the same stand once.
func (j *journey) rows(base func(k int) float64, load func(column int) []float64, up []float64) (rows []integer.Row, ok bool) {
	known := map[string]bool{}
	var key []byte
	var on []int
	var of []float64
	for k, lot := range j.finite {
		if !j.runsAny(lot) {
			continue
		}
		capacity := j.tide.least[lot]
		room, most := capacity-base(k), 0.0
		if room < 0 {
			if over(base(k), capacity) {
				return nil, false
			}
			room = 0
		}
		for i, u := range up {
			most += float64(load(i)[k] * u)
		}
		if most <= room {
			continue
		}
		on, of, key = on[:0], of[:0], key[:0]
		for i, u := range up {
			if x := load(i)[k]; x > 0 && u > 0 {
				on, of = append(on, i), append(of, -x)
				key = binary.BigEndian.AppendUint64(binary.AppendUvarint(key, uint64(i)), math.Float64bits(x))
			}
		}
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(room))
		if len(on) > 0 && !known[string(key)] {
			known[string(key)] = true
			rows = append(rows, integer.Row{On: slices.Clone(on), Of: slices.Clone(of), Least: -room})
		}
	}
	return rows, true
}

const pivots = 2000

// solve returns the cheapest x between 0 and up that keeps the rows, as near as floating point comes.
func solve(cost, up []float64, rows []integer.Row) []float64 {
	if len(up) == 1 || len(rows) == 0 {
		x := make([]float64, len(up))
		for i, c := range cost {
			if c < 0 {
				x[i] = up[i]
			}
		}
		for _, r := range rows {
			x[0] = min(x[0], r.Least/r.Of[0])
		}
		return x
	}
	p := integer.Linear{Cost: cost, Low: make([]float64, len(up)), Up: up, Rows: rows}
	if e := p.Solve(context.Background(), pivots); e.X != nil {
		return e.X
	}
	return make([]float64, len(up))
}

// admit admits the most that is safe, by value, in place of what this instant admitted before; it reports whether what is admitted
// then is safe. What was admitted stays so unless less of it lets others have more.
func (j *journey) admit() bool {
	if !j.onGrid() || j.rest {
		return j.safe()
	}
	gated := false
	for i := range j.demands {
		d := &j.demands[i]
		if d.gated && !d.open && j.goal != nil {
			d.fraction = max(d.fraction, near(d.fraction, j.goal[i]))
		}
		if d.gated && d.open {
			gated = true
			d.gate = j.before[i].gate
			if !j.before[i].open {
				d.opens(j.now)
			}
		}
	}
	if !gated {
		return j.safe()
	}
	if j.first == hold && j.underway() {
		j.refuse()
		return j.safe()
	}
	if j.spills {
		return j.admitSpilling()
	}
	return j.admitLinear()
}

// admitLinear solves a linear program in what each demand is lowered and raised by: raising surges, lowering does not take
// back what has.
func (j *journey) admitLinear() bool {
	p := j.columns(j.now)
	n := len(j.demands)
	cost, up, loads := make([]float64, 2*n), make([]float64, 2*n), make([][]float64, 2*n)
	base := append([]float64(nil), p.base...)
	for i := range j.demands {
		d, c := &j.demands[i], &p.columns[i]
		loads[i], loads[n+i] = c.load, make([]float64, len(c.load))
		amount := 0.0
		if d.open {
			amount = d.comes(j.now)
		}
		if d.gated && d.open {
			worth := j.worthOf(i) * c.served
			amount -= d.fraction
			cost[i], cost[n+i] = -worth*(1+1e-6), -worth // of what stays, and of what is added
			if up[i] = d.fraction; c.served > 0 {
				up[n+i] = 1 - d.fraction
			} else if j.goal != nil {
				up[n+i] = max(0, j.goal[i]-d.fraction)
				cost[i], cost[n+i] = -1e-9*j.worthOf(i)*(1+1e-6), -1e-9*j.worthOf(i)
			}
		}
		for k, x := range c.load {
			base[k] += float64(amount * x)
			loads[n+i][k] = float64((1 + d.reopen.Surge) * x)
		}
	}
	rows, ok := j.rows(func(k int) float64 { return base[k] }, func(i int) []float64 { return loads[i] }, up)
	if !ok {
		return false
	}
	return j.take(solve(cost, up, rows))
}

// take admits what a program has found, a little less where rounding makes that too much.
func (j *journey) take(x []float64) bool {
	n := len(j.demands)
	for _, scale := range []float64{1, 1 - 1e-12, 1 - 1e-10, 1 - 1e-8, 1 - 1e-6, 1 - 1e-4, .9, 0} {
		if j.attempt(func() bool {
			for i := range j.demands {
				d := &j.demands[i]
				if d.gated && d.open {
					j.admitTo(d, near(d.fraction, float64(x[i]*scale)+float64(x[n+i]*scale)))
				}
			}
			return j.safe()
		}) {
			return true
		}
	}
	return j.safe()
}

// admitTo sets a fraction.
func (j *journey) admitTo(d *demand, fraction float64) {
	if fraction != d.fraction {
		d.set(fraction, j.now)
	}
}

// near returns a fraction, or the one that there is where the difference is not worth a step.
func near(was, fraction float64) float64 {
	switch {
	case fraction > 1-snap:
		return 1
	case fraction < snap:
		return 0
	case math.Abs(fraction-was) <= settle*was:
		return was
	}
	return fraction
}

// halvings is how often the fraction between safe and not is halved.
const halvings = 20

// admitSpilling raises all demands together, and then each as far as it can be, by trying.
func (j *journey) admitSpilling() bool {
	if !j.safe() {
		j.refuse()
		if !j.safe() {
			return false
		}
	}
	served := j.columns(j.now).columns
	raise := func(only int) {
		was := append([]demand(nil), j.demands...)
		to := func(part float64) bool {
			return j.attempt(func() bool {
				for i := range j.demands {
					d := &j.demands[i]
					if d.gated && d.open && served[i].served > 0 && (only < 0 || only == i) {
						d.gate = was[i].gate
						j.admitTo(d, near(d.fraction, was[i].fraction+float64(part*(1-was[i].fraction))))
					}
				}
				return j.safe()
			})
		}
		if to(1) {
			return
		}
		low, high := 0., 1.
		for range halvings {
			if middle := (low + high) / 2; to(middle) {
				low = middle
			} else {
				high = middle
			}
		}
	}
	raise(-1)
	for i := range j.demands {
		if j.demands[i].gated && j.demands[i].open && j.demands[i].fraction < 1 {
			raise(i)
		}
	}
	return j.safe()
}
