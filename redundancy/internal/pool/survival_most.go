package pool

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"sort"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// Surviving returns as many as can be lost with the demand surviving, and whether it survives at all.
//
// At one level, what may be lost are so many servers that j are left: of most domains if those come first that take fewest.
func (s *Survival) Surviving() ([]topology.ID, bool) {
	if !s.survives(0, 0) {
		return nil, false
	}
	n := len(s.ids)
	if s.nested {
		k := sort.Search(n, func(k int) bool { return !s.survives(n-k-1, n) })
		return sorted(s.ids[n-k:]), true
	}
	var best []topology.ID
	for l, j := range s.at {
		if lost := s.spared(l, s.have[l]-j); len(lost) > len(best) {
			best = lost
		}
	}
	return sorted(best), true
}

// spared returns as many as can be lost that take so many servers of a level at most.
func (s *Survival) spared(level, spare int) []topology.ID {
	if spare < 0 {
		return nil
	}
	place, takes := make([]int, len(s.ids)), make([]int, len(s.ids))
	for i := range place {
		place[i], takes[i] = i, s.takes(i, level)
	}
	slices.SortFunc(place, func(a, b int) int {
		return cmp.Or(cmp.Compare(takes[a], takes[b]), cmp.Compare(s.ids[a], s.ids[b]))
	})
	var lost []topology.ID
	for _, i := range place {
		if spare -= takes[i]; spare < 0 {
			break
		}
		lost = append(lost, s.ids[i])
	}
	return lost
}

// Collapsing returns as few as can be with whose loss the demand does not survive, and the fewest that these could be:
// their number, unless a search was not finished. If it survives the loss of all, known is false.
//
// At each level so many servers must be lost that fewer than j are left: which is an integer program, one row a level.
func (s *Survival) Collapsing(ctx context.Context) (lost []topology.ID, least int, known bool) {
	n := len(s.ids)
	if s.survives(0, n) {
		return nil, n + 1, false
	}
	first := sort.Search(n, func(k int) bool { return !s.survives(0, k) })
	if lost, least = s.ids[:first], first; !s.nested {
		least = s.fewest()
	}
	if least < first && len(s.at)*n <= mostEntries {
		r, _ := integer.Solve(ctx, s.program(), 2_000)
		if r.Bound != nil {
			least = max(least, ceil(r.Bound))
		}
		if taken := s.taken(r.X); r.X != nil && len(taken) < len(lost) {
			lost = taken
		}
	}
	return sorted(lost), least, true
}

// mostEntries bounds the numbers of an integer program.
const mostEntries = 20_000

func (s *Survival) taken(x []int) (ids []topology.ID) {
	for i := range x {
		if x[i] > 0 {
			ids = append(ids, s.ids[i])
		}
	}
	return ids
}

// fewest returns how many must be lost at least: at each level alone, those that take most.
func (s *Survival) fewest() (least int) {
	takes := make([]int, len(s.ids))
	for l, j := range s.at {
		for i := range takes {
			takes[i] = -s.takes(i, l)
		}
		slices.Sort(takes)
		k := 0
		for left := s.have[l]; left >= j && k < len(takes); k++ {
			left += takes[k]
		}
		least = max(least, k)
	}
	return least
}

// program asks for the fewest losses.
func (s *Survival) program() integer.Program {
	var p integer.Program
	for range s.ids {
		p.Cost, p.Most = append(p.Cost, big.NewRat(1, 1)), append(p.Most, 1)
	}
	for l, j := range s.at {
		row := integer.Row{Least: float64(s.have[l] - j + 1)}
		if row.Least <= 0 {
			continue
		}
		for i := range s.ids {
			if takes := s.takes(i, l); takes > 0 {
				row.On, row.Of = append(row.On, i), append(row.Of, float64(takes))
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func ceil(x *big.Rat) int {
	up := new(big.Int).Sub(x.Denom(), big.NewInt(1))
	return int(up.Div(up.Add(up, x.Num()), x.Denom()).Int64())
}
