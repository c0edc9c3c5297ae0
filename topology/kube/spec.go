package kube

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

func (m *model) write(c topology.Component) {
	if kind, ok := kindOf(c.Kind); ok {
		m.kinds[c.Kind] = kind
	}
	m.components = append(m.components, c)
}

// kindOf returns what the components of a kind have in common, and whether there is anything.
func kindOf(kind string) (topology.Component, bool) {
	switch kind {
	case kindNode, kindPod:
		return topology.Component{Unit: "cores", Overload: topology.Overload{Shed: true}}, true
	case kindNodeMemory, kindPodMemory:
		return topology.Component{Unit: "B"}, true
	}
	return topology.Component{}, false
}

// tidy takes the rounding out of a sum of cores, which are counted in billionths.
func tidy(cores float64) float64 { return math.Round(cores*1e9) / 1e9 }

// writeNodes writes each node, its memory, and what goes down with it.
func (m *model) writeNodes() {
	for i := range m.nodes.list {
		n := &m.nodes.list[i]
		needs, labels := m.domainsOf(n)
		name := nodeName(n.name)
		m.write(topology.Component{Name: name, Kind: kindNode, Labels: labels, Capacity: n.allocatable.cpu,
			Needs: needs})
		if n.allocatable.memory > 0 {
			m.write(topology.Component{Name: memoryName(name), Kind: kindNodeMemory, Capacity: n.allocatable.memory,
				Needs: topology.Names{name}})
		}
	}
	for i := range m.nodes.list {
		m.writeDaemons(&m.nodes.list[i], m.stays[i])
	}
}

// writeDaemons writes what is on a node and goes down with it.
func (m *model) writeDaemons(n *node, stays amount) {
	name := nodeName(n.name)
	var supplies []topology.Supply
	if stays.cpu > 0 {
		supplies = append(supplies, topology.Supply{Members: topology.Names{name}, Base: tidy(stays.cpu)})
	}
	if stays.memory > 0 && n.allocatable.memory > 0 {
		supplies = append(supplies, topology.Supply{Members: topology.Names{memoryName(name)}, Base: stays.memory})
	}
	if supplies != nil {
		m.write(topology.Component{Name: "daemons/" + name, Kind: kindDaemons, Supplies: supplies})
	}
}

// writePools writes the workloads.
func (m *model) writePools() {
	labels := map[string]map[string]string{}
	for _, p := range m.pools {
		if labels[p.namespace] == nil {
			labels[p.namespace] = map[string]string{"namespace": p.namespace}
		}
		m.write(topology.Component{
			Name: p.name, Kind: p.title(), Labels: labels[p.namespace],
			Demand: tidy(p.load * float64(p.size())), Unit: p.unit(), Needs: p.needs,
			Supplies: []topology.Supply{{Members: topology.Names{"workload=" + p.name}}},
		})
	}
}

// unit is of a workload and its pods.
func (p *pool) unit() string {
	if p.counted {
		return "replicas"
	}
	return "cores"
}

// writePods writes the pods of each workload, and their memory.
func (m *model) writePods() {
	var asRequest []string
	ladder := m.ladder()
	m.namePods()
	for _, p := range m.pools {
		labels := map[int64]map[string]string{}
		guessed := false
		for i, pod := range p.pods {
			capacity, guess := m.capacity(p, pod)
			guessed = guessed || guess
			rank := m.priorityOf(pod)
			if labels[rank] == nil {
				labels[rank] = ladder.labels(p.name, rank)
			}
			c := topology.Component{Name: p.podNames[i], Kind: kindPod, Labels: labels[rank], Capacity: capacity,
				StartNeeds: ladder.after[rank]}
			if p.counted {
				c.Unit = p.unit()
			}
			m.writePod(p, pod, c, p.memories[i])
		}
		if guessed {
			asRequest = append(asRequest, p.name)
		}
	}
	m.find(topology.Assumed, CapacityRequest, "capacity", asRequest,
		"no CPU limit, and no node whose CPU the pods could use: taken as what they request or, if that is more, carry")
}

// capacity returns the most that a pod can do, 0 if its node is the limit, and whether what it asks for or does was taken
// for it.
func (m *model) capacity(p *pool, pod *pod) (capacity float64, guess bool) {
	request, limit := pod.resources.request.cpu, pod.resources.limit.cpu
	n := m.nodes.get(pod.node)
	switch {
	case p.counted:
		return 1, false
	case m.options.Guaranteed && request > 0:
		return request, false
	case limit > 0:
		return limit, false
	case n != nil && n.allocatable.cpu > 0:
		return 0, false
	}
	return max(request, p.load), true
}

// writePod completes a pod with what it draws on.
func (m *model) writePod(p *pool, pod *pod, c topology.Component, used memory) {
	node := m.nodes.get(pod.node)
	if node != nil && p.counted {
		c.Needs = topology.Names{nodeName(node.name)}
	} else if node != nil {
		c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{nodeName(node.name)}})
	}
	onNode := ""
	if node != nil && node.allocatable.memory > 0 {
		onNode = memoryName(nodeName(node.name))
	}
	place := m.placing(p, used)
	switch {
	case used.used == 0:
	case used.grows && pod.resources.limit.memory > 0:
		own := topology.Component{Name: memoryName(c.Name), Kind: kindPodMemory, Capacity: pod.resources.limit.memory}
		if onNode != "" {
			own.Supplies = []topology.Supply{{Members: topology.Names{onNode}}}
		}
		place.Members = topology.Names{memoryName(became(c.Name))}
		c.Supplies = append(c.Supplies, place)
		m.write(own)
	case onNode != "":
		place.Members = topology.Names{onNode}
		c.Supplies = append(c.Supplies, place)
	}
	m.write(c)
}

// placing says how much memory a pod places: a part at rest, and the rest for each unit of its load.
func (m *model) placing(p *pool, used memory) topology.Supply {
	rest := m.options.MemoryAtRest
	if !used.grows {
		rest = 1
	}
	return topology.Supply{Base: rest * used.used, PerUnit: (1 - rest) * used.used / p.load}
}
