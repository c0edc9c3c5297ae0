package main

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/ganeti"
)

// An answer is what becomes of a cluster when it loses one node, whichever that is.
type answer struct {
	question
	findings topology.Findings
	whole    view  // one loss out of all nodes, those that are offline being losses like others: Ganeti's N+1
	now      *view // one more loss, those that are offline being gone already; nil if none is
	places   *view // the loss of one location, those that are offline being gone already; nil if none is known
}

// A view is what each loss does, starting from the same state.
type view struct {
	intact []overflow // with nothing lost in addition
	losses []loss     // of each node that is up, or of each location, in order
}

// A loss is what the loss of one node or location does.
type loss struct {
	of       topology.ID
	overflow []overflow
	stranded []topology.ID // instances that have a secondary, and nowhere to run
	fullest  string        // of the nodes that are left, the one that uses most of its memory,
	use      float64       // and how much: a fraction
}

// An overflow is a node that runs out of memory.
type overflow struct {
	node           topology.ID
	load, capacity float64 // MiB
}

func ask(spec topology.Spec, findings topology.Findings) (*answer, error) {
	q, err := newQuestion(spec)
	if err != nil {
		return nil, err
	}
	a := &answer{question: q, findings: findings}
	if a.whole, err = q.view(nil, q.nodes); err != nil {
		return nil, err
	}
	if a.now, err = q.viewNow(q.nodes, q.offline); err != nil {
		return nil, err
	}
	a.places, err = q.viewNow(q.locations, q.locations)
	return a, err
}

// A question is a cluster as a topology, and what is in it.
type question struct {
	t                                    *topology.Topology
	nodes, offline, instances, locations []topology.ID
}

// newQuestion builds the topology. It is Ganeti's question, for which the nodes that are offline have all the memory that
// anyone could ask of them: Ganeti does not look whether it is enough.
func newQuestion(spec topology.Spec) (q question, err error) {
	for k, c := range spec.Components {
		if c.Kind == "node" && c.Labels["offline"] != "" {
			spec.Components[k].Capacity = math.MaxInt64
		}
	}
	q.t, err = topology.New(spec)
	if err != nil {
		return q, err
	}
	for id := range topology.ID(q.t.Len()) {
		switch q.t.Kind(id) {
		case "node":
			q.nodes = append(q.nodes, id)
			if q.t.Component(id).Labels["offline"] != "" {
				q.offline = append(q.offline, id)
			}
		case "instance":
			q.instances = append(q.instances, id)
		default:
			q.locations = append(q.locations, id)
		}
	}
	return q, nil
}

// viewNow is a view in which the nodes that are offline are gone; nil if there are none of those that make it of interest.
func (q question) viewNow(each, ofInterest []topology.ID) (*view, error) {
	if len(ofInterest) == 0 {
		return nil, nil
	}
	v, err := q.view(q.offline, each)
	return &v, err
}

// view loses each of some components that is not gone, in addition to those that are.
func (q question) view(gone, each []topology.ID) (v view, err error) {
	intact, err := q.lose(gone)
	v.intact = intact.overflow
	for _, id := range each {
		if slices.Contains(gone, id) || err != nil {
			continue
		}
		var l loss
		l, err = q.lose(append(slices.Clone(gone), id))
		l.of = id
		v.losses = append(v.losses, l)
	}
	return v, err
}

// lose runs one scenario. Nodes that are above their capacity trip together in round 1: what would come after that is
// of no interest, for Ganeti would not start the instances that find no memory.
func (q question) lose(nodes []topology.ID) (l loss, err error) {
	outcome, err := cascade.Run(q.t, cascade.Scenario{Lose: q.t.Names(nodes)})
	if err != nil {
		return l, err
	}
	l.fullest, l.use = outcome.Rounds[0].Busiest, outcome.Rounds[0].Use
	for _, f := range outcome.Failures {
		id, _ := q.t.Lookup(f.Component)
		switch {
		case f.Round == 1 && f.Cause == cascade.Tripped:
			l.overflow = append(l.overflow, overflow{id, f.Load, f.Capacity})
		case f.Round == 0 && f.Cause == cascade.Unsupplied && q.mirrored(id):
			l.stranded = append(l.stranded, id)
		}
	}
	return l, nil
}

// mirrored reports whether an instance is moved to its secondary when its primary is lost.
func (q question) mirrored(instance topology.ID) bool {
	links := q.t.Links(instance)
	return len(links) > 0 && len(links[0].Members) == 2
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
func (v view) badNodes() []topology.ID {
	var bad []topology.ID
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
func (a *answer) badInstances() []topology.ID {
	bad := map[string]bool{}
	for _, id := range a.whole.badNodes() {
		bad[a.t.Name(id)] = true
	}
	var all []topology.ID
	for _, id := range a.instances {
		labels := a.t.Component(id).Labels
		if labels["forthcoming"] == "" && (bad["node/"+labels["primary"]] || bad["node/"+labels["secondary"]]) {
			all = append(all, id)
		}
	}
	return all
}

// fails reports whether some loss takes a node above its capacity, or leaves an instance that has a secondary without a
// node to run on.
func (v view) fails() bool {
	return len(v.badNodes()) > 0 || slices.ContainsFunc(v.losses, func(l loss) bool { return len(l.stranded) > 0 })
}

// holds reports whether all that runs is known to survive the loss of any node.
func (a *answer) holds() bool {
	unknown := slices.ContainsFunc(a.findings, func(f topology.Finding) bool {
		return f.Reason == ganeti.OneNode || f.Reason == ganeti.Scheduled
	})
	return !unknown && !a.whole.fails() && (a.now == nil || !a.now.fails())
}
