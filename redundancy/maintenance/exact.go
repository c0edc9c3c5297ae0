package maintenance

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
)

// How much is done to find the fewest groups for certain: of combinations of counts, and of these times components.
const (
	mostCounts  = 1024
	mostCounted = 100_000
)

// A ledger has an entry for each combination of how many units of each class there are: the first class counts fastest.
type ledger struct {
	sizes []int // of each class, and one
	all   int   // entries
}

// newLedger returns the ledger of all units; false if it would be too long.
func (s *search) newLedger() (*ledger, bool) {
	l := &ledger{sizes: slices.Repeat([]int{1}, s.classes), all: 1}
	for _, u := range s.units {
		l.sizes[u.class]++
	}
	for _, n := range l.sizes {
		if l.all *= n; l.all > s.most || l.all > mostCounted/s.t.Len() {
			return nil, false
		}
	}
	return l, true
}

// at returns the counts of an entry.
func (l *ledger) at(entry int) []int {
	counts := make([]int, len(l.sizes))
	for i, n := range l.sizes {
		counts[i] = entry % n
		entry /= n
	}
	return counts
}

// within reports whether no count is above another's.
func within(a, b []int) bool {
	for i := range a {
		if a[i] > b[i] {
			return false
		}
	}
	return true
}

// exact finds a division into the fewest groups, of as many units as can be, by what is known of every combination of counts:
// the fewest groups of an entry are one more than those of what is left of it without some safe group. The bound counts
// what is not determined as safe. false: there are too many combinations.
func (s *search) exact(ctx context.Context) (d *division, bound int, ok bool, err error) {
	l, ok := s.newLedger()
	if !ok {
		return nil, 0, false, nil
	}
	counts := make([][]int, l.all)
	var safe, maybe []int
	for e := range l.all {
		counts[e] = l.at(e)
		if e == 0 {
			continue
		}
		d, err := s.decide(ctx, s.pick(counts[e]))
		switch {
		case err != nil:
			return nil, 0, false, err
		case d.safe:
			safe, maybe = append(safe, e), append(maybe, e)
		case d.certainty == cascade.Undetermined:
			maybe = append(maybe, e)
		}
	}
	fewest, by := fill(counts, safe)
	most := 0 // the entry with the most units that has any division
	for e := range fewest {
		if more := total(counts[e]) - total(counts[most]); fewest[e] >= 0 && (more > 0 || more == 0 && fewest[e] < fewest[most]) {
			most = e
		}
	}
	least, _ := fill(counts, maybe)
	return s.write(counts, by, most), least[most], true, nil
}

// fill returns for each entry the fewest groups, and one of these; -1 where there is no way.
func fill(counts [][]int, groups []int) (fewest, by []int) {
	fewest, by = slices.Repeat([]int{-1}, len(counts)), make([]int, len(counts))
	fewest[0] = 0
	for e := 1; e < len(counts); e++ {
		for _, g := range groups {
			if g > e {
				break
			}
			if !within(counts[g], counts[e]) {
				continue
			}
			if n := fewest[e-g]; n >= 0 && (fewest[e] < 0 || n+1 < fewest[e]) {
				fewest[e], by[e] = n+1, g
			}
		}
	}
	return fewest, by
}

func total(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// pick returns as many units of each class, the first declared.
func (s *search) pick(counts []int) []int {
	left := slices.Clone(counts)
	var all []int
	for i, u := range s.units {
		if left[u.class] > 0 {
			left[u.class]--
			all = append(all, i)
		}
	}
	return all
}

// write makes the division of an entry: each group takes the next of each class.
func (s *search) write(counts [][]int, by []int, entry int) *division {
	left := make([][]int, s.classes)
	for i, u := range s.units {
		left[u.class] = append(left[u.class], i)
	}
	d := &division{}
	for ; entry > 0; entry -= by[entry] {
		var group []int
		for class, n := range counts[by[entry]] {
			group = append(group, left[class][:n]...)
			left[class] = left[class][n:]
		}
		slices.Sort(group)
		d.groups = append(d.groups, group)
	}
	var stuck []int
	for _, units := range left {
		stuck = append(stuck, units...)
	}
	slices.Sort(stuck)
	for _, u := range stuck {
		d.stuck = append(d.stuck, []int{u})
	}
	return d
}
