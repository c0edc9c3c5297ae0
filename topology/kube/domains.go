package kube

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/ridethrough/ridethrough/topology"
)

// place finds the zones and regions that have one name, and the nodes that lack a label.
func (m *model) place() {
	var without []string
	zones := 0
	for i := range m.nodes.list {
		if m.nodes.list[i].zone != "" {
			zones++
		} else {
			without = append(without, nodeName(m.nodes.list[i].name))
		}
	}
	switch {
	case zones > 0:
		m.find(topology.Missing, NoZone, "", without,
			"no label topology.kubernetes.io/zone, which other nodes have: they go down with no zone")
	default:
		m.find(topology.Missing, NoZone, "", without,
			"no node has the label topology.kubernetes.io/zone: there are no zones to lose")
	}
}

// regionsOf returns the regions of each zone, by the zone's label.
func (m *model) regionsOf() map[string][]string {
	regions := map[string][]string{}
	for i := range m.nodes.list {
		n := &m.nodes.list[i]
		if n.region != "" && !slices.Contains(regions[n.zone], n.region) {
			regions[n.zone] = append(regions[n.zone], n.region)
		}
	}
	return regions
}

// writeDomains writes regions, zones and further domains, each in the order of the nodes.
func (m *model) writeDomains() {
	regions := m.regionsOf()
	done := map[string]bool{}
	once := func(kind, name string, needs topology.Names) {
		if name != "" && !done[name] {
			done[name] = true
			m.write(topology.Component{Name: name, Kind: kind, Needs: needs})
		}
	}
	for i := range m.nodes.list {
		once(kindRegion, regionName(m.nodes.list[i].region), nil)
	}
	for i := range m.nodes.list {
		n := &m.nodes.list[i]
		n.zoneName = zoneName(n, regions[n.zone])
		if n.zoneName != "" && !done[n.zoneName] {
			m.zones++
		}
		region := n.region
		if region == "" && len(regions[n.zone]) == 1 {
			region = regions[n.zone][0]
		}
		once(kindZone, n.zoneName, some(regionName(region)))
	}
	for _, label := range m.options.Domains {
		for i := range m.nodes.list {
			once(domainKind(label), domainName(label, &m.nodes.list[i]), nil)
		}
		m.checkDomain(label)
	}
}

func regionName(region string) string {
	if region == "" {
		return ""
	}
	return "region/" + region
}

// zoneName tells zones apart that have one name in several regions.
func zoneName(n *node, regions []string) string {
	switch {
	case n.zone == "":
		return ""
	case len(regions) > 1 && n.region != "":
		return "zone/" + n.region + "/" + n.zone
	}
	return "zone/" + n.zone
}

// domainName returns the name of the domain that a label puts a node in; "" if it has none that is right.
func domainName(label string, n *node) string {
	value := n.labels[label]
	if value == "" || len(validation.IsValidLabelValue(value)) > 0 {
		return ""
	}
	return domainKind(label) + "/" + value
}

// some returns a name as a list; none if there is none.
func some(name string) topology.Names {
	if name == "" {
		return nil
	}
	return topology.Names{name}
}

// domainsOf returns what a node needs, and its labels.
func (m *model) domainsOf(n *node) (needs topology.Names, labels map[string]string) {
	labels = map[string]string{}
	add := func(kind, name, value string) {
		if name != "" {
			needs = append(needs, name)
			labels[kind] = value
		}
	}
	add(kindZone, n.zoneName, n.zone)
	if n.zoneName == "" {
		add(kindRegion, regionName(n.region), n.region)
	} else if n.region != "" {
		labels[kindRegion] = n.region
	}
	for _, label := range m.options.Domains {
		add(domainKind(label), domainName(label, n), n.labels[label])
	}
	return needs, labels
}

// checkDomain reports nodes that lack a label which others have, and domains that lie in several zones.
func (m *model) checkDomain(label string) {
	var without, shared []string
	zone := map[string]string{}
	for i := range m.nodes.list {
		n := &m.nodes.list[i]
		name := domainName(label, n)
		switch z, seen := zone[name]; {
		case name == "":
			without = append(without, nodeName(n.name))
		case !seen:
			zone[name] = n.zoneName
		case z != n.zoneName && !slices.Contains(shared, name):
			shared = append(shared, name)
		}
	}
	m.find(topology.Missing, NoZone, "", without,
		fmt.Sprintf("no label %s: they go down with no %s", label, domainKind(label)))
	m.find(topology.Assumed, SharedDomain, "", shared,
		"nodes of several zones have this label: taken as one domain, which goes down whole")
}
