package main

import (
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// An answer is what becomes of a cluster when it loses one node, whichever that is.
type answer struct {
	c     *cluster
	whole view  // one loss out of all nodes, those that are offline being losses like others: Ganeti's N+1
	now   *view // one more loss, those that are offline being gone already; nil if none is
}

// A view is what each loss does, starting from the same state.
type view struct {
	intact []overflow // with nothing lost in addition
	losses []loss     // of each node that is up, in order
}

// A loss is what the loss of one node does.
type loss struct {
	node     int
	overflow []overflow
	stranded []int   // instances that have a secondary, and nowhere to run
	fullest  string  // of the nodes that are left, the one that uses most of its memory,
	use      float64 // and how much: a fraction
}

// An overflow is a node that runs out of memory.
type overflow struct {
	node           int
	load, capacity float64 // MiB
}

func ask(c *cluster) (*answer, error) {
	t, err := fleet(c)
	if err != nil {
		return nil, err
	}
	a, q := &answer{c: c}, question{c: c, t: t}
	for k, i := range c.instances {
		if i.fate() != absent {
			q.ran = append(q.ran, k)
		}
	}
	if a.whole, err = q.view(nil); err != nil {
		return nil, err
	}
	var gone []int
	for k, n := range c.nodes {
		if n.offline {
			gone = append(gone, k)
		}
	}
	if len(gone) > 0 {
		now, err := q.view(gone)
		a.now = &now
		return a, err
	}
	return a, nil
}

// A question is a cluster and its topology.
type question struct {
	c   *cluster
	t   *topology.Topology
	ran []int // the instances that are components, which follow the nodes
}

// view loses each node that is not gone, in addition to those that are.
func (q question) view(gone []int) (v view, err error) {
	intact, err := q.lose(gone)
	v.intact = intact.overflow
	for k := range q.c.nodes {
		if slices.Contains(gone, k) || err != nil {
			continue
		}
		var l loss
		l, err = q.lose(append(slices.Clone(gone), k))
		l.node = k
		v.losses = append(v.losses, l)
	}
	return v, err
}

// lose runs one scenario. Nodes that are above their capacity trip together in round 1: what would come after that is
// of no interest, for Ganeti would not start the instances that find no memory.
func (q question) lose(nodes []int) (l loss, err error) {
	var s cascade.Scenario
	for _, k := range nodes {
		s.Lose = append(s.Lose, pattern(q.c.nodes[k].name))
	}
	outcome, err := cascade.Run(q.t, s)
	if err != nil {
		return l, err
	}
	l.fullest, l.use = outcome.Rounds[0].Busiest, outcome.Rounds[0].Use
	for _, f := range outcome.Failures {
		id, _ := q.t.Lookup(f.Component)
		k := int(id)
		switch {
		case f.Round == 1 && f.Cause == cascade.Tripped && !q.c.nodes[k].offline:
			l.overflow = append(l.overflow, overflow{k, f.Load, f.Capacity})
		case f.Round == 0 && f.Cause == cascade.Unsupplied:
			if i := q.ran[k-len(q.c.nodes)]; q.c.instances[i].fate() == mirrored {
				l.stranded = append(l.stranded, i)
			}
		}
	}
	return l, nil
}

// closest returns the loss that takes a node closest to its capacity, or furthest above it; false if there is none.
func (v view) closest() (closest loss, ok bool) {
	for _, l := range v.losses {
		if l.fullest != "" && l.use > closest.use {
			closest, ok = l, true
		}
	}
	return closest, ok
}

// badNodes returns the nodes that are above their capacity with nothing lost, or after some loss.
func (v view) badNodes() []int {
	var bad []int
	for _, o := range v.intact {
		bad = append(bad, o.node)
	}
	for _, l := range v.losses {
		for _, o := range l.overflow {
			bad = append(bad, o.node)
		}
	}
	slices.Sort(bad)
	return slices.Compact(bad)
}

// badInstances returns the instances whose primary or secondary is bad, but for those that are only planned.
func (a *answer) badInstances() []int {
	bad := a.whole.badNodes()
	var all []int
	for k, i := range a.c.instances {
		if !i.forthcoming && (slices.Contains(bad, i.primary) || slices.Contains(bad, i.secondary)) {
			all = append(all, k)
		}
	}
	return all
}

// stranded reports whether some loss leaves an instance that has a secondary without a node to run on.
func (v view) stranded() bool {
	return slices.ContainsFunc(v.losses, func(l loss) bool { return len(l.stranded) > 0 })
}

// fails reports whether some node is overloaded, or some instance stranded.
func (v view) fails() bool { return len(v.badNodes()) > 0 || v.stranded() }

// holds reports whether all that runs is known to survive the loss of any node.
func (a *answer) holds() bool {
	return !a.whole.fails() && (a.now == nil || !a.now.fails()) && len(a.c.of(local))+len(a.c.of(placed)) == 0
}
