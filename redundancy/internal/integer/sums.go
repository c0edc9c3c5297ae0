package integer

import (
	"math/big"
	"slices"
)

// Rows that differ little from one another, as those that ask for a number of all but few, become short, and it can be decided
// how large what they have in common is, once that is a column of its own: a sum of other columns above the least that it can
// be, for columns are not negative, which costs nothing, with a row that says it is no more than that and one that says it is
// no less.

const (
	long    = 12      // terms from which on a row may have a sum in it
	alike   = 4       // one in so many of its terms may be different
	shared  = 3       // rows for which a sum is made
	samples = 8       // columns by which it is found which row one is like
	widest  = 1 << 29 // a sum: on every machine what an int has room for
)

// share makes sums columns, and rewrites the rows that have them.
func (e *exact) share() {
	given := e.rows
	e.rows = slices.Clone(given)
	for _, rows := range clusters(given, len(e.least)) {
		if sum := common(given, rows, len(e.least)); len(sum) >= long {
			e.sum(sum, rows)
		}
	}
	e.own = len(e.rows)
}

// A part is a coefficient of a sum.
type part struct {
	column int
	of     int64
}

// clusters returns the sets of rows that are alike, in order.
func clusters(rows []exactRow, columns int) (sets [][]int) {
	var first [][]int         // by column: the sets whose first row has it
	dense := map[int][]part{} // by set: its first row
	for i := range rows {
		r := &rows[i]
		if len(r.on) < long || r.shift > 0 {
			continue
		}
		if first == nil {
			first = make([][]int, columns)
		}
		parts := r.parts()
		if set := r.like(parts, first, dense); set >= 0 {
			sets[set] = append(sets[set], i)
			continue
		}
		set := len(sets)
		sets = append(sets, []int{i})
		for _, j := range r.on {
			first[j] = append(first[j], set)
		}
		dense[set] = parts
	}
	return slices.DeleteFunc(sets, func(set []int) bool { return len(set) < shared })
}

// parts returns the coefficients in the order of their columns.
func (r *exactRow) parts() []part {
	all := make([]part, len(r.on))
	for k, j := range r.on {
		all[k] = part{j, r.of[k].Int64()}
	}
	slices.SortFunc(all, func(a, b part) int { return a.column - b.column })
	return all
}

// like returns the set whose first row a row differs little from; -1 if there is none. Only the one that most of some of
// its columns have in common with it is compared.
func (r *exactRow) like(parts []part, first [][]int, dense map[int][]part) int {
	best, votes := -1, map[int]int{}
	for k := range samples {
		for _, set := range first[r.on[k*len(r.on)/samples]] {
			votes[set]++
			if best < 0 || votes[set] > votes[best] || votes[set] == votes[best] && set < best {
				best = set
			}
		}
	}
	if best < 0 || differing(parts, dense[best])*alike > len(r.on) {
		return -1
	}
	return best
}

// differing returns how many columns have different coefficients in two rows.
func differing(a, b []part) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].column < b[0].column:
			a = a[1:]
		case a[0].column > b[0].column:
			b = b[1:]
		default:
			if a[0].of == b[0].of {
				n--
			}
			a, b = a[1:], b[1:]
		}
		n++
	}
	return n + len(a) + len(b)
}

// common returns the coefficients that most of these rows have.
func common(rows []exactRow, set []int, columns int) (sum []part) {
	of, count := make([]int64, columns), make([]int, columns)
	each := func(visit func(j int, a int64)) {
		for _, i := range set {
			for k, j := range rows[i].on {
				visit(j, rows[i].of[k].Int64())
			}
		}
	}
	each(func(j int, a int64) { // Boyer & Moore 1991, "MJRTY"
		switch {
		case count[j] == 0:
			of[j], count[j] = a, 1
		case of[j] == a:
			count[j]++
		default:
			count[j]--
		}
	})
	clear(count)
	each(func(j int, a int64) {
		if of[j] == a {
			count[j]++
		}
	})
	for j, n := range count {
		if 2*n > len(set) && of[j] != 0 {
			sum = append(sum, part{j, of[j]})
		}
	}
	return sum
}

// sum makes a sum a column, and rewrites these rows with it.
func (e *exact) sum(sum []part, rows []int) {
	least, most := int64(0), int64(0)
	for _, t := range sum {
		a, b := t.of*int64(e.least[t.column]), t.of*int64(e.most[t.column])
		least, most = least+min(a, b), most+max(a, b)
		if max(-least, most) > widest {
			return
		}
	}
	z := len(e.least)
	e.least, e.most, e.cost = append(e.least, 0), append(e.most, int(most-least)), append(e.cost, new(big.Int))
	for _, i := range rows {
		e.rows[i] = e.rows[i].less(sum, z, least)
	}
	for _, sign := range []int64{1, -1} {
		r := exactRow{on: []int{z}, of: []*big.Int{big.NewInt(-sign)}, least: big.NewInt(sign * least)}
		for _, t := range sum {
			r.on, r.of = append(r.on, t.column), append(r.of, big.NewInt(sign*t.of))
		}
		r.look()
		e.rows = append(e.rows, r)
	}
}

// less writes a row with column z in place of a sum, which is the column and low.
func (r exactRow) less(sum []part, z int, low int64) exactRow {
	of := make([]int64, z)
	for _, t := range sum {
		of[t.column] = -t.of
	}
	for k, j := range r.on {
		of[j] += r.of[k].Int64()
	}
	on, whole := []int{z}, []*big.Int{big.NewInt(1)}
	for j, a := range of {
		if a != 0 {
			on, whole = append(on, j), append(whole, big.NewInt(a))
		}
	}
	r.on, r.of, r.least = on, whole, new(big.Int).Sub(r.least, big.NewInt(low))
	r.look()
	return r
}
