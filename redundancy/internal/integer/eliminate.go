package integer

import (
	"math"
	"slices"
)

// A nucleus is what is left of a basis to eliminate.
type nucleus struct {
	columns [][]term
	at      []int   // by column: the row of its pivot; -1: none so far
	done    []bool  // by row
	inRow   [][]int // by row: the columns that have a number there
	open    []int   // by column: its numbers in rows that are not done
	width   []int   // by row: its numbers in columns that have no pivot
	cells   []int

	single []int // columns that may have one number left in rows that are not done
	alone  []int // rows that may have one number left

	rows  [][]term // of what the singles leave, by row, at being columns
	in    [][]int  // by column: the rows it may have a number in
	above [][]term // by column: its numbers in rows that are done
	line  []float64
	isIn  []bool
}

// factor factors the basis that consists of the slacks of some rows and of other columns, as many as there are other rows.
// It returns the rows at which these stand; false if it finds no pivots.
func (f *factors) factor(slack []bool, columns [][]term) (at []int, ok bool) {
	f.slack, f.lower, f.upper, f.store, f.etas, f.terms = slack, f.lower[:0], f.upper[:0], f.store[:0], f.etas[:0], f.terms[:0]
	n := &f.rest
	n.begin(slack, columns)
	for {
		switch {
		case len(n.single) > 0:
			k := n.single[len(n.single)-1]
			n.single = n.single[:len(n.single)-1]
			if n.at[k] < 0 && n.open[k] == 1 && !f.takeSingle(k) {
				return nil, false
			}
		case len(n.alone) > 0:
			r := n.alone[len(n.alone)-1]
			n.alone = n.alone[:len(n.alone)-1]
			if !n.done[r] && n.width[r] == 1 {
				f.takeAlone(r)
			}
		default:
			ok = f.takeRest()
			f.turn()
			return n.at, ok
		}
	}
}

func (n *nucleus) begin(slack []bool, columns [][]term) {
	m, k := len(slack), len(columns)
	n.columns = columns
	n.at, n.open, n.width = resized(n.at, k), resized(n.open, k), resized(n.width, m)
	n.done = append(n.done[:0], slack...)
	all := 0
	for j, column := range columns {
		n.at[j] = -1
		for _, t := range column {
			if !slack[t.at] {
				n.open[j]++
				n.width[t.at]++
				all++
			}
		}
	}
	n.cells, n.inRow = resized(n.cells, all), resized(n.inRow, m)
	cells := n.cells
	for r, w := range n.width {
		n.inRow[r], cells = cells[:0:w], cells[w:]
	}
	n.single, n.alone = n.single[:0], n.alone[:0]
	for j, column := range columns {
		for _, t := range column {
			if !slack[t.at] {
				n.inRow[t.at] = append(n.inRow[t.at], j)
			}
		}
		if n.open[j] == 1 {
			n.single = append(n.single, j)
		}
	}
	for r, w := range n.width {
		if w == 1 && !slack[r] {
			n.alone = append(n.alone, r)
		}
	}
}

