package zdd

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// UpTo returns the minimal cut sets of a tree of at most so much weight, all of them, without the binary diagram, which may
// be too large to be had: the sets of a gate are made of those of its children, and what is too heavy is dropped at once.
//
// The events are at the levels of their places in order, which holds all that the top reaches, and weigh, by level, 1 or
// more. The diagram never has more than limit nodes. The error is [dd.ErrFull] or the context's.
func UpTo(ctx context.Context, t *tree.Tree, order []int32, weight []int, most, limit int) (dd.Diagram, error) {
	b := &limited{Store: dd.NewStore(ctx, limit), most: int32(most), bounds: make([]bounds, 2)}
	events := make([]dd.Ref, t.Events)
	for level, event := range order {
		b.weight = append(b.weight, int32(min(weight[level], most+1)))
		if weight[level] <= most {
			events[event] = b.node(int32(level), dd.Zero, dd.One)
		}
	}
	return (&dd.Builder{Store: b.Store, Choose: b.choose, Moved: b.moved}).Build(t, events)
}

// A limited makes families of light sets.
type limited struct {
	*dd.Store
	weight []int32 // by level
	most   int32
	bounds []bounds // by node
}

// bounds are the least and the most that the sets of a family weigh.
type bounds struct{ least, most int32 }

// Operations, as results are kept under them; the product is kept under the weight that is left.
const (
	opUnion int32 = -iota - 1
	opWithout
	opLight
)

// choose returns the minimal sets of those that hold a set of f and one of with, and of those of without.
func (b *limited) choose(f, with, without dd.Ref) dd.Ref {
	return b.union(b.product(f, with, b.most), without)
}

// moved finds the bounds of nodes that have new numbers.
func (b *limited) moved() {
	b.bounds = b.bounds[:2]
	b.weigh()
}

// node returns a family: the sets of hi with a variable, and those of lo.
func (b *limited) node(level int32, lo, hi dd.Ref) dd.Ref {
	if hi == dd.Zero {
		return lo
	}
	r := b.Make(level, lo, hi)
	b.weigh()
	return r
}

// weigh finds the bounds of new nodes.
func (b *limited) weigh() {
	for r := len(b.bounds); r < len(b.Nodes); r++ {
		n := b.Nodes[r]
		x := b.bounds[n.Hi]
		w := b.weight[n.Level]
		x = bounds{x.least + w, x.most + w}
		if n.Lo != dd.Zero {
			lo := b.bounds[n.Lo]
			x = bounds{min(x.least, lo.least), max(x.most, lo.most)}
		}
		b.bounds = append(b.bounds, x)
	}
}

// at returns a family's sets without, and with, the variable of a level that is not below its own.
func (b *limited) at(f dd.Ref, level int32) (lo, hi dd.Ref) {
	if n := &b.Nodes[f]; n.Level == level {
		return n.Lo, n.Hi
	}
	return f, dd.Zero
}

// union returns the minimal sets of two families.
func (b *limited) union(x, y dd.Ref) dd.Ref {
	switch {
	case x == y || y == dd.Zero:
		return x
	case x == dd.Zero:
		return y
	case x == dd.One || y == dd.One:
		return dd.One
	case x > y:
		x, y = y, x
	}
	if r, ok := b.Get(x, y, opUnion); ok || b.Err() != nil {
		return r
	}
	level := min(b.Level(x), b.Level(y))
	x0, x1 := b.at(x, level)
	y0, y1 := b.at(y, level)
	lo := b.union(x0, y0)
	r := b.node(level, lo, b.without(b.union(x1, y1), lo))
	b.Put(x, y, opUnion, r)
	return r
}

// without returns the sets of x that contain no set of y.
func (b *limited) without(x, y dd.Ref) dd.Ref {
	switch {
	case x == dd.Zero || y == dd.One || x == y:
		return dd.Zero
	case x == dd.One || y == dd.Zero || b.bounds[y].least > b.bounds[x].most:
		return x
	case b.Level(y) < b.Level(x): // x has no set with that variable
		return b.without(x, b.Nodes[y].Lo)
	}
	if r, ok := b.Get(x, y, opWithout); ok || b.Err() != nil {
		return r
	}
	level := b.Level(x)
	x0, x1 := b.at(x, level)
	y0, y1 := b.at(y, level)
	lo := b.without(x0, y0)
	r := b.node(level, lo, b.without(b.without(x1, y1), y0))
	b.Put(x, y, opWithout, r)
	return r
}

// product returns the minimal sets of at most so much weight that hold a set of x and one of y.
func (b *limited) product(x, y dd.Ref, most int32) dd.Ref {
	switch {
	case x == dd.Zero || y == dd.Zero || max(b.bounds[x].least, b.bounds[y].least) > most:
		return dd.Zero
	case x == dd.One || x == y:
		return b.light(y, most)
	case y == dd.One:
		return b.light(x, most)
	case x > y:
		x, y = y, x
	}
	if r, ok := b.Get(x, y, most); ok || b.Err() != nil {
		return r
	}
	level := min(b.Level(x), b.Level(y))
	x0, x1 := b.at(x, level)
	y0, y1 := b.at(y, level)
	lo := b.product(x0, y0, most)
	left := most - b.weight[level]
	hi := b.union(b.product(x1, b.union(y0, y1), left), b.product(x0, y1, left))
	r := b.node(level, lo, b.without(hi, lo))
	b.Put(x, y, most, r)
	return r
}

// light returns the sets of at most so much weight.
func (b *limited) light(x dd.Ref, most int32) dd.Ref {
	switch {
	case b.bounds[x].most <= most:
		return x
	case b.bounds[x].least > most:
		return dd.Zero
	}
	if r, ok := b.Get(x, most, opLight); ok || b.Err() != nil {
		return r
	}
	n := b.Nodes[x]
	lo := b.light(n.Lo, most)
	r := b.node(n.Level, lo, b.light(n.Hi, most-b.weight[n.Level]))
	b.Put(x, most, opLight, r)
	return r
}
