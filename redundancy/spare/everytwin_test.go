package spare_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// thing is one thing that can be bought, so many times at most.
type thing struct {
	offer  int
	like   topology.ID // -1: capacity
	needs  topology.Names
	grow   topology.ID
	by     float64
	tenths int
	most   int // 0 is no limit
}

// things reads offers: one for each component that a pattern of capacity names.
func things(top *topology.Topology, offers []spare.Offer) (all []thing) {
	for j, o := range offers {
		one := thing{offer: j, like: -1, grow: -1, needs: o.Needs, by: o.By, tenths: int(math.Round(10 * o.Cost)), most: o.Most}
		if o.Cost == 0 {
			one.tenths = 10
		}
		if o.Like != "" {
			one.like, _ = top.Lookup(o.Like)
			all = append(all, one)
			continue
		}
		ids, _ := top.Select(o.For)
		for _, id := range ids {
			if !math.IsInf(top.Capacity(id), 1) {
				one.grow = id
				all = append(all, one)
			}
		}
	}
	return all
}

// brackets is a pattern for names without a special character.
func brackets(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "[" + strings.Join(names, ",") + "]"
}

// enlarged writes a fleet down anew, each component under its own name and each list by names, with what is bought.
type enlarged struct {
	old    *topology.Topology
	things []thing
	count  []int
}

func (e *enlarged) names(j int) (names []string) {
	for i := range e.count[j] {
		if e.things[j].like < 0 {
			return nil
		}
		names = append(names, fmt.Sprintf("n%dx%d", j, i))
	}
	return names
}

// grown is some members, and after them what is like one of them.
func (e *enlarged) grown(members []topology.ID) (names []string) {
	for _, m := range members {
		names = append(names, e.old.Name(m))
	}
	for j, b := range e.things {
		if b.like >= 0 && slices.Contains(members, b.like) {
			names = append(names, e.names(j)...)
		}
	}
	return names
}

// need is a need in which one of several is one of more. One that is written by kind or label is taken at its word.
func (e *enlarged) need(l *topology.Link, written string) topology.Names {
	if slices.Contains(e.old.Kinds(), l.Names[0]) || strings.Contains(l.Names[0], "=") {
		return topology.Names{written}
	}
	if l.Need < len(l.Members) {
		return topology.Names{fmt.Sprintf("%d of %s", l.Need, brackets(e.grown(l.Members)))}
	}
	var names topology.Names
	for _, m := range l.Members {
		names = append(names, e.old.Name(m))
	}
	return names
}

func (e *enlarged) supply(l *topology.Link) topology.Supply {
	s, p := *l.Supply, e.old.Pools()[l.Pool]
	s.Members = nil
	from := 0
	for _, to := range p.Ends {
		s.Members = append(s.Members, brackets(e.grown(p.Members[from:to])))
		from = to
	}
	if s.Share == "" || s.Share == topology.Equal || s.Share == topology.Proportional || s.Share == topology.Each {
		s.Members = e.grown(p.Members)
	}
	return s
}

// component is one as it is in the fleet; with other needs if it is given how these are written.
func (e *enlarged) component(id topology.ID, needs []topology.Link, written topology.Names) topology.Component {
	c := e.old.Component(id)
	if written == nil {
		written = c.Needs
	}
	c.Needs, c.StartNeeds, c.Supplies = nil, nil, nil
	for i, l := range needs {
		c.Needs = append(c.Needs, e.need(&l, written[i])...)
	}
	for _, l := range e.old.Links(id) {
		if l.Supply != nil {
			c.Supplies = append(c.Supplies, e.supply(&l))
		}
	}
	return c
}

func needsOf(links []topology.Link) (needs []topology.Link) {
	for _, l := range links {
		if l.Supply == nil && !l.Start {
			needs = append(needs, l)
		}
	}
	return needs
}

