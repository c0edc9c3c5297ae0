package cutset

import (
	"context"
	"sort"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// mostWords is how many words of 8 bytes it may take to count sets, or to list them.
const mostWords = 1 << 27

// Tellable returns the solution with the minimal cut sets of as many sizes, up to one, as can be counted and listed in about
// 1 GiB; 0 is any size. A size up to 63 can be listed wherever there is a diagram, and a size of 1 can be counted. Sums are still those
// over all sets. It takes some passes. The error is the context's.
func (s *Solution) Tellable(ctx context.Context, size int) (*Solution, error) {
	return s.tellable(ctx, size, mostWords)
}

func (s *Solution) tellable(ctx context.Context, size int, words int64) (*Solution, error) {
	most := min(s.upTo, s.Largest())
	if size > 0 {
		most = min(most, size)
	}
	fits := most
	if s.words(ctx, most) > words {
		fits = max(1, sort.Search(most, func(n int) bool { return s.words(ctx, n+1) > words }))
	}
	if fits >= most || ctx.Err() != nil {
		return s, ctx.Err()
	}
	return &Solution{events: s.events, parts: s.parts, upTo: fits}, nil
}

// words returns how many words it takes to count the sets up to a size, or to list those of it, whichever are more.
func (s *Solution) words(ctx context.Context, size int) int64 {
	nodes := int64(0)
	for i := range s.parts {
		nodes += int64(len(s.parts[i].family.Nodes))
	}
	list := int64(0)
	if words := int64(size)/64 + 1; words > 1 {
		list = 2 * words * nodes // see [view]
	}
	return max(list, s.cells(ctx, size))
}

// A span is the sizes of some sets, from the least to that before end.
type span struct{ least, end int }

func (x span) len() int    { return max(0, x.end-x.least) }
func (x span) empty() bool { return x.len() == 0 }

// with returns the sizes up to the most that a set of x and one of w have together.
func (x span) with(w span, most int) span {
	if x.empty() || w.empty() {
		return span{}
	}
	return span{x.least + w.least, min(1+most, x.end+w.end-1)}
}

// or returns the sizes of both.
func (x span) or(y span) span {
	switch {
	case x.empty():
		return y
	case y.empty():
		return x
	default:
		return span{min(x.least, y.least), max(x.end, y.end)}
	}
}

// cells returns how many numbers there are at a time, at most, when the sets up to a size are counted. When the context ends, what
// it returns means nothing.
func (s *Solution) cells(ctx context.Context, most int) int64 {
	l := ledger{ctx: ctx, most: most}
	of := make([]span, len(s.parts))
	for i := range s.parts {
		f := s.parts[i].family
		weight := make([]span, len(f.stands))
		for level, x := range f.stands {
			weight[level] = span{1, 2}
			if int(x) >= s.events {
				weight[level] = of[int(x)-s.events]
			}
		}
		of[i] = l.part(f.Diagram, weight)
		for level, x := range f.stands {
			if int(x) >= s.events {
				l.live -= int64(weight[level].len())
			}
		}
	}
	return l.peak
}

// A ledger keeps account of the numbers that a [counter] has.
type ledger struct {
	ctx        context.Context
	most       int
	live, peak int64
}

// part goes through a diagram as [counter.countPart] does, and leaves the numbers of its root.
func (l *ledger) part(d dd.Diagram, weight []span) span {
	at, uses := make([]span, len(d.Nodes)), uses(d)
	at[dd.One] = span{0, 1}
	l.live++
	for r := 2; r < len(at) && (r%looked != 0 || l.ctx.Err() == nil); r++ {
		n := d.Nodes[r]
		at[r] = at[n.Hi].with(weight[n.Level], l.most).or(at[n.Lo])
		l.live += int64(at[r].len())
		l.peak = max(l.peak, l.live)
		for _, below := range [...]dd.Ref{n.Hi, n.Lo} {
			if uses[below]--; uses[below] == 0 {
				l.live -= int64(at[below].len())
			}
		}
	}
	return at[d.Root]
}

// uses returns how many nodes lead to each, and one more for the root.
func uses(d dd.Diagram) []int32 {
	uses := make([]int32, len(d.Nodes))
	for _, n := range d.Nodes[2:] {
		uses[n.Lo]++
		uses[n.Hi]++
	}
	uses[d.Root]++
	return uses
}
