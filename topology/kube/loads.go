package kube

import (
	"github.com/ridethrough/ridethrough/topology"
)

// idle is the load in cores that a pod has at least: with none, nobody would miss it.
const idle = 0.001

// The load of a workload is uneven if a pod has more than so many times the mean, and that is so many cores at least.
const (
	uneven      = 1.5
	leastUneven = 0.01
)

// A memory is what a pod uses of it, in bytes; 0 if that is not known.
type memory struct {
	used  float64
	grows bool // with the load of the pod
}

// An origin is where the load of a pod is known from.
type origin uint8

const (
	nowhere origin = iota
	measured
	byOption
	requested
)

// cpu returns the load of a pod in cores.
func (m *model) cpu(p *pod) (float64, origin) {
	if cpu, ok := m.options.CPU[p.key()]; ok {
		return cpu, measured
	}
	if usage, ok := m.podUsage[p.key()]; ok {
		return usage.cpu, measured
	}
	own := p.resources.limit.cpu
	if own == 0 || m.options.Guaranteed && p.resources.request.cpu > 0 {
		own = p.resources.request.cpu
	}
	if own > 0 && m.options.Load > 0 {
		return own * m.options.Load, byOption
	}
	if p.resources.request.cpu > 0 {
		return p.resources.request.cpu, requested
	}
	return 0, nowhere
}

// memory returns what a pod uses of it. A request that equals the limit says only what it will not exceed.
func (m *model) memory(p *pod) memory {
	request, limit := p.resources.request.memory, p.resources.limit.memory
	if used := m.options.Memory[p.key()]; used > 0 {
		return memory{used, true}
	}
	if usage, ok := m.podUsage[p.key()]; ok && usage.memory > 0 {
		return memory{usage.memory, true}
	}
	if m.options.Load > 0 && max(limit, request) > 0 {
		own := limit
		if own == 0 {
			own = request
		}
		return memory{own * m.options.Load, true}
	}
	return memory{request, request != limit}
}

// measure gives each workload its load, and each node what stays with it.
func (m *model) measure() {
	about := map[topology.Reason][]string{}
	for _, p := range m.pools {
		for _, reason := range m.load(p) {
			about[reason] = append(about[reason], p.name)
		}
		m.onNodes(p)
	}
	for _, f := range []topology.Finding{
		{Class: topology.Suspect, Reason: UnevenLoad,
			Text: "one pod has more than 1.5 times the mean load of its workload; here they share it equally"},
		{Class: topology.Assumed, Reason: LoadRequested,
			Text: "not measured: taken as what the pods request (give metrics, or Load)"},
		{Class: topology.Assumed, Reason: LoadByOption,
			Text: "not measured: taken as the given part of what the pods may use"},
		{Class: topology.Assumed, Reason: LoadOfSiblings,
			Text: "of some pods neither usage nor request is known: taken as the mean of the others"},
		{Class: topology.Assumed, Reason: LoadCounted,
			Text: "usage or capacity is not known: counted in replicas, which are busy unless Load says how much"},
		{Class: topology.Assumed, Reason: Idle,
			Text: "measured as nothing: taken as a thousandth of a core a pod, so that their loss is seen"},
	} {
		m.find(f.Class, f.Reason, "demand", about[f.Reason], f.Text)
	}
	m.measureMemory()
	m.measureNodes()
}

// load gives a workload the load of each of its pods, and returns what is to be said of that.
func (m *model) load(p *pool) (say []topology.Reason) {
	sum := m.sum(p)
	if sum.known == 0 || sum.unlimited {
		p.counted, p.load = true, 1
		if m.options.Load > 0 {
			p.load = m.options.Load
		}
		return []topology.Reason{LoadCounted}
	}
	if sum.known < len(p.pods) {
		say = append(say, LoadOfSiblings)
	}
	if sum.from[byOption] {
		say = append(say, LoadByOption)
	}
	if sum.from[requested] {
		say = append(say, LoadRequested)
	}
	p.load = sum.cpu / float64(sum.known)
	size := float64(p.size())
	p.load = tidy(p.load*size) / size // what is written as its demand: memory that grows with it fits to the byte
	if p.load == 0 {
		p.load = idle
		say = append(say, Idle)
	}
	if sum.from[measured] && p.load >= leastUneven && sum.most > uneven*p.load {
		say = append(say, UnevenLoad)
	}
	return say
}

