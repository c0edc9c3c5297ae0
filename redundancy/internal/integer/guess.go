package integer

import (
	"cmp"
	"math"
	"slices"
)

// A guess is how deep the cut of a basic column is, about: floating point looks at all of them, and [exact.cut] makes the
// deepest.
type guess struct {
	place int
	depth float64
}

// A guesser computes cuts in floating point as [exact.cut] does in whole numbers.
type guesser struct {
	*search
	x       []float64
	flipped []bool
	left    []float64 // by column, 0 but for touched
	isIn    []bool
	touched []int
}

// guesses returns the basic columns that are not whole, those of the deepest cuts first.
func (s *search) guesses(x []float64, flipped []bool) (all []guess) {
	g := guesser{search: s, x: x, flipped: flipped, left: make([]float64, len(x)), isIn: make([]bool, len(x))}
	if s.effort > toil {
		return nil
	}
	s.lp.ready()
	for r, v := range s.lp.basis {
		if v >= len(x) || math.Abs(x[v]-math.Round(x[v])) < notWhole {
			continue
		}
		if d := g.depth(r); d > shallow {
			all = append(all, guess{r, d})
		}
	}
	slices.SortStableFunc(all, func(a, b guess) int { return cmp.Compare(b.depth, a.depth) })
	return all
}

// depth returns how far x is from keeping the cut of a place; 0 if it does or there is none.
func (g *guesser) depth(r int) float64 {
	for _, j := range g.touched {
		g.left[j], g.isIn[j] = 0, false
	}
	g.touched = g.touched[:0]
	line := g.lp.inverse(r)
	least := 0.
	for k, v := range line {
		if math.Abs(v) > slight {
			least += g.add(g.lp.name[k], -v/g.rows[g.lp.name[k]].scale)
		}
	}
	for _, j := range g.touched {
		least -= float64(g.left[j] * g.corner(j))
	}
	top := pastPoint(least)
	if top < notWhole || top > 1-notWhole {
		return 0
	}
	rounded := func(a float64) float64 {
		return float64(top*math.Floor(a)) + min(top, pastPoint(a))
	}
	least = float64(top * math.Ceil(least))
	for _, j := range g.touched {
		if g.flipped[j] {
			g.left[j] = -rounded(-g.left[j])
		} else {
			g.left[j] = rounded(g.left[j])
		}
		least += float64(g.left[j] * g.corner(j))
	}
	for k, v := range line {
		if math.Abs(v) > slight {
			i := g.lp.name[k]
			exponent := int(g.rows[i].shift)
			least += g.add(i, math.Ldexp(rounded(math.Ldexp(v/g.rows[i].scale, -exponent)), exponent))
		}
	}
	length := 0.
	for _, j := range g.touched {
		least -= float64(g.left[j] * g.x[j])
		length += float64(g.left[j] * g.left[j])
	}
	if length == 0 {
		return 0
	}
	return least / math.Sqrt(length)
}

// add adds a multiple of a row to left, and returns that of the right side.
func (g *guesser) add(i int, by float64) float64 {
	if by == 0 {
		return 0
	}
	r := &g.rows[i]
	for k, j := range r.on {
		if !g.isIn[j] {
			g.isIn[j] = true
			g.touched = append(g.touched, j)
		}
		g.left[j] += float64(by * r.about[k])
	}
	return by * r.aboutLeast
}

// corner returns the bound that a column is measured from.
func (g *guesser) corner(j int) float64 {
	if g.flipped[j] {
		return float64(g.most[j])
	}
	return float64(g.least[j])
}
