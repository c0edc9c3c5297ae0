package netbox

import "github.com/ridethrough/ridethrough/topology"

// Findings collects what is found: the same said of many things becomes one finding about all of these.
type findings struct {
	list topology.Findings
	at   map[said]int
}

type said struct {
	class       topology.Class
	reason      topology.Reason
	field, text string
}

func (f *findings) add(class topology.Class, reason topology.Reason, field, text string, about ...string) {
	key := said{class, reason, field, text}
	i, there := f.at[key]
	if !there {
		if f.at == nil {
			f.at = map[said]int{}
		}
		i = len(f.list)
		f.at[key] = i
		f.list = append(f.list, topology.Finding{Class: class, Reason: reason, Field: field, Text: text})
	}
	for _, name := range about { // a device has several ports of which the same is said
		if had := f.list[i].About; len(had) == 0 || had[len(had)-1] != name {
			f.list[i].About = append(had, name)
		}
	}
}

func (f *findings) all() topology.Findings { return f.list }
