package spare_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// breakers is six servers of 15 on three boards of two, each board with a breaker for 22.
func breakers(overload topology.Overload) topology.Spec {
	server := func(name, board string) component {
		return component{Name: name, Kind: "server", Capacity: 15, Overload: topology.Overload{After: time.Hour}, Supplies: drawsOn(board)}
	}
	return topology.Spec{Components: []component{
		{Name: "board-[1-3]", Kind: "board", Capacity: 22, Unit: "W", Overload: overload},
		server("s-[1-2]", "board-1"),
		server("s-[3-4]", "board-2"),
		server("s-[5-6]", "board-3"),
		{Name: "users", Demand: 60, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
}

func drawsOn(board string) []topology.Supply {
	return []topology.Supply{{Members: topology.Names{board}, PerUnit: 1}}
}

func inTime(t *testing.T, s topology.Spec, scenario cascade.Scenario) (*topology.Topology, *spare.Timeline) {
	top := topology.Must(topology.New(s))
	line, err := spare.ShedInTime(ctx, top, scenario, nil)
	require.NoError(t, err)
	return top, line
}

// Without a server of board 1, 60 are shared by five: 12 each, 24 of 22 W on boards 2 and 3, which hold with 11 each, 55: 5
// of 60 are to be refused; three servers on three boards would carry 45. They trip after 40 s together; then s-2 is left, and 45 are
// refused. Its board trips 40 s later.
func TestInTimeWithDelays(t *testing.T) {
	_, line := inTime(t, breakers(topology.Overload{After: 40 * time.Second}), cascade.Lose("s-1"))
	require.Len(t, line.Stages, 3)
	require.Equal(t, 40*time.Second, line.Stages[0].By)
	require.InDelta(t, 5, line.Stages[0].Shed.Lost, 1e-6)
	require.Equal(t, topology.Names{"board-[2-3]"}, line.Stages[1].Tripped)
	require.Equal(t, 40*time.Second, line.Stages[1].From)
	require.Equal(t, 80*time.Second, line.Stages[1].By)
	require.InDelta(t, 45, line.Stages[1].Shed.Lost, 1e-6)
	require.True(t, line.Stages[2].Open)
	require.Equal(t, 60.0, line.Stages[2].Shed.Lost)
	require.Equal(t, `s-1:
  by 40s      refuse 8.333 % of users, and the other 5 servers live (exact).
  by 1m20s    without board-[2-3]: refuse 75 % of users, and the one other server lives (exact).
  after that  without board-1: refuse 100 % of users (exact). No server that is left in rotation can serve users.
What comes later may depend on which component trips first.`, line.String())
}

// The same with EI: t = 80/(r²−1). r = 24/22 gives 420.8 s, then 60/22 12.43 s.
func TestInTimeWithCurves(t *testing.T) {
	top, line := inTime(t, breakers(topology.Overload{Curve: topology.EI}), cascade.Lose("s-1"))
	require.Len(t, line.Stages, 3)
	first := 80 / (24.0/22*24/22 - 1)
	require.InDelta(t, first, line.Stages[0].By.Seconds(), 1e-6)
	require.InDelta(t, first+80/(60.0/22*60/22-1), line.Stages[1].By.Seconds(), 1e-6)
	for _, s := range line.Stages[:2] {
		acted := s.Shed.Scenario
		acted.Load = s.Shed.Admit[0].Fraction
		o, err := cascade.Run(top, acted)
		require.NoError(t, err)
		require.Equal(t, cascade.Holds, o.Verdict, "nothing wears any more, whatever has worn until then")
		acted.Load *= 1 + 1e-6
		o, err = cascade.Run(top, acted)
		require.NoError(t, err)
		require.NotEqual(t, cascade.Holds, o.Verdict)
	}
}

// What trips at once leaves no time.
func TestInTimeAtOnce(t *testing.T) {
	_, line := inTime(t, breakers(topology.Overload{}), cascade.Lose("s-1"))
	require.Len(t, line.Stages, 2)
	require.Zero(t, line.Stages[0].By)
	require.False(t, line.Stages[0].Open)
	require.InDelta(t, 5, line.Stages[0].Shed.Lost, 1e-6)
	require.Equal(t, topology.Names{"board-[1-3]"}, line.Stages[1].Tripped)
	require.Equal(t, `s-1:
  beforehand, for it trips at once  refuse 8.333 % of users, and the other 5 servers live (exact).
  after that                        without board-[1-3]: refuse 100 % of users (exact). No server that is left in rotation can serve users.
What comes later may depend on which component trips first.`, line.String())
}

func TestInTimeWhereNothingHappens(t *testing.T) {
	_, line := inTime(t, breakers(topology.Overload{}), cascade.Scenario{})
	require.Equal(t, "nothing lost:\n  at any time  nothing needs to be refused (exact).", line.String())
}

// A demand that trips itself is refused as others are.
func TestInTimeCountsDemandsThatTrip(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "s-1", Capacity: 100},
		{Name: "users", Demand: 60, Capacity: 50, Overload: topology.Overload{After: time.Minute}, Supplies: []topology.Supply{{Members: topology.Names{"s-1"}}}},
	}}
	_, line := inTime(t, s, cascade.Scenario{})
	require.Len(t, line.Stages, 2)
	require.InDelta(t, 10, line.Stages[0].Shed.Lost, 1e-6)
	require.Equal(t, time.Minute, line.Stages[0].By)
	require.Equal(t, 60.0, line.Stages[1].Shed.Lost)
}

// Twenty boards trip one after the other, each after its own delay, the first the soonest.
func TestInTimeTellsADozenStages(t *testing.T) {
	var s topology.Spec
	for i := range 20 {
		name := string(rune('a' + i))
		s.Components = append(s.Components,
			component{Name: name, Kind: "board", Capacity: 1, Overload: topology.Overload{After: time.Duration(i+1) * time.Second}},
			component{Name: "s-" + name, Kind: "server", Capacity: 1000, Supplies: drawsOn(name)})
	}
	s.Components = append(s.Components, demand(40))
	_, line := inTime(t, s, cascade.Scenario{})
	require.Len(t, line.Stages, 12)
	require.Equal(t, 9, line.Skipped)
	require.True(t, line.Stages[11].Open)
	require.Contains(t, line.String(), "\n  …           (9 more trips)\n  after that")
}

func TestTimelineAsJSON(t *testing.T) {
	_, line := inTime(t, breakers(topology.Overload{After: 40 * time.Second}), cascade.Lose("s-1"))
	data, err := json.Marshal(line)
	require.NoError(t, err)
	require.Contains(t, string(data), `"from":"40s","by":"1m20s","tripped":"board-[2-3]","shed":{`)
	var back spare.Timeline
	require.NoError(t, json.Unmarshal(data, &back))
	again, err := json.Marshal(&back)
	require.NoError(t, err)
	require.Equal(t, string(data), string(again))
	require.Equal(t, line.String(), back.String())
}
