package kube

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// reportNodes reports nodes that are not ready, that give no figures, or that are promised to more than they have.
func (m *model) reportNodes() {
	var notReady, silent, full, all []string
	requested, namespaces := m.requested()
	for i := range m.nodes.list {
		n, r := &m.nodes.list[i], requested[i]
		name := nodeName(n.name)
		all = append(all, name)
		if n.notReady {
			notReady = append(notReady, name)
		}
		if n.allocatable.cpu == 0 || n.allocatable.memory == 0 {
			silent = append(silent, name)
		}
		if topology.Overloaded(r.cpu, n.allocatable.cpu) && n.allocatable.cpu > 0 ||
			topology.Overloaded(r.memory, n.allocatable.memory) && n.allocatable.memory > 0 {
			full = append(full, name)
		}
	}
	m.find(topology.Suspect, NotReady, "", notReady, "the node is not ready: its pods are taken as serving nothing")
	m.find(topology.Suspect, Overcommitted, "", full,
		"its pods request more CPU or memory than the node has allocatable")
	m.find(topology.Missing, NoAllocatable, "capacity", silent,
		"no allocatable CPU or no allocatable memory: that is left without a limit")
	if len(namespaces) == 1 && len(m.nodeUsage) == 0 {
		m.find(topology.Missing, OtherNamespaces, "", all, "all pods in the input are of namespace "+namespaces[0]+
			": what those of others place on the nodes is not known (get pods with -A)")
	}
	m.find(topology.Missing, UnknownNode, "", m.unknownNodes(),
		"pods run there, and the node is not in the input: they go down with nothing (get nodes too)")
}

// requested returns, by node, what the scheduler counts as taken, and up to two namespaces of pods.
func (m *model) requested() (by []amount, namespaces []string) {
	by = make([]amount, len(m.nodes.list))
	for i := range m.cluster.pods.list {
		p := &m.cluster.pods.list[i]
		if p.phase == declared || p.phase == finished {
			continue
		}
		if len(namespaces) == 0 || len(namespaces) == 1 && namespaces[0] != p.namespace {
			namespaces = append(namespaces, p.namespace)
		}
		if n, ok := m.nodes.at[p.node]; ok {
			by[n] = by[n].plus(p.resources.scheduled)
		}
	}
	return by, namespaces
}

// unknownNodes returns the nodes of pods that are not in the input.
func (m *model) unknownNodes() (names []string) {
	seen := map[string]bool{}
	for _, p := range m.pools {
		for _, pod := range p.pods {
			if pod.node != "" && m.nodes.get(pod.node) == nil && !seen[pod.node] {
				seen[pod.node] = true
				names = append(names, nodeName(pod.node))
			}
		}
	}
	return names
}

// wanted is how many pods a workload should have.
func (p *pool) wanted() int {
	if p.from != nil && !p.made {
		return int(p.from.replicas)
	}
	return p.size() + p.waiting
}

// reportReplicas reports workloads with fewer pods than they should have, and those with one.
func (m *model) reportReplicas() {
	m.find(topology.Suspect, NoReplicas, "", m.silent,
		"no pod of it runs and is ready: left out, as if nobody needed it")
	m.reportFewer()
	scaled := func(p *pool) bool { return p.made && p.from != nil && p.from.scaled }
	m.find(topology.Assumed, Autoscaled, "", m.names(scaled),
		"the number of its replicas is not given: taken as the least that its autoscaler asks for")
	m.find(topology.Suspect, Differing, "", m.names(func(p *pool) bool { return p.from != nil && p.from.differs }),
		"it is in the input twice, with different numbers of replicas: that from a cluster counts, or the last")
	m.find(topology.Suspect, OneReplica, "", m.names(func(p *pool) bool { return p.size() == 1 && p.wanted() <= 1 }),
		"one replica: whatever takes it down takes the workload down")
	m.find(topology.Missing, Unplaced, "", m.names(func(p *pool) bool { return p.made }),
		"no pods of it in the input: where they run is not known, so they go down with no node")
}

// reportFewer reports, in one finding, workloads of which fewer pods serve than should.
func (m *model) reportFewer() {
	var fewer []string
	serve, want := 0, 0
	for _, p := range m.pools {
		if p.size() < p.wanted() {
			fewer = append(fewer, p.name)
			serve, want = serve+p.size(), want+p.wanted()
		}
	}
	text := "%d of %d replicas run and are ready: the rest is left out"
	if len(fewer) > 1 {
		text = "in all " + text
	}
	m.find(topology.Suspect, NotServing, "", fewer, fmt.Sprintf(text, serve, want))
}

// A spot is where all the pods of a workload are.
type spot uint8

const (
	spread spot = iota
	sameZone
	sameNode
)

// spot finds whether two or more pods are in one place.
func (m *model) spot(p *pool) spot {
	if p.made || p.size() < 2 {
		return spread
	}
	first := m.nodes.get(p.pods[0].node)
	if first == nil {
		return spread
	}
	where := sameNode
	for _, pod := range p.pods {
		n := m.nodes.get(pod.node)
		if n == nil || n.zoneName != first.zoneName {
			return spread
		}
		if n != first {
			where = sameZone
		}
	}
	if where == sameZone && (first.zoneName == "" || m.zones < 2) {
		return spread
	}
	return where
}

// reportPlaces reports workloads of which all pods are on one node, or in one of several zones.
func (m *model) reportPlaces() {
	const budgets = "; its PodDisruptionBudget does not help: it holds up evictions, and no failure"
	for _, r := range []struct {
		where  spot
		reason topology.Reason
		text   string
	}{
		{sameNode, OneNode, "all replicas are on one node"},
		{sameZone, OneZone, "all replicas are in one zone, and the cluster has several"},
	} {
		bare := m.names(func(p *pool) bool { return m.spot(p) == r.where && len(p.budgets) == 0 })
		with := m.names(func(p *pool) bool { return m.spot(p) == r.where && len(p.budgets) > 0 })
		m.find(topology.Suspect, r.reason, "", bare, r.text)
		m.find(topology.Suspect, r.reason, "", with, r.text+budgets)
	}
}
