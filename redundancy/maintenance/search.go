package maintenance

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
)

// A search looks for few safe groups of some units.
type search struct {
	*question
	units   []unit
	classes int
	decided map[string]decision // by how many of each class
	most    int                 // groups to be looked at one by one
}

// group returns the group that some units make, in order of declaration.
func (s *search) groupOf(units []int) *group {
	g := s.units[units[0]].named
	if len(units) > 1 {
		g = nil
		for _, u := range units {
			g = append(g, s.units[u].named...)
		}
		slices.Sort(g)
	}
	return s.group(g)
}

// decide decides on a group of units, once for all that have as many of each class.
func (s *search) decide(ctx context.Context, units []int) (decision, error) {
	counts := make([]int, s.classes)
	for _, u := range units {
		counts[s.units[u].class]++
	}
	var text []byte
	for class, n := range counts {
		if n > 0 {
			text = binary.AppendUvarint(binary.AppendUvarint(text, uint64(class)), uint64(n))
		}
	}
	if d, known := s.decided[string(text)]; known {
		return d, nil
	}
	d, err := s.question.decide(ctx, s.groupOf(units))
	if err == nil {
		s.decided[string(text)] = d
	}
	return d, err
}

// A division is groups of units, and what is in none.
type division struct{ groups, stuck [][]int }

// better reports whether a division leaves less out than another, or has fewer groups.
func (d *division) better(than *division) bool {
	return than == nil || cmp.Or(cmp.Compare(len(d.stuck), len(than.stuck)), cmp.Compare(len(d.groups), len(than.groups))) < 0
}

// divide takes, along some orders of the units, the largest group that is safe, then the largest of the rest, and so on. Of
// these divisions it returns the best, the first of several, its groups of about the same size if these are safe too.
func (s *search) divide(ctx context.Context) (*division, error) {
	var best *division
	var along []int
	for _, order := range s.orders() {
		d, err := s.greedy(ctx, order)
		if err != nil {
			return nil, err
		}
		if d.better(best) {
			best, along = d, order
		}
	}
	return s.even(ctx, best, along)
}

// orders returns orders of the units: spread over the classes, so that each stretch takes its part of each; as declared, so
// that neighbours go together; and those with which most goes down first.
func (s *search) orders() [][]int {
	declared := make([]int, len(s.units))
	sizes, ranks := make([]int, s.classes), make([]int, len(s.units))
	for i, u := range s.units {
		declared[i], ranks[i] = i, sizes[u.class]
		sizes[u.class]++
	}
	place := func(i int) int64 { // in parts of all, as whole numbers: (rank + ½) / size
		return int64(2*ranks[i]+1) * int64(len(s.units)) / int64(2*sizes[s.units[i].class])
	}
	spread, largest := slices.Clone(declared), slices.Clone(declared)
	slices.SortStableFunc(spread, func(a, b int) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(s.units[a].class, s.units[b].class))
	})
	slices.SortStableFunc(largest, func(a, b int) int { return cmp.Compare(s.weight(b), s.weight(a)) })
	all := [][]int{spread}
	for _, order := range [][]int{declared, largest} {
		if !slices.ContainsFunc(all, func(o []int) bool { return slices.Equal(o, order) }) {
			all = append(all, order)
		}
	}
	return all
}

// weight is the capacity of the servers that go down with a unit.
func (s *search) weight(unit int) float64 {
	sum := 0.0
	for _, id := range s.units[unit].down {
		if s.rotates[id] {
			sum += s.t.Capacity(id)
		}
	}
	return sum
}

func (s *search) greedy(ctx context.Context, order []int) (*division, error) {
	d := &division{}
	guess := 1
	for len(order) > 0 {
		n, err := s.longest(ctx, order, guess)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			d.stuck, order = append(d.stuck, order[:1]), order[1:]
			continue
		}
		d.groups, order, guess = append(d.groups, order[:n]), order[n:], n
	}
	return d, nil
}

// longest returns how many units from the first are safe together; 0 if none is. It looks at a guess, then at steps that double,
// then halves what is between one that is safe and one that is not: parts of a safe group are safe. Where all of a group goes at
// one instant they need not be, and it is not sure to be the longest.
func (s *search) longest(ctx context.Context, order []int, guess int) (int, error) {
	low, high := 0, len(order)+1 // safe, and not
	look := func(n int) error {
		d, err := s.decide(ctx, order[:n])
		if d.safe {
			low = n
		} else {
			high = n
		}
		return err
	}
	for n, step := min(guess, len(order)), 1; n < high && n > low; n, step = min(n+step, len(order)), 2*step {
		if err := look(n); err != nil {
			return 0, err
		}
	}
	for high-low > 1 {
		if err := look(low + (high-low)/2); err != nil {
			return 0, err
		}
	}
	for n := 2; low == 0 && s.o.Together && n <= len(order); n *= 2 {
		if err := look(n); err != nil {
			return 0, err
		}
	}
	return low, nil
}

// even makes the groups of a division the same size, give or take one, if these are safe too.
func (s *search) even(ctx context.Context, d *division, order []int) (*division, error) {
	for _, out := range d.stuck {
		order = slices.DeleteFunc(slices.Clone(order), func(u int) bool { return slices.Contains(out, u) })
	}
	even := &division{stuck: d.stuck}
	for i := range d.groups {
		at := func(i int) int { return int(int64(i) * int64(len(order)) / int64(len(d.groups))) }
		block := order[at(i):at(i+1)]
		if decision, err := s.decide(ctx, block); err != nil || !decision.safe {
			return d, err
		}
		even.groups = append(even.groups, block)
	}
	return even, nil
}
