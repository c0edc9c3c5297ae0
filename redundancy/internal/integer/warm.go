package integer

import "math"

// This file is what lets a relaxation go on from another: each basis in which no variable is worth moving is a start for the
// dual simplex method, whatever the bounds are and whatever rows come in addition.

// newRelaxation returns a relaxation over no rows, with room for some, and with columns of these costs, which have yet to be
// given bounds.
func newRelaxation(cost []float64, room int) *relaxation {
	n, all := len(cost), len(cost)+room
	x := &relaxation{columns: n, stale: true, uses: make([][]term, n), isIn: make([]bool, n, all)}
	cells := make([]float64, 6*all+6*room)
	for _, s := range []*[]float64{&x.low, &x.up, &x.cost, &x.worth, &x.at, &x.entry} {
		*s, cells = cells[:n:all], cells[all:]
	}
	for _, s := range []*[]float64{&x.value, &x.steepness, &x.least, &x.line, &x.column, &x.work} {
		*s, cells = cells[:0:room], cells[room:]
	}
	copy(x.cost, cost)
	copy(x.worth, cost)
	numbers := make([]int, all+2*room)
	x.place, x.basis, x.name = numbers[:n:all], numbers[all:all:all+room], numbers[all+room:all+room:all+2*room]
	for j := range x.place {
		x.place[j] = -1
	}
	x.rows = make([][]term, 0, room)
	return x
}

// within sets bounds of the columns, from the first on, and lets those that are not basic rest at the bound that is cheaper.
func (x *relaxation) within(least, most []int) {
	moved := false
	x.work = resized(x.work, len(x.basis))
	for j := range least {
		x.low[j], x.up[j] = float64(least[j]), float64(most[j])
		if x.place[j] >= 0 {
			continue
		}
		if to := x.cheaper(j); to != x.at[j] {
			x.scatter(x.work, j, to-x.at[j])
			x.at[j], moved = to, true
		}
	}
	if moved && !x.stale {
		x.shift()
	}
}

// cheaper returns the bound of a variable at which it is cheaper.
func (x *relaxation) cheaper(v int) float64 {
	if x.worth[v] < -slight || x.worth[v] <= slight && x.at[v] >= x.up[v] {
		return x.up[v]
	}
	return x.low[v]
}

// add takes a row in, whose slack becomes basic.
func (x *relaxation) add(name int, row []term, least float64) {
	i := len(x.rows)
	x.rows, x.least, x.name = append(x.rows, row), append(x.least, least), append(x.name, name)
	for _, t := range row {
		x.uses[t.at] = append(x.uses[t.at], term{i, -t.of})
	}
	x.low, x.up, x.cost = append(x.low, 0), append(x.up, math.Inf(1)), append(x.cost, 0)
	x.worth, x.at, x.place = append(x.worth, 0), append(x.at, 0), append(x.place, i)
	x.entry, x.isIn = append(x.entry, 0), append(x.isIn, false)
	x.basis, x.value, x.steepness = append(x.basis, x.columns+i), append(x.value, 0), append(x.steepness, 1)
	x.stale = true
}

// drop takes out the rows with basic slacks that are loose.
func (x *relaxation) drop(loose func(name int, spare float64) bool) {
	kept, n := 0, x.columns
	var basis []int
	to := make([]int, len(x.rows))
	for i := range x.rows {
		v := n + i
		if p := x.place[v]; p >= 0 && loose(x.name[i], x.value[p]) {
			to[i] = -1
			continue
		}
		to[i] = kept
		x.rows[kept], x.least[kept], x.name[kept] = x.rows[i], x.least[i], x.name[i]
		w := n + kept
		x.low[w], x.up[w], x.worth[w], x.at[w] = x.low[v], x.up[v], x.worth[v], x.at[v]
		kept++
	}
	if kept == len(x.rows) {
		return
	}
	places := 0
	for p, v := range x.basis {
		if v >= n {
			if v = to[v-n]; v < 0 {
				continue
			}
			v += n
		}
		basis = append(basis, v)
		x.value[places], x.steepness[places] = x.value[p], x.steepness[p]
		places++
	}
	x.cut(kept)
	x.seat(basis)
	for j := range x.uses {
		x.uses[j] = x.uses[j][:0]
	}
	for i, row := range x.rows {
		for _, t := range row {
			x.uses[t.at] = append(x.uses[t.at], term{i, -t.of})
		}
	}
	x.stale = true
}

// cut leaves the first rows.
func (x *relaxation) cut(rows int) {
	x.wipe()
	clear(x.rows[rows:])
	x.rows, x.least, x.name = x.rows[:rows], x.least[:rows], x.name[:rows]
	x.value, x.steepness = x.value[:rows], x.steepness[:rows]
	all := x.columns + rows
	x.low, x.up, x.cost, x.worth, x.at, x.place = x.low[:all], x.up[:all], x.cost[:all], x.worth[:all], x.at[:all], x.place[:all]
	x.entry, x.isIn = x.entry[:all], x.isIn[:all]
}

// seat makes a basis the basis.
func (x *relaxation) seat(basis []int) {
	x.basis = basis
	for v := range x.place {
		x.place[v] = -1
	}
	for p, v := range basis {
		x.place[v] = p
	}
}

