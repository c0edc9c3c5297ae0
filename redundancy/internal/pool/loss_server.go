package pool

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// serverLosses is the loss of servers themselves. With k of N lost each of the others carries q = load/(N−k), whichever
// they are. So the fleet does not hold for some choice if and only if
//
//   - too few are left, or
//   - q is above the capacity of the weakest that can be left: the weakest of all, unless it is lost in every choice, or
//   - a component of limited power is overloaded by the servers that can be left to draw most: all but the k that draw
//     least on it at q.
//
// It holds for some choice only if that loses every server whose capacity is below q. Without limits of power that is
// enough; with them how many more of each class to lose is an integer program.
type serverLosses struct {
	*intact
	ids     []topology.ID // the weakest first
	weakest float64       // the least capacity of all servers,
	keep    topology.ID   // and the last that has it
	others  float64       // the least capacity of those that are not of ids; +Inf for none
	shares  [][]Share
	size    []int // by class: servers,
	losable []int // and those of ids
}

func newServerLosses(i *intact, ids []topology.ID) Losses {
	l := &serverLosses{intact: i, ids: i.byCapacity(ids), others: math.Inf(1), weakest: math.Inf(1)}
	in := map[topology.ID]bool{}
	for _, id := range ids {
		in[id] = true
	}
	for _, id := range l.Servers {
		class, c := l.draws.Class(id), l.Topology.Capacity(id)
		if class == len(l.size) {
			l.size, l.losable = append(l.size, 0), append(l.losable, 0)
		}
		l.size[class]++
		if in[id] {
			l.losable[class]++
		} else {
			l.others = min(l.others, c)
		}
		if c <= l.weakest {
			l.weakest, l.keep = c, id
		}
	}
	l.shares = l.draws.ByPower()
	return l
}

func (l *serverLosses) Size() int { return len(l.ids) }

func (l *serverLosses) Breaking(k int) ([]topology.ID, bool) {
	n, weakest, keep := len(l.Servers)-k, l.weakest, l.keep
	if k == len(l.ids) {
		weakest, keep = l.others, -1
	}
	if !l.enough(n, weakest) {
		return l.firstBut(keep, k), true
	}
	for b, id := range l.Power {
		draw := l.draw(b, n)
		order := byDraw(draw)
		if topology.Overloaded(l.highest(b, draw, order, k), l.Topology.Capacity(id)) {
			return l.first(order, k), true
		}
	}
	return nil, false
}

// firstBut returns the first k but for one.
func (l *serverLosses) firstBut(keep topology.ID, k int) []topology.ID {
	all := slices.DeleteFunc(sorted(l.ids), func(id topology.ID) bool { return id == keep })
	return all[:min(k, len(all))]
}

// draw is what a server of each class places on a power component when n servers are left.
func (l *serverLosses) draw(b, n int) []float64 {
	draw := make([]float64, len(l.size))
	for _, s := range l.shares[b] {
		draw[s.Class] = s.Base + float64(s.Rate*(l.load/float64(n)))
	}
	return draw
}

// byDraw returns the classes, that which draws least first.
func byDraw(draw []float64) []int {
	order := make([]int, len(draw))
	for class := range order {
		order[class] = class
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(draw[x], draw[y]) })
	return order
}

// highest returns the load of a power component when k are lost, those first whose class comes first.
func (l *serverLosses) highest(b int, draw []float64, order []int, k int) float64 {
	sum := l.draws.Fixed[b]
	for _, class := range order {
		lost := min(k, l.losable[class])
		k -= lost
		sum += float64(float64(l.size[class]-lost) * draw[class])
	}
	return sum
}

// first returns k servers, those first whose class comes first.
func (l *serverLosses) first(order []int, k int) []topology.ID {
	rank := make([]int, len(order))
	for i, class := range order {
		rank[class] = i
	}
	all := sorted(l.ids)
	slices.SortStableFunc(all, func(x, y topology.ID) int {
		return cmp.Compare(rank[l.draws.Class(x)], rank[l.draws.Class(y)])
	})
	return sorted(all[:k])
}

func (l *serverLosses) Bearing(ctx context.Context) ([]topology.ID, bool, error) {
	for k := len(l.ids); k >= 0; k-- {
		n, weakest := len(l.Servers)-k, l.others
		if k < len(l.ids) {
			weakest = min(weakest, l.Topology.Capacity(l.ids[k]))
		}
		if !l.enough(n, weakest) {
			continue
		}
		if len(l.Power) == 0 {
			return sorted(l.ids[:k]), true, nil
		}
		if lost, ok, err := l.bearingPower(ctx, k, n); ok || err != nil {
			return lost, ok, err
		}
	}
	return nil, false, nil
}

// bearingPower finds how many of each class to lose, k in all, so that n are left that overload nothing.
func (l *serverLosses) bearingPower(ctx context.Context, k, n int) ([]topology.ID, bool, error) {
	choices := l.choices(l.load / float64(n))
	r, err := integer.Solve(ctx, l.program(choices, k, n), 20_000)
	switch {
	case err != nil || r.X == nil && !r.Infeasible:
		return nil, false, errors.Join(err, errors.New("the search was not finished"))
	case r.Infeasible:
		return nil, false, nil
	}
	lost := []topology.ID{}
	for j, c := range choices {
		lost = append(lost, c.ids[:r.X[j]]...)
	}
	return sorted(lost), true, nil
}

// A choice is the servers of one class that can be lost.
type choice struct {
	class int
	ids   []topology.ID // the weakest first
	must  int           // of them, which are overloaded if they are not lost
}

// choices returns those of each class that has any, in order of the classes, when each server left carries q.
func (l *serverLosses) choices(q float64) []choice {
	all := make([]choice, len(l.size))
	for _, id := range l.ids {
		c := &all[l.draws.Class(id)]
		c.ids = append(c.ids, id)
		if topology.Overloaded(q, l.Topology.Capacity(id)) {
			c.must++
		}
	}
	for class := range all {
		all[class].class = class
	}
	return slices.DeleteFunc(all, func(c choice) bool { return len(c.ids) == 0 })
}

// program asks for k losses in all with which no power component is overloaded. All cost the same.
func (l *serverLosses) program(choices []choice, k, n int) integer.Program {
	p := integer.Program{Least: []int{}}
	column := map[int]int{} // by class
	atLeast, atMost := integer.Row{Least: float64(k)}, integer.Row{Least: -float64(k)}
	for j, c := range choices {
		column[c.class] = j
		p.Cost, p.Least, p.Most = append(p.Cost, new(big.Rat)), append(p.Least, c.must), append(p.Most, len(c.ids))
		atLeast.On, atLeast.Of = append(atLeast.On, j), append(atLeast.Of, 1)
		atMost.On, atMost.Of = append(atMost.On, j), append(atMost.Of, -1)
	}
	p.Rows = append(p.Rows, atLeast, atMost)
	for b, id := range l.Power {
		draw, capacity := l.draw(b, n), l.Topology.Capacity(id)
		row := integer.Row{Least: l.highest(b, draw, byDraw(draw), 0) - (capacity + float64(capacity*topology.Tolerance))}
		for _, s := range l.shares[b] {
			if j, ok := column[s.Class]; ok {
				row.On, row.Of = append(row.On, j), append(row.Of, draw[s.Class])
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}
