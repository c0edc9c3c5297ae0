package nested

import (
	"context"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// Sets returns the minimal cut sets of at most so much weight, which is given by place, 1 or more: a zero-suppressed diagram with
// the events at the levels of their places. It takes about as many nodes as there are events times the numbers of members that
// may be left to fail once some have. The error is [dd.ErrFull], if that is more than limit, or the context's.
func (p *Pool) Sets(ctx context.Context, weight []int, most, limit int) (dd.Diagram, error) {
	f := finder{Pool: p, Store: dd.NewStore(ctx, limit), ctx: ctx, limit: limit, weight: weight, known: map[state]dd.Ref{}}
	if most >= len(p.Events) && int64(len(p.Events))*int64(p.least) > 4*int64(limit) { // all of them: it would be in vain
		return dd.Diagram{}, dd.ErrFull
	}
	f.measure()
	start := state{0, int32(min(most, math.MaxInt32)), int32(p.least), math.MaxInt32}
	if f.short(start) { // before more is worked out
		return f.Diagram(dd.Zero), f.err()
	}
	if f.fewest(); f.err() != nil {
		return dd.Diagram{}, f.err()
	}
	root := f.from(start)
	if f.err() != nil {
		return dd.Diagram{}, f.err()
	}
	return f.Diagram(root), nil
}

type finder struct {
	*Pool
	*dd.Store
	ctx    context.Context
	limit  int
	weight []int
	reach  []int32 // by place: how many members the events from there on take, all of them together
	most   []int32 // by place: how many one of them takes at most
	heavy  []int32 // by place: what all of them weigh
	exact  []int32 // by number of members: with how few events these fail, and no more, if there are enough of each sort
	about  []int32 // the same, where more may fail, but less than with one event too many
	known  map[state]dd.Ref
	open   []state // a stack: those that are not known yet, but what follows without their event is
	opened int     // so far
	chosen int     // events of the set under way
	failed error
}

// A state is what matters of a set under way, of which the events before a place are chosen.
type state struct {
	place  int32
	left   int32 // weight that may still be added
	need   int32 // members that must still fail; below 0 if more do than must
	fewest int32 // that one of the chosen takes
}

func (f *finder) measure() {
	n := len(f.Events)
	f.reach, f.most, f.heavy = make([]int32, n+1), make([]int32, n+1), make([]int32, n+1)
	for i := n - 1; i >= 0; i-- {
		f.heavy[i] = f.heavy[i+1] + int32(min(f.weight[i], int(math.MaxInt32-f.heavy[i+1])))
		f.reach[i] = f.takes[i] + f.reach[f.end[i]]
		f.most[i] = max(f.takes[i], f.most[i+1])
	}
}

// fewest finds with how few events so many members fail.
func (f *finder) fewest() {
	sorts := slices.Compact(slices.Sorted(slices.Values(f.takes)))
	f.exact = make([]int32, f.least+int(f.most[0]))
	for i := range f.exact[1:] {
		if i%looked == 0 && f.err() == nil {
			f.failed = f.ctx.Err()
		}
		if f.failed != nil {
			return
		}
		f.exact[i+1] = math.MaxInt32 - 1
		for _, takes := range sorts {
			if int(takes) > i+1 {
				break
			}
			f.exact[i+1] = min(f.exact[i+1], 1+f.exact[i+1-int(takes)])
		}
	}
	f.about = slices.Clone(f.exact)
	for width := 1; width < int(f.most[0]); { // least of so many numbers from each on
		step := min(width, int(f.most[0])-width)
		for i := range f.about[:max(0, len(f.about)-step)] {
			f.about[i] = min(f.about[i], f.about[i+step])
		}
		width += step
	}
}

// short reports whether too few members can still fail, even if those that take the most of them did.
func (f *finder) short(s state) bool {
	return s.need > f.reach[s.place] || int64(s.need) > int64(s.left)*int64(f.most[s.place])
}

// hopeless reports whether too few members can still fail, or only with more weight than may be added.
func (f *finder) hopeless(s state) bool {
	few := f.about
	if s.fewest == 1 {
		few = f.exact
	}
	return f.short(s) || few[s.need] > s.left
}

func (f *finder) err() error {
	if f.failed == nil {
		f.failed = f.Err()
	}
	return f.failed
}

// from returns the ways to go on. No recursion is deeper than events are chosen: there may be millions that are not.
func (f *finder) from(s state) dd.Ref {
	if s.need <= 0 {
		if -s.need < s.fewest { // without that one, too few fail
			return dd.One
		}
		return dd.Zero
	}
	before := len(f.open)
	r := f.without(s)
	for len(f.open) > before {
		s = f.open[len(f.open)-1]
		f.open = f.open[:len(f.open)-1]
		r = f.with(s, r)
		f.known[s] = r
	}
	return r
}

// without opens a state and those that follow without their events, up to one from which the ways are known, and returns these.
func (f *finder) without(s state) dd.Ref {
	for ; !f.hopeless(s); s.place++ {
		s.left = min(s.left, f.heavy[s.place])    // more is as good as any
		s.fewest = min(s.fewest, f.most[s.place]) // the last one to be chosen is needed anyway
		if r, ok := f.known[s]; ok || !f.mayGoOn() {
			return r
		}
		f.open = append(f.open, s)
	}
	return dd.Zero
}

// mostChosen is of how many events a set may be, so that the stack suffices.
const mostChosen = 1 << 18

// with returns the ways from a state, given those without its event.
func (f *finder) with(s state, without dd.Ref) dd.Ref {
	i := s.place
	if f.weight[i] > int(s.left) {
		return without
	}
	if f.chosen++; f.chosen > mostChosen {
		f.failed = dd.ErrFull
	}
	hi := f.from(state{f.end[i], s.left - int32(f.weight[i]), s.need - f.takes[i], min(s.fewest, f.takes[i])})
	f.chosen--
	if hi == dd.Zero {
		return without
	}
	return f.Make(i, without, hi)
}

// mayGoOn reports whether one more state may be opened.
func (f *finder) mayGoOn() bool {
	if f.err() != nil {
		return false
	}
	if f.opened >= f.limit {
		f.failed = dd.ErrFull
	} else if f.opened%(1<<12) == 0 {
		f.failed = f.ctx.Err()
	}
	f.opened++
	return f.failed == nil
}
