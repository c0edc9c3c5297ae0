package sizes

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Scenario is one of a family, by classes. It may lose members that there are, all copies of a column (where it names a
// kind or a label), and so many copies of a column (where it takes some by number); the latter makes it a scenario only of
// fleets that have so many.
type Scenario struct {
	Of      cascade.Scenario
	Factor  float64
	lost    []loss // members that there are
	gone    []int  // columns
	copies  []loss // by column
	drained []loss // members that there are, and are not lost
	idle    []int  // columns
}

// A loss is so many of a class, or of a column.
type loss struct {
	of int32
	n  int
}

// A Resolver finds scenarios by classes.
type Resolver struct {
	Fleet  *Fleet
	Before *topology.Topology // without any copies
}

// A pick is what patterns name.
type pick struct {
	members map[topology.ID]bool
	columns map[int]bool        // all of their copies
	copies  map[topology.ID]int // a few, and their columns
}

// NamedError says that a scenario takes single ones of what is bought out of rotation.
type NamedError struct{ Scenario cascade.Scenario }

func (e NamedError) Error() string {
	return fmt.Sprintf("%v takes single ones of what is bought out of rotation", e.Scenario)
}

// Resolve returns a scenario of a fleet that has x[j] copies of each column, the copies last and in order of the columns.
func (r *Resolver) Resolve(of cascade.Scenario, enlarged *topology.Topology, x []int) (*Scenario, error) {
	lost, err := r.pick(of.Lose, enlarged, x)
	if err != nil {
		return nil, fmt.Errorf("scenario %q: lose: %w", of, err)
	}
	drained, err := r.pick(of.Drain, enlarged, x)
	if err != nil {
		return nil, fmt.Errorf("scenario %q: drain: %w", of, err)
	}
	if len(drained.copies) > 0 {
		return nil, NamedError{of}
	}
	for id := range lost.members {
		delete(drained.members, id)
	}
	copies := r.standIn(&lost)
	return &Scenario{
		Of: of, Factor: cmp.Or(of.Load, 1),
		lost: r.byClass(lost.members), gone: inOrder(lost.columns), copies: copies,
		drained: r.byClass(drained.members), idle: inOrder(drained.columns),
	}, nil
}

func (r *Resolver) pick(patterns []string, enlarged *topology.Topology, x []int) (pick, error) {
	p := pick{map[topology.ID]bool{}, map[int]bool{}, map[topology.ID]int{}}
	for _, pattern := range patterns {
		ids, err := enlarged.Select(pattern)
		if err != nil {
			return p, err
		}
		_, unknown := r.Before.Select(pattern)
		for _, id := range ids {
			switch n := int(id) - r.Before.Len(); {
			case n < 0:
				p.members[id] = true
			case unknown != nil: // it names copies, which has no meaning before they are bought
				p.copies[id] = columnOf(n, r.Fleet.Columns, x)
			}
		}
		if unknown == nil {
			r.pickColumns(pattern, p.columns)
		}
	}
	for id, j := range p.copies {
		if p.columns[j] {
			delete(p.copies, id)
		}
	}
	return p, nil
}

// pickColumns notes the columns whose copy a kind or a label takes.
func (r *Resolver) pickColumns(pattern string, columns map[int]bool) {
	ids, err := r.Fleet.T.Select(pattern)
	if err != nil {
		return
	}
	for _, id := range ids {
		if int(id) >= r.Before.Len() {
			columns[r.Fleet.columnOf[id]] = true
		}
	}
}

// columnOf returns the column that the n-th copy is of.
func columnOf(n int, columns []Column, x []int) int {
	for j, c := range columns {
		if c.Raise >= 0 {
			continue
		}
		if n < x[j] {
			return j
		}
		n -= x[j]
	}
	return -1
}

// standIn puts a model in the place of a lost copy that is alike: what takes the one by a kind or a label takes the other,
// and what is left is the same. It returns how many copies of columns are lost still.
func (r *Resolver) standIn(lost *pick) []loss {
	if len(lost.copies) == 0 {
		return nil
	}
	counts := map[int32]int{}
	for _, j := range lost.copies {
		counts[int32(j)]++
	}
	for j := range r.Fleet.Columns {
		c := &r.Fleet.Columns[j]
		if n := counts[int32(j)]; n > 0 && r.Fleet.of[c.Model] == c.class && !lost.members[c.Model] {
			lost.members[c.Model] = true
			counts[int32(j)]--
		}
	}
	return inClasses(counts)
}

func (r *Resolver) byClass(members map[topology.ID]bool) []loss {
	counts := map[int32]int{}
	for id := range members {
		counts[r.Fleet.of[id]]++
	}
	return inClasses(counts)
}

func inClasses(counts map[int32]int) (all []loss) {
	for of, n := range counts {
		if n > 0 {
			all = append(all, loss{of, n})
		}
	}
	slices.SortFunc(all, func(a, b loss) int { return cmp.Compare(a.of, b.of) })
	return all
}

func inOrder(columns map[int]bool) (all []int) {
	for j := range columns {
		all = append(all, j)
	}
	slices.Sort(all)
	return all
}

// Awaits returns a column of which more copies must be there for the scenario to be one of the fleet with x[j] of each, and
// how many; -1 if it is one.
func (s *Scenario) Awaits(x []int) (column, n int) {
	for _, l := range s.copies {
		if x[l.of] < l.n {
			return int(l.of), l.n
		}
	}
	return -1, 0
}

// Takes reports whether a scenario itself takes any of a class down or out of rotation, of those there are.
func (s *Scenario) Takes(class int32) bool {
	isOf := func(l loss) bool { return l.of == class }
	return slices.ContainsFunc(s.lost, isOf) || slices.ContainsFunc(s.drained, isOf)
}

// Key tells scenarios apart that do not have the same consequences.
func (s *Scenario) Key() string {
	return fmt.Sprint(s.Factor, s.lost, s.gone, s.copies, s.drained, s.idle)
}
