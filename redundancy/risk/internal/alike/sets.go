package alike

import (
	"cmp"
	"iter"
	"slices"
)

// Sets yields the sets of 1 to so many places, of those that are alike the first, each after the one without its last place. They are
// in lexicographic order, and so are the places of a set, which is not to be kept.
//
// The first of what is alike: in each bunch, what is taken of a piece comes no later in lexicographic order than what is taken of the
// next, where less of the same comes after more of it.
func (f *Fleet) Sets(size int) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		w := walk{Fleet: f, size: size, yield: yield}
		w.from(0)
	}
}

type walk struct {
	*Fleet
	size  int
	set   []int32
	yield func([]int32) bool
}

// from adds places from one on; false if yield has had enough.
func (w *walk) from(place int32) bool {
	if len(w.set) == w.size {
		return true
	}
	for x := w.next(w.set, place); int(x) < len(w.IDs); x = w.next(w.set, x+1) {
		w.set = append(w.set, x)
		if !w.yield(w.set) || !w.from(x+1) {
			return false
		}
		w.set = w.set[:len(w.set)-1]
	}
	return true
}

// next returns the first place from one on that may be added to a set; that after all if there is none.
func (f *Fleet) next(set []int32, place int32) int32 {
	for int(place) < len(f.IDs) {
		least := place
		for b := f.in[place]; b >= 0 && least == place; b = f.bunches[b].up {
			least = f.bunches[b].least(set, place)
		}
		if least == place {
			break
		}
		place = least
	}
	return place
}

// least returns the first place from one on, which is in the bunch, that may be added for all that the piece before its own says; or
// the first after it that may.
func (b *bunch) least(set []int32, place int32) int32 {
	start := b.start(place)
	if start == b.from {
		return place
	}
	own := set[until(set, start):]
	last := set[until(set, start-b.size) : len(set)-len(own)]
	switch {
	case len(last) == 0:
		return b.to // the rest of the bunch is not begun before this piece
	case !begins(last, own, b.size):
		return place // more than that of the piece before already
	case len(own) == len(last):
		return start + b.size
	default:
		return max(place, last[len(own)]+b.size)
	}
}

// begins reports whether what is taken of one piece begins with what is taken of the next.
func begins(last, own []int32, size int32) bool {
	if len(own) > len(last) {
		return false
	}
	for i, place := range own {
		if place != last[i]+size {
			return false
		}
	}
	return true
}

// until returns how many of a set are before a place.
func until(set []int32, place int32) int {
	n := len(set)
	for n > 0 && set[n-1] >= place {
		n--
	}
	return n
}

// First makes a set that of those alike which Sets yields.
func (f *Fleet) First(set []int32) { f.settle(set, 0) }

// Same reports whether two places are alike by themselves, whatever else is in a set.
func (f *Fleet) Same(a, b int32) bool { return f.in[a] == f.in[b] && f.bunches[f.in[a]].size == 1 }

// settle is First for a part of a set in one piece of a bunch.
func (f *Fleet) settle(set []int32, within int32) {
	for len(set) > 0 {
		n, b := f.together(set, within)
		if b != within {
			f.settleBunch(set[:n], b)
		}
		set = set[n:]
	}
}

// together returns how many places, from the first, of a part of a set in one piece of a bunch, are in one bunch there, and which; 1
// and that bunch itself if the first is in none.
func (f *Fleet) together(set []int32, within int32) (n int, in int32) {
	b := f.in[set[0]]
	if b == within {
		return 1, within
	}
	for f.bunches[b].up != within {
		b = f.bunches[b].up
	}
	for n < len(set) && set[n] < f.bunches[b].to {
		n++
	}
	return n, b
}

func (f *Fleet) settleBunch(set []int32, in int32) {
	b := &f.bunches[in]
	if b.size == 1 {
		for i := range set {
			set[i] = b.from + int32(i)
		}
		return
	}
	parts := b.parts(set)
	for _, part := range parts {
		f.settle(part, in)
		start := b.start(part[0])
		for i := range part {
			part[i] -= start
		}
	}
	slices.SortFunc(parts, order)
	flat := slices.Concat(parts...)
	for start := b.from; len(parts) > 0; start, parts = start+b.size, parts[1:] {
		for range parts[0] {
			set[0], flat, set = start+flat[0], flat[1:], set[1:]
		}
	}
}

// parts cuts a part of a set in a bunch into those of its pieces.
func (b *bunch) parts(set []int32) (parts [][]int32) {
	for len(set) > 0 {
		end, n := b.start(set[0])+b.size, 1
		for n < len(set) && set[n] < end {
			n++
		}
		parts, set = append(parts, set[:n]), set[n:]
	}
	return parts
}

// start returns the first place of the piece that a place is in.
func (b *bunch) start(place int32) int32 { return place - (place-b.from)%b.size }

// order is lexicographic, but that less of the same comes after more of it.
func order(a, b []int32) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return cmp.Compare(len(b), len(a))
}
