package spare

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// maxBought is the most servers that a fleet is enlarged by.
const maxBought = 1_000_000

// enlarge builds the fleet with x[j] of each column j, the new servers last, and in its pool, which is nil outside the shape.
func enlarge(t *topology.Topology, p *pool.Pool, columns []column, x []int) (*topology.Topology, error) {
	e := &extension{t: t, pool: p, spec: t.Spec(), extra: map[topology.ID]float64{}}
	bought := 0
	for j, n := range x {
		if n == 0 {
			continue
		}
		c := &columns[j]
		if c.more {
			e.extra[c.id] += float64(c.offer.By * float64(n))
			continue
		}
		if bought += n; bought > maxBought {
			return nil, fmt.Errorf("it takes more than %d servers", maxBought)
		}
		e.add(c, n)
	}
	e.raise()
	return e.build()
}

// probe builds the fleet with one server more of each column; added[j] is its ID, -1 for capacity.
func probe(t *topology.Topology, p *pool.Pool, columns []column) (fleet *topology.Topology, added []topology.ID, err error) {
	x := make([]int, len(columns))
	for j := range columns {
		if !columns[j].more {
			x[j] = 1
		}
	}
	if fleet, err = enlarge(t, p, columns, x); err != nil {
		return nil, nil, err
	}
	next := topology.ID(t.Len())
	for j := range columns {
		added = append(added, -1)
		if x[j] == 1 {
			added[j] = next
			next++
		}
	}
	return fleet, added, nil
}

// An extension is a fleet under construction.
type extension struct {
	t     *topology.Topology
	pool  *pool.Pool
	spec  topology.Spec
	extra map[topology.ID]float64 // capacity
	names []string                // of new servers
	taken map[string]bool
}

// add declares n servers of a column.
func (e *extension) add(c *column, n int) {
	names := e.fresh(e.t.Name(c.id), n)
	e.names = append(e.names, names...)
	for _, pattern := range topology.Fold(names) {
		server := e.t.Component(c.id)
		server.Name = pattern
		if len(c.offer.Needs) > 0 {
			server.Needs = slices.Clone(c.offer.Needs)
		}
		e.spec.Components = append(e.spec.Components, server)
	}
}

// fresh returns names that no component has, and that are no kind: "spare-chat-061-01" and so on.
func (e *extension) fresh(like string, n int) []string {
	if e.taken == nil {
		e.taken = map[string]bool{}
		for _, kind := range e.t.Kinds() {
			e.taken[kind] = true
		}
	}
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

// raise writes down capacity that was bought: the declaration it belongs to becomes one for each of its components.
func (e *extension) raise() {
	var all []topology.Component
	id := topology.ID(0)
	for _, c := range e.spec.Components {
		count := 1
		if names, err := topology.Expand(c.Name); err == nil {
			count = len(names)
		}
		if int(id) < e.t.Len() && e.raises(id, count) {
			for i := range topology.ID(count) {
				one := e.t.Component(id + i)
				one.Name = topology.Fold([]string{e.t.Name(id + i)})[0]
				one.Capacity += e.extra[id+i]
				all = append(all, one)
			}
		} else {
			all = append(all, c)
		}
		id += topology.ID(count)
	}
	e.spec.Components = all
}

func (e *extension) raises(first topology.ID, count int) bool {
	for i := range topology.ID(count) {
		if e.extra[first+i] > 0 {
			return true
		}
	}
	return false
}

// build makes the topology. New servers that the demand's supply does not name by kind or label are added to it.
func (e *extension) build() (*topology.Topology, error) {
	fleet, err := topology.New(e.spec)
	if err != nil {
		return nil, err
	}
	missing, err := e.missing(fleet)
	if err != nil || len(missing) == 0 {
		return fleet, err
	}
	supplies := e.suppliesOf(e.pool.Demand)
	(*supplies)[0].Members = append((*supplies)[0].Members, topology.Fold(missing)...) // a demand of the shape has one
	if fleet, err = topology.New(e.spec); err != nil {
		return nil, err
	}
	if missing, err = e.missing(fleet); len(missing) > 0 {
		return nil, fmt.Errorf("%s does not become a server of the pool", missing[0])
	}
	return fleet, err
}

// missing returns the new servers that are not in the pool.
func (e *extension) missing(fleet *topology.Topology) (names []string, err error) {
	if e.pool == nil || len(e.names) == 0 {
		return nil, nil
	}
	now := map[topology.ID]bool{}
	for _, l := range fleet.Links(e.pool.Demand) {
		if l.Pool >= 0 {
			for _, m := range l.Members {
				now[m] = true
			}
		}
	}
	for _, name := range e.names {
		if id, ok := fleet.Lookup(name); !ok {
			return nil, fmt.Errorf("%s is not in it", name)
		} else if !now[id] {
			names = append(names, name)
		}
	}
	return names, nil
}

// suppliesOf returns where the supplies of a component are written: with it, or with its kind.
func (e *extension) suppliesOf(id topology.ID) *[]topology.Supply {
	next := topology.ID(0)
	for i := range e.spec.Components {
		c := &e.spec.Components[i]
		count := 1
		if names, err := topology.Expand(c.Name); err == nil {
			count = len(names)
		}
		if next += topology.ID(count); id >= next {
			continue
		}
		if len(c.Supplies) == 0 {
			c.Supplies = e.t.Component(id).Supplies
		}
		return &c.Supplies
	}
	return nil
}
