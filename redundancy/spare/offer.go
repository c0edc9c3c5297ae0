package spare

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/ridethrough/ridethrough/topology"
)

// An Offer is what can be bought, Most times: one more component Like another, or By more capacity For one.
//
// One more is a member of every pool that its model is a member of, in its tier and with its weight, and one more choice
// where the model is one of several by name of which some must be up; what needs the model by name alone does not come to
// need it as well. A need by kind or label is taken at its word, for the new one has the kind and the labels of its model.
// It needs and draws on what its model does, on what is bought with it too, but for Needs.
type Offer struct {
	Like  string         `json:"like,omitempty"`  // one more of its capacity, needs and supplies, and a member where it is
	Needs topology.Names `json:"needs,omitempty"` // instead of its needs
	For   string         `json:"for,omitempty"`   // a pattern: offers it for each of its components that has a capacity
	By    float64        `json:"by,omitempty"`    // in their unit
	Cost  float64        `json:"cost,omitempty"`  // of one; 0 is 1
	Most  int            `json:"most,omitempty"`  // 0 is no limit
}

// A column is one thing that can be bought: one more component, or more capacity for one.
type column struct {
	offer Offer
	id    topology.ID // the component that it is like, or that gets more
	more  bool        // it is capacity
	cost  *big.Rat
	most  int
	on    topology.Names
}

// columnsOf reads offers.
func columnsOf(t *topology.Topology, offers []Offer) (columns []column, err error) {
	for i, o := range offers {
		found, err := columnOf(t, o)
		if err != nil {
			return nil, fmt.Errorf("offers[%d]: %w", i, err)
		}
		columns = append(columns, found...)
	}
	if len(offers) == 0 {
		for _, id := range servers(t) {
			found, _ := columnOf(t, Offer{Like: t.Name(id)})
			columns = append(columns, found...)
		}
	}
	return columns, nil
}

func columnOf(t *topology.Topology, o Offer) ([]column, error) {
	c := column{offer: o, most: min(cmp.Or(o.Most, maxOffered), maxOffered)}
	if !(o.Cost >= 0) || math.IsInf(o.Cost, 0) {
		return nil, fmt.Errorf("cost %v: give a number above 0; 0 is 1", o.Cost)
	}
	c.cost, _ = new(big.Rat).SetString(strconv.FormatFloat(cmp.Or(o.Cost, 1), 'g', -1, 64)) // what was written: .1 is a tenth
	switch {
	case o.Most < 0:
		return nil, fmt.Errorf("most %d: give a number that is not negative; 0 is no limit", o.Most)
	case (o.Like == "") == (o.For == ""):
		return nil, fmt.Errorf("give either like, a component, or for, a pattern")
	case o.Like != "":
		return oneMore(t, c)
	default:
		return capacityFor(t, c)
	}
}

func oneMore(t *topology.Topology, c column) ([]column, error) {
	id, ok := t.Lookup(c.offer.Like)
	switch {
	case !ok:
		return nil, fmt.Errorf("like %q: %s", c.offer.Like, notOne(t, c.offer.Like))
	case c.offer.By != 0:
		return nil, fmt.Errorf("like %q: by is for capacity: give for as well, not like", c.offer.Like)
	case t.Demand(id) > 0:
		return nil, fmt.Errorf("like %q: it has a demand, so one more would ask for more", c.offer.Like)
	}
	c.id, c.on = id, standsOn(t, id, c.offer.Needs)
	if len(c.offer.Needs) > 0 {
		if _, err := enlarge(t, []column{c}, []int{1}); needsItself(err) {
			return nil, fmt.Errorf("like %q: needs: it would be one of those that it needs itself: name the others", c.offer.Like)
		} else if err != nil {
			return nil, fmt.Errorf("like %q: needs: %w", c.offer.Like, err)
		}
	}
	return []column{c}, nil
}

// notOne says why a name is not that of a component, and what would be right.
func notOne(t *topology.Topology, name string) string {
	if ids, err := t.Select(name); err == nil && len(ids) > 0 {
		return fmt.Sprintf("these are %d components: name one of them, such as %q", len(ids), t.Name(ids[0]))
	}
	return "there is no such component"
}

func needsItself(err error) bool {
	var faults topology.Faults
	return errors.As(err, &faults) && slices.ContainsFunc(faults, func(f topology.Fault) bool { return f.Reason == topology.NeedCycle })
}

// standsOn returns what one more component needs and draws on.
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

func capacityFor(t *topology.Topology, c column) (columns []column, err error) {
	ids, err := t.Select(c.offer.For)
	switch {
	case err != nil:
		return nil, fmt.Errorf("for %q: %w", c.offer.For, err)
	case !(c.offer.By > 0) || math.IsInf(c.offer.By, 0):
		return nil, fmt.Errorf("for %q: by %v: give the capacity that is added, above 0", c.offer.For, c.offer.By)
	case len(c.offer.Needs) > 0:
		return nil, fmt.Errorf("for %q: needs are of a component that is added: leave them out", c.offer.For)
	}
	for _, id := range ids {
		if math.IsInf(t.Capacity(id), 1) {
			continue // it cannot be overloaded
		}
		one := c
		one.id, one.more, one.offer.For = id, true, topology.Fold([]string{t.Name(id)})[0]
		columns = append(columns, one)
	}
	return columns, nil
}
