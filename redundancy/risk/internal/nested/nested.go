// Package nested solves one sort of fault tree without binary diagrams: a pool of which so many must fail, whose members fail by
// events that nest. Servers of themselves, with their board, with its UPS: of two events, one takes all that the other does, or
// they have no member in common.
//
// The number of members that have failed is then a sum of independent parts, all the way down: under a board it is all of its
// servers, if the board has failed, else the sum of those that failed of themselves. So the distribution of the number is
// found by convolutions, in which all terms are positive, for hundreds of thousands of members.
//
// A cut set is events of which none takes what another takes already, that take enough members together, and too few without any
// one of them: for that it suffices to look at the one that takes fewest.
package nested

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// A Pool is such a tree. Its events are in an order in which each comes before those that take a part of what it takes.
type Pool struct {
	Events []int32 // of the tree, in that order: those that matter
	least  int     // how many members must fail
	takes  []int32 // by place in the order: how many members fail with the event
	end    []int32 // by place: after the events below it
	steps  []step  // how the distribution is worked out
}

// Of returns the pool that a tree is, and whether it is one: its top asks for some of its children, but not just for one or for
// all, and these are events, or ORs of such. It takes time in proportion to the events that the members have, all together.
func Of(t *tree.Tree) (*Pool, bool) {
	if t.Top == tree.None || t.IsEvent(t.Top) {
		return nil, false
	}
	least, members := t.Gate(t.Top)
	if least == 1 || least == len(members) {
		return nil, false
	}
	taken, ok := takenBy(t, members)
	if !ok {
		return nil, false
	}
	n, ok := nest(taken, len(members))
	if !ok {
		return nil, false
	}
	p := &Pool{least: least}
	p.arrange(n, taken)
	p.plan()
	return p, true
}

// mostTaken is how many events members may have, all together, to be looked at.
const mostTaken = 50_000_000

// takenBy lists by event the members that fail with it, and reports whether that is all there is to the members.
func takenBy(t *tree.Tree, members []int32) ([][]int32, bool) {
	w := walk{Tree: t, seen: make([]int32, t.Len()), taken: make([][]int32, t.Events)}
	for i, m := range members {
		w.member = int32(i)
		if w.look(m); w.other || w.looks > mostTaken {
			return nil, false
		}
	}
	return w.taken, true
}

// A walk goes down from members.
type walk struct {
	*tree.Tree
	member int32
	seen   []int32 // by node: after the last member that has it
	taken  [][]int32
	looks  int
	other  bool // there is a gate that is no OR
	stack  []int32
}

// look notes the events that a member fails by.
func (w *walk) look(node int32) {
	for w.stack = append(w.stack[:0], node); len(w.stack) > 0; w.looks++ {
		n := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		if w.seen[n] > w.member {
			continue
		}
		w.seen[n] = w.member + 1
		if w.IsEvent(n) {
			w.taken[n] = append(w.taken[n], w.member)
			continue
		}
		least, children := w.Gate(n)
		w.other = w.other || least > 1
		w.stack = append(w.stack, children...)
	}
}

// nest returns by event the least of those that take all that it takes, and more or come before; None if there is none. It
// reports whether they nest at all.
func nest(taken [][]int32, members int) (above []int32, ok bool) {
	order := make([]int32, len(taken))
	for e := range order {
		order[e] = int32(e)
	}
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(len(taken[y]), len(taken[x])) })
	least := slices.Repeat([]int32{tree.None}, members) // by member: of the events so far, the least that takes it
	above = slices.Repeat([]int32{tree.None}, len(taken))
	for _, e := range order {
		for i, m := range taken[e] {
			if i > 0 && least[m] != above[e] {
				return nil, false
			}
			above[e], least[m] = least[m], e
		}
	}
	return above, true
}

// arrange puts the events in order, each followed by those below it.
func (p *Pool) arrange(above []int32, taken [][]int32) {
	below := make([][]int32, len(above))
	var stack []int32
	for e := len(above) - 1; e >= 0; e-- {
		switch over := above[e]; {
		case len(taken[e]) == 0: // it takes nothing
		case over == tree.None:
			stack = append(stack, int32(e))
		default:
			below[over] = append(below[over], int32(e))
		}
	}
	place := make([]int32, len(above))
	for len(stack) > 0 {
		e := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], below[e]...)
		place[e] = int32(len(p.Events))
		p.Events = append(p.Events, e)
		p.takes = append(p.takes, int32(len(taken[e])))
	}
	p.end = make([]int32, len(p.Events))
	for i := len(p.Events) - 1; i >= 0; i-- {
		p.end[i] = max(p.end[i], int32(i)+1)
		if over := above[p.Events[i]]; over != tree.None {
			p.end[place[over]] = max(p.end[place[over]], p.end[i])
		}
	}
}
