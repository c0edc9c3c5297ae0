package integer

import (
	"cmp"
	"math/big"
	"slices"
)

// A node is the part of its parent's in which a column is at most, or at least, a number; without a parent the program.
type node struct {
	parent *node
	column int
	limit  int
	above  bool

	bound  *big.Int // nil: nothing is proven
	proof  pricing
	number int
}

// compare puts the node with the least bound first, of equal ones the one made last.
func (n *node) compare(other *node) int {
	switch {
	case n.bound == nil && other.bound == nil:
	case n.bound == nil:
		return -1
	case other.bound == nil:
		return 1
	default:
		if c := n.bound.Cmp(other.bound); c != 0 {
			return c
		}
	}
	return cmp.Compare(other.number, n.number)
}

// A box is what the columns may be.
type box struct{ least, most []int }

func (b box) clone() box { return box{slices.Clone(b.least), slices.Clone(b.most)} }

// box returns the bounds of a node; false if there is nothing between them.
func (s *search) box(n *node) (box, bool) {
	b, ok := box{s.least, s.most}.clone(), true
	for ; n.parent != nil; n = n.parent {
		j := n.column
		if n.above {
			b.least[j] = max(b.least[j], n.limit)
		} else {
			b.most[j] = min(b.most[j], n.limit)
		}
		ok = ok && b.least[j] <= b.most[j]
	}
	return b, ok
}
