package spare

import (
	"math"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// A rowOf is a row, and the situation that it belongs to.
type rowOf struct {
	integer.Row
	in int
}

// rotation asks for so many servers in rotation.
func (s *situation) rotation(in, wanted int) rowOf {
	least := float64(wanted - s.n)
	if wanted == math.MaxInt {
		least = 1e18 // no purchase has so many
	}
	return s.ask(in, least, func(f fate) bool { return f.rotating })
}

// upright asks for as many servers to be up as the demand needs.
func (s *situation) upright(in int) rowOf {
	return s.ask(in, float64(s.need-s.up), func(f fate) bool { return f.up })
}

// ask asks for at least so many of what counts.
func (s *situation) ask(in int, least float64, counts func(fate) bool) rowOf {
	r := rowOf{in: in}
	r.Least = least
	for j, f := range s.column {
		if counts(f) {
			r.On, r.Of = append(r.On, j), append(r.Of, 1)
		}
	}
	return r
}

// plate asks for all that is reserved at a limit to fit.
func (l *limit) plate(in int) rowOf {
	r := rowOf{in: in}
	r.Least = l.reserved - (l.capacity + float64(l.capacity*topology.Tolerance))
	if math.IsInf(r.Least, 1) {
		r.Least = math.MaxFloat64
	}
	for j, a := range l.column {
		if a > 0 && !math.IsInf(a, 1) {
			r.On, r.Of = append(r.On, j), append(r.Of, -a)
		}
	}
	if l.more >= 0 {
		r.On, r.Of = append(r.On, l.more), append(r.Of, l.by)
	}
	return r
}

// rows returns the rows of a branch, and the situation that each belongs to.
func (h *hunt) rows(c *choice) (rows []integer.Row, in []int) {
	add := func(r rowOf) {
		if !math.IsInf(r.Least, -1) && r.Least > h.surely(r, c) {
			rows, in = append(rows, r.Row), append(in, r.in)
		}
	}
	for _, i := range h.only {
		x := h.cases[i]
		add(x.rotation(i, x.wanted(x.floor())))
		add(x.upright(i))
		for j, f := range x.column {
			if c.weak[j] && f.rotating {
				add(x.rotation(i, x.wanted(f.capacity)))
			}
		}
		for k := range x.limits {
			if l := &x.limits[k]; !l.over(0) && l.drawn() {
				add(l.plate(i))
			}
		}
	}
	for k, o := range h.over {
		if h.in[o.in] {
			for _, row := range h.overrunRows(c, o, c.over[k]) {
				add(row)
			}
		}
	}
	for _, r := range h.besides {
		rows, in = append(rows, r), append(in, -1)
	}
	return rows, in
}

// overrunRows returns the rows of an overrun that is dealt with in one mode.
func (h *hunt) overrunRows(c *choice, o overrun, as mode) (rows []rowOf) {
	switch as {
	case raised:
		return []rowOf{o.limit.plate(o.in)}
	case loadOnly:
		more := 0
		if o.limit.more >= 0 {
			more = c.most[o.limit.more]
		}
		s := h.cases[o.in]
		if wanted := o.limit.servers(s, more); s.load > 0 || wanted > 0 {
			rows = append(rows, s.rotation(o.in, wanted))
		}
		for j, a := range o.limit.column {
			if a > 0 {
				rows = append(rows, rowOf{integer.Row{On: []int{j}, Of: []float64{-1}}, o.in})
			}
		}
	}
	return rows
}

// surely returns what the left side of a row is at least within the bounds of a branch.
func (h *hunt) surely(r rowOf, c *choice) float64 {
	sum := 0.0
	for i, j := range r.On {
		if r.Of[i] > 0 {
			sum += float64(r.Of[i] * float64(c.least[j]))
		} else {
			sum += float64(r.Of[i] * float64(c.most[j]))
		}
	}
	return sum
}

// beyond reports whether a row asks for more than the bounds of a branch allow, by far more than rounding.
func beyond(r integer.Row, c *choice) bool {
	sum, size := 0.0, math.Abs(r.Least)
	for i, j := range r.On {
		x := c.most[j]
		if r.Of[i] < 0 {
			x = c.least[j]
		}
		term := float64(r.Of[i] * float64(x))
		sum, size = sum+term, max(size, math.Abs(term))
	}
	return r.Least-sum > 1e-9*size
}
