package integer

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// compared is the number of coefficients, zeros included, up to which rows are compared each with each.
const compared = 1 << 20

// strongest returns the rows of a program that imply the others, in their order: of those with the same left side the
// one that asks for most, and of these none that another one implies with no larger coefficient and no smaller right
// side, for columns are not negative.
func strongest(p Program) []int {
	first := map[string]int{}
	var kept []int
	for i, r := range p.Rows {
		key := leftSide(r)
		at, ok := first[key]
		switch {
		case !ok:
			first[key] = len(kept)
			kept = append(kept, i)
		case r.Least > p.Rows[kept[at]].Least:
			kept[at] = i
		}
	}
	slices.Sort(kept)
	if len(kept)*len(p.Cost) > compared {
		return kept
	}
	return undominated(p, kept)
}

func leftSide(r Row) string {
	order := make([]int, len(r.On))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(r.On[a], r.On[b]) })
	var key []byte
	for _, i := range order {
		if r.Of[i] != 0 {
			key = binary.BigEndian.AppendUint64(key, uint64(r.On[i]))
			key = binary.BigEndian.AppendUint64(key, math.Float64bits(r.Of[i]))
		}
	}
	return string(key)
}

func undominated(p Program, rows []int) []int {
	dense := make([][]float64, len(rows))
	for k, i := range rows {
		dense[k] = make([]float64, len(p.Cost))
		for j, on := range p.Rows[i].On {
			dense[k][on] = p.Rows[i].Of[j]
		}
	}
	implies := func(a, b int) bool {
		if p.Rows[rows[a]].Least < p.Rows[rows[b]].Least {
			return false
		}
		for j, x := range dense[a] {
			if x > dense[b][j] {
				return false
			}
		}
		return true
	}
	var kept []int
	for b := range rows {
		implied := false
		for a := 0; a < len(rows) && !implied; a++ {
			implied = a != b && implies(a, b)
		}
		if !implied {
			kept = append(kept, rows[b])
		}
	}
	return kept
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
