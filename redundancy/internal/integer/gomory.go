package integer

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"slices"
)

// A candidate is a cut, and how far the relaxation's solution is from keeping it.
type candidate struct {
	exactRow
	length, depth float64
}

const (
	cutsAtOnce = 20
	tries      = 2 * cutsAtOnce // cuts of columns that are made
	shallow    = 1e-4           // less depth is not worth a row
	toil       = 10_000_000     // coefficients of rows that are mixed, in all
	pool       = 500_000        // coefficients of cuts that are kept, in all
	parallel   = .999           // cosine from which on two cuts say the same
)

// cuts returns rows that all solutions keep and x does not, the deepest first.
func (s *search) cuts(ctx context.Context, x []float64) []exactRow {
	all := append(s.rowCuts(ctx, x), s.gomory(ctx, x)...)
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.depth, a.depth) })
	return different(all, len(x))
}

// gomory returns cuts for basic columns that are not whole, each from the row of the dictionary that says what one is (Gomory
// 1960, "An algorithm for the mixed integer problem"). The dictionary says only which multiples of rows to take: see
// [exact.cut].
func (s *search) gomory(ctx context.Context, x []float64) (all []candidate) {
	flipped := s.flipped()
	guesses := s.guesses(x, flipped)
	for _, g := range guesses[:min(tries, len(guesses))] {
		if s.tired(ctx) {
			break
		}
		m := s.mixture(g.place)
		for _, i := range m.row {
			s.effort += len(s.rows[i].on)
		}
		if row, ok := s.exact.cut(m, flipped, nil); ok {
			if c := measured(row, x); c.depth > shallow {
				all = append(all, c)
			}
		}
	}
	return all
}

// tired reports whether there are to be no more cuts.
func (s *search) tired(ctx context.Context) bool {
	return s.effort > toil || s.length > pool || ctx.Err() != nil
}

// flipped tells the columns that rest nearer to what they are at most in the whole program.
func (s *search) flipped() []bool {
	flipped := make([]bool, len(s.least))
	for v := range flipped {
		if s.lp.place[v] < 0 {
			flipped[v] = s.lp.at[v]-float64(s.least[v]) > float64(s.most[v])-s.lp.at[v]
		}
	}
	return flipped
}

// mixture returns the multiples of rows that make row r of the dictionary; none if they are too large to be true.
func (s *search) mixture(r int) mixture {
	const digits, large = 40, 1e12
	m, shift := mixture{}, uint(0)
	for k, v := range s.lp.inverse(r) {
		i := s.lp.name[k]
		if math.Abs(v) <= slight {
			continue
		}
		by := -v / s.rows[i].scale
		if !(math.Abs(by) < large) {
			return mixture{}
		}
		whole, _ := new(big.Float).SetFloat64(math.Round(math.Ldexp(by, digits))).Int(nil)
		m.row, m.by, shift = append(m.row, i), append(m.by, whole), max(shift, s.rows[i].shift)
	}
	for k, i := range m.row {
		m.by[k].Lsh(m.by[k], shift-s.rows[i].shift)
	}
	m.fine = digits + shift
	return m
}

func measured(r exactRow, x []float64) candidate {
	c := candidate{exactRow: r}
	lack := r.aboutLeast
	for j, on := range r.on {
		lack -= float64(r.about[j] * x[on])
		c.length += float64(r.about[j] * r.about[j])
	}
	if c.length = math.Sqrt(c.length); c.length > 0 {
		c.depth = lack / c.length
	}
	return c
}

// different returns the first of those that are nearly parallel.
func different(all []candidate, columns int) (rows []exactRow) {
	var kept []candidate
	dense := make([]float64, columns)
	for _, c := range all {
		for j, on := range c.on {
			dense[on] = c.about[j]
		}
		if !slices.ContainsFunc(kept, func(k candidate) bool { return k.dot(dense) > parallel*k.length*c.length }) {
			kept, rows = append(kept, c), append(rows, c.exactRow)
		}
		clear(dense)
		if len(kept) == cutsAtOnce {
			break
		}
	}
	return rows
}

func (c candidate) dot(dense []float64) float64 {
	sum := 0.0
	for j, on := range c.on {
		sum += float64(c.about[j] * dense[on])
	}
	return sum
}
