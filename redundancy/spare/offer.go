package spare

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A column is one thing that can be bought: one more server, or more capacity for one component.
type column struct {
	offer Offer
	id    topology.ID // the server that it is like, or the component that gets more
	more  bool        // it is capacity
	cost  *big.Rat
	most  int // math.MaxInt: no limit
	on    topology.Names
}

// columnsOf reads offers; p is nil outside the shape. The reason says why one that could matter is out of reach.
func columnsOf(t *topology.Topology, p *pool.Pool, offers []Offer) (columns []column, reason string, err error) {
	for i, o := range offers {
		found, why, err := columnOf(t, p, o)
		if err != nil {
			return nil, "", fmt.Errorf("offers[%d]: %w", i, err)
		}
		columns, reason = append(columns, found...), cmp.Or(reason, why)
	}
	if len(offers) == 0 && p != nil {
		for _, id := range alikeOnce(p) {
			found, _, _ := columnOf(t, p, Offer{Like: t.Name(id)})
			columns = append(columns, found...)
		}
	}
	return columns, reason, nil
}

func columnOf(t *topology.Topology, p *pool.Pool, o Offer) ([]column, string, error) {
	c := column{offer: o, most: cmp.Or(o.Most, math.MaxInt)}
	if !(o.Cost >= 0) || math.IsInf(o.Cost, 0) {
		return nil, "", fmt.Errorf("cost %v: give a number above 0", o.Cost)
	}
	c.cost, _ = new(big.Rat).SetString(strconv.FormatFloat(cmp.Or(o.Cost, 1), 'g', -1, 64)) // what was written: .1 is a tenth
	switch {
	case o.Most < 0:
		return nil, "", fmt.Errorf("most %d: give a number that is not negative; 0 is no limit", o.Most)
	case (o.Like == "") == (o.For == ""):
		return nil, "", fmt.Errorf("give either like, a component, or for, a pattern")
	case o.Like != "":
		return oneMore(t, p, c)
	default:
		return capacityFor(t, p, c)
	}
}

func oneMore(t *topology.Topology, p *pool.Pool, c column) ([]column, string, error) {
	id, ok := t.Lookup(c.offer.Like)
	if !ok {
		return nil, "", fmt.Errorf("like %q: there is no such component", c.offer.Like)
	}
	if c.offer.By != 0 {
		return nil, "", fmt.Errorf("like %q: by is for capacity: give for as well, not like", c.offer.Like)
	}
	c.id, c.on = id, standsOn(t, id, c.offer.Needs)
	if len(c.offer.Needs) > 0 {
		if _, err := enlarge(t, p, []column{c}, []int{1}); err != nil {
			return nil, "", fmt.Errorf("like %q: needs: %w", c.offer.Like, err)
		}
	}
	if p != nil && !isServer(p, id) {
		return nil, fmt.Sprintf("%s is offered, which is no server of the pool.", c.offer.Like), nil
	}
	return []column{c}, "", nil
}

// standsOn returns what one more server needs and draws on.
func standsOn(t *topology.Topology, id topology.ID, instead topology.Names) topology.Names {
	var on topology.Names
	for _, l := range t.Links(id) {
		if l.Start || l.Pool < 0 && len(instead) > 0 {
			continue
		}
		on = append(on, l.Names...)
	}
	if len(instead) > 0 {
		on = append(slices.Clone(instead), on...)
	}
	var once topology.Names
	for _, name := range on {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}

func capacityFor(t *topology.Topology, p *pool.Pool, c column) (columns []column, reason string, err error) {
	ids, err := t.Select(c.offer.For)
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("for %q: %w", c.offer.For, err)
	case !(c.offer.By > 0) || math.IsInf(c.offer.By, 0):
		return nil, "", fmt.Errorf("for %q: by %v: give the capacity that is added, above 0", c.offer.For, c.offer.By)
	case len(c.offer.Needs) > 0:
		return nil, "", fmt.Errorf("for %q: needs are of a component that is added: leave them out", c.offer.For)
	}
	for _, id := range ids {
		if math.IsInf(t.Capacity(id), 1) {
			continue // it cannot be overloaded
		}
		if p != nil && isServer(p, id) {
			return nil, fmt.Sprintf("more capacity is offered for %s, which is a server of the pool.", t.Name(id)), nil
		}
		one := c
		one.id, one.more, one.offer.For = id, true, t.Name(id)
		columns = append(columns, one)
	}
	return columns, "", nil
}

func isServer(p *pool.Pool, id topology.ID) bool {
	_, server := p.Place(id)
	return server
}

// alikeOnce returns the first of the servers of each capacity and each set of links.
func alikeOnce(p *pool.Pool) []topology.ID {
	seen := map[string]bool{}
	var first []topology.ID
	for _, id := range p.Servers {
		var key strings.Builder
		fmt.Fprint(&key, p.Topology.Capacity(id), p.Topology.Kind(id), p.Topology.Component(id).Labels)
		for _, l := range p.Topology.Links(id) {
			fmt.Fprintf(&key, "|%q %d %v ", l.Names, l.Need, l.Start)
			if l.Supply != nil {
				fmt.Fprint(&key, l.Pool, l.Supply.Base, l.Supply.Rate())
			}
		}
		if !seen[key.String()] {
			seen[key.String()] = true
			first = append(first, id)
		}
	}
	return first
}
