package cutset

import (
	"container/heap"
	"context"
	"iter"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// Likeliest returns the minimal cut sets and their probabilities, the likeliest first, up to rounding, but for those whose
// probability is 0; the order of sets that are equally likely is always the same. Events are in ascending order.
//
// It is a best-first search: the likeliest end of each way through the diagrams is known, so only ways that a set goes are
// looked at. Each set takes time and memory in proportion to the levels above it.
func (s *Solution) Likeliest(q []float64) iter.Seq2[[]int32, float64] {
	return func(yield func([]int32, float64) bool) {
		if len(s.parts) == 0 {
			return
		}
		b := best{Solution: s, q: q, pass: s.pass(context.Background(), bests, q)}
		b.push(way{place: place{part: len(s.parts) - 1, node: b.root(len(s.parts) - 1), rest: 1}, so: 1})
		for len(b.ways) > 0 {
			set := b.finish(heap.Pop(&b).(way))
			if !yield(set, product(q, set)) {
				return
			}
		}
	}
}

func product(q []float64, set []int32) float64 {
	p := 1.0
	for _, e := range set {
		p *= q[e]
	}
	return p
}

// best is a search under way: ways that are not finished, the one with the likeliest end on top.
type best struct {
	*Solution
	pass
	q    []float64
	ways []way
	made int
}

// A way leads through the diagrams to a place.
type way struct {
	place
	so     float64 // probability of the events so far
	events *link
	end    float64 // probability of its likeliest set
	number int     // in order of making
}

// A place is a node of a part, and where to go on after the part.
type place struct {
	part int
	node dd.Ref
	next *place
	rest float64 // of the likeliest way through the places after this
}

// A link is an event, and those before it.
type link struct {
	event  int32
	before *link
}

func (b *best) root(part int) dd.Ref { return b.parts[part].family.Root }

// push adds a way, unless it leads to nothing that has a chance.
func (b *best) push(w way) {
	w.end = w.so * b.sum[w.part][w.node] * w.rest
	if w.end == 0 {
		return
	}
	w.number = b.made
	b.made++
	heap.Push(b, w)
}

// finish goes on to the likeliest end of a way, and leaves the other ways that branch off for later.
func (b *best) finish(w way) []int32 {
	for w.node != dd.One || w.next != nil {
		if w.node == dd.One {
			w.place = *w.next
			continue
		}
		n := b.parts[w.part].family.Nodes[w.node]
		without := w
		without.node = n.Lo
		w = b.with(w, n)
		if b.weight[without.part][n.Level]*b.sum[without.part][n.Hi] < b.sum[without.part][n.Lo] {
			w, without = without, w
		}
		b.push(without)
	}
	var set []int32
	for l := w.events; l != nil; l = l.before {
		set = append(set, l.event)
	}
	slices.Sort(set)
	return set
}

// with goes the way with the variable of a node: an event, or a part.
func (b *best) with(w way, n dd.Node) way {
	x := b.parts[w.part].family.stands[n.Level]
	w.node = n.Hi
	if int(x) < b.Solution.events {
		w.so *= b.q[x]
		w.events = &link{x, w.events}
		return w
	}
	after := w.place
	inner := int(x) - b.Solution.events
	w.place = place{inner, b.root(inner), &after, b.sum[after.part][after.node] * after.rest}
	return w
}

// Len, Less, Swap, Push and Pop are those of [heap.Interface].
func (b *best) Len() int { return len(b.ways) }

func (b *best) Less(i, j int) bool {
	x, y := &b.ways[i], &b.ways[j]
	return x.end > y.end || x.end == y.end && x.number < y.number
}

func (b *best) Swap(i, j int) { b.ways[i], b.ways[j] = b.ways[j], b.ways[i] }
func (b *best) Push(w any)    { b.ways = append(b.ways, w.(way)) }

func (b *best) Pop() any {
	w := b.ways[len(b.ways)-1]
	b.ways = b.ways[:len(b.ways)-1]
	return w
}
