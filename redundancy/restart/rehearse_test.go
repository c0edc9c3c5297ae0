package restart_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

func rehearse(t *testing.T, fleet *topology.Topology, p *restart.Plan, s restart.Spread) *restart.Rehearsal {
	t.Helper()
	r, err := p.Rehearse(t.Context(), fleet, s)
	require.NoError(t, err)
	return r
}

// booting has servers that take two minutes to boot.
func booting(s *topology.Spec) {
	kind(s, func(c *topology.Component) { c.Start = topology.Start{Boot: 2 * minute} })
}

// The plan for the hundred is safe only if every boot is as fast as planned, and none fails.
func TestRehearseHundred(t *testing.T) {
	fleet := hundred(booting)
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	r := rehearse(t, fleet, p, restart.Spread{Runs: 200})
	t.Log(r)
	require.Zero(t, r.Safe)
	require.Nil(t, r.Fastest)
	require.NotNil(t, r.Slowest)
	require.Equal(t, restart.NotReady, r.Faults[0].First.Reason)
	require.Equal(t, 200, r.Faults[0].Runs)

	sure := rehearse(t, fleet, p, restart.Spread{Runs: 20, Fastest: .5, Slowest: 1, Fail: -1})
	require.Equal(t, 20, sure.Safe)
	require.Equal(t, p.Full, sure.Full.Worst)
	require.InDelta(t, p.Unserved, sure.Unserved.Worst, 1e-6)
}

// One of 80 servers that fail at 2 % fails in 80.1 % of all cases: 1 − .98^80.
func TestRehearseFailures(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[01-80]", Kind: "s", Capacity: 10},
		{Name: "users", Demand: 800, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("s"), restart.Options{})
	r := rehearse(t, fleet, p, restart.Spread{Runs: 4000})
	require.InDelta(t, math.Pow(.98, 80), float64(r.Safe)/4000, .02)
	require.LessOrEqual(t, r.Chance.Low, math.Pow(.98, 80))
	require.GreaterOrEqual(t, r.Chance.High, math.Pow(.98, 80))
	require.Equal(t, restart.NotReady, r.Faults[0].First.Reason)
	require.Equal(t, 1, r.Faults[0].First.Step)
	require.Contains(t, r.Faults[0].First.Error(), "cannot be put in rotation: it is down")
}

// A rehearsal with one factor for all, and no failure, is a replay of a fleet whose boots take so much longer.
func TestRehearseTwin(t *testing.T) {
	compared, safe := 0, 0
	for seed := range uint64(200) {
		d := newDark(seed + 5_000_000)
		made, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if made.Certainty == cascade.Undetermined {
			continue
		}
		for _, factor := range []float64{.5, 2} {
			slow := d.fleet.Spec()
			for i := range slow.Components {
				b := &slow.Components[i].Start.Boot
				*b = time.Duration(math.Round(float64(*b) * factor))
			}
			twin := *made
			want := twin.Measure(t.Context(), topology.Must(topology.New(slow)))
			r := rehearse(t, d.fleet, made, restart.Spread{Fastest: factor, Slowest: factor, Fail: -1, Runs: 3})
			compared++
			if want != nil {
				require.Zero(t, r.Safe, "seed %d", seed)
				require.Equal(t, want.Error(), r.Fastest.Error())
				require.Equal(t, want.Error(), r.Faults[0].First.Error())
				continue
			}
			safe++
			require.Equal(t, 3, r.Safe)
			require.Nil(t, r.Slowest)
			if len(made.Served) > 0 && !slices.ContainsFunc(made.Served, func(s cascade.Served) bool { return s.Fraction > 0 }) {
				require.Negative(t, r.Full.Worst, "it serves nobody")
			} else if r.Short == 0 {
				require.Equal(t, twin.Full, r.Full.Worst)
			}
		}
	}
	t.Log(safe, "of", compared, "safe")
	require.Greater(t, safe, compared/20)
	require.Less(t, safe, compared)
}

func TestRehearseDoesNotDependOnWorkers(t *testing.T) {
	fleet := two(nil)
	p := waves()
	var texts, same []string
	for _, workers := range []int{1, 2, 7, 500} {
		calls := 0.
		r := rehearse(t, fleet, p, restart.Spread{Runs: 100, Workers: workers, Seed: 3, Progress: func(p cascade.Progress) {
			require.Greater(t, p.Done, calls)
			calls = p.Done
		}})
		require.Equal(t, 100., calls)
		texts = append(texts, r.String())
		require.Equal(t, texts[0], r.String())
		data, err := json.Marshal(r)
		require.NoError(t, err)
		same = append(same, string(data))
		require.Equal(t, same[0], string(data))
	}
	other := rehearse(t, fleet, p, restart.Spread{Runs: 100, Seed: 4})
	require.NotEqual(t, texts[0], other.String())
}

