package kube

import (
	"maps"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

func (c checker) pod(o *podObject) {
	p := pod{
		namespace: c.meta.Namespace, name: c.meta.Name, node: c.r.cluster.text(o.Spec.NodeName),
		owner: c.owner(), revision: c.r.cluster.text(c.meta.Labels["pod-template-hash"]),
		labels: c.labels(c.meta.Labels), resources: c.resources(&o.Spec, "spec"), priority: priorityOf(&o.Spec),
		phase: c.phase(o), batch: o.Spec.RestartPolicy == "Never" || o.Spec.RestartPolicy == "OnFailure",
	}
	if hash := c.meta.Labels["rollouts-pod-template-hash"]; hash != "" {
		p.revision, p.rollout = c.r.cluster.text(hash), true
	}
	shaped := p.owner
	if shaped == (ref{}) {
		shaped = ref{kindBare, p.namespace, p.name}
	}
	if c.r.cluster.shapes[shaped] == nil {
		c.r.cluster.shapes[shaped] = shapeOf(&o.Spec)
	}
	p.shape = c.r.cluster.shapes[shaped]
	c.count("", 1)
	c.r.cluster.pods.put(p.key(), p)
}

// phase tells how far a pod has come: a pod that runs serves once it is ready.
func (c checker) phase(o *podObject) phase {
	switch o.Status.Phase {
	case "":
		if o.Spec.NodeName != "" || c.meta.UID != "" {
			return pending
		}
		return declared
	case "Succeeded", "Failed": // a pod that was evicted has failed, and another is in its place
		return finished
	case "Running", "Pending", "Unknown":
		switch {
		case c.meta.DeletionTimestamp != nil:
			return leaving
		case o.Status.Phase != "Running":
			return pending
		case isTrue(o.Status.Conditions, "Ready", true):
			return serving
		}
		return running
	}
	c.bad("status.phase", topology.BadSyntax, "%s is no phase of a pod", short([]byte(o.Status.Phase)))
	return pending
}

// isTrue reports whether a condition is true, or what is taken where it is not given.
func isTrue(conditions []condition, kind string, otherwise bool) bool {
	i := slices.IndexFunc(conditions, func(c condition) bool { return c.Type == kind })
	if i < 0 {
		return otherwise
	}
	return conditions[i].Status == "True"
}

func priorityOf(s *podSpec) priority {
	p := priority{class: s.PriorityClassName}
	if s.Priority != nil {
		p.value, p.given = *s.Priority, true
	}
	return p
}

func shapeOf(s *podSpec) *shape {
	shape := &shape{nodeSelector: s.NodeSelector, tolerations: s.Tolerations, spread: s.Spread}
	if s.Affinity != nil && s.Affinity.Node != nil {
		shape.affinity = s.Affinity.Node.Required
	}
	for i := range s.InitContainers {
		if one := &s.InitContainers[i]; one.RestartPolicy == "Always" && len(one.Env) > 0 {
			shape.env = append(shape.env, one.Env)
		}
	}
	for i := range s.Containers {
		if one := &s.Containers[i]; len(one.Env) > 0 {
			shape.env = append(shape.env, one.Env)
		}
	}
	return shape
}

// labels returns the set of labels that pods of the same labels share.
func (c checker) labels(labels map[string]string) *labelSet {
	var key strings.Builder
	key.WriteString(c.meta.Namespace)
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		key.WriteString("\x00" + k + "\x00" + labels[k])
	}
	all := c.r.cluster
	set := all.sets[key.String()]
	if set == nil {
		set = &labelSet{namespace: c.meta.Namespace, labels: labels}
		all.sets[key.String()] = set
		all.setsOrder = append(all.setsOrder, set)
	}
	return set
}

func (c checker) controller(o *controllerObject) {
	w := controller{
		ref: ref{c.kind, c.meta.Namespace, c.meta.Name}, owner: c.owner(), live: c.meta.UID != "",
		replicas: 1, unset: o.Spec.Replicas == nil, first: o.Spec.Ordinals.Start,
	}
	if !w.unset {
		w.replicas = *o.Spec.Replicas
	}
	if c.kind != "DaemonSet" && c.kind != "Job" {
		c.count("spec.replicas", w.replicas)
	}
	if c.kind == "StatefulSet" && (w.first < 0 || w.first > 1e9) {
		c.bad("spec.ordinals.start", topology.BadNumber, "%d: write a number from 0 to 1000000000", w.first)
	}
	if old := c.r.cluster.controllers.get(w.key()); old != nil {
		w.differs = old.differs || old.replicas != w.replicas && !old.unset && !w.unset
		if old.live && !w.live {
			old.differs = w.differs
			return
		}
	}
	if c.kind == "ReplicaSet" && w.owner != (ref{}) { // there are many, most of them old
		c.r.cluster.controllers.put(w.key(), w)
		return
	}
	template := &o.Spec.Template
	w.labels, w.resources = c.labels(template.Metadata.Labels), c.resources(&template.Spec, "spec.template.spec")
	w.priority, w.shape = priorityOf(&template.Spec), shapeOf(&template.Spec)
	c.r.cluster.controllers.put(w.key(), w)
}

// key is what no other object has.
func (r ref) key() string { return r.kind + " " + r.namespace + "/" + r.name }
