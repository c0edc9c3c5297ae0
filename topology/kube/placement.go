package kube

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// A placement says on which nodes the pods of a workload may be.
type placement struct {
	*shape
	selector labels.Selector
	terms    []labels.Selector // nil: any node
	names    [][]corev1.NodeSelectorRequirement
	keys     map[corev1.UnsatisfiableConstraintAction][]string
}

func newPlacement(s *shape) placement {
	p := placement{shape: s, selector: labels.SelectorFromSet(s.nodeSelector)}
	p.keys = map[corev1.UnsatisfiableConstraintAction][]string{}
	for _, c := range s.spread {
		p.keys[c.WhenUnsatisfiable] = append(p.keys[c.WhenUnsatisfiable], c.TopologyKey)
	}
	if s.affinity == nil {
		return p
	}
	for _, term := range s.affinity.NodeSelectorTerms {
		p.terms = append(p.terms, termSelector(term))
		p.names = append(p.names, term.MatchFields)
	}
	return p
}

// termSelector returns what a term asks of the labels of a node. A term that asks for nothing matches no node.
func termSelector(t corev1.NodeSelectorTerm) labels.Selector {
	if len(t.MatchExpressions)+len(t.MatchFields) == 0 {
		return labels.Nothing()
	}
	s := labels.NewSelector()
	for _, e := range t.MatchExpressions {
		r, err := labels.NewRequirement(e.Key, operator(e.Operator), e.Values)
		if err != nil {
			return labels.Nothing()
		}
		s = s.Add(*r)
	}
	return s
}

// eligible reports whether the domain of a node counts.
func (p placement) eligible(c *corev1.TopologySpreadConstraint, n *node) bool {
	for _, key := range p.keys[c.WhenUnsatisfiable] {
		if _, ok := n.labels[key]; !ok {
			return false
		}
	}
	if policy := c.NodeAffinityPolicy; (policy == nil || *policy == corev1.NodeInclusionPolicyHonor) && !p.wanted(n) {
		return false
	}
	return c.NodeTaintsPolicy == nil || *c.NodeTaintsPolicy != corev1.NodeInclusionPolicyHonor || p.tolerates(n)
}

// wanted reports whether the node selector and the required affinity match a node.
func (p placement) wanted(n *node) bool {
	set := labels.Set(n.labels)
	if !p.selector.Matches(set) || p.affinity == nil {
		return p.selector.Matches(set)
	}
	for i, term := range p.terms {
		if term.Matches(set) && named(p.names[i], n.name) {
			return true
		}
	}
	return false
}

// named reports whether the fields of a term, of which there is only metadata.name, match.
func named(fields []corev1.NodeSelectorRequirement, name string) bool {
	for _, f := range fields {
		if in := slices.Contains(f.Values, name); in != (f.Operator == corev1.NodeSelectorOpIn) {
			return false
		}
	}
	return true
}

// tolerates reports whether pods may be on a node in spite of its taints.
func (p placement) tolerates(n *node) bool {
	for _, taint := range n.taints {
		if taint.Effect == corev1.TaintEffectPreferNoSchedule {
			continue
		}
		if !slices.ContainsFunc(p.tolerations, func(t corev1.Toleration) bool { return tolerated(t, taint) }) {
			return false
		}
	}
	return true
}

func tolerated(t corev1.Toleration, taint corev1.Taint) bool {
	if t.Effect != "" && t.Effect != taint.Effect || t.Key != "" && t.Key != taint.Key {
		return false
	}
	if t.Operator == corev1.TolerationOpExists {
		return true
	}
	return t.Key != "" && t.Value == taint.Value
}

func operator(o corev1.NodeSelectorOperator) selection.Operator {
	switch o {
	case corev1.NodeSelectorOpIn:
		return selection.In
	case corev1.NodeSelectorOpNotIn:
		return selection.NotIn
	case corev1.NodeSelectorOpExists:
		return selection.Exists
	case corev1.NodeSelectorOpDoesNotExist:
		return selection.DoesNotExist
	case corev1.NodeSelectorOpGt:
		return selection.GreaterThan
	case corev1.NodeSelectorOpLt:
		return selection.LessThan
	}
	return selection.Operator(o) // which NewRequirement refuses
}
