package kube

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/ridethrough/ridethrough/topology"
)

// A rule is what a topologySpreadConstraint asks for.
type rule struct {
	key   string
	limit int32
	when  corev1.UnsatisfiableConstraintAction
}

// A breach is the workloads that do not keep a rule, and by how much their pods differ.
type breach struct {
	rule
	about       []string
	least, most int
}

// reportSpread reports workloads whose pods lie less evenly than their topologySpreadConstraints ask for.
func (m *model) reportSpread() {
	var breaches []*breach
	of := map[rule]*breach{}
	for _, p := range m.pools {
		shape := p.shape()
		if p.made || shape == nil || len(shape.spread) == 0 {
			continue
		}
		fits := newPlacement(shape)
		for i := range shape.spread {
			c := &shape.spread[i]
			skew := m.skew(p, c, fits)
			if skew <= int(c.MaxSkew) {
				continue
			}
			r := rule{c.TopologyKey, c.MaxSkew, c.WhenUnsatisfiable}
			if of[r] == nil {
				of[r] = &breach{rule: r, least: skew}
				breaches = append(breaches, of[r])
			}
			of[r].add(p.name, skew)
		}
	}
	for _, b := range breaches {
		m.find(topology.Suspect, Skewed, "", b.about, b.String())
	}
}

// add adds a workload, once.
func (b *breach) add(name string, skew int) {
	b.least, b.most = min(b.least, skew), max(b.most, skew)
	if k := len(b.about); k == 0 || b.about[k-1] != name {
		b.about = append(b.about, name)
	}
}

func (b *breach) String() string {
	by, why := fmt.Sprint(b.most), "it binds pods only when they are placed"
	if b.least < b.most {
		by = fmt.Sprintf("%d to %d", b.least, b.most)
	}
	if b.when == corev1.ScheduleAnyway {
		why = "ScheduleAnyway is a wish"
	}
	return fmt.Sprintf("pods differ by %s over %s, and its topologySpreadConstraints ask for %d at most: %s",
		by, b.key, b.limit, why)
}

// skew returns the most by which the pods in one domain outnumber those in another, as the scheduler counts:
// https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
func (m *model) skew(p *pool, c *corev1.TopologySpreadConstraint, fits placement) int {
	most := 0
	seen := map[string]bool{}
	for _, set := range p.sets {
		selector, key := spreadSelector(c, set)
		if selector == nil || seen[key] {
			continue
		}
		seen[key] = true
		counts := m.domainCounts(c, fits)
		for _, matched := range m.selected(p.namespace, selector, c.LabelSelector.MatchLabels) {
			for _, pod := range matched.pods {
				if n, ok := m.nodes.at[pod.node]; ok && counts.eligible[n] {
					counts.pods[m.nodes.list[n].labels[c.TopologyKey]]++
				}
			}
		}
		most = max(most, counts.skew(c))
	}
	return most
}

// spreadSelector returns which pods count, with what matchLabelKeys take from the labels of the pod; nil for none.
func spreadSelector(c *corev1.TopologySpreadConstraint, set *labelSet) (selector labels.Selector, key string) {
	if c.LabelSelector == nil {
		return nil, ""
	}
	selector, err := metav1.LabelSelectorAsSelector(c.LabelSelector)
	if err != nil {
		return nil, ""
	}
	for _, k := range c.MatchLabelKeys {
		if value, ok := set.labels[k]; ok {
			more, _ := labels.SelectorFromSet(labels.Set{k: value}).Requirements()
			selector = selector.Add(more...)
			key += k + "=" + value + ","
		}
	}
	return selector, key
}

// counts are the pods in each domain, and the nodes that a pod could be placed on.
type counts struct {
	eligible []bool // by node
	pods     map[string]int
}

// domainCounts finds the eligible nodes and their domains, with no pods yet.
func (m *model) domainCounts(c *corev1.TopologySpreadConstraint, fits placement) counts {
	all := counts{make([]bool, len(m.nodes.list)), map[string]int{}}
	for i := range m.nodes.list {
		n := &m.nodes.list[i]
		if fits.eligible(c, n) {
			all.eligible[i] = true
			all.pods[n.labels[c.TopologyKey]] = 0
		}
	}
	return all
}

func (c counts) skew(constraint *corev1.TopologySpreadConstraint) int {
	if len(c.pods) == 0 {
		return 0
	}
	values := slices.Collect(maps.Values(c.pods))
	least := slices.Min(values)
	if constraint.MinDomains != nil && len(values) < int(*constraint.MinDomains) {
		least = 0
	}
	return slices.Max(values) - least
}
