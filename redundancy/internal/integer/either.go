package integer

import (
	"context"
	"math"
	"math/big"
	"slices"
)

// This file writes alternatives as rows: for a list of them a column z for each, 0 or 1, that is 1 if the alternative is waived,
//
//	Σ of·x + M·z ≥ least     Σ z ≤ alternatives − 1
//
// with M so large that the row asks for nothing where another one is kept.

// waivable is the most that M may be, in parts of a row's largest coefficient: beyond, floating point would hardly see the row.
const waivable = 1e6

// A chooser is a program that takes alternatives in.
type chooser struct {
	Program
	from []int // by row: the row of the program as it was given, or behind these the list of alternatives
	easy []int // a solution of the program as it was given; nil if none is known
}

// choices returns a program without alternatives whose solutions, in the columns that p has, are those of p that are cheaper
// than c.easy, or all as far as need be. Lists of alternatives that cannot be written so are left out.
func choices(ctx context.Context, p Program) chooser {
	c := chooser{Program: p, from: indices(len(p.Rows))}
	if c.Either = nil; len(p.Either) == 0 {
		return c
	}
	c.Least, c.Most = make([]int, len(p.Cost)), narrowed(p)
	copy(c.Least, p.Least)
	d := c
	if d.addAll(p) {
		return d
	}
	if c.try(ctx, p); c.easy != nil {
		c.afford()
	}
	c.addAll(p)
	return c
}

// addAll takes all alternatives in; false if some could not be written.
func (c *chooser) addAll(p Program) (all bool) {
	c.Cost, c.Least, c.Most, c.Rows, c.from = slices.Clip(c.Cost), slices.Clip(c.Least), slices.Clip(c.Most), slices.Clip(c.Rows), slices.Clip(c.from)
	all = true
	for i, rows := range p.Either {
		all = c.add(rows, len(p.Rows)+i) && all
	}
	return all
}

// try looks for a solution that is found easily: with the first alternative of each list that can be kept.
func (c *chooser) try(ctx context.Context, p Program) {
	some := c.Program
	for _, rows := range p.Either {
		first := slices.IndexFunc(rows, c.canKeep)
		if first < 0 {
			return
		}
		some.Rows = append(slices.Clip(some.Rows), rows[first])
	}
	r, _ := Solve(ctx, some, 0)
	c.easy = r.X
}

// canKeep reports whether a row is kept anywhere between the bounds of its columns.
func (c *chooser) canKeep(r Row) bool {
	_, high, size := r.between(c.Least, c.Most)
	return !(high+float64(size*unsure) < r.Least) // kept, as far as is known, if that is no number
}

// afford lowers the most of each column to what can be part of a solution as cheap as the one that is known.
func (c *chooser) afford() {
	left := c.price(c.easy)
	for j, cost := range c.Cost {
		if cost.Sign() > 0 {
			left.Sub(left, times(cost, c.Least[j]))
		} else {
			left.Sub(left, times(cost, c.Most[j]))
		}
	}
	for j, cost := range c.Cost {
		if cost.Sign() <= 0 {
			continue
		}
		steps := new(big.Rat).Quo(left, cost)
		if n := floor(steps); n.IsInt64() && n.Int64() < int64(c.Most[j]-c.Least[j]) {
			c.Most[j] = c.Least[j] + int(n.Int64())
		}
	}
}

// price returns what x costs.
func (p *Program) price(x []int) *big.Rat {
	sum := new(big.Rat)
	for j, cost := range p.Cost {
		sum.Add(sum, times(cost, x[j]))
	}
	return sum
}

func times(cost *big.Rat, n int) *big.Rat { return new(big.Rat).Mul(cost, big.NewRat(int64(n), 1)) }

// complete returns the solution that is known, with all that q has besides at 0.
func (c *chooser) complete() []int {
	return append(slices.Clone(c.easy), make([]int, len(c.Cost)-len(c.easy))...)
}

