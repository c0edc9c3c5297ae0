package integer

import (
	"context"
	"math/big"
)

// A Cut is a row in whole numbers that a search made, and the rows of the program it comes from.
type Cut struct {
	On    []int
	Of    []*big.Int
	Least *big.Int
	From  []int
}

// Cuts returns the cuts of a search. It narrows no columns to what is cheaper than the best, so they hold at all points within
// most, which is as much of each column as is ever needed.
func Cuts(p Program, nodes int) (all []Cut, most []int) {
	e := exactly(p)
	e.tighten()
	s := newSearch(e, nodes, len(p.Rows))
	s.wide = true
	s.run(context.Background())
	for i := range s.rows[s.own:] {
		all = append(all, s.inColumns(&s.rows[s.own+i]))
	}
	return all, s.most[:len(p.Cost)]
}

// inColumns writes a cut without sums: as many of the rows that say what these are at least are added, which are equations.
func (s *search) inColumns(r *exactRow) Cut {
	left, c := make([]*big.Int, len(s.least)), Cut{Least: new(big.Int), From: r.from}
	r.addTo(left, c.Least, one)
	for k := len(s.given); k < s.own; k += 2 {
		if by := left[s.rows[k].on[0]]; by != nil {
			s.rows[k].addTo(left, c.Least, new(big.Int).Set(by))
		}
	}
	for j, a := range left {
		if a != nil && a.Sign() != 0 {
			c.On, c.Of = append(c.On, j), append(c.Of, a)
		}
	}
	return c
}

// Short returns the row that is made of Σ left·x ≥ least for columns from 0 to most.
func Short(left []*big.Int, least *big.Int, most []int) Cut {
	e := &exact{cost: make([]*big.Int, len(left)), columns: len(left), least: make([]int, len(left)), most: most}
	r := e.short(left, least, mixture{})
	return Cut{r.on, r.of, r.least, r.from}
}

// Sums returns how many sums a search makes columns.
func Sums(p Program) int {
	s := newSearch(exactly(p), 1, len(p.Rows))
	return len(s.least) - s.columns
}
