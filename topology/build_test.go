package topology_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func to(patterns ...string) topology.Supply { return topology.Supply{Members: patterns} }

// with is a fleet of x with the given, y with a capacity of 10, and z-1 to z-3 of kind z.
func with(x topology.Component) topology.Spec {
	if x.Name == "" {
		x.Name = "x"
	}
	return topology.Spec{Components: []topology.Component{
		x, {Name: "y", Capacity: 10, Unit: "W", Labels: map[string]string{"zone": "a"}}, {Name: "z-[1-3]", Kind: "z", Capacity: 10},
	}}
}

func supplied(s topology.Supply) topology.Spec { return with(topology.Component{Supplies: []topology.Supply{s}}) }

// Everything that can be wrong, word for word.
func TestFaults(t *testing.T) {
	second := time.Second
	for _, test := range []struct {
		spec topology.Spec
		want string
	}{
		{topology.Spec{}, ``},
		{with(topology.Component{Capacity: -1}), ``},
		{with(topology.Component{Demand: math.NaN()}), ``},
		{with(topology.Component{Capacity: math.Inf(1)}), ``},
		{with(topology.Component{Overload: topology.Overload{After: -second}}), ``},
		{with(topology.Component{Overload: topology.Overload{Curve: "XI"}}), ``},
		{with(topology.Component{Overload: topology.Overload{After: second, Curve: topology.SI}}), ``},
		{with(topology.Component{Overload: topology.Overload{TMS: 2}}), ``},
		{with(topology.Component{Start: topology.Start{Cold: 1.5, WarmUp: second}}), ``},
		{with(topology.Component{Start: topology.Start{Cold: .5}}), ``},
		{with(topology.Component{Reopen: topology.Reopen{Surge: 1}}), ``},
		{with(topology.Component{Failing: topology.Failing{Unavailability: 1.1}}), ``},
		{with(topology.Component{Failing: topology.Failing{MTBF: second}}), ``},
		{with(topology.Component{Failing: topology.Failing{Unavailability: .1, MTBF: second, MTTR: second}}), ``},
		{with(topology.Component{Needs: topology.Names{"4 of z"}}), ``},
		{with(topology.Component{Needs: topology.Names{"0 of z"}}), ``},
		{with(topology.Component{Needs: topology.Names{"w"}}), ``},
		{with(topology.Component{Needs: topology.Names{"zone=b"}}), ``},
		{with(topology.Component{StartNeeds: topology.Names{"z-[1-4]"}}), ``},
		{with(topology.Component{Needs: topology.Names{"z-[1"}}), ``},
		{with(topology.Component{Name: "y"}), ``},
		{with(topology.Component{Name: "z"}), ``},
		{with(topology.Component{Name: "x-[1,1]"}), ``},
		{with(topology.Component{Name: "x-[3-1]"}), ``},
		{supplied(to()), ``},
		{supplied(to("w")), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Need: 4}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Need: -1}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Need: 1, Optional: true}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, PerUnit: -2}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Share: "fair"}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Limit: .5}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Overprovision: 2}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Weights: []float64{1}}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z", "y"}, Share: topology.Weighted, Weights: []float64{1}}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z", "y"}, Share: topology.Weighted, Weights: []float64{0, 0}}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z", "y"}, Share: topology.Weighted, Weights: []float64{1, -1}}), ``},
		{supplied(topology.Supply{Members: topology.Names{"z", "z-1"}, Share: topology.Tiered}), ``},
		{with(topology.Component{Name: "u-[1-2]", Supplies: []topology.Supply{to("u-2")}}), ``},
		{topology.Spec{Components: []topology.Component{{Name: "a"}, {Name: "b", Supplies: []topology.Supply{{Members: topology.Names{"a"}, Share: topology.Proportional}}}}}, ``},
		{topology.Spec{Components: []topology.Component{{Name: "a"}, {Name: "b", Supplies: []topology.Supply{{Members: topology.Names{"a"}, Share: topology.Waterfall}}}}}, ``},
		{with(topology.Component{Unit: "VA", Supplies: []topology.Supply{to("y")}}), ``},
		{with(topology.Component{Demand: 1}), ``},
		{with(topology.Component{Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"y"}, Base: 1}}}), ``},
		{topology.Spec{Components: []topology.Component{
			{Name: "a", Supplies: []topology.Supply{to("b")}}, {Name: "b", Supplies: []topology.Supply{to("c")}}, {Name: "c", Supplies: []topology.Supply{to("a")}},
		}}, ``},
		{topology.Spec{Components: []topology.Component{
			{Name: "bus-1", Needs: topology.Names{"1 of grid,bus-2"}}, {Name: "bus-2", Needs: topology.Names{"bus-1"}}, {Name: "grid"},
		}}, ``},
		{topology.Spec{Components: []topology.Component{
			{Name: "grid"}, {Name: "bus-1", Supplies: []topology.Supply{to("grid", "tie")}}, {Name: "tie", Needs: topology.Names{"bus-1"}},
		}}, ``},
		{with(topology.Component{Name: "x-[1-20000000]"}), ``},
		{topology.Spec{Kinds: map[string]topology.Component{"k": {Capacity: -1, Name: "k", Kind: "l"}, "": {}}, Components: []topology.Component{{Name: "x"}, {}}}, ``},
	} {
		_, err := topology.New(test.spec)
		println(err.Error())
		println()
	}
}

var _ = errors.As
var _ = slices.Sort[[]int]
var _ = strings.Cut
var _ = require.Equal
