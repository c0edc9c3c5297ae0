package restart_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// inrush is 20 servers of 100 on a board of 10 kW: 400 W each, 1,000 W while they boot for 2 minutes. Ten boot at first, which
// leaves 6 kW: six more, then 3.6 kW: three, then the last.
func inrush(capacity float64) *topology.Topology {
	return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: capacity, Unit: "W"},
		{Name: "s-[01-20]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: 2 * minute},
			Supplies: []topology.Supply{{Members: []string{"board"}, Base: 400, Inrush: 600}}},
		{Name: "users", Demand: 1900, Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}))
}

func TestMakeInrushWaves(t *testing.T) {
	p := plan(t, inrush(10_000), cascade.Lose("board"), restart.Options{Return: map[string]time.Duration{"board": 5 * minute}})
	require.Equal(t, []restart.Step{
		on(5*minute, "board", "s-[01-10]"),
		on(7*minute, "s-[11-16]"), in(7*minute, "s-[01-10]"), admit(7*minute, 1000./1900),
		on(9*minute, "s-[17-19]"), in(9*minute, "s-[11-16]"), admit(9*minute, 1600./1900),
		on(11*minute, "s-20"), in(11*minute, "s-[17-19]"), admit(11*minute, 1),
		in(13*minute, "s-20"),
	}, p.Steps)
	require.Equal(t, cascade.Proven, p.Certainty)
	require.InDelta(t, 7*1900+2*900+2*300, p.Unserved, 1e-6)
	require.Equal(t, 13*minute, p.Finish)
	require.Equal(t, 13*minute, p.Earliest)
}

func TestVerifyMutations(t *testing.T) {
	fleet := inrush(10_000)
	ctx := context.Background()
	made := plan(t, fleet, cascade.Lose("board"), restart.Options{Return: map[string]time.Duration{"board": 5 * minute}})
	edit := func(change func(p *restart.Plan)) restart.Reason {
		p := *made
		p.Steps = slices.Clone(made.Steps)
		change(&p)
		reason, v := check(t, fleet, &p)
		if v != nil {
			require.NotEmpty(t, v.Error())
		}
		return reason
	}
	step := func(do restart.Action, n int) int {
		for i, s := range made.Steps {
			if s.Do == do {
				if n == 0 {
					return i
				}
				n--
			}
		}
		t.Fatal("no such step")
		return 0
	}
	for name, c := range map[string]struct {
		want   restart.Reason
		change func(p *restart.Plan)
	}{
		"nothing":                     {"", func(*restart.Plan) {}},
		"the first before its return": {restart.TooEarly, func(p *restart.Plan) { p.Steps[0].At-- }},
		"a wave earlier":              {restart.Overload, func(p *restart.Plan) { p.Steps[1].At-- }},
		"one more in a wave":          {restart.Overload, func(p *restart.Plan) { p.Steps[1].What = topology.Names{"s-[11-17]"} }},
		"a larger fraction":           {restart.Overload, func(p *restart.Plan) { p.Steps[step(restart.Admit, 1)].Admit += 1e-6 }},
		"a power-on less":             {restart.NotReady, func(p *restart.Plan) { p.Steps = slices.Delete(p.Steps, 1, 2) }},
		"the board not on":            {restart.NeedNotMet, func(p *restart.Plan) { p.Steps[0].What = topology.Names{"s-[01-10]"} }},
		"rotated earlier":             {restart.NotReady, func(p *restart.Plan) { p.Steps[1].At, p.Steps[2].At = 7*minute-1, 7*minute-1 }},
		"off its grid": {restart.OffGrid, func(p *restart.Plan) {
			for i := step(restart.Admit, 2); i < len(p.Steps); i++ {
				p.Steps[i].At++
			}
		}},
		"the last ones later": {"", func(p *restart.Plan) {
			for i := step(restart.Admit, 1); i < len(p.Steps); i++ {
				p.Steps[i].At += 3 * minute
			}
		}},
		"a smaller fraction": {"", func(p *restart.Plan) { p.Steps[step(restart.Admit, 0)].Admit /= 2 }},
		"on again":           {"", func(p *restart.Plan) { p.Steps = append(p.Steps, on(time.Hour, "server"), in(time.Hour, "server")) }},
	} {
		require.Equal(t, c.want, edit(c.change), name)
	}
	require.NoError(t, restart.Verify(ctx, inrush(11_000), made))
	require.Error(t, restart.Verify(ctx, inrush(9_999), made))

	p := *made
	p.Steps = slices.Clone(made.Steps)
	p.Steps[step(restart.Admit, 2)].At += 2 * minute
	p.Steps[step(restart.Admit, 2)], p.Steps[len(p.Steps)-1] = p.Steps[len(p.Steps)-1], p.Steps[step(restart.Admit, 2)]
	require.NoError(t, p.Measure(ctx, fleet))
	require.InDelta(t, 7*1900+2*900+4*300, p.Unserved, 1e-6)
	require.Equal(t, cascade.Bounded, p.Certainty)
}

func TestMutationsOfRandomPlans(t *testing.T) {
	rejected, tried := 0, 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		z := randomPuzzle(r, 2+r.IntN(3))
		made := plan(t, z.fleet, z.scenario, z.options)
		for i, s := range made.Steps {
			p := *made
			p.Steps = slices.Clone(made.Steps)
			must := restart.Reason("")
			switch s.Do {
			case restart.Admit:
				if p.Grid = 0; !ahead(made) && s.Admit > 0 && s.Admit < .98 {
					p.Steps[i].Admit, must = s.Admit*1.01, restart.Overload // Make admits all that is safe
				}
			case restart.Rotate:
				p.Steps[i].What = append(topology.Names{"board-1"}, s.What...)
			case restart.PowerOn:
				p.Steps = slices.Delete(p.Steps, i, i+1)
			}
			reason, v := check(t, z.fleet, &p)
			if must != "" {
				tried++
				if reason == must {
					rejected++
				}
				require.Equal(t, must, reason, "seed %d: step %d of %v", seed, i+1, made)
			}
			if v != nil {
				require.GreaterOrEqual(t, v.Step, -1)
				require.Less(t, v.Step, len(p.Steps))
			}
		}
		// More time and less load are safe, and so is what JSON makes of the plan.
		data, err := json.Marshal(made)
		require.NoError(t, err)
		var back restart.Plan
		require.NoError(t, json.Unmarshal(data, &back))
		if made.Certainty != cascade.Undetermined {
			again := back
			require.NoError(t, again.Measure(context.Background(), z.fleet))
			require.Equal(t, made.Unserved, again.Unserved)
			require.Equal(t, made.Certainty, again.Certainty)
			require.Equal(t, made.String(), again.String())
		}
	}
	t.Log(rejected, "of", tried)
	require.Greater(t, tried, 50)
}

// ahead reports whether a plan admits users before any server is in rotation. Their surge is less by the time of the
// next fraction, which is then not the most that is safe.
func ahead(p *restart.Plan) bool {
	rotate := slices.IndexFunc(p.Steps, func(s restart.Step) bool { return s.Do == restart.Rotate })
	return rotate >= 0 && slices.ContainsFunc(p.Steps[:rotate], func(s restart.Step) bool { return s.Do == restart.Admit && s.Admit > 0 })
}
