package cutset

import (
	"iter"
	"math/bits"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// sorted is how many events of sets are put in order at a time.
const sorted = 1 << 18

// Sets returns the minimal cut sets of a size, up to [Solution.UpTo], each the numbers of its events in ascending order, in
// lexicographic order.
//
// They are made as they are asked for: all sets at once, if there are not too many, else those that begin in one way, and then those
// that begin in the next, and so on. Each such step takes a pass over the parts in which that makes a difference, and a set then
// takes time in proportion to the levels above it.
func (s *Solution) Sets(size int) iter.Seq[[]int32] {
	return s.sets(size, max(64, sorted/max(1, size)))
}

// sets returns the sets of a size, of which so many are put in order at a time.
func (s *Solution) sets(size, sorted int) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		if len(s.parts) > 0 && 0 < size && size <= min(s.upTo, s.events) {
			l := lister{Solution: s, size: size, sorted: sorted, atOnce: 1, yield: yield}
			l.list(beginning{next: 0, end: int32(s.events)})
		}
	}
}

// A lister lists the sets of a size.
type lister struct {
	*Solution
	size, sorted int
	atOnce       int // how many sets are looked for
	yield        func([]int32) bool
	last         *walker // of which what is the same is not made again
}

// A beginning is how sets begin: with some events, of which the next is in a range.
type beginning struct {
	first     []int32
	next, end int32
}

// list yields the sets with a beginning. It reports whether to go on.
//
// Few are looked for at first, and more the more are taken. If there are others, those found tell by which event one of the sets goes
// on: there may be some that go on by an earlier one, which come first, and then come all that go on by this one.
func (l *lister) list(b beginning) bool {
	for b.next < b.end {
		sets, all := l.walker(b).upTo(l.atOnce)
		if all {
			l.atOnce = min(2*l.atOnce, l.sorted)
			return l.yieldAll(sets)
		}
		split := b.next + (b.end-b.next)/2
		next := earliest(sets, len(b.first))
		if next > split {
			if !l.list(beginning{b.first, b.next, split}) {
				return false
			}
			b.next = split
			continue
		}
		if !l.list(beginning{b.first, b.next, next}) || !l.goOn(append(b.first[:len(b.first):len(b.first)], next)) {
			return false
		}
		b.next = next + 1
	}
	return true
}

// goOn yields the sets that begin with some events, of which there are.
func (l *lister) goOn(first []int32) bool {
	if len(first) == l.size {
		l.atOnce = min(2*l.atOnce, l.sorted) // one more is taken, as above
		return l.yield(first)
	}
	return l.list(beginning{first, first[len(first)-1] + 1, int32(l.events)})
}

// earliest returns the least of the i-th events of sets.
func earliest(sets [][]int32, i int) int32 {
	least := sets[0][i]
	for _, set := range sets {
		least = min(least, set[i])
	}
	return least
}

func (l *lister) yieldAll(sets [][]int32) bool {
	slices.SortFunc(sets, slices.Compare)
	for _, set := range sets {
		if !l.yield(set) {
			return false
		}
	}
	return true
}

// A walker finds the sets of a size with a beginning.
type walker struct {
	*Solution
	size  int
	words int     // of a plane of sizes
	use   []use   // by event and, from the number of events on, by part
	views []*view // by part
	set   []int32 // under way
	take  func() bool
}

// A use says whether sets may have an event; must have it, or have an event of the part; or must have one of several.
type use int8

const (
	never use = iota
	maybe
	always
	some
)

// A view is what a walker sees of a part.
type view struct {
	diagram
	always []int32  // by level: how many levels above it are always used
	can    []uint64 // by node: sizes
}

// sizes are the sizes of sets, up to the size asked for, as bits in two planes: sets without, and with, one of the several
// events of which they must have one.
type sizes []uint64

func (l *lister) walker(b beginning) *walker {
	w := &walker{Solution: l.Solution, size: l.size, words: l.size/64 + 1, use: make([]use, l.events+len(l.parts))}
	for e := b.next; int(e) < l.events; e++ {
		w.use[e] = maybe
		if e < b.end && len(b.first) < l.size {
			w.use[e] = some
		}
	}
	for _, e := range b.first {
		w.use[e] = always
	}
	for i := range w.parts {
		v := w.same(i, l.last)
		if v == nil {
			if l.last != nil {
				l.last.views[i] = nil // before there is another as large
			}
			v = w.view(w.parts[i].family)
		}
		w.views = append(w.views, v)
		if v.always[len(v.always)-1] > 0 {
			w.use[w.events+i] = always
		}
	}
	l.last = w
	return w
}

// same returns the view of a part that another walker has, if it is the same.
func (w *walker) same(part int, other *walker) *view {
	if other == nil {
		return nil
	}
	for _, x := range w.parts[part].family.stands {
		if w.use[x] != other.use[x] || int(x) >= w.events && w.inner(x) != other.inner(x) {
			return nil
		}
	}
	return other.views[part]
}

