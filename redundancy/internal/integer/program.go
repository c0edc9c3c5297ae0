// Package integer solves small integer programs exactly:
//
//	minimise cost · x  subject to  Σ of·x ≥ least for every row,  least ≤ x ≤ most,  x whole numbers
//
// Branch and cut: linear relaxations, cuts that take off what no whole numbers reach, and branching. The simplex method works
// in floating point and is trusted with nothing: each bound is what its prices prove by weak duality, computed in whole
// numbers of any length, and each solution is checked row by row in these. For prices y ≥ 0, whatever they are,
//
//	cost · x ≥ Σ y·least + Σ over columns of min over its bounds of (cost − Σ y·of) · x
//
// so a wrong digit in y weakens a bound and never makes it false. So it is with cuts: floating point chooses which multiples
// of rows to mix, whatever they are, and the cut is derived from these in whole numbers.
package integer

import (
	"context"
	"math/big"
)

// A Program is what is to be solved. Numbers are taken as they are, every float64 being a fraction.
type Program struct {
	Cost  []*big.Rat // by column
	Least []int      // of each column, not negative; nil: 0
	Most  []int      // of each column
	Rows  []Row

	// Either is lists of rows, of each of which at least one is kept. A list is left out where a row would have to be waived by
	// much more than its largest coefficient, so solutions have to be looked at.
	Either [][]Row
}

// A Row asks for Σ Of[i] · x[On[i]] ≥ Least. No column comes twice in On. All numbers are finite.
type Row struct {
	On    []int
	Of    []float64
	Least float64
}

// A Result is what is known of a program.
type Result struct {
	X          []int     // the best solution found; nil: none is known
	Cost       *big.Rat  // of X
	Bound      *big.Rat  // no solution costs less; nil if nothing is proven, or Infeasible
	Infeasible bool      // there is no solution
	Prices     []float64 // by row: those that prove the bound of the relaxation, at the root
	Used       []bool    // by row, then by list of alternatives: whether a proof of the bound, or of infeasibility, rests on it
	Nodes      int       // parts that the program was split into and that were looked at
}

// Proven reports whether the result is final: X costs what the bound says, or there is none.
func (r *Result) Proven() bool {
	return r.Infeasible || r.X != nil && r.Bound != nil && r.Cost.Cmp(r.Bound) == 0
}

// Solve solves a program, with at most so many nodes; with none it only takes what the relaxation says. Whether it is finished,
// [Result.Proven] says; when ctx ends, it returns what is known by then together with ctx's error. The same program has the
// same result on every machine that computes as IEEE 754 says, as long as ctx does not end.
func Solve(ctx context.Context, p Program, nodes int) (Result, error) {
	q := choices(ctx, p)
	merged, alike := mergeColumns(q.Program)
	e := exactly(merged)
	e.tighten()
	s := newSearch(e, nodes, len(merged.Rows))
	if q.easy != nil {
		s.best = alike.sums(q.complete()) // which need not be a solution of q: see choices
		s.cost = s.price(s.best)
	}
	s.run(ctx)
	r := s.result(merged)
	if r.X != nil {
		r.X = alike.spread(r.X)[:len(p.Cost)]
	}
	r.Prices = r.Prices[:len(p.Rows)]
	r.Used = q.usedOf(r.Used, len(p.Rows)+len(p.Either))
	return r, ctx.Err()
}
