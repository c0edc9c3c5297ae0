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
	columns := e.columns
	count, all := make([]int, columns), 0
	for i := range e.given {
		for _, on := range e.given[i].on {
			count[on]++
			all++
		}
	}
	uses = make([][]use, columns)
	cells := make([]use, all)
	for j, n := range count {
		uses[j], cells = cells[:0:n], cells[n:]
	}
	for i := range e.given {
		for j, on := range e.given[i].on {
			uses[on] = append(uses[on], use{i, e.given[i].about[j]})
		}
	}
	dearest = indices(columns)
	slices.Reverse(dearest)
	slices.SortStableFunc(dearest, func(a, b int) int { return e.cost[b].Cmp(e.cost[a]) })
	return uses, dearest
}
