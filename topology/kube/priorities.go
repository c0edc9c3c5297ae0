package kube

import (
	"slices"
	"strconv"

	"github.com/ridethrough/ridethrough/topology"
)

// priorityOf returns the priority of a pod: as admitted, else that of its class, else the default.
func (m *model) priorityOf(p *pod) int64 {
	switch class := m.classes.get(p.priority.class); {
	case p.priority.given:
		return p.priority.value
	case class != nil:
		return class.value
	case p.priority.class == "system-node-critical":
		return 2_000_001_000
	case p.priority.class == "system-cluster-critical":
		return 2_000_000_000
	case p.priority.class == "":
		for i := range m.classes.list {
			if m.classes.list[i].byDefault {
				return m.classes.list[i].value
			}
		}
	}
	return 0
}

// A ladder is the priorities that pods have.
type ladder struct {
	rungs int
	after map[int64]topology.Names // what pods of a priority start after; nothing for the highest
}

// ladder finds the priorities, and reports classes that are not known.
func (m *model) ladder() ladder {
	var ranks []int64
	var unknown []string
	seen := map[int64]bool{}
	for _, p := range m.pools {
		missing := false
		for _, pod := range p.pods {
			if rank := m.priorityOf(pod); !seen[rank] {
				seen[rank] = true
				ranks = append(ranks, rank)
			}
			missing = missing || m.classUnknown(pod.priority)
		}
		if missing {
			unknown = append(unknown, p.name)
		}
	}
	m.find(topology.Missing, UnknownPriority, "", unknown,
		"the PriorityClass of its pods is not in the input: taken as priority 0")
	slices.Sort(ranks)
	l := ladder{rungs: len(ranks), after: map[int64]topology.Names{}}
	for i := range len(ranks) - 1 {
		l.after[ranks[i]] = topology.Names{"priority=" + strconv.FormatInt(ranks[i+1], 10)}
	}
	return l
}

func (m *model) classUnknown(p priority) bool {
	return !p.given && p.class != "" && m.classes.get(p.class) == nil &&
		p.class != "system-node-critical" && p.class != "system-cluster-critical"
}

// labels returns the labels that the pods of a workload have in common.
func (l ladder) labels(workload string, rank int64) map[string]string {
	labels := map[string]string{"workload": workload}
	if l.rungs > 1 {
		labels["priority"] = strconv.FormatInt(rank, 10)
	}
	return labels
}