// A sum is what is known of the load of a workload.
type sum struct {
	cpu, most float64
	known     int // pods
	from      [requested + 1]bool
	unlimited bool // of some pod no capacity is known
}

func (m *model) sum(p *pool) (s sum) {
	for _, pod := range p.pods {
		cpu, from := m.cpu(pod)
		if from != nowhere {
			s.known++
			s.from[from] = true
			s.cpu, s.most = s.cpu+cpu, max(s.most, cpu)
		}
		s.unlimited = s.unlimited || !m.limited(pod)
		p.memories = append(p.memories, m.memory(pod))
	}
	return s
}

// limited reports whether anything bounds what a pod can do.
func (m *model) limited(p *pod) bool {
	if n := m.nodes.get(p.node); n != nil && n.allocatable.cpu > 0 {
		return true
	}
	return p.resources.limit.cpu > 0 || p.resources.request.cpu > 0
}

// onNodes adds the load of the pods of a workload to what is on their nodes: to each its own, not its part of the whole.
// A workload that is counted in replicas places no cores.
func (m *model) onNodes(p *pool) {
	for i, pod := range p.pods {
		cpu, from := m.cpu(pod)
		switch {
		case p.counted:
			cpu = 0
		case from == nowhere:
			cpu = p.load
		}
		if n, ok := m.nodes.at[pod.node]; ok {
			m.own[n] = m.own[n].plus(amount{cpu, p.memories[i].used})
		}
	}
}

// stay adds the load of a pod to what is on its node and goes down with it.
func (m *model) stay(p *pod) origin {
	cpu, from := m.cpu(p)
	if n, ok := m.nodes.at[p.node]; ok {
		a := amount{cpu, m.memory(p).used}
		m.own[n], m.stays[n] = m.own[n].plus(a), m.stays[n].plus(a)
	}
	return from
}

// measureMemory reports of what the memory is not known, or how it grows.
func (m *model) measureMemory() {
	var unknown, grows []string
	for _, p := range m.pools {
		lacks, follows := false, false
		for i, pod := range p.pods {
			used := p.memories[i]
			lacks = lacks || used.used == 0 || !used.grows && pod.resources.limit.memory > 0
			follows = follows || used.used > 0 && used.grows
		}
		if lacks {
			unknown = append(unknown, p.name)
		}
		if follows && m.options.MemoryAtRest == 0 {
			grows = append(grows, p.name)
		}
	}
	m.find(topology.Missing, MemoryUnknown, "", unknown,
		"how much memory the pods use is not known: that they run out of it is left out (give metrics, or Load)")
	m.find(topology.Assumed, MemoryGrows, "", grows,
		"how their memory grows is not known: taken to grow with their load, all of it (or give MemoryAtRest)")
}

// measureNodes adds up what is bound to each node.
func (m *model) measureNodes() {
	told := map[string]bool{}
	for i := range m.cluster.pods.list {
		p := &m.cluster.pods.list[i]
		stays := p.phase == running || p.phase == leaving || p.phase == serving && (p.batch || !m.serves(p))
		if !stays || m.stay(p) != nowhere {
			continue
		}
		if name := p.namespace + "/" + p.owner.name; p.batch && !told[name] && m.nodes.get(p.node) != nil {
			told[name] = true
			m.unknown = append(m.unknown, name)
		}
	}
	m.find(topology.Missing, LoadUnknown, "", m.unknown,
		"pods of a DaemonSet or Job of which neither usage nor request is known: they place no load on their nodes")
	for i := range m.nodes.list {
		n := &m.nodes.list[i]
		if usage, ok := m.nodeUsage[n.name]; ok {
			m.stays[i].cpu += max(0, usage.cpu-m.own[i].cpu-n.reserved.cpu)
			m.stays[i].memory += max(0, usage.memory-m.own[i].memory-n.reserved.memory)
		}
	}
}
