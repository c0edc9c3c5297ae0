package calls

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A need is an entry of a component's needs.
type need struct {
	text     string
	k        int           // how many of the members it asks for
	members  []topology.ID // in the order of the spec; none if the spec does not have them
	replaced []topology.ID // members that a supply asks for instead
	draw     []call        // to members of which it asks for some
}

type needs []need

func (j *joiner) needsOf(c *topology.Component) needs {
	all := make(needs, len(c.Needs))
	for i, text := range c.Needs {
		all[i] = readNeed(j.fleet, text)
	}
	return all
}

// readNeed finds the members of a need.
func readNeed(fleet *topology.Topology, text string) need {
	k, pattern := splitOf(text)
	members, err := fleet.Select(pattern)
	if err != nil { // it is up to the finished fleet whether that is a fault
		return need{text: text}
	}
	if k == 0 {
		k = len(members)
	}
	return need{text: text, k: k, members: members}
}

// splitOf splits "2 of etcd-[1-3]"; k is 0 where all are asked for.
func splitOf(need string) (k int, pattern string) {
	number, rest, ok := strings.Cut(need, " ")
	rest, of := strings.CutPrefix(strings.TrimLeft(rest, " "), "of ")
	k, err := strconv.Atoi(number)
	if !ok || !of || err != nil || k < 1 {
		return 0, need
	}
	return k, strings.TrimLeft(rest, " ")
}

// on returns a need that asks for a component, and one that asks for some of several that it is among; nil if none does.
func (n needs) on(id topology.ID) (all, some *need) {
	for i := range n {
		if _, ok := slices.BinarySearch(n[i].members, id); !ok {
			continue
		}
		if n[i].k == len(n[i].members) {
			all = &n[i]
		} else {
			some = &n[i]
		}
	}
	return all, some
}

// rest returns what stays of a need.
func (j *joiner) rest(n need) topology.Names {
	if len(n.replaced) == 0 {
		return topology.Names{n.text}
	}
	var left []topology.ID
	for _, id := range n.members {
		if !slices.Contains(n.replaced, id) {
			left = append(left, id)
		}
	}
	return j.patterns(left...)
}
