package restart_test

import (
	"strings"
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
		"  unserved      as if nobody were served for 2:00 (20 demand × minutes)\n  full service  2:00\n  finish        1:00\n"+steps, p.String())
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

// One component is spoken of as one.
func TestStringOfConditions(t *testing.T) {
	t.Parallel()
	one, many := topology.Names{"rack-1"}, topology.Names{"rack-[1-4]", "main"}
	for want, c := range map[string]restart.Condition{
		"rack-1 is ready":                                                         {What: one, Ready: 1},
		"any of rack-[1-4], main is ready":                                        {What: many, Ready: 1},
		"at least 3 of rack-[1-4], main are ready":                                {What: many, Ready: 3},
		"all of rack-[1-4], main are ready":                                       {What: many, Ready: 5},
		"rack-1 is not booting":                                                   {What: one, Settled: true},
		"none of rack-[1-4], main is booting":                                     {What: many, Settled: true},
		"rack-1 is not booting and it is ready":                                   {What: one, Settled: true, Ready: 1},
		"rack-1 is not loaded above 90 %":                                         {What: one, Below: .9},
		"none of rack-[1-4], main is loaded above 90 %":                           {What: many, Below: .9},
		"any of rack-[1-4], main is ready and none of these is loaded above 90 %": {What: many, Ready: 1, Below: .9},
	} {
		require.Equal(t, want, c.String())
	}
}

// Rungs of one time are one table, whose first row that holds counts.
func TestStringOfLadders(t *testing.T) {
	t.Parallel()
	asks := func(names string, ready int) restart.Condition {
		return restart.Condition{What: topology.Names{names}, Ready: ready}
	}
	rung := func(admit float64, all ...restart.Condition) restart.Step {
		return restart.Step{At: time.Minute, If: all, Do: restart.Admit, What: topology.Names{"users"}, Admit: admit}
	}
	wait := rung(.25, asks("web-[1-8]", 2), asks("gate", 1))
	wait.When = []restart.Condition{{What: topology.Names{"web-[1-8]"}, Settled: true}}
	other := rung(1, asks("web-[1-8]", 6))
	other.What = topology.Names{"batch"}
	p := &restart.Plan{Steps: []restart.Step{
		{Do: restart.PowerOn, What: topology.Names{"web-[1-8]", "gate"}},
		wait, rung(.5, asks("gate", 1), asks("web-[1-8]", 4)), rung(.5, asks("gate", 1), asks("web-[1-8]", 4)), rung(.75, asks("web-[1-8]", 6), asks("gate", 1), asks("db-[1-2]", 2)),
		other,
		rung(0), rung(.5, asks("gate", 1)), rung(1, asks("gate", 1), asks("server", 7)),
		rung(1, asks("gate", 1)), rung(1, restart.Condition{What: topology.Names{"gate"}, Ready: 1, Below: .5}),
	}}
	p.Steps[9].At, p.Steps[10].At = 2*time.Minute, 2*time.Minute
	require.Equal(t, `    1      0:00  power on web-[1-8], gate (9)
  2-5      1:00  when none of web-[1-8] is booting, if gate is ready: admit as much of users as is ready of web-[1-8] and of db-[1-2]:
                   6 of 8 and 2 of 2  75 %
                   4 of 8 and any     50 %
                   2 of 8 and any     25 %
                   fewer              leave it as it is
    6            if at least 6 of web-[1-8] are ready: admit 100 % of batch
  7-9            admit as much of users as is ready of gate and of server:
                   1 of 1 and 7    100 %
                   1 of 1 and any  50 %
                   fewer           0 %
   10      2:00  if gate is ready: admit 100 % of users
   11            if gate is ready and it is not loaded above 50 %: admit 100 % of users
`, strings.SplitAfterN(p.String(), "\n", 2)[1])
	lines, n := restart.Describe(nil)
	require.Empty(t, lines)
	require.Zero(t, n)
}

// What is unserved is told as an outage of all, as long as anything tells how much all is.
func TestStringOfUnserved(t *testing.T) {
	t.Parallel()
	all := []cascade.Served{{Demand: "users", Fraction: 1}}
	for want, p := range map[string]restart.Plan{
		"unserved      nothing\n": {Asked: 10, Served: all},
		"unserved      as if nobody were served for 37:30 (3,750 req/s × minutes); nothing safe leaves less\n": {
			Asked: 100, Unit: "req/s", Unserved: 3_750, LeastPossible: 3_750, Served: all},
		"unserved      as if nobody were served for 37:30 (3,750 demand × minutes, by value); nothing safe leaves less than 10:00\n": {
			Asked: 100, Value: map[string]float64{"users": 2}, Unserved: 3_750, LeastPossible: 1_000, Served: all},
		"unserved      as if nobody were served for 0:01.5 (2.5 demand × minutes); nothing safe leaves less than 2.499 demand × minutes\n": {
			Asked: 100, Unserved: 2.5, LeastPossible: 2.499, Served: all},
		"unserved      until 2:00 as if nobody were served for 1:00 (100 demand × minutes); nothing safe leaves less\n": {
			Asked: 100, Unserved: 100, LeastPossible: 100, Full: 2 * time.Minute, Served: []cascade.Served{{Demand: "users", Fraction: .5}}},
		"unserved      100 demand × minutes; nothing safe leaves less\n": {Unserved: 100, LeastPossible: 100, Served: all},
	} {
		p.Certainty = cascade.Bounded
		require.Contains(t, p.Summary(), want)
	}
	require.Zero(t, (&restart.Plan{Unserved: 5}).Outage())
	require.Equal(t, 30*time.Second, (&restart.Plan{Unserved: 5, Asked: 10}).Outage())
}

// Forty demands served alike are told in one.
func TestPlanOfManyDemands(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[01-40]", Kind: "feed", Capacity: 10},
		{Name: "rack-[01-40]", Demand: 5, Supplies: []topology.Supply{{Members: topology.Names{"feed-{1}"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("feed-07"), restart.Options{})
	require.Contains(t, p.String(), "The way back from feed-07, if all of it can be started right away: 2 steps; in the end 100 % of rack-[01-40] is served.\n")
	p.Served[1].Fraction = .9999997
	require.Contains(t, p.String(), "in the end 100 % of rack-01 is served; in the end 99.99997 % of rack-02 is served; in the end 100 % of rack-[03-40] is served.\n")
}
