package kube

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Names of Kubernetes need no backslashes in a pattern: they were checked, and have none of the characters that mean
// something there. All names of components have a slash, and kinds have none.

func nodeName(name string) string { return "node/" + name }

func memoryName(name string) string { return "memory/" + name }

// title is the kind of a workload's component: that of its controller, in small letters.
func (p *pool) title() string {
	kind := strings.ToLower(p.kind)
	if slices.Contains([]string{kindRegion, kindZone, kindNode, kindDaemons, kindPod}, kind) {
		return "custom " + kind
	}
	return kind
}

// takeNames keeps the names of nodes and their domains for these: a namespace may be called node, zone or rack.
func (m *model) takeNames() {
	for i := range m.nodes.list {
		n := &m.nodes.list[i]
		m.taken[nodeName(n.name)] = true
		m.taken[regionName(n.region)] = true
		m.taken[zoneName(n, nil)] = true
		for _, label := range m.options.Domains {
			m.taken[domainName(label, n)] = true
		}
	}
}

// namePools names the workloads. Of those with the same name, the later have their kind behind it.
func (m *model) namePools() {
	for _, p := range m.pools {
		p.name = p.namespace + "/" + p.ref.name
		if m.taken[p.name] || p.kind == kindBare {
			p.suffix = " (" + p.title() + ")"
		}
		p.name += p.suffix
		m.taken[p.name] = true
	}
}

// namePods names the pods: those of the input first, and then those that are made up, where no other has the name.
func (m *model) namePods() {
	for _, p := range m.pools {
		if p.made && p.kind != kindBare {
			continue
		}
		for _, pod := range p.pods {
			name := pod.key() + free("", func(suffix string) bool { return m.taken[pod.key()+suffix] })
			m.taken[name] = true
			p.podNames = append(p.podNames, name)
		}
	}
	for _, p := range m.pools {
		if p.podNames == nil {
			p.podNames = []string{m.pattern(p)}
		}
	}
}

// free returns the first suffix with which a name is free.
func free(suffix string, taken func(suffix string) bool) string {
	for i := 1; taken(suffix); i++ {
		suffix = " (pod)"
		if i > 1 {
			suffix = fmt.Sprintf(" (pod %d)", i)
		}
	}
	return suffix
}

// pattern returns the pattern of the names of pods that are made up: from 1 or, as in a StatefulSet, from its first.
func (m *model) pattern(p *pool) string {
	base, first := p.namespace+"/"+p.ref.name+"-", 1
	if p.kind == "StatefulSet" {
		first = int(p.from.first)
	}
	last := first + p.times - 1
	suffix := free(p.suffix, func(suffix string) bool {
		for i := first; i <= last; i++ {
			if m.taken[base+strconv.Itoa(i)+suffix] {
				return true
			}
		}
		return false
	})
	if first == last {
		return base + strconv.Itoa(first) + suffix
	}
	return fmt.Sprintf("%s[%d-%d]%s", base, first, last, suffix)
}

// became refers to what the bracket of a pattern became.
func became(name string) string {
	if before, _, ok := strings.Cut(name, "["); ok {
		return before + "{1}" + name[strings.IndexByte(name, ']')+1:]
	}
	return name
}
