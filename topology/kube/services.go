package kube

import (
	"k8s.io/apimachinery/pkg/labels"
)

// selected returns the label sets of a namespace that a selector selects; want are labels that it asks for, which make
// the search short.
func (m *model) selected(namespace string, s labels.Selector, want map[string]string) (sets []*labelSet) {
	m.makeIndex()
	candidates := m.index[namespace]
	for k, v := range want {
		if few := m.index[pair(namespace, k, v)]; len(few) < len(candidates) { // the shortest: in whatever order
			candidates = few
		}
	}
	for _, set := range candidates {
		if s.Matches(labels.Set(set.labels)) {
			sets = append(sets, set)
		}
	}
	return sets
}

// makeIndex files the label sets by namespace, and by each label, once.
func (m *model) makeIndex() {
	if m.index != nil {
		return
	}
	m.index = map[string][]*labelSet{}
	for _, set := range m.setsOrder {
		if len(set.pools) == 0 && !set.others {
			continue
		}
		m.index[set.namespace] = append(m.index[set.namespace], set)
		for k, v := range set.labels {
			key := pair(set.namespace, k, v)
			m.index[key] = append(m.index[key], set)
		}
	}
}

func pair(namespace, key, value string) string { return namespace + "\x00" + key + "\x00" + value }

// behind returns the workloads that a service leads to, and whether it selects anything at all.
func (m *model) behind(s *service) (pools []*pool, any bool) {
	seen := map[*pool]bool{}
	sets := m.selected(s.namespace, labels.SelectorFromSet(s.selector), s.selector)
	for _, set := range sets {
		for _, p := range set.pools {
			if !seen[p] {
				seen[p] = true
				pools = append(pools, p)
			}
		}
	}
	return pools, len(sets) > 0
}
