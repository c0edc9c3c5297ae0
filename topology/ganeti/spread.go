package ganeti

import (
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// sharedLocations tells which instances lose both copies with one location: one finding for each set of locations.
func (c *cluster) sharedLocations() topology.Findings {
	about := map[string][]string{}
	var sets []string // in order of appearance
	for k := range c.instances {
		i := &c.instances[k]
		if i.secondary < 0 || i.fate() == absent {
			continue
		}
		both := shared(c.nodes[i.primary].locations, c.nodes[i.secondary].locations)
		if len(both) == 0 {
			continue
		}
		set := c.called(both)
		if about[set] == nil {
			sets = append(sets, set)
		}
		about[set] = append(about[set], i.id())
	}
	var all topology.Findings
	for _, set := range sets {
		all = append(all, finding(topology.Suspect, SharedLocation, "", about[set],
			"primary and secondary are both in %s: one loss takes both copies", set)...)
	}
	return all
}

// called names locations.
func (c *cluster) called(locations []int) string {
	names := make([]string, len(locations))
	for k, l := range locations {
		names[k] = c.locations[l].id()
	}
	return strings.Join(names, ", ")
}

// notSpread tells which services, each being the instances of one exclusion tag, run on one node in part, or in one
// location altogether.
func (c *cluster) notSpread() topology.Findings {
	var services []string
	members := map[string][]*instance{}
	for k := range c.instances {
		i := &c.instances[k]
		for _, s := range i.services {
			if i.fate() == absent {
				continue
			}
			if members[s] == nil {
				services = append(services, s)
			}
			members[s] = append(members[s], i)
		}
	}
	var all topology.Findings
	for _, s := range services {
		all = append(all, c.notSpreadOne(s, members[s])...)
	}
	return all
}

func (c *cluster) notSpreadOne(service string, members []*instance) topology.Findings {
	on := map[int]int{}
	common := c.nodes[members[0].primary].locations
	var names, crowded []string
	for _, i := range members {
		on[i.primary]++
		common = shared(common, c.nodes[i.primary].locations)
		names = append(names, i.id())
	}
	for _, i := range members {
		if on[i.primary] > 1 {
			crowded = append(crowded, i.id())
		}
	}
	suspect := func(about []string, format string, args ...any) topology.Findings {
		return finding(topology.Suspect, NotSpread, "", about, format, args...)
	}
	switch {
	case len(members) == 1:
		return nil
	case len(on) == 1:
		return suspect(names, "all that have the exclusion tag %s run on %s", service, c.nodes[members[0].primary].id())
	case len(common) > 0:
		return suspect(names, "all that have the exclusion tag %s run in %s", service, c.called(common))
	default:
		return suspect(crowded, "on one node with others that have the exclusion tag %s", service)
	}
}
