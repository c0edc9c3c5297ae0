package restart_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// two are waves of servers of 10 that boot for three and five minutes, on a board, and users of 40.
func two(change func(*topology.Component)) *topology.Topology {
	users := topology.Component{Name: "users", Demand: 40, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}}
	if change != nil {
		change(&users)
	}
	supplies := []topology.Supply{{Members: topology.Names{"board"}, Base: 1, PerUnit: .1, Inrush: 3}}
	return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 14},
		{Name: "a-[1-2]", Kind: "s", Capacity: 10, Supplies: supplies, Start: topology.Start{Boot: 3 * minute}},
		{Name: "b-[1-2]", Kind: "s", Capacity: 10, Supplies: supplies, Start: topology.Start{Boot: 5 * minute}},
		users,
	}}))
}

func when(s restart.Step, c ...restart.Condition) restart.Step { s.When = c; return s }

func iff(s restart.Step, c ...restart.Condition) restart.Step { s.If = c; return s }

func settled(what ...string) restart.Condition { return restart.Condition{What: what, Settled: true} }

func ready(n int, what ...string) restart.Condition { return restart.Condition{What: what, Ready: n} }

func below(f float64, what ...string) restart.Condition {
	return restart.Condition{What: what, Below: f}
}

// waves brings a back for a half, and then b for the rest.
func waves() *restart.Plan {
	return &restart.Plan{Scenario: cascade.Lose("s"), Grid: minute, Steps: []restart.Step{
		on(0, "a-[1-2]"),
		when(in(3*minute, "a-[1-2]"), ready(2, "a-[1-2]")), admit(3*minute, .5), on(3*minute, "b-[1-2]"),
		when(in(8*minute, "b-[1-2]"), settled("b-[1-2]")), admit(8*minute, 1),
	}}
}

func measured(t *testing.T, fleet *topology.Topology, p *restart.Plan) *restart.Plan {
	t.Helper()
	require.NoError(t, p.Measure(t.Context(), fleet))
	return p
}

func TestConditionsThatHoldChangeNothing(t *testing.T) {
	p := measured(t, two(nil), waves())
	require.Equal(t, 8*minute, p.Full)
	require.Equal(t, 40*3.+20*5, p.Unserved)
}

// The clock stands still until 3:30; the admission of that time waits for 4:00, and all that follows for as long.
func TestStepsWaitForThoseBefore(t *testing.T) {
	p := waves()
	p.Steps[1].At, p.Steps[2].At, p.Steps[3].At = minute, minute, minute
	p.Steps[0].At = 30 * time.Second
	measured(t, two(nil), p)
	require.Equal(t, 11*minute, p.Full) // 8:00 and the three minutes that the plan's clock stood still
	require.Equal(t, 9*minute, p.Finish)
	require.Equal(t, 40*4.+20*7, p.Unserved)
}

func TestStepsWhoseConditionNeverHolds(t *testing.T) {
	p := waves()
	p.Steps[0] = on(0, "a-1")
	p.Steps[1].What = topology.Names{"a-1"}
	measured(t, two(nil), p)
	require.Zero(t, p.Served[0].Fraction) // safe: nothing after the start of a-1 is done
	require.Equal(t, 3*minute, p.Finish)

	p.Steps[5].Admit = 2 // of a step that is never reached
	reason, v := check(t, two(nil), p)
	require.Equal(t, restart.BadAdmit, reason)
	require.Equal(t, 5, v.Step)
}

// What cannot enter rotation stays out; what was left out is not made up for.
func TestConditionalStepsActOnWhatCan(t *testing.T) {
	p := waves()
	p.Steps[0] = on(0, "a-1")
	p.Steps[1].When = []restart.Condition{ready(1, "a-[1-2]")}
	p.Steps[2] = iff(p.Steps[2], ready(2, "a-[1-2]"))
	p.Steps = append(p.Steps, iff(admit(8*minute, .75), ready(3, "s")))
	p.Steps[5] = iff(p.Steps[5], ready(4, "s"))
	measured(t, two(nil), p)
	require.Equal(t, .75, p.Served[0].Fraction)
	require.Equal(t, 40*8., p.Unserved)

	p.Steps[1].When = nil
	reason, v := check(t, two(nil), p)
	require.Equal(t, restart.NotReady, reason)
	require.Equal(t, 1, v.Step)
	require.Equal(t, "a-2", v.Failure.Component)
}

