package restart_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

const minute = time.Minute

// hundred is the seed case: 100 servers of 100 on boards of 30, 30, 20 and 20, and users of 8,000.
// The loss of board-1 leaves 70 servers with 114.3 each: all of them trip.
func hundred(change func(*topology.Spec)) *topology.Topology {
	spec := topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: []string{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: []string{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: []string{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: []string{"board-4"}},
			{Name: "users", Demand: 8_000, Unit: "requests/s", Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}
	if change != nil {
		change(&spec)
	}
	return topology.Must(topology.New(spec))
}

func kind(s *topology.Spec, change func(*topology.Component)) {
	c := s.Kinds["server"]
	change(&c)
	s.Kinds["server"] = c
}

func on(at time.Duration, what ...string) restart.Step {
	return restart.Step{At: at, Do: restart.PowerOn, What: what}
}

func in(at time.Duration, what ...string) restart.Step {
	return restart.Step{At: at, Do: restart.Rotate, What: what}
}

func admit(at time.Duration, fraction float64) restart.Step {
	return restart.Step{At: at, Do: restart.Admit, What: topology.Names{"users"}, Admit: fraction}
}

func lost(steps ...restart.Step) *restart.Plan {
	return &restart.Plan{
		Scenario: cascade.Lose("board-1"), Return: map[string]time.Duration{"board-1": 26 * minute}, Steps: steps,
	}
}

// check verifies a plan; "" is safe.
func check(t *testing.T, fleet *topology.Topology, p *restart.Plan) (restart.Reason, *restart.Violation) {
	t.Helper()
	err := restart.Verify(context.Background(), fleet, p)
	if err == nil {
		return "", nil
	}
	var v *restart.Violation
	require.True(t, errors.As(err, &v), "%v", err)
	return v.Reason, v
}

func TestVerifyThresholdOfAdmission(t *testing.T) {
	// 70 servers of 100 carry 7,000 of 8,000: 87.5 %.
	fleet := hundred(nil)
	for _, c := range []struct {
		fraction float64
		want     restart.Reason
	}{{.874, ""}, {.875, ""}, {.875 * (1 + .5e-9), ""}, {.875 * (1 + 3e-9), restart.Overload}, {.876, restart.Overload}} {
		got, v := check(t, fleet, lost(on(0, "chat-[031-100]"), in(0, "chat-[031-100]"), admit(0, c.fraction)))
		require.Equal(t, c.want, got, "%v: %v", c.fraction, v)
		if v != nil {
			require.Equal(t, 2, v.Step)
			require.Equal(t, "chat-031", v.Failure.Component)
			require.InDelta(t, c.fraction*8000/70, v.Failure.Load, 1e-9)
			require.Equal(t, 100., v.Failure.Capacity)
		}
	}
}

func TestVerifyStartsThatAreNotAllowed(t *testing.T) {
	fleet := hundred(func(s *topology.Spec) { kind(s, func(c *topology.Component) { c.Start.Boot = 2 * minute }) })
	for _, c := range []struct {
		name  string
		steps []restart.Step
		step  int
		at    time.Duration
		want  restart.Reason
		says  string
	}{
		{"before it returns", []restart.Step{on(26*minute-1, "board-1")}, 0, 26*minute - 1, restart.TooEarly, "before 26:00"},
		{"when it returns", []restart.Step{on(26*minute, "board-1", "chat-[001-030]")}, 0, 0, "", ""},
		{"before its board", []restart.Step{on(0, "chat-031"), on(25*minute, "chat-001")}, 1, 25 * minute, restart.NeedNotMet, "board-1 is not ready"},
		{"boots", []restart.Step{on(0, "chat-031"), in(2*minute-1, "chat-031")}, 1, 2*minute - 1, restart.NotReady, "booting"},
		{"booted", []restart.Step{on(0, "chat-031"), in(2*minute, "chat-031")}, 0, 0, "", ""},
		{"down", []restart.Step{in(0, "chat-031")}, 0, 0, restart.NotReady, "down"},
		{"twice", []restart.Step{on(0, "chat-031"), on(0, "server[]")}, 1, 0, restart.Unknown, "server"},
		{"twice on", []restart.Step{on(0, "chat-031"), on(0, "chat-031"), on(minute, "chat-031"), on(3*minute, "chat-031"), in(4*minute, "chat-031"), in(5*minute, "chat-031")}, 0, 0, "", ""},
		{"unknown", []restart.Step{on(0, "chat-031"), on(minute, "chat-101")}, 1, minute, restart.Unknown, "chat-101"},
		{"nothing", []restart.Step{{Do: restart.PowerOn}}, 0, 0, restart.Unknown, "power on"},
		{"no action", []restart.Step{{Do: "jump", What: topology.Names{"users"}}}, 0, 0, restart.BadStep, "jump"},
		{"before 0", []restart.Step{on(-1, "chat-031")}, 0, -1, restart.BadTime, "begins at 0"},
		{"fraction", []restart.Step{admit(0, 1.1)}, 0, 0, restart.BadAdmit, "1.1"},
		{"not gated", []restart.Step{{Do: restart.Admit, What: topology.Names{"chat-031"}, Admit: .5}}, 0, 0, restart.NotGated, "no demand"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, v := check(t, fleet, lost(c.steps...))
			require.Equal(t, c.want, got, "%v", v)
			if v != nil {
				require.Equal(t, c.step, v.Step)
				require.Equal(t, c.at, v.At)
				require.Contains(t, v.Error(), c.says)
			}
		})
	}
}

func TestVerifyAtOnceIsHalfOpen(t *testing.T) {
	fleet := hundred(func(s *topology.Spec) { kind(s, func(c *topology.Component) { c.Start.Boot = 2 * minute }) })
	p := lost(on(0, "chat-[031-040]"), on(2*minute, "chat-[041-050]"))
	p.AtOnce = map[string]int{"server": 10}
	got, v := check(t, fleet, p)
	require.Empty(t, got, "%v", v)
	p.Steps[1].At--
	got, v = check(t, fleet, p)
	require.Equal(t, restart.TooMany, got)
	require.Contains(t, v.Error(), "20 at once: at most 10 may")
}

func TestVerifyInrush(t *testing.T) {
	// A board of 1,000 W carries servers of 100 W that draw 250 W while they boot. Two ready and three booting draw
	// 950 W, and four booting exactly 1,000 W; two ready and four booting would draw 1,200 W.
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 1000, Unit: "W"},
		{Name: "s-[1-8]", Kind: "server", Capacity: 10, Start: topology.Start{Boot: minute},
			Supplies: []topology.Supply{{Members: []string{"board"}, Base: 100, Inrush: 150}}},
		{Name: "users", Demand: 10, Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}))
	plan := func(steps ...restart.Step) *restart.Plan {
		return &restart.Plan{Scenario: cascade.Lose("board"), Steps: append([]restart.Step{on(0, "board")}, steps...)}
	}
	for _, c := range []struct {
		steps []restart.Step
		want  restart.Reason
	}{
		{[]restart.Step{on(0, "s-[1-4]")}, ""},
		{[]restart.Step{on(0, "s-[1-5]")}, restart.Overload},
		{[]restart.Step{on(0, "s-[1-2]"), on(minute, "s-[3-5]")}, ""},
		{[]restart.Step{on(0, "s-[1-2]"), on(minute-1, "s-[3-5]")}, restart.Overload},
		{[]restart.Step{on(0, "s-[1-2]"), on(minute, "s-[3-6]")}, restart.Overload},
	} {
		got, v := check(t, fleet, plan(c.steps...))
		require.Equal(t, c.want, got, "%v", v)
	}
}

