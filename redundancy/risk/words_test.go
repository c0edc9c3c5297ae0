package risk

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// By need one server of ten is enough, though it takes seven to carry the load: who reads of a probability is told so.
func TestBeware(t *testing.T) {
	for _, c := range []struct {
		supply topology.Supply
		want   string
	}{
		{topology.Supply{}, "  beware             by need 1 of web-[01-10] is enough, but to carry 700 requests/s takes 7: see Collapse\n"},
		{topology.Supply{Need: 6}, "by need 6 of web-[01-10] is enough, but to carry 700 requests/s takes 7"},
		{topology.Supply{Base: 50, PerUnit: 1}, "to carry 750 requests/s takes 8"},
		{topology.Supply{Need: 7}, ""},
		{topology.Supply{Optional: true}, ""},
		{topology.Supply{Share: topology.Each}, ""},
	} {
		c.supply.Members = topology.Names{"web-[01-10]"}
		f := fleet(t,
			topology.Component{Name: "web-[01-10]", Capacity: 100, Failing: topology.Failing{Unavailability: .01}},
			topology.Component{Name: "users", Demand: 700, Unit: "requests/s", Supplies: []topology.Supply{c.supply}})
		a, err := Analyze(t.Context(), f, "users", Options{})
		require.NoError(t, err)
		if c.want == "" {
			require.NotContains(t, a.String(), "beware")
			continue
		}
		require.Contains(t, a.String(), c.want)
	}
}

// Few pairs are told one by one, what all take by its name.
func TestPointsInWords(t *testing.T) {
	pair := func(a, b string, takes ...string) Point {
		return Point{Group: []string{a, b}, Takes: takes, Count: len(takes)}
	}
	few := Points{pair("board-1", "board-2", "users"), pair("board-1", "board-3", "users")}
	require.Equal(t, "board-1 and board-2 together take users\nboard-1 and board-3 together take users", few.String())
	many := append(few, pair("board-1", "board-4", "users"), pair("board-1", "board-5", "users"), pair("board-1", "board-6", "users"))
	require.Equal(t, "5 pairs such as board-1 and board-2 together take users each", many.String())
	many[4].Takes, many[4].Count = topology.Names{"guests", "users"}, 2
	require.Equal(t, "5 pairs such as board-1 and board-2 together take 1 to 2 components each", many.String())
}

func TestLargeGroupInWords(t *testing.T) {
	var g Group
	for i := range 8 {
		g.Components = append(g.Components, fmt.Sprintf("web-%d", i+1))
	}
	require.Equal(t, "all 8 of web-[1-8]", g.String())
	g.Components = append(g.Components, "common cause of feed-[1-2]")
	require.Equal(t, "all 9 of web-[1-8], common cause of feed-[1-2]", g.String())
	g.Components = g.Components[5:]
	require.Equal(t, "web-6 + web-7 + web-8 + common cause of feed-[1-2]", g.String())
}