// renew factors the basis anew, and computes what depends on it from the rows as they are given.
func (x *relaxation) renew() {
	m := len(x.rows)
	x.line, x.column, x.work = resized(x.line, m), resized(x.column, m), resized(x.work, m)
	if !x.factor() {
		x.restart()
		x.factor()
	}
	x.reprice()
	x.revalue()
	x.stale = false
}

// factor factors the basis; false if it is none.
func (x *relaxation) factor() bool {
	m, n := len(x.rows), x.columns
	slack := make([]bool, m)
	var others []int
	var columns [][]term
	steepness := make([]float64, m)
	for p, v := range x.basis {
		if v >= n {
			slack[v-n] = true
			steepness[v-n] = x.steepness[p]
		} else {
			others, columns = append(others, v), append(columns, x.uses[v])
		}
	}
	at, ok := x.factors.factor(slack, columns)
	if !ok {
		return false
	}
	for k, v := range others {
		steepness[at[k]] = x.steepness[x.place[v]]
	}
	basis := make([]int, m)
	for i := range m {
		basis[i] = n + i
	}
	for k, v := range others {
		basis[at[k]] = v
	}
	x.steepness = steepness
	x.seat(basis)
	return true
}

// restart makes the slacks the basis.
func (x *relaxation) restart() {
	basis := make([]int, len(x.rows))
	for i := range basis {
		basis[i], x.steepness[i] = x.columns+i, 1
	}
	x.seat(basis)
}

// reprice computes the worths, and moves what is worth moving.
func (x *relaxation) reprice() {
	y := x.work
	for p, v := range x.basis {
		y[p] = x.cost[v]
	}
	x.factors.backward(y)
	for v := range x.worth {
		if x.place[v] >= 0 {
			x.worth[v] = 0
			continue
		}
		d := x.cost[v]
		if v >= x.columns {
			d -= y[v-x.columns]
		} else {
			for _, t := range x.uses[v] {
				d -= float64(t.of * y[t.at])
			}
		}
		x.worth[v] = d
		if x.at[v] = x.cheaper(v); math.IsInf(x.at[v], 0) { // a slack whose price is below 0 by a little
			x.at[v], x.worth[v] = 0, 0
		}
	}
}

// revalue computes the values of the basic variables.
func (x *relaxation) revalue() {
	for i, b := range x.least {
		x.work[i] = -b
	}
	for v, p := range x.place {
		if p < 0 && x.at[v] != 0 {
			x.scatter(x.work, v, -x.at[v])
		}
	}
	x.factors.forward(x.work)
	x.value = append(x.value[:0], x.work...)
}

// drifted reports whether the values break rows.
func (x *relaxation) drifted() bool {
	const much = 1e-6
	for i, row := range x.rows {
		sum := -x.least[i] - x.now(x.columns+i)
		for _, t := range row {
			sum += float64(t.of * x.now(t.at))
		}
		if math.Abs(sum) > much {
			return true
		}
	}
	return false
}

// now returns what a variable is.
func (x *relaxation) now(v int) float64 {
	if p := x.place[v]; p >= 0 {
		return x.value[p]
	}
	return x.at[v]
}

// total returns what the solution costs.
func (x *relaxation) total() float64 {
	sum := 0.
	for j, c := range x.cost[:x.columns] {
		if c != 0 {
			sum += float64(c * x.now(j))
		}
	}
	return sum
}

// solution returns the first columns.
func (x *relaxation) solution(columns int) []float64 {
	all := make([]float64, columns)
	for j := range all {
		all[j] = x.now(j)
	}
	return all
}

// prices returns the price of each row: what its slack is worth.
func (x *relaxation) prices() []float64 {
	y := make([]float64, len(x.rows))
	for i := range y {
		y[i] = max(0, x.worth[x.columns+i])
	}
	return y
}

// ray returns the prices that show why the variable of a place that is out of its bounds is stuck there.
func (x *relaxation) ray(r int) []float64 {
	line := x.inverse(r)
	sign := 1.
	if x.value[r] > x.up[x.basis[r]] {
		sign = -1
	}
	y := make([]float64, len(x.rows))
	for i := range y {
		y[i] = max(0, sign*line[i])
	}
	return y
}

// A state is what a trial changes.
type state struct {
	basis, place                []int
	value, worth, at, steepness []float64
	etas                        mark
}

// save keeps the state, for load.
func (x *relaxation) save() {
	x.ready()
	s := &x.saved
	s.basis, s.place = append(s.basis[:0], x.basis...), append(s.place[:0], x.place...)
	s.value, s.worth = append(s.value[:0], x.value...), append(s.worth[:0], x.worth...)
	s.at, s.steepness = append(s.at[:0], x.at...), append(s.steepness[:0], x.steepness...)
	s.etas = x.factors.mark()
}

// load goes back to the state that was saved.
func (x *relaxation) load() {
	s := &x.saved
	copy(x.basis, s.basis)
	copy(x.place, s.place)
	copy(x.value, s.value)
	copy(x.worth, s.worth)
	copy(x.at, s.at)
	copy(x.steepness, s.steepness)
	x.factors.back(s.etas)
}

// inverse returns the row of the inverse of a place: its variable and all others, rested, are what the rows' slacks times it are.
func (x *relaxation) inverse(r int) []float64 {
	clear(x.line)
	x.line[r] = 1
	x.factors.backward(x.line)
	return x.line
}

// ready makes the factors those of the basis.
func (x *relaxation) ready() {
	if x.stale {
		x.renew()
	}
}