// narrowed returns the most of each column that is of use, with all alternatives as rows: see exact.tighten.
func narrowed(p Program) []int {
	all := Program{Cost: p.Cost, Least: p.Least, Most: p.Most, Rows: slices.Clip(p.Rows)}
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

// add takes a list of alternatives in; false if it could not be written.
func (c *chooser) add(rows []Row, from int) bool {
	var open []Row
	for _, r := range rows {
		if low, _, size := r.between(c.Least, c.Most); low-float64(size*unsure) >= r.Least {
			return true // kept by all
		}
		if c.canKeep(r) {
			open = append(open, r)
		}
	}
	switch len(open) {
	case 0:
		c.Rows, c.from = append(c.Rows, Row{Least: 1}), append(c.from, from)
		return true
	case 1:
		c.Rows, c.from = append(c.Rows, open[0]), append(c.from, from)
		return true
	}
	waive := make([]float64, len(open))
	for i, r := range open {
		if waive[i] = c.lack(i, open); !(waive[i] <= min(waivable*largest(r), math.MaxFloat64)) {
			return false
		}
	}
	some := Row{Least: float64(1 - len(open))}
	for i, r := range open {
		z := len(c.Most)
		c.Cost, c.Least, c.Most = append(c.Cost, new(big.Rat)), append(c.Least, 0), append(c.Most, 1)
		c.Rows = append(c.Rows, Row{On: append(slices.Clip(r.On), z), Of: append(slices.Clip(r.Of), waive[i]), Least: r.Least})
		some.On, some.Of = append(some.On, z), append(some.Of, -1)
		c.from = append(c.from, from)
	}
	c.Rows, c.from = append(c.Rows, some), append(c.from, from)
	return true
}

// lack returns by how much a row can lack at most where another one of a list is kept.
func (c *chooser) lack(i int, rows []Row) (most float64) {
	for k, other := range rows {
		if k != i {
			most = max(most, c.lackWhere(rows[i], other))
		}
	}
	return most
}

// lackWhere returns by how much a row can lack where another one is kept, as far as that bounds each column.
func (c *chooser) lackWhere(r, kept Row) float64 {
	_, high, size := kept.between(c.Least, c.Most)
	spare := high - kept.Least + float64(size*unsure)
	least, most := make([]int, len(kept.On)), make([]int, len(kept.On))
	for i, j := range kept.On {
		least[i], most[i] = c.Least[j], c.Most[j]
		switch steps := spare / math.Abs(kept.Of[i]); {
		case !(steps < float64(c.Most[j]-c.Least[j])):
		case kept.Of[i] > 0:
			c.Least[j] = c.Most[j] - int(steps)
		default:
			c.Most[j] = c.Least[j] + int(steps)
		}
	}
	low, _, size := r.between(c.Least, c.Most)
	for i, j := range kept.On {
		c.Least[j], c.Most[j] = least[i], most[i]
	}
	return math.Ceil(r.Least - low + float64(size*unsure))
}

// between returns the least and the most of a row's left side between bounds of the columns, and the size of what is added up.
func (r *Row) between(least, most []int) (low, high, size float64) {
	size = math.Abs(r.Least)
	for i, j := range r.On {
		a, b := float64(r.Of[i]*float64(least[j])), float64(r.Of[i]*float64(most[j]))
		low, high = low+min(a, b), high+max(a, b)
		size += max(math.Abs(a), math.Abs(b))
	}
	return low, high, size
}

func largest(r Row) (most float64) {
	for _, of := range r.Of {
		most = max(most, math.Abs(of))
	}
	return most
}

// usedOf says of n rows and lists as they were given whether any that was made of them is used.
func (c *chooser) usedOf(rows []bool, n int) []bool {
	all := make([]bool, n)
	for i, u := range rows {
		all[c.from[i]] = all[c.from[i]] || u
	}
	return all
}
