package integer

import (
	"context"
	"math/big"
	"slices"
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
	for _, r := range s.rows[s.own:] {
		if !slices.ContainsFunc(r.on, func(j int) bool { return j >= len(p.Cost) }) {
			all = append(all, Cut{r.on, r.of, r.least, r.from})
		}
	}
	return all, s.most[:len(p.Cost)]
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
