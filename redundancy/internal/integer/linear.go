package integer

import (
	"context"
	"math"
)

// A Linear is a program without the demand for whole numbers:
//
//	minimise cost · x  subject to  Σ of·x ≥ least for every row,  low ≤ x ≤ up
//
// All numbers are finite.
type Linear struct {
	Cost, Low, Up []float64 // by column
	Rows          []Row
}

// An Estimate is what floating point makes of a [Linear]. Nothing of it is proven: see [Linear.Bound].
type Estimate struct {
	X      []float64 // by column
	Prices []float64 // by row, not negative
	Stuck  bool      // there seems to be no solution, and Prices show why: see [Linear.Impossible]
	Done   bool      // it ended by itself: neither ctx nor the number of pivots stopped it
}

// sharp is the size that the largest coefficient of a row is brought to: rows are kept to outside/sharp of it.
const sharp = 100

// Solve runs the dual simplex method, with at most so many pivots. Each takes time in proportion to the
// coefficients, at most.
func (p Linear) Solve(ctx context.Context, pivots int) Estimate {
	x, scale := p.relax()
	e := Estimate{Prices: make([]float64, len(p.Rows))}
	stuck, done := x.pivots(ctx, pivots, false)
	if e.Done = done; stuck >= 0 {
		e.Stuck = true
		e.take(x.ray(stuck), scale)
		return e
	}
	e.X = x.solution(len(p.Cost))
	e.take(x.prices(), scale)
	return e
}

func (e *Estimate) take(prices, scale []float64) {
	for i, y := range prices {
		if y /= scale[i]; y > 0 && !math.IsInf(y, 0) {
			e.Prices[i] = y
		}
	}
}

// relax sets up the relaxation, all columns at the bound that is cheaper.
func (p Linear) relax() (x *relaxation, scale []float64) {
	x = newRelaxation(p.Cost, len(p.Rows))
	copy(x.low, p.Low)
	copy(x.up, p.Up)
	count, all := make([]int, len(p.Cost)), 0
	for _, r := range p.Rows {
		for _, on := range r.On {
			count[on]++
		}
		all += len(r.On)
	}
	cells := make([]term, 2*all)
	for j, n := range count {
		x.uses[j], cells = cells[:0:n], cells[n:]
	}
	scale = make([]float64, 0, len(p.Rows))
	for i, r := range p.Rows {
		largest := 0.
		for _, a := range r.Of {
			largest = max(largest, math.Abs(a)/sharp)
		}
		if largest == 0 {
			largest = 1
		}
		row := cells[:len(r.On):len(r.On)]
		cells = cells[len(r.On):]
		for k, on := range r.On {
			row[k] = term{on, r.Of[k] / largest}
		}
		scale = append(scale, largest)
		x.add(i, row, r.Least/largest)
	}
	return x, scale
}

// Bound returns what prices prove by weak duality: no solution costs less. It is rounded down, so it is true of any
// prices that are not negative.
func (p Linear) Bound(prices []float64) float64 { return p.weak(p.Cost, prices) }

// Impossible reports whether prices prove that there is no solution.
func (p Linear) Impossible(prices []float64) bool {
	return p.weak(make([]float64, len(p.Cost)), prices) > 0
}

// rounding is twice what one operation rounds by, in parts of its result.
const rounding = 0x1p-52

// weak returns Σ y·least + Σ min (cost − Σ y·of) · x, less all that may have been lost in rounding.
func (p Linear) weak(cost, prices []float64) float64 {
	left, size, terms := make([]float64, len(cost)), make([]float64, len(cost)), make([]int, len(cost))
	copy(left, cost)
	for j, c := range cost {
		size[j] = math.Abs(c)
	}
	sum, all := 0.0, 0.0
	add := func(x float64) { sum, all = sum+x, all+math.Abs(x) }
	for i, r := range p.Rows {
		y := prices[i]
		if y == 0 {
			continue
		}
		add(float64(y * r.Least))
		for k, j := range r.On {
			a := float64(y * r.Of[k])
			left[j] -= a
			size[j] += math.Abs(a)
			terms[j]++
		}
	}
	for j, d := range left {
		d -= float64(float64(size[j]*rounding) * float64(terms[j]+2))
		if d >= 0 {
			add(float64(d * p.Low[j]))
		} else {
			add(float64(d * p.Up[j]))
		}
	}
	return sum - float64(float64(all*rounding)*float64(len(p.Rows)+2*len(cost)+2))
}
