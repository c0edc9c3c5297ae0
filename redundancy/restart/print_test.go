package restart_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A plan that somebody has written claims nothing that has not been measured.
func TestStringOfHandWritten(t *testing.T) {
	t.Parallel()
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "web", Capacity: 10}, {Name: "users", Demand: 10, Gated: true, Supplies: []topology.Supply{{Members: []string{"web"}}}},
	}}))
	p := &restart.Plan{Scenario: cascade.Lose("web"), AtOnce: map[string]int{"web": 1}, Steps: []restart.Step{
		{At: time.Minute, Do: restart.PowerOn, What: topology.Names{"web"}}, {At: time.Minute, Do: restart.Rotate, What: topology.Names{"web"}},
		{At: 2 * time.Minute, Do: restart.Admit, What: topology.Names{"users"}, Admit: 1},
	}}
	steps := "  1      1:00  power on web\n  2            rotate in web\n  3      2:00  admit 100 % of users\n"
	require.Equal(t, "The way back from web: 3 steps.\n"+steps, p.String())
	require.NoError(t, p.Measure(t.Context(), fleet))
	require.Equal(t, "The way back from web: 3 steps; in the end 100 % of users is served.\n"+
		"  unserved      20 demand × minutes\n  full service  2:00\n  finish        1:00\n"+steps, p.String())
}

// What is not all is not told as all, so that what takes a step back differs from it.
func TestStringOfAdmittingAlmostAll(t *testing.T) {
	t.Parallel()
	for admit, want := range map[float64]string{
		1: "100 %", 0.5: "50 %", 0.9999: "99.99 %", 0.99996: "99.996 %", 0.9999997: "99.99997 %",
	} {
		s := restart.Step{Do: restart.Admit, What: topology.Names{"users"}, Admit: admit}
		require.Equal(t, "admit "+want+" of users", s.String())
	}
}