// asked is needs as if a component had them.
func (e *enlarged) asked(needs topology.Names) []topology.Link {
	s := e.old.Spec()
	s.Components = append(s.Components, topology.Component{Name: "asking", Needs: needs})
	t := topology.Must(topology.New(s))
	return needsOf(t.Links(topology.ID(t.Len() - 1)))
}

func (e *enlarged) build() (*topology.Topology, error) {
	var s topology.Spec
	for id := range topology.ID(e.old.Len()) {
		c := e.component(id, needsOf(e.old.Links(id)), nil)
		for j, b := range e.things {
			if b.grow == id {
				c.Capacity += float64(float64(e.count[j]) * b.by)
			}
		}
		s.Components = append(s.Components, c)
	}
	for j, b := range e.things {
		for _, name := range e.names(j) {
			needs := needsOf(e.old.Links(b.like))
			if len(b.needs) > 0 {
				needs = e.asked(b.needs)
			}
			c := e.component(b.like, needs, b.needs)
			c.Name = name
			s.Components = append(s.Components, c)
		}
	}
	return topology.New(s)
}

// draws are what something that is bought places load on, directly or further up.
func (e *enlarged) draws(top *topology.Topology) map[topology.ID]bool {
	found := map[topology.ID]bool{}
	var visit func(topology.ID)
	visit = func(id topology.ID) {
		for _, l := range top.Links(id) {
			if l.Pool < 0 {
				continue
			}
			for _, m := range l.Members {
				if !found[m] {
					found[m] = true
					visit(m)
				}
			}
		}
	}
	for id := topology.ID(e.old.Len()); int(id) < top.Len(); id++ {
		visit(id)
	}
	constant := constants(top)
	for j, b := range e.things { // more capacity for what is counted by its capacity
		if b.grow < 0 || e.count[j] == 0 || len(top.PoolsOf(b.grow)) == 0 || constant[b.grow] {
			continue
		}
		for i, l := range suppliesOf(top, b.grow) {
			if known(top, b.grow, i) || l.Supply.Rate() == 0 {
				continue
			}
			for _, m := range l.Members {
				found[m] = true
				visit(m)
			}
		}
	}
	return found
}

// known reports whether what a component places by a supply is known however load is spread: all members of the pools that
// it is a member of place as much for each unit of theirs, on the same, without a base.
func known(top *topology.Topology, id topology.ID, which int) bool {
	s := suppliesOf(top, id)[which]
	if s.Supply.Base > 0 || s.Supply.Share == topology.Waterfall {
		return false
	}
	alike := func(m topology.ID) (n int) {
		for _, l := range suppliesOf(top, m) {
			if samePool(top, l.Pool, s.Pool) && l.Supply.Rate() == s.Supply.Rate() {
				n++
			}
		}
		return n
	}
	for _, p := range top.PoolsOf(id) {
		for _, m := range top.Pools()[p].Members {
			if alike(m) != alike(id) {
				return false
			}
		}
	}
	return true
}

// samePool reports whether two pools split load over the same members by the same rule, however these are written.
func samePool(top *topology.Topology, a, b int32) bool {
	p, q := top.Pools()[a], top.Pools()[b]
	if a == b {
		return true
	}
	if p.Share != q.Share || p.Factor != q.Factor || !slices.Equal(p.Ends, q.Ends) || !slices.Equal(p.Weights, q.Weights) || p.Share == topology.Waterfall {
		return false
	}
	from := 0
	for _, to := range p.Ends {
		if !slices.Equal(slices.Sorted(slices.Values(p.Members[from:to])), slices.Sorted(slices.Values(q.Members[from:to]))) {
			return false
		}
		from = to
	}
	return true
}

func suppliesOf(top *topology.Topology, id topology.ID) (s []topology.Link) {
	for _, l := range top.Links(id) {
		if l.Supply != nil {
			s = append(s, l)
		}
	}
	return s
}

