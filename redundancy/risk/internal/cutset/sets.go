package cutset

import (
	"iter"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// sorted is how many sets are put in order at a time.
const sorted = 1 << 16

// Sets returns the minimal cut sets of a size, up to [Solution.UpTo], each the numbers of its events in ascending order, in lexicographic order.
//
// They are made as they are asked for: first all sets, if there are not too many, else those with the first event, then
// those with the second but not the first, and so on. Each such step takes a pass over the diagrams, and a set then takes
// time in proportion to the levels above it.
func (s *Solution) Sets(size int) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		if len(s.parts) > 0 && 0 < size && size <= min(s.upTo, s.events) {
			l := lister{Solution: s, size: size, yield: yield}
			l.list(nil, 0)
		}
	}
}

// A lister lists the sets of a size.
type lister struct {
	*Solution
	size  int
	yield func([]int32) bool
}

// list yields the sets that begin with these events and go on with events from a number on. It reports whether to go on.
func (l *lister) list(first []int32, from int32) bool {
	w := l.walker(first, from)
	if sets, all := w.upTo(sorted); all {
		slices.SortFunc(sets, slices.Compare)
		for _, set := range sets {
			if !l.yield(set) {
				return false
			}
		}
		return true
	}
	for next := from; int(next) < l.events; next++ {
		if !l.list(append(first[:len(first):len(first)], next), next+1) {
			return false
		}
	}
	return true
}

// A walker finds the sets of a size that have certain events, and besides only events from a number on.
type walker struct {
	*Solution
	size  int
	words int     // of a bitset of sizes
	use   []use   // by event and, from the number of events on, by part
	views []view  // by part
	set   []int32 // under way
	take  func() bool
}

// A use says whether sets may have an event, or one of a part's sets; or must.
type use int8

const (
	never use = iota
	maybe
	always
)

// A view is what a walker sees of a part.
type view struct {
	*part
	always []int32  // by level: how many levels above it are always used
	can    []uint64 // by node: the sizes of its sets, as bits up to the size asked for
}

func (l *lister) walker(first []int32, from int32) *walker {
	w := &walker{Solution: l.Solution, size: l.size, words: l.size/64 + 1, use: make([]use, l.events+len(l.parts))}
	for x := range w.use {
		if x >= int(from) {
			w.use[x] = maybe
		}
	}
	for _, e := range first {
		w.use[e] = always
	}
	for i := range w.parts {
		w.views = append(w.views, w.view(&w.parts[i]))
		if v := &w.views[i]; v.always[len(v.always)-1] > 0 {
			w.use[w.events+i] = always
		}
	}
	return w
}

func (w *walker) view(p *part) view {
	v := view{part: p, always: make([]int32, len(p.stands)+1), can: make([]uint64, len(p.family.Nodes)*w.words)}
	for level, x := range p.stands {
		v.always[level+1] = v.always[level]
		if w.use[x] == always {
			v.always[level+1]++
		}
	}
	w.row(v.can, dd.One)[0] = 1
	for r := 2; r < len(p.family.Nodes); r++ {
		n := p.family.Nodes[r]
		row, hi := w.row(v.can, dd.Ref(r)), w.row(v.can, v.hi(n))
		copy(row, w.row(v.can, v.lo(n)))
		switch x := p.stands[n.Level]; {
		case int(x) >= w.events:
			w.add(row, hi, w.row(w.inner(x).can, w.inner(x).top()))
		case w.use[x] != never:
			w.shift(row, hi, 1)
		}
	}
	return v
}

// inner returns the view of a part that stands in another.
func (w *walker) inner(x int32) *view { return &w.views[int(x)-w.events] }

// top returns where the sets of a part begin, hi and lo where those of a node go on; nowhere if that leaves out a level that
// is always used.
func (v *view) top() dd.Ref         { return v.below(0, v.family.Root) }
func (v *view) hi(n dd.Node) dd.Ref { return v.below(n.Level+1, n.Hi) }
func (v *view) lo(n dd.Node) dd.Ref { return v.below(n.Level, n.Lo) }

// below returns a node if no level from one on is always used before that of the node, else none.
func (v *view) below(level int32, r dd.Ref) dd.Ref {
	if v.always[min(int(v.family.Nodes[r].Level), len(v.stands))] > v.always[level] {
		return dd.Zero
	}
	return r
}

func (w *walker) row(can []uint64, r dd.Ref) []uint64 {
	return can[int(r)*w.words : (int(r)+1)*w.words]
}

// shift adds to a bitset the bits of another, moved up.
func (w *walker) shift(to, from []uint64, by int) {
	words, bits := by/64, by%64
	for i := w.words - 1; i >= words; i-- {
		to[i] |= from[i-words] << bits
		if i > words {
			to[i] |= from[i-words-1] >> (64 - bits) // nothing if bits is 0
		}
	}
}

// add adds to a bitset the sums of the bits of two others.
func (w *walker) add(to, x, y []uint64) {
	for i := range w.size + 1 {
		if has(x, i) {
			w.shift(to, y, i)
		}
	}
}

func has(bits []uint64, i int) bool { return bits[i/64]>>(i%64)&1 != 0 }

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
	whole := &w.views[len(w.views)-1]
	all = w.walk(frame{view: whole, node: whole.top()}, w.size)
	return sets, all
}

// A frame is where to go on: at a node, and then at the frame of the part around it.
type frame struct {
	*view
	node dd.Ref
	next *frame   // nil for the whole
	rest []uint64 // sizes of what comes in the frames after it; nil for the whole
}

// walk goes all ways on which the set under way can still get so many events. It reports whether to go on.
func (w *walker) walk(at frame, left int) bool {
	for w.possible(at, left) {
		if at.node == dd.One {
			if at.next == nil {
				return w.take()
			}
			return w.walk(*at.next, left)
		}
		n := at.family.Nodes[at.node]
		if !w.enter(frame{at.view, at.hi(n), at.next, at.rest}, at.stands[n.Level], left) {
			return false
		}
		at.node = at.lo(n)
	}
	return true
}

// enter goes the ways with an event, or with the sets of a part.
func (w *walker) enter(after frame, x int32, left int) bool {
	if int(x) >= w.events {
		inner := w.inner(x)
		return w.walk(frame{inner, inner.top(), &after, w.rest(after)}, left)
	}
	if w.use[x] == never || left == 0 {
		return true
	}
	w.set = append(w.set, x)
	more := w.walk(after, left-1)
	w.set = w.set[:len(w.set)-1]
	return more
}

// rest returns the sizes of what a frame and those after it can add.
func (w *walker) rest(at frame) []uint64 {
	row := w.row(at.can, at.node)
	if at.next == nil {
		return row
	}
	sum := make([]uint64, w.words)
	w.add(sum, row, at.rest)
	return sum
}

// possible reports whether a frame and those after it can add exactly so many.
func (w *walker) possible(at frame, left int) bool {
	row := w.row(at.can, at.node)
	if at.next == nil {
		return has(row, left)
	}
	for i := range left + 1 {
		if has(row, i) && has(at.rest, left-i) {
			return true
		}
	}
	return false
}
