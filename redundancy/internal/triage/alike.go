package triage

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// A likeness says which columns and rows of a program became one.
type likeness struct {
	column, row []int // what each became
	rows        []int // how many rows became each
}

// merge returns a program with the same optimum in which columns and rows that are alike are one: those that colour
// refinement cannot tell apart. The mean of a solution over columns that are alike is a solution that costs the same,
// as each row of one colour has the same coefficients on the columns of another and the other way round (Grohe, Kersting,
// Mladenov, Selman 2014, doi:10.1007/978-3-662-44777-2_42). Two hundred pairs of boards become one.
func merge(p integer.Linear) (integer.Linear, likeness) {
	r := newRefinement(p)
	for r.refine() {
	}
	a := likeness{column: r.column, row: r.row, rows: make([]int, r.rows)}
	small := integer.Linear{Cost: make([]float64, r.columns), Low: make([]float64, r.columns), Up: make([]float64, r.columns)}
	for j, c := range a.column {
		small.Cost[c] += p.Cost[j]
		small.Low[c], small.Up[c] = p.Low[j], p.Up[j]
	}
	for i, c := range a.row {
		if a.rows[c]++; a.rows[c] > 1 {
			continue
		}
		row := integer.Row{Least: p.Rows[i].Least}
		at := map[int]int{}
		for k, j := range p.Rows[i].On {
			to := a.column[j]
			place, ok := at[to]
			if !ok {
				place = len(row.On)
				at[to] = place
				row.On, row.Of = append(row.On, to), append(row.Of, 0)
			}
			row.Of[place] += p.Rows[i].Of[k]
		}
		small.Rows = append(small.Rows, row)
	}
	return small, a
}

// prices gives the price of what rows became back to them, in equal parts.
func (a likeness) prices(of []float64) []float64 {
	all := make([]float64, len(a.row))
	for i, c := range a.row {
		all[i] = of[c] / float64(a.rows[c])
	}
	return all
}

// A refinement colours columns and rows.
type refinement struct {
	p             integer.Linear
	column, row   []int // colours, numbered in order of the first that has them
	columns, rows int   // colours
	in            [][]entry
}

// An entry is a coefficient of a column, and its row.
type entry struct {
	row int
	of  float64
}

func newRefinement(p integer.Linear) *refinement {
	r := &refinement{p: p, column: make([]int, len(p.Cost)), row: make([]int, len(p.Rows)), in: make([][]entry, len(p.Cost))}
	for i, row := range p.Rows {
		for k, j := range row.On {
			r.in[j] = append(r.in[j], entry{i, row.Of[k]})
		}
	}
	return r
}

// A tinge is a coefficient and the colour it leads to.
type tinge struct {
	colour int
	of     float64
}

// refine tells columns apart by the rows they are in, and rows by their columns, and reports whether that told any apart.
func (r *refinement) refine() bool {
	columns, rows := r.columns, r.rows
	r.columns = recolour(r.column, func(j int) ([]float64, []tinge) {
		var seen []tinge
		for _, e := range r.in[j] {
			seen = append(seen, tinge{r.row[e.row], e.of})
		}
		return []float64{r.p.Cost[j], r.p.Low[j], r.p.Up[j]}, seen
	})
	r.rows = recolour(r.row, func(i int) ([]float64, []tinge) {
		var seen []tinge
		for k, j := range r.p.Rows[i].On {
			seen = append(seen, tinge{r.column[j], r.p.Rows[i].Of[k]})
		}
		return []float64{r.p.Rows[i].Least}, seen
	})
	return r.columns > columns || r.rows > rows
}

// recolour gives each a colour by its own, its numbers and what it sees, and returns how many there are.
func recolour(colour []int, of func(int) ([]float64, []tinge)) int {
	known := map[string]int{}
	for i := range colour {
		numbers, seen := of(i)
		slices.SortFunc(seen, func(a, b tinge) int { return cmp.Or(cmp.Compare(a.colour, b.colour), cmp.Compare(a.of, b.of)) })
		key := binary.AppendVarint(nil, int64(colour[i]))
		for _, x := range numbers {
			key = binary.BigEndian.AppendUint64(key, math.Float64bits(x))
		}
		for _, s := range seen {
			key = binary.AppendVarint(key, int64(s.colour))
			key = binary.BigEndian.AppendUint64(key, math.Float64bits(s.of))
		}
		c, ok := known[string(key)]
		if !ok {
			c = len(known)
			known[string(key)] = c
		}
		colour[i] = c
	}
	return len(known)
}
