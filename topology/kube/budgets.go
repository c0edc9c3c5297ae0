package kube

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ridethrough/ridethrough/topology"
)

// reportBudgets finds the workloads of each PodDisruptionBudget, and reports those that do nothing or too much, and
// services that lead nowhere.
func (m *model) reportBudgets() {
	var nothing, blocking []string
	times := map[*labelSet]int{}
	for i := range m.budgets.list {
		b := &m.budgets.list[i]
		name := "poddisruptionbudget " + b.namespace + "/" + b.name
		sets := m.budgeted(b)
		pods := 0
		for _, set := range sets {
			times[set]++
			for _, p := range set.pools {
				if !slices.Contains(p.budgets, b) {
					p.budgets = append(p.budgets, b)
					pods += p.wanted()
				}
			}
		}
		switch {
		case len(sets) == 0 && m.peopled(b.namespace):
			nothing = append(nothing, name)
		case pods > 0 && b.allowed(pods) <= 0:
			blocking = append(blocking, name)
		}
	}
	m.find(topology.Suspect, SelectsNothing, "", append(nothing, m.idleServices()...),
		"its selector matches no pod and no workload of the input")
	m.find(topology.Suspect, BlocksDrains, "", blocking,
		"it allows no eviction even when all pods are ready: nodes with its pods cannot be drained")
	m.find(topology.Suspect, SeveralBudgets, "", m.names(func(p *pool) bool {
		return slices.ContainsFunc(p.sets, func(s *labelSet) bool { return times[s] > 1 })
	}), "several PodDisruptionBudgets select the same pods: evictions are refused, so their nodes cannot be drained")
}

// budgeted returns the label sets that a budget selects: none without a selector, all of its namespace with an empty
// one.
func (m *model) budgeted(b *budget) []*labelSet {
	if b.selector == nil {
		return nil
	}
	selector, err := metav1.LabelSelectorAsSelector(b.selector)
	if err != nil { // not what was kept
		return nil
	}
	return m.selected(b.namespace, selector, b.selector.MatchLabels)
}

// allowed returns how many of some pods may be evicted while all are ready. Percentages round up, of either sort:
// https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
func (b *budget) allowed(pods int) int {
	if b.maxUnavailable != nil {
		n, _ := intstr.GetScaledValueFromIntOrPercent(b.maxUnavailable, pods, true) // checked when it was kept
		return min(n, pods)
	}
	n, _ := intstr.GetScaledValueFromIntOrPercent(b.minAvailable, pods, true)
	return pods - n
}

// peopled reports whether the input has pods or workloads of a namespace.
func (m *model) peopled(namespace string) bool {
	m.makeIndex()
	return len(m.index[namespace]) > 0
}

// idleServices returns the services whose selectors match nothing.
func (m *model) idleServices() (names []string) {
	for i := range m.services.list {
		s := &m.services.list[i]
		if s.selector == nil || !m.peopled(s.namespace) {
			continue
		}
		if _, any := m.behind(s); !any {
			names = append(names, "service "+s.namespace+"/"+s.name)
		}
	}
	return names
}
