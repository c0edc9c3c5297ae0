package few

import (
	"cmp"
	"maps"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// A cover is the children of a gate that one event fails.
type cover struct {
	event int32
	whole []int32 // classes of which it fails all, in order
	alone []int32 // the classes of the children that it is the Own of, in order; one for each
	count int     // children, in all
}

// A census is the children of a gate by what they have in common: those of one class have the same Base.
type census struct {
	bases  []*Family
	sizes  []int // by class: children
	covers map[int32]*cover
}

// atLeast returns the sets that fail so many of the children.
func (f *finder) atLeast(least int, children []int32) *Family {
	c := f.take(children)
	var covers []*cover // of the events that are not enough by themselves
	family := &Family{}
	if f.ended {
		return family
	}
	for _, event := range slices.Sorted(maps.Keys(c.covers)) {
		if v := c.covers[event]; v.count >= least {
			family.Ones = append(family.Ones, event)
		} else {
			covers = append(covers, v)
		}
	}
	if f.pairs {
		family.Twos = f.together(c, covers, least)
	}
	return family
}

// over counts a step, and looks at the context at every so many. Once it has ended, what is found is not used.
func (f *finder) over() bool {
	if f.steps++; f.steps%(1<<10) == 0 && f.ctx.Err() != nil {
		f.ended = true
	}
	return f.ended
}

// take counts whom each event fails.
func (f *finder) take(children []int32) *census {
	c := &census{covers: map[int32]*cover{}}
	class := map[*Family]int32{}
	for _, child := range children {
		if f.over() {
			return c
		}
		s := f.sets[child]
		k, ok := class[s.Base]
		if !ok {
			k = int32(len(c.bases))
			class[s.Base] = k
			c.bases, c.sizes = append(c.bases, s.Base), append(c.sizes, 0)
		}
		c.sizes[k]++
		if s.Own != tree.None {
			v := c.of(s.Own)
			v.alone = append(v.alone, k)
			v.count++
		}
	}
	for k, base := range c.bases {
		for _, event := range base.Ones {
			if f.over() {
				return c
			}
			v := c.of(event)
			v.whole = append(v.whole, int32(k))
			v.count += c.sizes[k]
		}
	}
	for _, v := range c.covers {
		slices.Sort(v.alone)
	}
	return c
}

func (c *census) of(event int32) *cover {
	v := c.covers[event]
	if v == nil {
		v = &cover{event: event}
		c.covers[event] = v
	}
	return v
}

// both returns how many children each of two events fails alone.
func (c *census) both(a, b *cover) int {
	n := 0
	for i, j := 0, 0; i < len(a.whole) && j < len(b.whole); {
		switch order := cmp.Compare(a.whole[i], b.whole[j]); {
		case order < 0:
			i++
		case order > 0:
			j++
		default:
			n += c.sizes[a.whole[i]]
			i, j = i+1, j+1
		}
	}
	return n + within(a.alone, b.whole) + within(b.alone, a.whole)
}

// within counts those of some classes that are among others.
func within(some, others []int32) int {
	n := 0
	for _, k := range some {
		if _, found := slices.BinarySearch(others, k); found {
			n++
		}
	}
	return n
}

// together returns the pairs of events, none of which is enough, that fail so many of the children together.
func (f *finder) together(c *census, covers []*cover, least int) []Pair {
	joint := f.joint(c)
	var found []Pair
	for pair, more := range joint {
		if f.over() {
			return nil
		}
		a, b := c.covers[pair[0]], c.covers[pair[1]]
		if a != nil && a.count >= least || b != nil && b.count >= least {
			continue
		}
		if a != nil && b != nil {
			more -= c.both(a, b)
		}
		if more+countOf(a)+countOf(b) >= least {
			found = append(found, pair)
		}
	}
	slices.SortStableFunc(covers, func(a, b *cover) int { return cmp.Compare(b.count, a.count) })
	for i, a := range covers {
		for _, b := range covers[i+1:] {
			if f.over() {
				return nil
			}
			if f.looks++; a.count+b.count < least || f.looks > maxLooks {
				break
			}
			pair := pairOf(a.event, b.event)
			if joint[pair] == 0 && a.count+b.count-c.both(a, b) >= least {
				found = append(found, pair)
			}
		}
		if len(found) > maxKept/pairCost || f.looks > maxLooks {
			f.looks = maxLooks + 1 // too many
			break
		}
	}
	slices.SortFunc(found, Pair.Compare)
	return found
}

// joint counts the children that two events fail together, and neither alone.
func (f *finder) joint(c *census) map[Pair]int {
	joint := map[Pair]int{}
	for k, base := range c.bases {
		for _, pair := range base.Twos {
			if f.over() {
				return nil
			}
			joint[pair] += c.sizes[k]
		}
	}
	return joint
}

func countOf(v *cover) int {
	if v == nil {
		return 0
	}
	return v.count
}