// What is saved is read back as it was, and can be drawn again.
func TestRehearsalJSON(t *testing.T) {
	fleet := two(nil)
	for _, s := range []restart.Spread{{Runs: 50, Fail: -1, Seed: 3}, {Runs: 50, Slowest: 1, Fastest: 1, Fail: .5}, {Runs: 50, Fastest: 1, Slowest: 1, Fail: -1}} {
		r := rehearse(t, fleet, waves(), s)
		data, err := json.Marshal(r)
		require.NoError(t, err)
		require.Regexp(t, `"until":"\d.*"full":{"nominal":"\d`, string(data))
		var read restart.Rehearsal
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, *r, read)
		require.Equal(t, *r, *rehearse(t, fleet, waves(), read.Spread))
		require.ErrorContains(t, json.Unmarshal([]byte(`{"saef": 3}`), &read), "saef")
	}
}

func TestRehearseRefuses(t *testing.T) {
	fleet := two(nil)
	for says, s := range map[string]restart.Spread{
		"the smaller first":   {Fastest: 2, Slowest: 1},
		"give factors":        {Fastest: math.NaN(), Slowest: 1},
		"a probability":       {Fail: 1.5},
		"give how many, up":   {Runs: -1},
		"workers: -1":         {Workers: -1},
		"up to 1000000; 0 is": {Runs: 1_000_001},
	} {
		_, err := waves().Rehearse(t.Context(), fleet, s)
		require.ErrorContains(t, err, says)
	}
	p := waves()
	p.Steps[2].Admit = .6
	_, err := p.Rehearse(t.Context(), fleet, restart.Spread{})
	var v *restart.Violation
	require.ErrorAs(t, err, &v)

	ctx, cancel := context.WithCancel(t.Context())
	_, err = waves().Rehearse(ctx, fleet, restart.Spread{Runs: mostly, Progress: func(cascade.Progress) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}

const mostly = 1_000_000

// Slow boots and long ones end when time does.
func TestRehearseForEver(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s", Capacity: 10, Start: topology.Start{Boot: 100 * 365 * 24 * time.Hour}},
		{Name: "users", Demand: 8, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
	}}))
	p := &restart.Plan{Scenario: cascade.Lose("s"), Grid: minute, Steps: []restart.Step{
		on(0, "s"), when(in(0, "s"), settled("s")), when(admit(0, 1), ready(1, "s"), below(.9, "s")),
	}}
	r := rehearse(t, fleet, p, restart.Spread{Fastest: 1, Slowest: 1e6, Runs: 50})
	require.Equal(t, 50, r.Safe)
}

func BenchmarkRehearse(b *testing.B) {
	for _, n := range []int{400, 4000} {
		fleet := racks(n)
		p, err := restart.Make(b.Context(), fleet, cascade.Lose("main"), restart.Options{})
		require.NoError(b, err)
		p, err = p.Guard(b.Context(), fleet, restart.Spread{Runs: 10})
		require.NoError(b, err)
		b.Run(fmt.Sprint(n, " runs 100"), func(b *testing.B) {
			for b.Loop() {
				r, err := p.Rehearse(b.Context(), fleet, restart.Spread{Runs: 100, Workers: 1})
				require.NoError(b, err)
				require.Equal(b, 100, r.Safe)
			}
		})
	}
}

func BenchmarkGuard(b *testing.B) {
	for _, n := range []int{400, 4000} {
		fleet := racks(n)
		p, err := restart.Make(b.Context(), fleet, cascade.Lose("main"), restart.Options{})
		require.NoError(b, err)
		b.Run(fmt.Sprint(n, " runs 100"), func(b *testing.B) {
			for b.Loop() {
				_, err := p.Guard(b.Context(), fleet, restart.Spread{Runs: 100, Workers: 1})
				require.NoError(b, err)
			}
		})
	}
}

// A plan that serves nobody leaves all unserved for good: not nothing until 0:00.
func TestRehearseOfAPlanThatServesNobody(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[1-2]", Kind: "s", Capacity: 10, Start: topology.Start{Boot: minute}},
		{Name: "users", Demand: 30, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("s"), restart.Options{})
	require.Zero(t, p.Served[0].Fraction)
	r := rehearse(t, fleet, p, restart.Spread{Runs: 20})
	require.Equal(t, 20, r.Safe)
	require.Contains(t, r.String(), "  unserved      all: the plan serves nobody\n  full service  never planned, never median, never 95th percentile, never worst\n")
}
