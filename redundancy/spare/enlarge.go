package spare

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxBought  = 1_000_000     // components that a fleet is enlarged by
	maxOffered = 1_000_000_000 // of one offer without a limit: more than a topology has room for
)

// errTooMany says that a purchase is larger than a fleet is enlarged by.
var errTooMany = fmt.Errorf("it takes more than %d components", maxBought)

// enlarge builds the fleet with x[j] of each column, the new components last. With none of any it is the fleet itself.
func enlarge(t *topology.Topology, columns []column, x []int) (*topology.Topology, error) {
	e := &extension{editor: newEditor(t), taken: map[string]bool{}}
	for _, kind := range t.Kinds() {
		e.taken[kind] = true
	}
	bought := 0
	for j, n := range x {
		switch c := &columns[j]; {
		case n == 0:
		case c.more:
			e.change(c.id, change{capacity: float64(c.offer.By * float64(n))})
		default:
			if bought += n; bought > maxBought {
				return nil, errTooMany
			}
			e.add(c, n)
		}
	}
	if len(e.new)+len(e.changes) == 0 {
		return t, nil
	}
	return e.build()
}

// An extension is a fleet under construction.
type extension struct {
	*editor
	new   []batch
	taken map[string]bool
}

// A batch is new components like one.
type batch struct {
	like  topology.ID
	needs topology.Names // instead of its needs
	first string
	names topology.Names
}

// add notes n components of a column.
func (e *extension) add(c *column, n int) {
	names := e.fresh(e.t.Name(c.id), n)
	e.new = append(e.new, batch{c.id, c.offer.Needs, names[0], topology.Fold(names)})
}

// added declares the new components: they come to draw on new ones as those do that they are like.
func (e *extension) added() (all []topology.Component) {
	for _, b := range e.new {
		for _, pattern := range b.names {
			one := e.t.Component(b.like)
			e.enterOthers(&one, b.like)
			one.Name = pattern
			if len(b.needs) > 0 {
				one.Needs = slices.Clone(b.needs)
			}
			all = append(all, one)
		}
	}
	return all
}

// fresh returns names that no component has, and that are no kind: "spare-chat-061-01" and so on.
func (e *extension) fresh(like string, n int) []string {
	width := len(strconv.Itoa(n))
	for try := 1; ; try++ {
		prefix := "spare"
		if try > 1 {
			prefix += strconv.Itoa(try)
		}
		names := make([]string, n)
		clash := false
		for i := range names {
			names[i] = fmt.Sprintf("%s-%s-%0*d", prefix, like, width, i+1)
			_, known := e.t.Lookup(names[i])
			clash = clash || known || e.taken[names[i]]
		}
		if !clash {
			for _, name := range names {
				e.taken[name] = true
			}
			return names
		}
	}
}

// build makes the topology. New components become members by name where their kind and labels do not make them so.
func (e *extension) build() (*topology.Topology, error) {
	fleet, err := e.t.With(e.spec(e.added()))
	if err != nil {
		return nil, err
	}
	if !e.enter(fleet) {
		return fleet, nil
	}
	return fleet.With(e.spec(e.added()))
}

// enter notes where new components are to become members by name, and reports whether there is such a place.
func (e *extension) enter(fleet *topology.Topology) (any bool) {
	needs := e.choices()
	for _, b := range e.new {
		id, _ := fleet.Lookup(b.first)
		for _, at := range append(e.supplies(b.like), needs[b.like]...) {
			l := e.link(fleet, at.owner, at.change)
			if l.Pool >= 0 && slices.Contains(fleet.PoolsOf(id), l.Pool) || l.Pool < 0 && slices.Contains(l.Members, id) {
				continue
			}
			at.beside, at.names = b.like, b.names
			e.change(at.owner, at.change)
			any = true
		}
	}
	return any
}

// A place is a supply or a need of an owner.
type place struct {
	owner topology.ID
	change
}

// supplies returns the supplies of which a component is a member.
func (e *extension) supplies(like topology.ID) (all []place) {
	for _, pool := range e.t.PoolsOf(like) {
		owners := slices.Clone(e.t.Pools()[pool].Owners)
		slices.Sort(owners)
		for _, owner := range slices.Compact(owners) {
			n := 0
			for _, l := range e.t.Links(owner) {
				if l.Pool >= 0 && !l.Start {
					if n++; l.Pool == pool {
						all = append(all, place{owner, change{supply: n}})
					}
				}
			}
		}
	}
	return all
}

// choices returns the needs that are met without all of their members, by those of these that new components are like.
func (e *extension) choices() map[topology.ID][]place {
	isLike := map[topology.ID]bool{}
	for _, b := range e.new {
		isLike[b.like] = true
	}
	all := map[topology.ID][]place{}
	for id := range topology.ID(e.t.Len()) {
		n := 0
		links := e.t.Links(id)
		for i := range links {
			l := &links[i]
			if l.Pool >= 0 || l.Start {
				continue
			}
			if n++; l.Need == len(l.Members) {
				continue
			}
			for _, m := range l.Members {
				if isLike[m] {
					all[m] = append(all[m], place{id, change{need: n}})
				}
			}
		}
	}
	return all
}
