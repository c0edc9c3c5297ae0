package tipping

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// Alike are components that nothing tells apart but their capacity, on which no load depends: they carry the same load,
// need the same and are needed by the same. What a component needs that can never go down does not count, nor does where
// its load goes if nothing there could be overloaded. More are alike when it is asked only what holds: then nothing trips.

// alike returns components class by class, in order of declaration.
func alike(q question, t *topology.Topology, ids []topology.ID) [][]topology.ID {
	s := newSteady(q, t, ids)
	keepers := keepersOf(t)
	at := map[string]int{}
	var classes [][]topology.ID
	for _, id := range ids {
		key := s.describe(id, keepers[id])
		k, ok := at[key]
		if !ok {
			k = len(classes)
			at[key], classes = k, append(classes, nil)
		}
		classes[k] = append(classes[k], id)
	}
	return classes
}

// sorted returns the classes with the strongest first, or the weakest; of those alike the first declared first.
func sorted(t *topology.Topology, classes [][]topology.ID, strongest bool) [][]topology.ID {
	sign := 1
	if strongest {
		sign = -1
	}
	var all [][]topology.ID
	for _, class := range classes {
		class = slices.Clone(class)
		slices.SortStableFunc(class, func(a, b topology.ID) int { return sign * cmp.Compare(t.Capacity(a), t.Capacity(b)) })
		all = append(all, class)
	}
	return all
}

// split returns the classes of components that are alike in capacity too, in order of declaration.
func split(t *topology.Topology, classes [][]topology.ID) [][]topology.ID {
	var all [][]topology.ID
	for _, class := range classes {
		at := map[float64]int{}
		for _, id := range class {
			k, ok := at[t.Capacity(id)]
			if !ok {
				k = len(all)
				at[t.Capacity(id)], all = k, append(all, nil)
			}
			all[k] = append(all[k], id)
		}
	}
	slices.SortFunc(all, func(a, b []topology.ID) int { return cmp.Compare(a[0], b[0]) })
	return all
}

// keepersOf returns by component the sets that it keeps something up by.
func keepersOf(t *topology.Topology) map[topology.ID][]int32 {
	of := map[topology.ID][]int32{}
	seen := map[int32]bool{}
	for id := range topology.ID(t.Len()) {
		for _, l := range t.Links(id) {
			if !l.Keeps() || seen[l.Set] {
				continue
			}
			seen[l.Set] = true
			for _, m := range l.Members {
				of[m] = append(of[m], l.Set)
			}
		}
	}
	return of
}

// steady is what never changes, whichever of some components are lost.
type steady struct {
	t    *topology.Topology
	up   *part // what can never go down
	sink *part // of it, what cannot be overloaded, nor anything that it passes load to: all load is welcome
}

func newSteady(q question, t *topology.Topology, lost []topology.ID) *steady {
	s := &steady{t: t, up: newPart(t.Len()), sink: newPart(t.Len())}
	most := newNameplate(t)
	for id := range s.up.has {
		id := topology.ID(id)
		unlimited := math.IsInf(t.Capacity(id), 1)
		s.up.has[id] = unlimited || q == holding
		s.sink.has[id] = unlimited || q == holding && most.of(id) <= t.Capacity(id)
	}
	for _, id := range lost {
		s.up.has[id] = false
	}
	s.up.refine(t, s.kept)
	for id, up := range s.up.has {
		s.sink.has[id] = s.sink.has[id] && up
	}
	s.sink.refine(t, s.welcome)
	return s
}

// kept reports whether a link never takes its owner down.
func (s *steady) kept(l *topology.Link) bool { return l.Start || s.up.of(l) >= l.Need }

// welcome reports whether all load that a link places is served whatever happens, and overloads nothing.
func (s *steady) welcome(l *topology.Link) bool {
	return l.Start || l.Pool < 0 || s.sink.of(l) == len(l.Members) && !slices.Contains(l.Supply.Weights, 0)
}

// A part is some of the components.
type part struct {
	has  []bool
	many map[int32]int // by set of members: of these
}

func newPart(n int) *part { return &part{has: make([]bool, n), many: map[int32]int{}} }

// of returns how many members of a link are among them.
func (p *part) of(l *topology.Link) int {
	n, ok := p.many[l.Set]
	if !ok {
		for _, id := range l.Members {
			if p.has[id] {
				n++
			}
		}
		p.many[l.Set] = n
	}
	return n
}

// refine takes out components of which some link is not fine, until all links of those left are.
func (p *part) refine(t *topology.Topology, fine func(*topology.Link) bool) {
	for again := true; again; {
		again = false
		clear(p.many)
		for id := range p.has {
			links := t.Links(topology.ID(id))
			for i := 0; p.has[id] && i < len(links); i++ {
				if !fine(&links[i]) {
					p.has[id], again = false, true
				}
			}
		}
	}
}

// describe writes down what tells a component from others.
func (s *steady) describe(id topology.ID, keeps []int32) string {
	var b strings.Builder
	o := s.t.Overload(id)
	fmt.Fprint(&b, o.Shed, !o.Shed || o.After > 0 || o.Curve != "", s.t.Demand(id), keeps)
	byCapacity := o.Shed
	for _, k := range s.t.PoolsOf(id) {
		p := &s.t.Pools()[k]
		fmt.Fprint(&b, " in ", k)
		if len(p.Ends) > 1 {
			at := slices.Index(p.Members, id)
			fmt.Fprint(&b, " at ", sort.SearchInts(p.Ends, at+1))
		}
		byCapacity = byCapacity || p.Share == topology.Proportional || p.Share == topology.Waterfall
	}
	if byCapacity {
		fmt.Fprint(&b, " of ", s.t.Capacity(id))
	}
	links := s.t.Links(id)
	for i := range links {
		l := &links[i]
		if s.kept(l) && s.welcome(l) {
			continue
		}
		fmt.Fprint(&b, " needs ", l.Set, l.Need, l.Pool)
		if l.Supply != nil {
			fmt.Fprint(&b, l.Supply.Base, l.Supply.Rate())
		}
	}
	return b.String()
}