// What needs something that is not there is left out by a power-on with a condition, and does not start later by itself.
func TestConditionalPowerOn(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "x", Start: topology.Start{Boot: minute}},
		{Name: "y", Capacity: 1, Needs: topology.Names{"x"}},
		{Name: "users", Demand: 1, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"y"}}}},
	}}))
	p := &restart.Plan{Scenario: cascade.Lose("x"), Steps: []restart.Step{on(0, "x"), when(on(0, "y"), settled("x")), on(2*minute, "x")}}
	measured(t, fleet, p)
	require.Equal(t, minute, p.Finish)
	p.Steps = append(p.Steps, in(3*minute, "y"))
	reason, _ := check(t, fleet, p)
	require.Equal(t, restart.NotReady, reason)
	p.Steps[1].When = nil
	reason, _ = check(t, fleet, p)
	require.Equal(t, restart.NeedNotMet, reason)
}

// Of 20 in 10, a surge of as much again decays by half in each minute: 20·(1 + .5^n) of 40 is below 60 % after 3 minutes, when it
// is 22.5, and below 52 % after 5.
func TestBelowWaitsForASurge(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[1-4]", Kind: "s", Capacity: 10},
		{Name: "users", Demand: 40, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}},
			Reopen: topology.Reopen{Surge: 1, Decay: 86561702454}}, // 1 / ln 2 minutes
	}}))
	p := &restart.Plan{Scenario: cascade.Lose("s"), Grid: minute, Steps: []restart.Step{
		on(0, "s"), in(0, "s"), admit(0, .5), when(admit(0+minute, .6), below(.6, "s")), when(admit(2*minute, .7), below(.61, "s")),
	}}
	measured(t, fleet, p)
	// At 3:00 there are 22.5 of 40. Then 24 and 6.5 that halve: at 7:00 that is 24.41, at 8:00 24.20, and the limit 24.4.
	require.Equal(t, .7, p.Served[0].Fraction)
	require.Equal(t, 8*minute, p.Full)

	p.Steps[3].When = []restart.Condition{below(.4, "s")}
	measured(t, fleet, p)
	require.Equal(t, .5, p.Served[0].Fraction) // never, and nobody looks for ever
}

func TestMalformedConditions(t *testing.T) {
	fleet := two(nil)
	for name, c := range map[string]struct {
		is   restart.Condition
		want restart.Reason
		says string
	}{
		"nothing named": {ready(1), restart.BadWhen, "say what it is about"},
		"unknown":       {ready(1, "c"), restart.Unknown, "not in the fleet"},
		"too many":      {ready(5, "s"), restart.BadWhen, "from 0 to 4"},
		"negative":      {ready(-1, "s"), restart.BadWhen, "from 0 to 4"},
		"above all":     {below(90, "s"), restart.BadWhen, "from 0 to 1"},
		"below none":    {below(-.1, "s"), restart.BadWhen, "from 0 to 1"},
		"empty":         {restart.Condition{What: topology.Names{"s"}}, restart.BadWhen, "give ready, settled or below"},
	} {
		for _, put := range []func(restart.Step, ...restart.Condition) restart.Step{when, iff} {
			p := waves()
			p.Steps[4] = put(p.Steps[4], settled("s"), c.is)
			reason, v := check(t, fleet, p)
			require.Equal(t, c.want, reason, name)
			require.Equal(t, 4, v.Step)
			require.Equal(t, 8*minute, v.At)
			require.Contains(t, v.Error(), c.says)
		}
	}
}

func TestConditionsInWordsAndJSON(t *testing.T) {
	s := when(iff(in(3*minute, "a-[1-2]"), ready(1, "board")), restart.Condition{What: topology.Names{"a-[1-2]"}, Settled: true, Ready: 2}, below(.9, "board"))
	require.Equal(t, "when none of a-[1-2] is booting and all of these are ready, and board is not loaded above 90 %, if board is ready: rotate in a-[1-2] (2)", s.String())
	data, err := json.Marshal(s)
	require.NoError(t, err)
	require.JSONEq(t, `{"at":"3m0s","when":[{"what":"a-[1-2]","ready":2,"settled":true},{"what":"board","below":0.9}],"if":[{"what":"board","ready":1}],"do":"rotate in","what":"a-[1-2]"}`, string(data))

	p := waves()
	data, err = json.Marshal(p)
	require.NoError(t, err)
	var back restart.Plan
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, p.Steps, back.Steps)
	require.Contains(t, back.String(), "when all of a-[1-2] are ready: rotate in a-[1-2] (2)")

	err = json.Unmarshal([]byte(`{"at":"3m0s","when":[{"what":"a","redy":2}],"do":"rotate in","what":"a"}`), &s)
	require.ErrorContains(t, err, "redy")
}