func (w *walker) view(d diagram) *view {
	v := &view{diagram: d, always: make([]int32, len(d.stands)+1), can: make([]uint64, 2*w.words*len(d.Nodes))}
	for level, x := range d.stands {
		v.always[level+1] = v.always[level]
		if w.use[x] == always {
			v.always[level+1]++
		}
	}
	w.row(v, dd.One)[0] = 1
	for r := 2; r < len(d.Nodes); r++ {
		n := d.Nodes[r]
		row, hi := w.row(v, dd.Ref(r)), w.row(v, v.hi(n))
		copy(row, w.row(v, v.lo(n)))
		switch x := d.stands[n.Level]; {
		case int(x) >= w.events:
			w.add(row, hi, w.row(w.inner(x), w.inner(x).top()))
		case w.use[x] == some:
			w.shift(row[w.words:], hi[:w.words], 1)
			w.shift(row[w.words:], hi[w.words:], 1)
		case w.use[x] != never:
			w.shift(row[:w.words], hi[:w.words], 1)
			w.shift(row[w.words:], hi[w.words:], 1)
		}
	}
	return v
}

// inner returns the view of a part that stands in another.
func (w *walker) inner(x int32) *view { return w.views[int(x)-w.events] }

// top returns where the sets of a part begin, hi and lo where those of a node go on; nowhere if that leaves out a level that
// is always used.
func (v *view) top() dd.Ref         { return v.below(0, v.Root) }
func (v *view) hi(n dd.Node) dd.Ref { return v.below(n.Level+1, n.Hi) }
func (v *view) lo(n dd.Node) dd.Ref { return v.below(n.Level, n.Lo) }

// below returns a node if no level from one on is always used before that of the node, else none.
func (v *view) below(level int32, r dd.Ref) dd.Ref {
	if v.always[min(int(v.Nodes[r].Level), len(v.stands))] > v.always[level] {
		return dd.Zero
	}
	return r
}

func (w *walker) row(v *view, r dd.Ref) sizes { return v.can[2*w.words*int(r) : 2*w.words*(int(r)+1)] }

// shift adds to a plane the bits of another, moved up.
func (w *walker) shift(to, from []uint64, by int) {
	words, bits := by/64, by%64
	for i := w.words - 1; i >= words; i-- {
		to[i] |= from[i-words] << bits
		if i > words {
			to[i] |= from[i-words-1] >> (64 - bits) // nothing if bits is 0
		}
	}
}

// add adds the sizes of what has a set of x and one of y.
func (w *walker) add(to, x, y sizes) {
	for i := range each(x[:w.words]) {
		w.shift(to[:w.words], y[:w.words], i)
		w.shift(to[w.words:], y[w.words:], i)
	}
	for i := range each(x[w.words:]) {
		w.shift(to[w.words:], y[:w.words], i)
		w.shift(to[w.words:], y[w.words:], i)
	}
}

// each yields the sizes in a plane.
func each(plane []uint64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range plane {
			for ; word != 0; word &= word - 1 {
				if !yield(64*i + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}

func has(plane []uint64, i int) bool { return plane[i/64]>>(i%64)&1 != 0 }

// upTo returns the sets, and whether they are all; there are at most so many.
func (w *walker) upTo(most int) (sets [][]int32, all bool) {
	w.take = func() bool {
		if len(sets) == most {
			return false
		}
		set := slices.Clone(w.set)
		slices.Sort(set)
		sets = append(sets, set)
		return true
	}
	whole := w.views[len(w.views)-1]
	all = w.walk(frame{view: whole, node: whole.top()}, w.size, !slices.Contains(w.use, some))
	return sets, all
}

// A frame is where to go on: at a node, and then at the frame of the part around it.
type frame struct {
	*view
	node dd.Ref
	next *frame // nil for the whole
	rest sizes  // of what comes in the frames after it; nil for the whole
}

// walk goes all ways on which the set under way can still get so many events, and, unless it has done so, one of the
// several. It reports whether to go on.
func (w *walker) walk(at frame, left int, done bool) bool {
	for w.possible(at, left, done) {
		if at.node == dd.One {
			if at.next == nil {
				return w.take()
			}
			return w.walk(*at.next, left, done)
		}
		n := at.Nodes[at.node]
		if !w.enter(frame{at.view, at.hi(n), at.next, at.rest}, at.stands[n.Level], left, done) {
			return false
		}
		at.node = at.lo(n)
	}
	return true
}

// enter goes the ways with an event, or with the sets of a part.
func (w *walker) enter(after frame, x int32, left int, done bool) bool {
	if int(x) >= w.events {
		inner := w.inner(x)
		return w.walk(frame{inner, inner.top(), &after, w.rest(after)}, left, done)
	}
	if w.use[x] == never || left == 0 {
		return true
	}
	w.set = append(w.set, x)
	more := w.walk(after, left-1, done || w.use[x] == some)
	w.set = w.set[:len(w.set)-1]
	return more
}

// rest returns the sizes of what a frame and those after it can add.
func (w *walker) rest(at frame) sizes {
	row := w.row(at.view, at.node)
	if at.next == nil {
		return row
	}
	sum := make(sizes, 2*w.words)
	w.add(sum, row, at.rest)
	return sum
}

// possible reports whether a frame and those after it can add exactly so many, with one of the several if need be.
func (w *walker) possible(at frame, left int, done bool) bool {
	row := w.row(at.view, at.node)
	if at.next == nil {
		return done && has(row[:w.words], left) || has(row[w.words:], left)
	}
	for i := range each(row[:w.words]) { // without one of the several
		if j := left - i; j >= 0 && (done && has(at.rest[:w.words], j) || has(at.rest[w.words:], j)) {
			return true
		}
	}
	for i := range each(row[w.words:]) { // with one
		if j := left - i; j >= 0 && (has(at.rest[:w.words], j) || has(at.rest[w.words:], j)) {
			return true
		}
	}
	return false
}
