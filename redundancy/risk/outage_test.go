package risk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// Ten servers on two boards, eight of which are needed; power comes back, and then all boots, four at a time.
func TestOutages(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-1", Failing: topology.Failing{MTBF: 10_000 * time.Hour, MTTR: 2 * time.Hour}},
		{Name: "board-2", Failing: topology.Failing{MTBF: 10_000 * time.Hour, MTTR: 3 * time.Hour}},
		{Name: "web-[1-10]", Capacity: 100, Needs: topology.Names{"1 of board-[1-2]"}, Start: topology.Start{Boot: 3 * time.Minute}},
		{Name: "users", Demand: 1000, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"web-[1-10]"}}}},
	}}))
	a, err := Analyze(t.Context(), f, "users", Options{Failing: topology.Names{"board-[1-2]"}})
	require.NoError(t, err)
	outages, err := a.Outages(t.Context(), 3, restart.Options{AtOnce: map[string]int{"web-[1-10]": 4}})
	require.NoError(t, err)
	require.Len(t, outages, 1)
	o := outages[0]
	require.Equal(t, []string{"board-1", "board-2"}, o.Group.Components)
	require.InDelta(t, 72, o.Repair.Minutes(), 1e-9, "1/(1/2 + 1/3) hours")
	q1, q2 := 2./10_002, 3./10_003
	require.InDelta(t, (q2/10_002+q1/10_003)*8766, o.Frequency, 1e-12)
	require.InDelta(t, a.Frequency, o.Frequency, 1e-12, "there is no other group")
	require.InDelta(t, a.Lasts.Hours(), o.Repair.Hours(), 1e-9)
	require.Equal(t, 9*time.Minute, o.Restart)
	require.NoError(t, restart.Verify(t.Context(), f, o.Plan))
	require.NotEqual(t, cascade.Undetermined, o.Plan.Certainty)
	require.Equal(t, "board-1 + board-2: once in 2,283 years, for 1h12m until the first is repaired, and then 9m until all is served that can be", o.String())
}

// What the group takes down itself is not counted, and what cannot be served is told.
func TestOutagesOfDemands(t *testing.T) {
	rated := topology.Failing{MTBF: 10_000 * time.Hour, MTTR: 2 * time.Hour}
	of := func(demand float64) []string {
		f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "board", Failing: rated},
			{Name: "web-[1-10]", Capacity: 100, Needs: topology.Names{"board"}, Start: topology.Start{Boot: 3 * time.Minute}},
			{Name: "users", Demand: demand, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"web-[1-10]"}}}, Failing: rated},
		}}))
		a, err := Analyze(t.Context(), f, "users", Options{Failing: topology.Names{"board", "users"}})
		require.NoError(t, err)
		outages, err := a.Outages(t.Context(), 2, restart.Options{})
		require.NoError(t, err)
		require.Len(t, outages, 2)
		require.Empty(t, outages[0].Uncounted)
		require.Equal(t, topology.Names{"users"}, outages[1].Uncounted)
		return []string{outages[0].String(), outages[1].String()}
	}
	often := "once in 1.141 years, for 2h until it is repaired, "
	require.Equal(t, []string{
		"board: " + often + "and then 3m until all is served that can be",
		"users: " + often + "and nobody else asks to be served (not counting users)",
	}, of(1000))
	require.Equal(t, "board: "+often+"and then 3m until all is served that can be: 80 % of users", of(1250)[0])
}
