package topology

import (
	"slices"
	"strings"
)

// A step of the flow of load: an owner, its ID, places its load; or a pool, the complement of its index, all of whose
// owners have placed theirs, splits it.
type step int32

func splits(pool int32) step { return step(^pool) }

// pool returns the pool that splits its load, and whether it is one.
func (s step) pool() (int32, bool) { return ^int32(s), s < 0 }

// order sorts owners and pools so that load flows from earlier ones to later ones: Kahn's algorithm.
// A pool counts its links as one edge each, not one for each member, so a fleet-wide pool costs its members once.
func (b *builder) order() {
	t := b.t
	into, unplaced := b.edges()
	ready := make([]ID, 0, t.Len())
	for id := range t.Len() {
		if into[id] == 0 {
			ready = append(ready, ID(id))
		}
	}
	done := 0
	for ; done < len(ready); done++ {
		owner, places := ready[done], false
		links := t.Links(owner)
		for i := range links {
			l := &links[i]
			if l.Pool < 0 {
				continue
			}
			if !places {
				t.flow = append(t.flow, step(owner))
				places = true
			}
			if unplaced[l.Pool]--; unplaced[l.Pool] > 0 {
				continue
			}
			t.flow = append(t.flow, splits(l.Pool))
			for _, m := range t.pools[l.Pool].Members {
				if into[m]--; into[m] == 0 {
					ready = append(ready, m)
				}
			}
		}
	}
	if b.cyclic = done < t.Len(); b.cyclic {
		b.loadCycles(into)
	}
}

// edges indexes pools by their owners and members, and makes room for the flow.
// It returns the number of pools that each component is in, and of owners that each pool has.
func (b *builder) edges() (into []int32, owners []int32) {
	t := b.t
	owners = make([]int32, len(t.pools))
	steps := len(t.pools)
	for row, n := range t.rowSizes() {
		places := false
		for _, l := range t.linksOf(int32(row)) {
			if l.Pool >= 0 {
				owners[l.Pool] += n
				places = true
			}
		}
		if places {
			steps += int(n)
		}
	}
	t.flow = make([]step, 0, steps)
	lists, members := carve[ID](owners), make([][]ID, len(t.pools))
	t.eachPlace(func(owner ID, pool int32) { lists[pool] = append(lists[pool], owner) })
	for p := range t.pools {
		t.pools[p].Owners = lists[p]
		members[p] = t.pools[p].Members
	}
	t.pooled, t.pooledEnd = invert(members, t.Len())
	into = make([]int32, t.Len())
	from := int32(0)
	for id, end := range t.pooledEnd {
		into[id] = end - from
		from = end
	}
	return into, owners
}

// eachPlace yields every owner with the pools that it places load on, in order.
func (t *Topology) eachPlace(yield func(owner ID, pool int32)) {
	for id, row := range t.row {
		from, to := span(t.rowEnd, row)
		for i := from; i < to; i++ {
			if pool := t.links[i].Pool; pool >= 0 {
				yield(ID(id), pool)
			}
		}
	}
}

// rowSizes returns how many components have each row.
func (t *Topology) rowSizes() []int32 {
	sizes := make([]int32, len(t.rowEnd))
	for _, row := range t.row {
		sizes[row]++
	}
	return sizes
}

// loadCycles reports cycles among the components that load never reached, of those that touch one of them.
func (b *builder) loadCycles(into []int32) {
	from := b.feeders(into)
	walk := make([]ID, len(from)) // where the walk began that came by; 0 is none
	for start := range from {
		at := ID(start)
		if into[at] == 0 {
			continue
		}
		for from[at] >= 0 && walk[at] == 0 {
			walk[at] = ID(start) + 1
			at = from[at]
		}
		if walk[at] == ID(start)+1 {
			b.loadCycle(from, at)
		}
	}
}

// feeders returns for each component that is left one that is left and passes load to it. There is one for all.
func (b *builder) feeders(into []int32) []ID {
	from := make([]ID, len(into))
	for i := range from {
		from[i] = -1
	}
	b.t.eachPlace(func(owner ID, pool int32) {
		if into[owner] == 0 {
			return
		}
		for _, m := range b.t.pools[pool].Members {
			if from[m] < 0 && into[m] > 0 {
				from[m] = owner
			}
		}
	})
	return from
}

func (b *builder) loadCycle(from []ID, at ID) {
	cycle := []ID{at}
	for c := from[at]; c != at; c = from[c] {
		cycle = append(cycle, c)
	}
	slices.Reverse(cycle)
	b.cycle(cycle, LoadCycle, "draws on",
		"load cannot come back to where it came from: take one of these supplies out, or make it a need")
}

// cycle reports a cycle of components, each of which draws on or needs the next, at the first declared of them.
func (b *builder) cycle(ids []ID, reason Reason, verb, remedy string) {
	first := slices.Index(ids, slices.Min(ids))
	ids = append(slices.Clone(ids[first:]), ids[:first]...)
	var names []string
	for _, id := range ids {
		names = append(names, b.t.Name(id))
	}
	shown := names
	if len(shown) > 8 {
		shown = append(slices.Clone(names[:4]), append([]string{"…"}, names[len(names)-3:]...)...)
	}
	text := strings.Join(append(slices.Clone(shown), names[0]), " "+verb+" ") + ": " + remedy
	n := len(b.faults)
	b.fault(place{component: int(b.t.declared[ids[0]])}, nil, reason, "%s", text)
	if len(b.faults) > n {
		b.faults[n].Cycle = names
	}
}
