package kube

import "strings"

// top returns what controls a pod in the end: the Deployment behind its ReplicaSet, the pod itself if nothing does.
func (m *model) top(p *pod) ref {
	if p.owner == (ref{}) {
		return ref{kindBare, p.namespace, p.name}
	}
	if p.owner.kind != "ReplicaSet" {
		return p.owner
	}
	if set := m.controllers.get(p.owner.key()); set != nil && set.owner != (ref{}) {
		return set.owner
	} else if set != nil {
		return p.owner
	}
	if name, ok := strings.CutSuffix(p.owner.name, "-"+p.revision); ok && p.revision != "" && name != "" {
		if p.rollout {
			return ref{"Rollout", p.namespace, name}
		}
		return ref{"Deployment", p.namespace, name}
	}
	return p.owner
}

func (m *model) groupPod(p *pod) {
	r := m.top(p)
	if p.node != "" && (p.phase == serving || p.phase == running || p.phase == pending) {
		p.labels.pods = append(p.labels.pods, p)
	}
	if bound(r.kind) || p.batch {
		p.labels.others = true
		p.owner, p.batch = r, true
		return
	}
	switch {
	case p.phase == finished || p.phase == leaving:
		p.labels.others = true
	case p.phase == declared:
		m.has(m.pool(r), p.labels)
		m.makeUp(m.pool(r), p.resources, p.priority, p.labels, p.shape, 1)
	case m.serves(p):
		m.has(m.pool(r), p.labels)
		m.pool(r).pods = append(m.pool(r).pods, p)
	default:
		m.has(m.pool(r), p.labels)
		m.pool(r).waiting++
	}
}

// serves reports whether a pod is ready, and its node too.
func (m *model) serves(p *pod) bool {
	n := m.nodes.get(p.node)
	return p.phase == serving && (n == nil || !n.notReady)
}

// groupController makes up the pods of a workload that has none in the input.
func (m *model) groupController(c *controller) {
	if bound(c.kind) {
		c.labels.others = true
		return
	}
	if c.kind == "ReplicaSet" && c.owner != (ref{}) {
		return
	}
	m.scale(c)
	p := m.poolOf[c.ref]
	switch {
	case p != nil:
		p.from = c
		m.has(p, c.labels)
	case c.replicas == 0:
		c.labels.others = true
	default:
		p = m.pool(c.ref)
		p.from = c
		m.has(p, c.labels)
		if !c.live || len(m.cluster.pods.list) == 0 {
			m.makeUp(p, c.resources, c.priority, c.labels, c.shape, int(c.replicas))
		}
	}
}

// scale takes the least that an autoscaler asks for where the workload itself does not say.
func (m *model) scale(c *controller) {
	if s := m.scalers.get(c.key()); s != nil && c.unset && s.min > 0 {
		c.replicas, c.scaled = s.min, true
	}
}

// makeUp gives a pool n pods of which nothing is in the input.
func (m *model) makeUp(p *pool, r resources, pr priority, set *labelSet, s *shape, n int) {
	p.made, p.times = true, n
	name := "" // that of a pattern comes later
	if p.kind == kindBare {
		name = p.ref.name
	}
	p.pods = []*pod{{namespace: p.namespace, name: name, labels: set, resources: r, priority: pr, shape: s}}
}
