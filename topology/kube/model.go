package kube

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A model is a cluster with its workloads found, and their loads: what the spec is written from.
type model struct {
	*cluster
	options    Options
	pools      []*pool
	poolOf     map[ref]*pool
	stays      []amount // by node: load that goes down with it
	own        []amount // by node: load of all the pods on it, as measured or taken for each
	zones      int      // how many there are
	silent     []string // workloads of which no pod serves
	unknown    []string // controllers of pods that stay, of unknown load
	index      map[string][]*labelSet
	links      map[string]string // services by the names of their variables, once one is asked for
	labelled   map[labelled]bool
	grounds    map[string]*ground // by what is asked of nodes
	taken      map[string]bool    // names of components
	components []topology.Component
	kinds      map[string]topology.Component
	found      topology.Findings
}

// A pool is a workload: pods that share a load.
type pool struct {
	ref
	from     *controller // nil if the input has its pods only
	name     string      // of its component
	suffix   string      // behind the name, if another workload has it
	pods     []*pod      // those that serve; one for all if they are made up
	times    int         // how many each of pods stands for
	made     bool        // pods are made up
	waiting  int         // pods that should serve, and do not
	sets     []*labelSet
	counted  bool       // in replicas, not in cores
	load     float64    // of each pod
	memories []memory   // by pod
	podNames []string   // by pod
	calls    []*service // that it has the address of
	needs    []string   // the same, as patterns
	budgets  []*budget  // that select it
}

// labelled is a pool of which pods have these labels.
type labelled struct {
	pool   *pool
	labels *labelSet
}

// size is how many pods serve.
func (p *pool) size() int { return len(p.pods) * p.times }

func newModel(c *cluster, o Options) *model {
	m := &model{
		cluster: c, options: o, kinds: map[string]topology.Component{},
		poolOf: map[ref]*pool{}, labelled: map[labelled]bool{}, grounds: map[string]*ground{}, taken: map[string]bool{},
		stays: make([]amount, len(c.nodes.list)), own: make([]amount, len(c.nodes.list)),
	}
	m.takeNames()
	m.group()
	m.place()
	m.measure()
	m.call()
	return m
}

// find reports something of one or more components or things.
func (m *model) find(class topology.Class, reason topology.Reason, field string, about []string, text string) {
	if len(about) > 0 {
		f := topology.Finding{Class: class, Reason: reason, About: about, Field: field, Text: text}
		m.found = append(m.found, f)
	}
}

// names returns the names of the pools of which something is true.
func (m *model) names(is func(*pool) bool) (names []string) {
	for _, p := range m.pools {
		if is(p) {
			names = append(names, p.name)
		}
	}
	return names
}

// spec writes the components: domains, nodes, workloads, pods.
func (m *model) spec() topology.Spec {
	m.writeDomains()
	m.writeNodes()
	m.writePools()
	m.writePods()
	return topology.Spec{Kinds: m.kinds, Components: m.components}
}

// findings looks at what was read with the eyes of those who run it.
func (m *model) findings() topology.Findings {
	m.reportNodes()
	m.reportReplicas()
	m.reportBudgets()
	m.reportPlaces()
	m.reportSpread()
	return m.found
}

// group finds the workload of each pod, and the pods of each workload.
func (m *model) group() {
	for i := range m.pods.list {
		m.groupPod(&m.pods.list[i])
	}
	for i := range m.controllers.list {
		m.groupController(&m.controllers.list[i])
	}
	m.pools = slices.DeleteFunc(m.pools, func(p *pool) bool { return len(p.pods) == 0 && m.leaveOut(p) })
	slices.SortFunc(m.pools, func(a, b *pool) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.ref.name, b.ref.name),
			cmp.Compare(a.kind, b.kind))
	})
	m.namePools()
}

// leaveOut takes a workload of which no pod serves out, but for its labels: what selects it does select something.
func (m *model) leaveOut(p *pool) bool {
	m.silent = append(m.silent, p.namespace+"/"+p.ref.name)
	for _, set := range p.sets {
		set.pools = slices.DeleteFunc(set.pools, func(q *pool) bool { return q == p })
		set.others = true
	}
	return true
}

func (m *model) pool(r ref) *pool {
	p := m.poolOf[r]
	if p == nil {
		p = &pool{ref: r, times: 1}
		m.poolOf[r] = p
		m.pools = append(m.pools, p)
	}
	return p
}

// has notes that pods of a pool have these labels.
func (m *model) has(p *pool, set *labelSet) {
	if key := (labelled{p, set}); set != nil && !m.labelled[key] {
		m.labelled[key] = true
		p.sets = append(p.sets, set)
		set.pools = append(set.pools, p)
	}
}
