package restart

import (
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// tidy leaves out of steps what changes nothing: conditions that follow from others of their step, and rungs of a ladder that hold
// only if a later one does, which counts then.
func tidy(t *topology.Topology, steps []Step) []Step {
	ids := lookup{t: t, known: map[string][]topology.ID{}}
	for i := range steps {
		steps[i].If = ids.weeded(steps[i].If)
	}
	var all []Step
	for i := 0; i < len(steps); i++ {
		end := i + 1
		for end < len(steps) && rises(&steps[end-1], &steps[end]) {
			end++
		}
		for ; i < end-1; i++ {
			s := &steps[i]
			idle := func(later Step) bool { return ids.follow(later.If, s.If) }
			if len(s.When) > 0 || !slices.ContainsFunc(steps[i+1:end], idle) {
				all = append(all, *s)
			}
		}
		all = append(all, steps[i])
	}
	return all
}

// A lookup knows which components names stand for; the steps were replayed.
type lookup struct {
	t     *topology.Topology
	known map[string][]topology.ID
}

func (l *lookup) of(names topology.Names) []topology.ID {
	key := strings.Join(names, ",")
	ids, ok := l.known[key]
	if !ok {
		ids, _ = l.t.Select(names...)
		l.known[key] = ids
	}
	return ids
}

// weeded returns conditions without those that follow from another.
func (l *lookup) weeded(all []Condition) []Condition {
	var left []Condition
	for i, c := range all {
		follows := func(o Condition) bool { return l.follows(c, o) }
		if !slices.ContainsFunc(left, follows) && !slices.ContainsFunc(all[i+1:], follows) {
			left = append(left, c)
		}
	}
	return left
}

// follow reports whether all of some conditions hold whenever others do.
func (l *lookup) follow(these, from []Condition) bool {
	for _, c := range these {
		if !slices.ContainsFunc(from, func(o Condition) bool { return l.follows(c, o) }) {
			return false
		}
	}
	return true
}

// follows reports whether a condition holds whenever another does. If so many of one set are ready, all but those that are not in the
// other are ready there too.
func (l *lookup) follows(c, from Condition) bool {
	if c.Settled || c.Below != 0 {
		return slices.Equal(c.What, from.What) && c.Ready <= from.Ready && (from.Settled || !c.Settled) && c.Below == from.Below
	}
	if c.Ready > from.Ready || slices.Equal(c.What, from.What) {
		return c.Ready <= from.Ready
	}
	of, outside := l.of(c.What), 0
	for _, id := range l.of(from.What) {
		if _, in := slices.BinarySearch(of, id); !in {
			outside++
		}
	}
	return from.Ready-outside >= c.Ready
}
