package integer

import "math"

// A term is a coefficient and what it belongs to.
type term struct {
	at int
	of float64
}

// Factors are a basis as L·U, of which the columns are slacks, each 1 in its row, and others; the columns that came in since
// are etas, each of which says what a column is in terms of the basis before (Dantzig & Orchard-Hays 1954,
// doi:10.1090/S0025-5718-1954-0061469-8). A column stands at the row of its pivot, so that a vector is by row before it is
// solved for, and by place in the basis thereafter, in the same cells.
//
// Slacks need no elimination, columns and rows with a single number left need no arithmetic, and the rest is small as a
// rule: it is eliminated by the rule of Markowitz (1957, doi:10.1287/mnsc.3.3.255).
type factors struct {
	slack []bool        // by row: whether its own slack is in its place
	lower []elimination // in the order of the pivots
	upper []elimination // of the columns that are no slacks, in the order of the pivots
	right [][]term      // by row: the numbers of upper
	store []term        // of these three, one after the other
	etas  []elimination
	terms []term // of etas, one after the other
	rest  nucleus
}

// An elimination is a pivot at a row, and what else is in its column.
type elimination struct {
	row   int
	pivot float64
	terms []term
}

const (
	tiny    = 1e-14 // a number that is left out
	nought  = 1e-10 // a pivot that counts as 0
	stable  = .1    // a pivot's part of the largest number of its column, at least
	balance = .01   // the same where nothing is left to choose
)

// forward solves B·x = a in place.
func (f *factors) forward(x []float64) {
	for i := range f.lower {
		e := &f.lower[i]
		if v := x[e.row]; v != 0 {
			subtract(x, e.terms, v)
		}
	}
	for i := len(f.upper) - 1; i >= 0; i-- {
		f.upper[i].solve(x)
	}
	for i := range f.etas {
		f.etas[i].solve(x)
	}
}

func (e *elimination) solve(x []float64) {
	if v := x[e.row]; v != 0 {
		v /= e.pivot
		x[e.row] = v
		subtract(x, e.terms, v)
	}
}

func subtract(x []float64, terms []term, v float64) {
	for _, t := range terms {
		x[t.at] -= float64(t.of * v)
	}
}

// backward solves z·B = c in place.
func (f *factors) backward(z []float64) {
	for i := len(f.etas) - 1; i >= 0; i-- {
		e := &f.etas[i]
		z[e.row] = e.remainder(z) / e.pivot
	}
	for r, terms := range f.right {
		if v := z[r]; v != 0 && len(terms) > 0 && f.slack[r] {
			subtract(z, terms, v)
		}
	}
	for i := range f.upper {
		e := &f.upper[i]
		if v := z[e.row]; v != 0 {
			v /= e.pivot
			z[e.row] = v
			subtract(z, f.right[e.row], v)
		}
	}
	for i := len(f.lower) - 1; i >= 0; i-- {
		e := &f.lower[i]
		z[e.row] = e.remainder(z)
	}
}

func (e *elimination) remainder(z []float64) float64 {
	sum := z[e.row]
	for _, t := range e.terms {
		sum -= float64(t.of * z[t.at])
	}
	return sum
}

// replace lets a column take a place, of which forward has made x.
func (f *factors) replace(place int, x []float64) {
	from := len(f.terms)
	for i, v := range x {
		if i != place && math.Abs(v) > tiny {
			f.terms = append(f.terms, term{i, v})
		}
	}
	f.etas = append(f.etas, elimination{place, x[place], f.terms[from:len(f.terms):len(f.terms)]})
}

// A mark is how far the etas have come.
type mark struct{ etas, terms int }

func (f *factors) mark() mark { return mark{len(f.etas), len(f.terms)} }

// back takes back the etas that came after a mark.
func (f *factors) back(m mark) { f.etas, f.terms = f.etas[:m.etas], f.terms[:m.terms] }
