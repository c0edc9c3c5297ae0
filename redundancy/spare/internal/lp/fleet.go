package lp

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A Fleet is one demand, shared equally by all servers, which are on boards, and these on UPSs; what may be bought for
// it; and what is lost. Demand and capacities are whole, what servers and boards draw whole or quarters, so that no load
// is nearer to a capacity than solvers in floating point can tell.
type Fleet struct {
	Demand    float64
	Need      int // servers that must be up
	Sources   []Source
	Servers   []Group
	Offers    []Offer
	Family    string     // of scenarios, as text,
	Scenarios [][]string // and what each of them loses, by name
}

// A Source is a board or a UPS.
type Source struct {
	Name, Kind    string
	Capacity      float64 // 0 is no limit
	On            []int   // the sources that it draws on in equal parts, all of them earlier ones; one must be up
	Base, PerUnit float64 // that it draws; PerUnit is not 0 if it is on any
}

// A Group is servers that are alike, NAME-1 to NAME-COUNT.
type Group struct {
	Name          string
	Count         int
	Capacity      float64
	On            []int   // the sources that each draws on in equal parts
	Need          int     // of which so many must be up
	Base, PerUnit float64 // that each draws; with PerUnit 0 it draws nothing, and only needs them
}

// An Offer is a server more like one of a group, or By more capacity for every source For whose name or kind it is that
// has one. No two are for the same source.
type Offer struct {
	Like  string   `json:"like,omitempty"`
	Needs []string `json:"needs,omitempty"` // all of these sources instead of those it is on, of a group that draws nothing
	For   string   `json:"for,omitempty"`
	By    float64  `json:"by,omitempty"`
	Cost  float64  `json:"cost,omitempty"`
	Most  int      `json:"most,omitempty"` // 0 is no limit
}

// First returns the name of the first server of a group.
func (g *Group) First() string { return g.Name + "-1" }

// Spec returns the fleet as people write it.
func (f *Fleet) Spec() topology.Spec {
	var s topology.Spec
	for _, x := range f.Sources {
		c := topology.Component{Name: x.Name, Kind: x.Kind, Capacity: x.Capacity, Unit: "W"}
		if len(x.On) > 0 {
			c.Supplies = []topology.Supply{{Members: f.names(x.On), Base: x.Base, PerUnit: x.PerUnit}}
		}
		s.Components = append(s.Components, c)
	}
	for _, g := range f.Servers {
		c := topology.Component{Name: fmt.Sprintf("%s-[1-%d]", g.Name, g.Count), Kind: "server", Capacity: g.Capacity, Unit: "requests/s"}
		if g.PerUnit > 0 {
			c.Supplies = []topology.Supply{{Members: f.names(g.On), Need: g.Need, Base: g.Base, PerUnit: g.PerUnit}}
		} else {
			c.Needs = topology.Names{fmt.Sprintf("%d of [%s]", g.Need, strings.Join(f.names(g.On), ","))}
		}
		s.Components = append(s.Components, c)
	}
	s.Components = append(s.Components, topology.Component{Name: "users", Demand: f.Demand, Unit: "requests/s",
		Supplies: []topology.Supply{{Members: topology.Names{"server"}, Need: f.Need}}})
	return s
}

func (f *Fleet) names(sources []int) topology.Names {
	names := make(topology.Names, len(sources))
	for i, x := range sources {
		names[i] = f.Sources[x].Name
	}
	return names
}
