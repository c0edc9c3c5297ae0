package integer

import (
	"math"
	"math/big"
)

// This file writes alternatives as rows: for a list of them a column z for each, 0 or 1, that is 1 if the alternative is waived,
//
//	Σ of·x + M·z ≥ least     Σ z ≤ alternatives − 1
//
// with M so large that the row asks for nothing then.

// waivable is the most that M may be, in parts of a row's largest coefficient: beyond, floating point would hardly see the row.
const waivable = 1e6

// choices returns a program without alternatives whose cheapest solutions are, in the columns that p has, those of p. Lists
// of alternatives that cannot be written so are left out. From tells for each row the row of p, or behind these the list, that
// it comes from.
func choices(p Program) (q Program, from []int) {
	q, from = Program{Cost: p.Cost, Least: p.Least, Most: p.Most, Rows: p.Rows}, indices(len(p.Rows))
	if len(p.Either) == 0 {
		return q, from
	}
	c := chooser{Program: q, from: from}
	c.Cost, c.Most, c.Rows = clip(p.Cost), c.narrowed(p), clip(p.Rows)
	if c.Least == nil {
		c.Least = make([]int, len(p.Cost))
	}
	c.Least = clip(c.Least)
	for i, rows := range p.Either {
		c.add(rows, len(p.Rows)+i)
	}
	return c.Program, c.from
}

func clip[T any](s []T) []T { return s[:len(s):len(s)] }

// A chooser is a program that takes alternatives in.
type chooser struct {
	Program
	from []int
}

// narrowed returns the most of each column that is of use, with all alternatives as rows: see exact.tighten.
func (c *chooser) narrowed(p Program) []int {
	all := Program{Cost: p.Cost, Least: p.Least, Most: p.Most, Rows: clip(p.Rows)}
	for _, rows := range p.Either {
		all.Rows = append(all.Rows, rows...)
	}
	e := &exact{least: p.Least, most: append([]int(nil), p.Most...)}
	if e.least == nil {
		e.least = make([]int, len(p.Cost))
	}
	e.wholeCosts(p.Cost)
	for i, r := range all.Rows {
		e.rows = append(e.rows, exactlyRow(r, i))
	}
	e.own = len(e.rows)
	e.tighten()
	return e.most
}

// add takes a list of alternatives in.
func (c *chooser) add(rows []Row, from int) {
	var open []Row
	var waive []float64
	for _, r := range rows {
		low, high, size := c.between(r)
		switch {
		case low-float64(size*unsure) >= r.Least:
			return // kept by all
		case high+float64(size*unsure) < r.Least:
			continue // kept by none
		}
		m := math.Ceil(r.Least - low + float64(size*unsure))
		if m > waivable*largest(r) {
			return
		}
		open, waive = append(open, r), append(waive, m)
	}
	switch len(open) {
	case 0:
		c.Rows, c.from = append(c.Rows, Row{Least: 1}), append(c.from, from)
		return
	case 1:
		c.Rows, c.from = append(c.Rows, open[0]), append(c.from, from)
		return
	}
	some := Row{Least: float64(1 - len(open))}
	for k, r := range open {
		z := len(c.Most)
		c.Cost, c.Least, c.Most = append(c.Cost, new(big.Rat)), append(c.Least, 0), append(c.Most, 1)
		c.Rows = append(c.Rows, Row{On: append(clip(r.On), z), Of: append(clip(r.Of), waive[k]), Least: r.Least})
		some.On, some.Of = append(some.On, z), append(some.Of, -1)
		c.from = append(c.from, from)
	}
	c.Rows, c.from = append(c.Rows, some), append(c.from, from)
}

// between returns the least and the most of a row's left side, and the size of what is added up in it.
func (c *chooser) between(r Row) (low, high, size float64) {
	size = math.Abs(r.Least)
	for i, j := range r.On {
		least, most := float64(r.Of[i]*float64(c.Least[j])), float64(r.Of[i]*float64(c.Most[j]))
		low, high = low+min(least, most), high+max(least, most)
		size += max(math.Abs(least), math.Abs(most))
	}
	return low, high, size
}

func largest(r Row) (most float64) {
	for _, of := range r.Of {
		most = max(most, math.Abs(of))
	}
	return most
}

// gather says of rows as they were given whether any that was made of them is used.
func gather(used []bool, from []int, n int) []bool {
	all := make([]bool, n)
	for i, u := range used {
		all[from[i]] = all[from[i]] || u
	}
	return all
}
