// Package few finds the minimal cut sets of one event and of two, of every node of a fault tree at once.
//
// Children come first. The cut sets of an OR are those of its children, without what holds another one. A gate that asks for
// more of its children counts: one event is a cut set if it fails so many of them, two are if together they do, those included
// that each of them leaves alive. So a pool of a hundred thousand servers of which thirty thousand must fail costs no more than
// one of which two must.
package few

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// A Pair is two events, the smaller number first.
type Pair [2]int32

func pairOf(a, b int32) Pair { return Pair{min(a, b), max(a, b)} }

// Compare puts pairs in order.
func (p Pair) Compare(q Pair) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) }

// A Family is cut sets of one event and of two, both in order. No pair holds a single one.
type Family struct {
	Ones []int32
	Twos []Pair
}

// none is the family of what one or two events cannot fail. Families are compared by address.
var none = &Family{}

// Sets are the cut sets of a node: those of Base, and the event Own by itself unless it is [tree.None]. No set of Base holds Own.
type Sets struct {
	Own  int32
	Base *Family
}

// ErrTooMany says that there are more sets than memory or time would bear.
var ErrTooMany = errors.New("there are too many cut sets of one and two")

// Limits of the sets that are kept, and of the pairs that are looked at.
const (
	maxKept  = 40_000_000 // of one event
	pairCost = 8          // a set of two counts for so many: together they are counted in a map
	maxLooks = 400_000_000
)

// Find returns the cut sets of up to size events, 1 or 2, of each node of a tree. Nodes with the same ones may share their Base.
//
// A gate takes time in proportion to the sets of its children, and for pairs to those that could fail enough of them, counted
// apart. The error is [ErrTooMany] or ctx's.
func Find(ctx context.Context, t *tree.Tree, size int) ([]Sets, error) {
	f := finder{ctx: ctx, t: t, pairs: size > 1, sets: make([]Sets, t.Len()), known: map[string]*Family{}, parents: parents(t)}
	for e := range int32(t.Events) {
		f.sets[e] = Sets{e, none}
	}
	for node := int32(t.Events); int(node) < t.Len(); node++ {
		f.sets[node] = f.gate(node)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if f.kept > maxKept || f.looks > maxLooks {
			return nil, ErrTooMany
		}
	}
	return f.sets, nil
}

// parents counts the gates that each event is a child of.
func parents(t *tree.Tree) []int32 {
	count := make([]int32, t.Events)
	for node := int32(t.Events); int(node) < t.Len(); node++ {
		_, children := t.Gate(node)
		for _, c := range children {
			if t.IsEvent(c) {
				count[c]++
			}
		}
	}
	return count
}

// A finder finds the sets of one gate after the other.
type finder struct {
	ctx     context.Context
	t       *tree.Tree
	pairs   bool
	sets    []Sets
	parents []int32            // by event
	known   map[string]*Family // of ORs, by their children
	kept    int                // sets, in all families
	looks   int                // at pairs
	steps   int                // between looks at the context
	ended   bool               // the context has
	key     []byte
}

func (f *finder) gate(node int32) Sets {
	least, children := f.t.Gate(node)
	if least > 1 {
		return Sets{tree.None, f.keep(f.atLeast(least, children))}
	}
	if first := children[0]; f.t.IsEvent(first) && f.parents[first] == 1 { // nothing else holds it
		return Sets{first, f.either(children[1:])}
	}
	return Sets{tree.None, f.either(children)}
}

func (f *finder) keep(family *Family) *Family {
	f.kept += len(family.Ones) + pairCost*len(family.Twos)
	return family
}

// either returns the sets of an OR, once for all of the same children.
func (f *finder) either(children []int32) *Family {
	if len(children) == 1 && f.sets[children[0]].Own == tree.None {
		return f.sets[children[0]].Base
	}
	f.key = f.key[:0]
	for _, c := range children {
		f.key = append(f.key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
	}
	family := f.known[string(f.key)]
	if family == nil {
		family = f.keep(f.unite(children))
		f.known[string(f.key)] = family
	}
	return family
}

// unite returns the sets of any of the children, without those that hold another one.
func (f *finder) unite(children []int32) *Family {
	var ones []int32
	var twos []Pair
	seen := map[*Family]bool{none: true}
	for _, c := range children {
		s := f.sets[c]
		if s.Own != tree.None {
			ones = append(ones, s.Own)
		}
		if !seen[s.Base] {
			seen[s.Base] = true
			ones, twos = append(ones, s.Base.Ones...), append(twos, s.Base.Twos...)
		}
	}
	slices.Sort(ones)
	ones = slices.Compact(ones)
	single := func(e int32) bool {
		_, found := slices.BinarySearch(ones, e)
		return found
	}
	twos = slices.DeleteFunc(twos, func(p Pair) bool { return single(p[0]) || single(p[1]) })
	slices.SortFunc(twos, Pair.Compare)
	return &Family{Ones: slices.Clip(ones), Twos: slices.Clip(slices.Compact(twos))}
}