// constant reports for each component whether the load on it is a sum of constants: then it needs no nameplate.
func constants(top *topology.Topology) []bool {
	constant := make([]bool, top.Len())
	seen := make([]bool, top.Len())
	var visit func(topology.ID) bool
	visit = func(id topology.ID) bool {
		if seen[id] {
			return constant[id]
		}
		seen[id], constant[id] = true, !(top.Demand(id) > 0)
		for _, p := range top.PoolsOf(id) {
			for _, o := range top.Pools()[p].Owners {
				reserved := !visit(o) && !math.IsInf(top.Capacity(o), 1) && len(top.PoolsOf(o)) > 0
				for i, l := range suppliesOf(top, o) {
					if l.Pool == p && l.Supply.Rate() > 0 && !constant[o] && (!reserved || known(top, o, i)) {
						constant[id] = false
					}
				}
			}
		}
		return constant[id]
	}
	for id := range topology.ID(top.Len()) {
		visit(id)
	}
	return constant
}

// plated is the fleet in which what has a capacity and takes a share of a load places as if it carried its capacity.
func (e *enlarged) plated(top *topology.Topology) *topology.Topology {
	s := top.Spec()
	constant := constants(top)
	for id := range topology.ID(top.Len()) {
		c := &s.Components[id]
		c.Supplies = slices.Clone(c.Supplies)
		if c.Capacity == 0 || len(top.PoolsOf(id)) == 0 || constant[id] {
			continue
		}
		for i := range c.Supplies {
			if s := &c.Supplies[i]; !known(top, id, i) && s.Rate() > 0 {
				s.Base += float64(s.Rate() * c.Capacity)
				s.PerUnit = 0
			}
		}
	}
	return topology.Must(topology.New(s))
}

// status is what a scenario starts with.
func status(top *topology.Topology, s cascade.Scenario) []topology.Status {
	st := make([]topology.Status, top.Len())
	drain, _ := top.Select(s.Drain...)
	for _, id := range drain {
		st[id] = topology.Ready
	}
	lose, _ := top.Select(s.Lose...)
	for _, l := range top.Closure().Fail(lose...) {
		st[l.ID] = topology.Down
	}
	return st
}

// reserved reports whether nothing on which something bought places load is above its capacity by nameplate.
func reserved(top, plate *topology.Topology, draws map[topology.ID]bool, s cascade.Scenario) bool {
	st := topology.State{Status: status(top, s)}
	if s.Load > 0 {
		for id := range topology.ID(top.Len()) {
			st.Demand = append(st.Demand, float64(top.Demand(id)*s.Load))
		}
	}
	load := plate.Flow(st).Load
	for id := range topology.ID(top.Len()) {
		if draws[id] && st.Status[id] == topology.Up && topology.Overloaded(load[id], top.Capacity(id)) {
			return false
		}
	}
	return true
}

// judge says why a purchase will not do: a scenario, and whether it is only the reservation; "" if it will.
// The scenario that broke the latest purchase is asked first.
func (e *enlarged) judge(f cascade.Family, trueDraw bool, worst *int) (string, error) {
	top, err := e.build()
	if err != nil {
		return "", err
	}
	all, err := f.All(top)
	if err != nil {
		return "", err
	}
	scenarios := []cascade.Scenario{{}}
	for s := range all {
		scenarios = append(scenarios, s)
	}
	for i := range scenarios {
		j := (*worst + i) % len(scenarios)
		o, err := cascade.Run(top, scenarios[j])
		if err != nil {
			return "", err
		}
		if o.Judge(1) != cascade.Holds {
			*worst = j
			return o.String(), nil
		}
	}
	if trueDraw {
		return "", nil
	}
	plate, draws := e.plated(top), e.draws(top)
	for _, s := range scenarios {
		if !reserved(top, plate, draws, s) {
			return "nameplate: " + s.String(), nil
		}
	}
	return "", nil
}
