// Package tree holds coherent fault trees: what must fail together for a top to fail.
//
// A tree has basic events, each of which fails or does not, and gates, each of which fails as soon as a given number of
// its children fail: 1 of them (OR), all (AND), or any number between. A child may have several parents, so the tree is
// a directed acyclic graph. There is no NOT: the more fails, the more fails.
//
// [Of] makes the tree of a component of a topology. [Simplify] makes a smaller tree of the same meaning, and [Split]
// cuts it into parts that share nothing with each other.
package tree

import (
	"errors"
	"fmt"
	"math"
)

// None is the top of a tree that cannot fail.
const None int32 = -1

// Size limits, so that nodes and children can be counted in 32 bits.
const (
	maxNodes    = math.MaxInt32 / 8
	maxChildren = math.MaxInt32 / 2
)

// ErrTooLarge says that a tree has more nodes or children than can be counted.
var ErrTooLarge = errors.New("the fault tree is too large")

// A Tree is a fault tree. Its nodes are the basic events 0 to Events-1 and then the gates, each after its children.
type Tree struct {
	Events int   // number of basic events, whether or not the top reaches them
	Top    int32 // None if it cannot fail

	// By gate, in flat arrays.
	least []int32 // how many children must fail for the gate to fail
	end   []int32 // where its children end in child
	child []int32
}

// New returns a tree of basic events without gates, which cannot fail.
func New(events int) *Tree { return &Tree{Events: events, Top: None} }

// Len returns the number of nodes.
func (t *Tree) Len() int { return t.Events + len(t.least) }

// Children returns the number of children of all gates.
func (t *Tree) Children() int { return len(t.child) }

// IsEvent reports whether a node is a basic event.
func (t *Tree) IsEvent(node int32) bool { return int(node) < t.Events }

// Gate returns how many of its children must fail for a gate to fail, and the children, which are not to be changed.
func (t *Tree) Gate(node int32) (least int, children []int32) {
	g := int(node) - t.Events
	from := int32(0)
	if g > 0 {
		from = t.end[g-1]
	}
	return int(t.least[g]), t.child[from:t.end[g]:t.end[g]]
}

// Add adds a gate that fails when at least so many of its children fail; a child that is given twice counts twice.
// Children must be there already, so no gate can be its own descendant. The error names what is out of range.
func (t *Tree) Add(least int, children ...int32) (int32, error) {
	if len(children) == 0 || least < 1 || least > len(children) {
		return None, fmt.Errorf("a gate asks for %d of %d children: give it a number from 1 to that of its children", least, len(children))
	}
	if t.Len() >= maxNodes || len(children) > maxChildren-len(t.child) {
		return None, ErrTooLarge
	}
	for _, c := range children {
		if c < 0 || int(c) >= t.Len() {
			return None, fmt.Errorf("a gate has the child %d, of %d nodes: add children before their parents", c, t.Len())
		}
	}
	return t.add(int32(least), children), nil
}

// add adds a gate that is known to be right.
func (t *Tree) add(least int32, children []int32) int32 {
	t.child = append(t.child, children...)
	t.least = append(t.least, least)
	t.end = append(t.end, int32(len(t.child)))
	return int32(t.Len() - 1)
}

// Fails reports for each node whether it fails, when exactly the given basic events do: the definition, in one pass.
func (t *Tree) Fails(events []int32) []bool {
	fails := make([]bool, t.Len())
	for _, e := range events {
		fails[e] = true
	}
	for node := int32(t.Events); int(node) < t.Len(); node++ {
		least, children := t.Gate(node)
		for _, c := range children {
			if fails[c] {
				least--
			}
		}
		fails[node] = least <= 0
	}
	return fails
}

// Reached reports for each node whether it is the top or one of its descendants.
func (t *Tree) Reached() []bool {
	reached := make([]bool, t.Len())
	if t.Top == None {
		return reached
	}
	reached[t.Top] = true
	for node := t.Top; int(node) >= t.Events; node-- {
		if !reached[node] {
			continue
		}
		_, children := t.Gate(node)
		for _, c := range children {
			reached[c] = true
		}
	}
	return reached
}

// Parents counts the parents of each node that the top reaches; a child that stands twice in a gate counts twice.
func (t *Tree) Parents() []int32 {
	count := make([]int32, t.Len())
	reached := t.Reached()
	for node := int32(t.Events); int(node) < t.Len(); node++ {
		if !reached[node] {
			continue
		}
		_, children := t.Gate(node)
		for _, c := range children {
			count[c]++
		}
	}
	return count
}
