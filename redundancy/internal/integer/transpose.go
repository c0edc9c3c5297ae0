package integer

import "slices"

// A use is a coefficient of a column.
type use struct {
	row int
	of  float64
}

// transposed returns the coefficients of each column in the rows of the program, and the columns, the dearest first, of
// equal ones the last.
func (e *exact) transposed() (uses [][]use, dearest []int) {
	count, all := make([]int, len(e.cost)), 0
	for i := range e.rows[:e.own] {
		for _, on := range e.rows[i].on {
			count[on]++
			all++
		}
	}
	uses = make([][]use, len(e.cost))
	cells := make([]use, all)
	for j, n := range count {
		uses[j], cells = cells[:0:n], cells[n:]
	}
	for i := range e.rows[:e.own] {
		for j, on := range e.rows[i].on {
			uses[on] = append(uses[on], use{i, e.rows[i].about[j]})
		}
	}
	dearest = indices(len(e.cost))
	slices.Reverse(dearest)
	slices.SortStableFunc(dearest, func(a, b int) int { return e.cost[b].Cmp(e.cost[a]) })
	return uses, dearest
}