func TestVerifyColdAndSurge(t *testing.T) {
	// Half cold for ten minutes: 70 servers carry 3,500 at once, 7,000 · (.5 + .05 t) after t minutes.
	cold := hundred(func(s *topology.Spec) {
		kind(s, func(c *topology.Component) { c.Start = topology.Start{Cold: .5, WarmUp: 10 * minute} })
	})
	up := []restart.Step{on(0, "chat-[031-100]"), in(0, "chat-[031-100]")}
	for at, fraction := range map[time.Duration]float64{0: .4375, 4 * minute: .6125, 10 * minute: .875, 20 * minute: .875} {
		got, v := check(t, cold, lost(append(up, admit(at, fraction))...))
		require.Empty(t, got, "%v", v)
		got, _ = check(t, cold, lost(append(up, admit(at, fraction+1e-6))...))
		require.Equal(t, restart.Overload, got)
	}
	// A surge of 1 with a decay of 10 minutes: f admitted at 0 is 2 f; .4375 of 8,000 twice is 7,000. After 10 minutes .4375 more
	// would be .4375 (1 + 1/e) + Δ (1 + 1): Δ = (.875 − .4375 (1 + 1/e))/2 = .13826.
	surge := hundred(func(s *topology.Spec) { s.Components[5].Reopen = topology.Reopen{Surge: 1, Decay: 10 * minute} })
	got, v := check(t, surge, lost(append(up, admit(0, .4375), admit(10*minute, .4375+.138276))...))
	require.Empty(t, got, "%v", v)
	got, _ = check(t, surge, lost(append(up, admit(0, .4375), admit(10*minute, .4375+.138277))...))
	require.Equal(t, restart.Overload, got)
	got, _ = check(t, surge, lost(append(up, admit(0, .4376))...))
	require.Equal(t, restart.Overload, got)
	// Lowering adds nothing, and raising again surges again.
	got, v = check(t, surge, lost(append(up, admit(0, .4375), admit(minute, .2), admit(2*minute, .2))...))
	require.Empty(t, got, "%v", v)
	got, _ = check(t, surge, lost(append(up, admit(0, .4375), admit(minute, .2), admit(2*minute, .4375))...))
	require.Equal(t, restart.Overload, got)
}