// resized returns a slice of so many zeros, in the same place if it is large enough.
func resized[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// takeSingle makes the pivot of a column with one number in rows that are not done.
func (f *factors) takeSingle(k int) bool {
	n, from := &f.rest, len(f.store)
	r, pivot := -1, 0.
	for _, t := range n.columns[k] {
		if n.done[t.at] {
			f.store = append(f.store, t)
		} else {
			r, pivot = t.at, t.of
		}
	}
	if math.Abs(pivot) < nought {
		return false
	}
	f.upper = append(f.upper, elimination{r, pivot, f.since(from)})
	n.place(k, r)
	return true
}

func (f *factors) since(from int) []term { return f.store[from:len(f.store):len(f.store)] }

func (n *nucleus) place(k, r int) {
	n.at[k], n.done[r] = r, true
	for _, j := range n.inRow[r] {
		if n.open[j]--; n.open[j] == 1 && n.at[j] < 0 {
			n.single = append(n.single, j)
		}
	}
	for _, t := range n.columns[k] {
		if n.width[t.at]--; n.width[t.at] == 1 && !n.done[t.at] {
			n.alone = append(n.alone, t.at)
		}
	}
}

// takeAlone makes the pivot of a row with one number in columns without one, unless that is too small.
func (f *factors) takeAlone(r int) {
	n := &f.rest
	k := n.inRow[r][slices.IndexFunc(n.inRow[r], func(k int) bool { return n.at[k] < 0 })]
	pivot, largest := 0., 0.
	for _, t := range n.columns[k] {
		if t.at == r {
			pivot = t.of
		}
		if !n.done[t.at] {
			largest = max(largest, math.Abs(t.of))
		}
	}
	if math.Abs(pivot) < max(nought, balance*largest) {
		return
	}
	from := len(f.store)
	for _, t := range n.columns[k] {
		if n.done[t.at] {
			f.store = append(f.store, t)
		}
	}
	f.upper = append(f.upper, elimination{r, pivot, f.since(from)})
	from = len(f.store)
	for _, t := range n.columns[k] {
		if !n.done[t.at] && t.at != r {
			f.store = append(f.store, term{t.at, t.of / pivot})
		}
	}
	if from < len(f.store) {
		f.lower = append(f.lower, elimination{r, 0, f.since(from)})
	}
	n.place(k, r)
}

// takeRest eliminates what is left; false if there is no pivot.
func (f *factors) takeRest() bool {
	n := &f.rest
	left := n.load()
	for len(left) > 0 {
		i := 0
		for j, k := range left {
			if len(n.in[k]) < len(n.in[left[i]]) {
				i = j
			}
		}
		k := left[i]
		left = slices.Delete(left, i, i+1)
		if !f.eliminate(k) {
			return false
		}
	}
	return true
}

// load writes down what is left by row, and returns the columns.
func (n *nucleus) load() (left []int) {
	for j, r := range n.at {
		if r < 0 {
			left = append(left, j)
		}
	}
	if len(left) == 0 {
		return nil
	}
	k := len(n.columns)
	n.rows, n.in, n.above = emptied(n.rows, len(n.done)), emptied(n.in, k), emptied(n.above, k)
	n.line, n.isIn = resized(n.line, k), resized(n.isIn, k)
	for _, j := range left {
		for _, t := range n.columns[j] {
			if n.done[t.at] {
				n.above[j] = append(n.above[j], t)
			} else {
				n.rows[t.at] = append(n.rows[t.at], term{j, t.of})
				n.in[j] = append(n.in[j], t.at)
			}
		}
	}
	return left
}

// emptied returns so many empty slices, those that were there keeping their room.
func emptied[T any](s [][]T, n int) [][]T {
	s = slices.Grow(s[:0], n)[:n]
	for i := range s {
		s[i] = s[i][:0]
	}
	return s
}

// eliminate makes the pivot of a column: of the numbers that are large enough, the one whose row is shortest.
func (f *factors) eliminate(k int) bool {
	n := &f.rest
	largest := 0.
	for _, i := range n.in[k] {
		largest = max(largest, math.Abs(n.number(i, k)))
	}
	r, pivot := -1, 0.
	for _, i := range n.in[k] {
		a := n.number(i, k)
		if math.Abs(a) >= stable*largest && (r < 0 || len(n.rows[i]) < len(n.rows[r])) {
			r, pivot = i, a
		}
	}
	if largest < nought {
		return false
	}
	from := len(f.store)
	f.store = append(f.store, n.above[k]...)
	f.upper = append(f.upper, elimination{r, pivot, f.since(from)})
	n.at[k], n.done[r] = r, true
	line := n.rows[r]
	for _, t := range line {
		if t.at != k {
			n.above[t.at] = append(n.above[t.at], term{r, t.of})
			n.line[t.at], n.isIn[t.at] = t.of, true
			n.in[t.at] = without(n.in[t.at], r)
		}
	}
	from = len(f.store)
	for _, i := range n.in[k] {
		if by := n.number(i, k) / pivot; i != r && by != 0 {
			f.store = append(f.store, term{i, by})
			n.lessOf(i, k, by, line)
		}
	}
	if from < len(f.store) {
		f.lower = append(f.lower, elimination{r, 0, f.since(from)})
	}
	for _, t := range line {
		n.isIn[t.at] = false
	}
	return true
}

func without(all []int, x int) []int {
	i := slices.Index(all, x)
	all[i] = all[len(all)-1]
	return all[:len(all)-1]
}

// number returns a number of what is left; 0 if there is none.
func (n *nucleus) number(row, column int) float64 {
	for _, t := range n.rows[row] {
		if t.at == column {
			return t.of
		}
	}
	return 0
}

// lessOf subtracts a multiple of the line of the pivot from a row, which column k leaves.
func (n *nucleus) lessOf(row, k int, by float64, line []term) {
	kept := n.rows[row][:0]
	for _, t := range n.rows[row] {
		if t.at == k {
			continue
		}
		if n.isIn[t.at] {
			t.of -= float64(by * n.line[t.at])
			n.isIn[t.at] = false
			if math.Abs(t.of) <= tiny {
				n.in[t.at] = without(n.in[t.at], row)
				continue
			}
		}
		kept = append(kept, t)
	}
	for _, t := range line {
		if t.at == k {
			continue
		}
		if n.isIn[t.at] {
			kept = append(kept, term{t.at, -float64(by * t.of)})
			n.in[t.at] = append(n.in[t.at], row)
		}
		n.isIn[t.at] = true
	}
	n.rows[row] = kept
}

// turn writes down what is in upper by row.
func (f *factors) turn() {
	f.right = resized(f.right, len(f.slack))
	count := resized(f.rest.width, len(f.slack))
	all := 0
	for i := range f.upper {
		for _, t := range f.upper[i].terms {
			count[t.at]++
			all++
		}
	}
	from := len(f.store)
	f.store = slices.Grow(f.store, all)
	cells := f.store[from : from+all]
	f.store = f.store[:from+all]
	for r, w := range count {
		f.right[r], cells = cells[:0:w], cells[w:]
	}
	for i := range f.upper {
		for _, t := range f.upper[i].terms {
			f.right[t.at] = append(f.right[t.at], term{f.upper[i].row, t.of})
		}
	}
}
