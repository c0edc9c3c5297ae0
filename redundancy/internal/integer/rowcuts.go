package integer

import (
	"context"
	"math"
	"math/big"
	"slices"
)

const (
	longest   = 120 // terms of rows that are rounded by themselves
	divisors  = 8   // coefficients that a row is divided by, and that are steps
	notWhole  = 1. / (1 << away)
	rowDigits = 40 // binary digits after the point of what a row is multiplied by
)

// rowCuts returns a cut of each short active row, at most: the row, or its contrary, is divided by one of its coefficients and
// rounded, with a step that is the part of another coefficient after the point or without (Dash, Goycoolea & Günlük 2010,
// "Two-step MIR inequalities for mixed integer programs", doi:10.1287/ijoc.1090.0337). Floating point looks for the one that
// cuts x off farthest, and [exact.cut] makes it.
func (s *search) rowCuts(ctx context.Context, x []float64) (all []candidate) {
	flipped := make([]bool, len(x))
	for j, v := range x {
		flipped[j] = v-float64(s.least[j]) > float64(s.most[j])-v
	}
	for i := range s.rows[:s.own] {
		if s.tired(ctx) {
			break
		}
		r := &s.rows[i]
		if !s.isOn[i] || len(r.on) > longest {
			continue
		}
		d := s.shifted(r, x, flipped).division()
		if d.depth < shallow {
			continue
		}
		s.effort += len(r.on)
		m, step := s.divided(i, d, flipped)
		if row, ok := s.exact.cut(m, flipped, step); ok {
			if c := measured(row, x); c.depth > shallow {
				all = append(all, c)
			}
		}
	}
	return all
}

// A shiftedRow is Σ of·z − slack = least at a point, z being at least 0.
type shiftedRow struct {
	of, z        []float64
	least, slack float64
}

// shifted measures columns from their bounds.
func (s *search) shifted(r *exactRow, x []float64, flipped []bool) shiftedRow {
	p := shiftedRow{of: slices.Clone(r.about), z: make([]float64, len(r.on)), least: r.aboutLeast, slack: -r.aboutLeast}
	for k, j := range r.on {
		p.slack += float64(r.about[k] * x[j])
		corner := float64(s.least[j])
		p.z[k] = x[j] - corner
		if flipped[j] {
			corner = float64(s.most[j])
			p.z[k], p.of[k] = corner-x[j], -p.of[k]
		}
		p.least -= float64(r.about[k] * corner)
	}
	p.slack = max(p.slack, 0)
	return p
}

// A division is a way to round a row: times 1 or -1, over the size of a coefficient, in steps of another one, -1 being none.
type division struct {
	sign     float64
	by, step int
	depth    float64
}

// division returns the one that cuts the point off farthest.
func (p shiftedRow) division() (best division) {
	some := p.sizes()
	for _, by := range some {
		for _, sign := range []float64{1, -1} {
			over := sign / math.Abs(p.of[by])
			for _, step := range append([]int{-1}, some...) {
				width := 1.
				if step >= 0 {
					width = pastPoint(p.of[step] * over)
				}
				if d := p.depth(over, width); d > best.depth {
					best = division{sign, by, step, d}
				}
			}
		}
	}
	return best
}

// sizes returns the places of different coefficients of columns that are above 0.
func (p shiftedRow) sizes() (some []int) {
	for k, a := range p.of {
		if p.z[k] > outside && len(some) < divisors && !slices.ContainsFunc(some, func(i int) bool { return p.of[i] == a }) {
			some = append(some, k)
		}
	}
	return some
}

// pastPoint returns the part of a number after the point.
func pastPoint(v float64) float64 { return float64(v) - math.Floor(v) }

// depth returns how far the point is from what the row asks for when it is multiplied and rounded in steps of a width, 1 being none;
// 0 if that does not fit. It is what [rounder] does.
func (p shiftedRow) depth(over, width float64) float64 {
	least := float64(p.least * over)
	rest := pastPoint(least)
	top := rest
	if rest < notWhole || rest > 1-notWhole {
		return 0
	}
	if width < 1 {
		times := math.Floor(rest/width) + 1
		if width < notWhole || width >= rest || float64(times*width) > 1 {
			return 0
		}
		rest -= float64(width * (times - 1))
		top = rest * times
		if rest < width*notWhole {
			return 0
		}
	}
	rounded := func(a float64) float64 {
		f := pastPoint(a)
		steps := math.Floor(f / width)
		return float64(top*math.Floor(a)) + min(top, float64(rest*steps)+min(rest, f-float64(width*steps)))
	}
	lack, length := float64(top*math.Ceil(least))-float64(rounded(-over)*p.slack), 0.
	for k, v := range p.z {
		c := rounded(p.of[k] * over)
		lack -= float64(c * v)
		length += float64(c * c)
	}
	if length == 0 {
		return 0
	}
	return lack / math.Sqrt(length)
}

// divided returns the mixture of a division, and its step.
func (s *search) divided(i int, d division, flipped []bool) (m mixture, step *big.Int) {
	r := &s.rows[i]
	by := new(big.Int).Lsh(one, rowDigits)
	by.Quo(by, new(big.Int).Abs(r.of[d.by]))
	by.Add(by, one) // so that its coefficient is not below 1
	if d.sign < 0 {
		by.Neg(by)
	}
	if d.step >= 0 {
		step = new(big.Int).Mul(by, r.of[d.step])
		if flipped[r.on[d.step]] {
			step.Neg(step)
		}
		step.And(step, new(big.Int).Sub(new(big.Int).Lsh(one, rowDigits), one))
	}
	return mixture{[]int{i}, []*big.Int{by}, rowDigits}, step
}