func TestVerifyUngated(t *testing.T) {
	// 8,000 hit whatever is in rotation: 79 servers fall, 80 hold.
	fleet := hundred(func(s *topology.Spec) { s.Components[5].Gated = false })
	plan := func(n string) *restart.Plan {
		return lost(on(0, "chat-[031-100]"), on(26*minute, "board-1", "chat-[001-030]"), in(26*minute, "chat-[001-"+n+"]"))
	}
	got, v := check(t, fleet, plan("080"))
	require.Empty(t, got, "%v", v)
	got, v = check(t, fleet, plan("079"))
	require.Equal(t, restart.Overload, got)
	require.InDelta(t, 8000./79, v.Failure.Load, 1e-9)
	p := plan("080")
	require.NoError(t, p.Measure(context.Background(), fleet))
	require.Equal(t, 26.*8000, p.Unserved)
	require.Equal(t, 26*minute, p.Full)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: 1}}, p.Served)
	p.Steps = append(p.Steps, admit(30*minute, .5))
	got, _ = check(t, fleet, p)
	require.Equal(t, restart.NotGated, got)
}

func TestVerifyOverloadBeforeAnyStep(t *testing.T) {
	// It sheds, so the cascade ends with it overloaded.
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s", Capacity: 10, Overload: topology.Overload{Shed: true}},
		{Name: "users", Demand: 20, Gated: true, Supplies: []topology.Supply{{Members: []string{"s"}}}},
	}}))
	for _, steps := range [][]restart.Step{nil, {admit(minute, .5)}, {admit(0, .6)}} {
		got, v := check(t, fleet, &restart.Plan{Steps: steps})
		require.Equal(t, restart.Overload, got)
		require.Equal(t, -1, v.Step)
		require.Contains(t, v.Error(), "before any step")
	}
	got, v := check(t, fleet, &restart.Plan{Steps: []restart.Step{admit(0, .5)}})
	require.Empty(t, got, "%v", v)
}

func TestVerifyProportionalBetweenEvents(t *testing.T) {
	// Servers a (warm, 100) and b (100, from none over 10 minutes) share 100 by capacity: b takes 100 x/(1+x), x the warm part.
	// Behind b a board of c is overloaded once x/(1+x) > c/100: at c = 40 from x = 2/3 on, 6 minutes 40 seconds.
	fleet := func(c float64) *topology.Topology {
		return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "board", Capacity: c},
			{Name: "a", Kind: "server", Capacity: 100},
			{Name: "b", Kind: "server", Capacity: 100, Start: topology.Start{WarmUp: 10 * minute}, Supplies: []topology.Supply{{Members: []string{"board"}}}},
			{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: []string{"server"}, Share: topology.Proportional}}},
		}}))
	}
	plan := &restart.Plan{Scenario: cascade.Lose("b"), Steps: []restart.Step{on(0, "b"), in(0, "b")}}
	got, v := check(t, fleet(40), plan)
	require.Equal(t, restart.Overload, got)
	require.InDelta(t, 400, v.At.Seconds(), .2)
	require.Equal(t, "board", v.Failure.Component)
	got, v = check(t, fleet(50), plan)
	require.Empty(t, got, "%v", v)
}

func TestPlanJSON(t *testing.T) {
	p := lost(on(26*minute, "chat-[001-010]"), admit(26*minute, 0), on(27*minute, "a", "b"))
	p.Return["board-2"] = -1
	p.Value = map[string]float64{"users": 2}
	p.Served = []cascade.Served{{Demand: "users", Fraction: .5}}
	p.Deadlocks = []restart.Deadlock{{Members: topology.Names{"a", "b"}, Size: 2, Cycle: true, Least: 2}}
	p.Break, p.BreakCost, p.BreakBound = []restart.Need{{Owner: topology.Names{"a"}, Needs: topology.Names{"b"}, Cost: 1}}, 1, 1
	p.Repair, p.Untried = []restart.Repair{{What: topology.Names{"c"}, Others: 1, Served: p.Served, Value: .5}}, 2
	p.Grid, p.Full, p.Earliest = minute, 3*minute, time.Second
	data, err := json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(data), `{"at":"26m0s","do":"power on","what":"chat-[001-010]"}`)
	require.Contains(t, string(data), `"admit":0`)
	require.Contains(t, string(data), `"board-2":"never"`)
	var back restart.Plan
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, *p, back)
	require.ErrorContains(t, json.Unmarshal([]byte(`{"stops":[]}`), &back), "stops")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"steps":[{"at":"soon"}]}`), &back), "soon")
}
