package sizes

// An affine is c + Σ of·x over some columns, in their order.
type affine struct {
	c    float64
	term []term
}

type term struct {
	on int32
	of float64
}

func (a affine) at(x []int) float64 { return a.corner(x, x) }

// least returns the least value in a box, most the largest.
func (a affine) least(b Box) float64 { return a.corner(b.Least, b.Most) }
func (a affine) most(b Box) float64  { return a.corner(b.Most, b.Least) }

func (a affine) corner(rising, falling []int) float64 {
	sum := a.c
	for _, t := range a.term {
		if t.of > 0 {
			sum += float64(t.of * float64(rising[t.on]))
		} else {
			sum += float64(t.of * float64(falling[t.on]))
		}
	}
	return sum
}

// plus returns a + by·b.
func (a affine) plus(b affine, by float64) affine {
	sum := affine{c: a.c + float64(by*b.c)}
	if by == 0 || len(b.term) == 0 {
		sum.term = a.term
		return sum
	}
	sum.term = make([]term, 0, len(a.term)+len(b.term))
	i := 0
	for _, t := range b.term {
		for ; i < len(a.term) && a.term[i].on < t.on; i++ {
			sum.term = append(sum.term, a.term[i])
		}
		of := float64(by * t.of)
		if i < len(a.term) && a.term[i].on == t.on {
			of += a.term[i].of
			i++
		}
		sum.term = append(sum.term, term{t.on, of})
	}
	sum.term = append(sum.term, a.term[i:]...)
	return sum
}

func (a affine) times(by float64) affine {
	if by == 1 {
		return a
	}
	return affine{}.plus(a, by)
}

// A sum adds many affines up.
type sum struct {
	c  float64
	of []float64
}

func newSum(columns int) *sum { return &sum{of: make([]float64, columns)} }

func (s *sum) add(a affine) {
	s.c += a.c
	for _, t := range a.term {
		s.of[t.on] += t.of
	}
}

func (s *sum) affine() affine {
	a := affine{c: s.c}
	for j, of := range s.of {
		if of != 0 {
			a.term = append(a.term, term{int32(j), of})
		}
	}
	return a
}

// A Box is all x with Least[j] ≤ x[j] ≤ Most[j].
type Box struct{ Least, Most []int }

// A form is what is known of a quantity, never negative, in a box: it lies in [lo, hi], and nowhere below an affine function.
type form struct {
	lo, hi float64
	under  affine
}

func constant(c float64) form { return form{c, c, affine{c: c}} }

func (f form) fixed() bool { return f.lo == f.hi }

func (f form) plus(g form, by float64) form {
	return form{f.lo + float64(by*g.lo), f.hi + float64(by*g.hi), f.under.plus(g.under, by)}
}

// times returns the product of two forms, under which lie two planes (McCormick 1976, doi:10.1007/BF01580665); it takes
// the one that is higher at x.
func (f form) times(g form, x []int) form {
	switch {
	case f.fixed():
		return constant(0).plus(g, f.lo)
	case g.fixed():
		return constant(0).plus(f, g.lo)
	}
	low := affine{c: -float64(f.lo * g.lo)}.plus(f.under, g.lo).plus(g.under, f.lo)
	high := affine{c: -float64(f.hi * g.hi)}.plus(f.under, g.hi).plus(g.under, f.hi)
	product := form{float64(f.lo * g.lo), float64(f.hi * g.hi), low}
	if high.at(x) > low.at(x) {
		product.under = high
	}
	return product
}

// inverse returns 1/w for an affine w that is at least so much wherever it counts: the tangent at x lies under it.
func inverse(w affine, lo, hi float64, x []int) form {
	if lo == hi {
		return constant(1 / lo)
	}
	at := min(max(w.at(x), lo), hi)
	return form{1 / hi, 1 / lo, affine{c: 2 / at}.plus(w, -1/float64(at*at))}
}
