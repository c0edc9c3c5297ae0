package integer

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// An alikeness says which columns of a program became one: they cost the same and stand in the same rows with the same
// coefficients, so only their sum matters.
type alikeness struct {
	groups      [][]int // columns, in order
	least, most []int   // of each column
}

// mergeColumns returns a program in which columns that are alike are one.
func mergeColumns(p Program) (Program, alikeness) {
	a := alikeness{least: p.Least, most: p.Most}
	if a.least == nil {
		a.least = make([]int, len(p.Cost))
	}
	keys := columnKeys(p)
	group := map[string]int{}
	to := make([]int, len(p.Cost))
	m := Program{Least: []int{}}
	for j, key := range keys {
		g, ok := group[key]
		if !ok {
			g = len(a.groups)
			group[key] = g
			a.groups = append(a.groups, nil)
			m.Cost, m.Least, m.Most = append(m.Cost, p.Cost[j]), append(m.Least, 0), append(m.Most, 0)
		}
		a.groups[g] = append(a.groups[g], j)
		m.Least[g] += a.least[j]
		m.Most[g] += min(a.most[j], math.MaxInt32-m.Most[g]) // no more than any program asks for
		to[j] = g
	}
	for _, r := range p.Rows {
		row := Row{Least: r.Least}
		for i, on := range r.On {
			if g := to[on]; a.groups[g][0] == on {
				row.On, row.Of = append(row.On, g), append(row.Of, r.Of[i])
			}
		}
		m.Rows = append(m.Rows, row)
	}
	return m, a
}

// columnKeys tells columns apart by their costs and coefficients: most by a hash of these, which few have in common.
func columnKeys(p Program) []string {
	hashes, same := make([]uint64, len(p.Cost)), map[uint64]int{}
	p.eachCoefficient(func(row, column int, of float64) {
		hashes[column] = mixed(hashes[column] ^ mixed(uint64(row)^math.Float64bits(of)))
	})
	for _, h := range hashes {
		same[h]++
	}
	keys := make([][]byte, len(p.Cost))
	for j, c := range p.Cost {
		if keys[j] = binary.BigEndian.AppendUint64(nil, hashes[j]); same[hashes[j]] > 1 {
			keys[j] = append(append(keys[j], c.RatString()...), 0)
		}
	}
	p.eachCoefficient(func(row, column int, of float64) {
		if same[hashes[column]] > 1 {
			keys[column] = binary.BigEndian.AppendUint64(keys[column], uint64(row))
			keys[column] = binary.BigEndian.AppendUint64(keys[column], math.Float64bits(of))
		}
	})
	texts := make([]string, len(keys))
	for j, key := range keys {
		texts[j] = string(key)
	}
	return texts
}

// eachCoefficient visits those that are not 0, row by row.
func (p *Program) eachCoefficient(visit func(row, column int, of float64)) {
	for i := range p.Rows {
		r := &p.Rows[i]
		for k, j := range r.On {
			if r.Of[k] != 0 {
				visit(i, j, r.Of[k])
			}
		}
	}
}

// mixed spreads what tells numbers apart over all of their bits (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// sums returns the sum of each group.
func (a alikeness) sums(x []int) []int {
	all := make([]int, len(a.groups))
	for g, columns := range a.groups {
		for _, j := range columns {
			all[g] += x[j]
		}
	}
	return all
}

// spread gives the sum of a group back to its columns, as evenly as they take it, what is left over to the first.
func (a alikeness) spread(x []int) []int {
	if x == nil {
		return nil
	}
	all := slices.Clone(a.least)
	for g, columns := range a.groups {
		left := x[g]
		for _, j := range columns {
			left -= a.least[j]
		}
		byRoom := slices.Clone(columns)
		room := func(j int) int { return a.most[j] - a.least[j] }
		slices.SortStableFunc(byRoom, func(i, j int) int { return cmp.Compare(room(i), room(j)) })
		for i, j := range byRoom { // each takes its part of what those with less room have left
			open := len(byRoom) - i
			take := min((left+open-1)/open, room(j))
			all[j] += take
			left -= take
		}
	}
	return all
}
