package kube

import (
	"encoding/json"
	"fmt"
	"math"

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
	most, on := 0, m.ground(c, fits)
	seen := map[string]bool{}
	for _, set := range p.sets {
		selector, key := spreadSelector(c, set)
		if selector == nil || seen[key] {
			continue
		}
		seen[key] = true
		pods := map[string]int{} // by domain
		for _, matched := range m.selected(p.namespace, selector, c.LabelSelector.MatchLabels) {
			for _, pod := range matched.pods {
				if n, ok := m.nodes.at[pod.node]; ok && on.nodes[n] {
					pods[m.nodes.list[n].labels[c.TopologyKey]]++
				}
			}
		}
		most = max(most, on.skew(pods, c))
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

// A ground is the nodes that pods could be placed on, as a constraint counts them.
type ground struct {
	nodes   []bool
	domains int // that these are in
}

// ground finds the ground of a constraint, once for all workloads that ask for the same.
func (m *model) ground(c *corev1.TopologySpreadConstraint, fits placement) *ground {
	asked, _ := json.Marshal([]any{c.TopologyKey, fits.keys[c.WhenUnsatisfiable], c.NodeAffinityPolicy, c.NodeTaintsPolicy,
		fits.nodeSelector, fits.affinity, fits.tolerations}) // plain data: no error
	key := string(asked)
	if m.grounds[key] == nil {
		m.grounds[key] = m.newGround(c, fits)
	}
	return m.grounds[key]
}

func (m *model) newGround(c *corev1.TopologySpreadConstraint, fits placement) *ground {
	g := &ground{nodes: make([]bool, len(m.nodes.list))}
	domains := map[string]bool{}
	for i := range m.nodes.list {
		if n := &m.nodes.list[i]; fits.eligible(c, n) {
			g.nodes[i] = true
			domains[n.labels[c.TopologyKey]] = true
		}
	}
	g.domains = len(domains)
	return g
}

// skew returns by how many pods the domain with the most has more than that with the least.
func (g *ground) skew(pods map[string]int, c *corev1.TopologySpreadConstraint) int {
	least, most := math.MaxInt, 0
	for _, n := range pods {
		least, most = min(least, n), max(most, n)
	}
	if len(pods) < g.domains || c.MinDomains != nil && g.domains < int(*c.MinDomains) {
		least = 0
	}
	return most - min(least, most)
}
