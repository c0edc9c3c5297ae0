package restart

import (
	"fmt"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// mostClasses bounds the conditions of one step; beyond, what is of one kind and one capacity is counted together.
const mostClasses = 8

// findClasses puts together what is started and carries load alike. What takes others down with it is not counted: these are.
func (g *guardian) findClasses() {
	essential := g.essential()
	var counted []topology.ID
	for id := range topology.ID(g.t.Len()) {
		if g.started[id] && slices.ContainsFunc(g.t.PoolsOf(id), func(p int32) bool { return !essential[p] }) {
			counted = append(counted, id)
		}
	}
	g.classes = classesOf(counted, func(id topology.ID) string {
		return fmt.Sprint(g.t.Capacity(id), g.t.Start(id), g.t.PoolsOf(id))
	})
	if len(g.classes) > mostClasses {
		g.classes = classesOf(counted, func(id topology.ID) string {
			return fmt.Sprint(g.t.Capacity(id), g.t.Component(id).Kind)
		})
	}
}

func classesOf(ids []topology.ID, key func(topology.ID) string) (classes [][]topology.ID) {
	known := map[string]int{}
	for _, id := range ids {
		k := key(id)
		c, ok := known[k]
		if !ok {
			c = len(classes)
			known[k] = c
			classes = append(classes, nil)
		}
		classes[c] = append(classes[c], id)
	}
	return classes
}

// essential returns, by pool, whether all who draw on it need all of its members, and have no demand themselves.
func (g *guardian) essential() []bool {
	all := slices.Repeat([]bool{true}, len(g.t.Pools()))
	for id := range topology.ID(g.t.Len()) {
		for _, l := range g.t.Links(id) {
			if l.Supply != nil && (l.Need < len(l.Members) || g.t.Demand(id) > 0) {
				all[l.Pool] = false
			}
		}
	}
	return all
}

// below returns, by ID, what demands put load on.
func (g *guardian) below(demands []topology.ID) []bool {
	below := make([]bool, g.t.Len())
	for queue := slices.Clone(demands); len(queue) > 0; queue = queue[1:] {
		for _, l := range g.t.Links(queue[0]) {
			for _, m := range l.Members {
				if l.Supply != nil && !below[m] {
					below[m] = true
					queue = append(queue, m)
				}
			}
		}
	}
	return below
}

// carriers returns those of each class that carry load of demands at a time.
func (g *guardian) carriers(demands []topology.ID, at time.Duration) (members [][]topology.ID) {
	below := g.below(demands)
	for _, all := range g.classes {
		var carry []topology.ID
		for _, id := range all {
			if below[id] && g.since[id] <= at && (!g.template.rotates[id] || g.turned[id] >= 0 && g.turned[id] <= at) {
				carry = append(carry, id)
			}
		}
		if len(carry) > 0 {
			members = append(members, carry)
		}
	}
	return members
}
