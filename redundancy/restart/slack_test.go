package restart_test

import (
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

func slack(t *testing.T, fleet *topology.Topology, p *restart.Plan) []restart.Slack {
	t.Helper()
	all, err := p.Slack(t.Context(), fleet)
	require.NoError(t, err)
	require.Len(t, all, len(p.Steps))
	return all
}

// For the hundred, only what the return of board-1 brings is bound to its time: 70 servers may come as late as 26 minutes.
func TestSlackHundred(t *testing.T) {
	fleet := hundred(booting)
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	all := slack(t, fleet, p)
	for i, s := range all {
		t.Log(p.Steps[i], "—", s)
		require.Equal(t, cascade.Exact, s.Certainty)
	}
	require.Zero(t, all[0].Later) // 70 servers would still boot when they are put in rotation
	require.Contains(t, all[0].TooLate, "chat-031 cannot be put in rotation: it is booting")
	require.Equal(t, []time.Duration{26 * minute, 0}, []time.Duration{all[1].Later, all[1].Free}) // until then nobody would be served
	require.Equal(t, []time.Duration{26 * minute, 0}, []time.Duration{all[2].Later, all[2].Free})
	require.Equal(t, 2*minute, all[2].Earlier) // users may wait at the gate for servers
	require.Zero(t, all[3].Later)
	require.Contains(t, all[3].TooEarly, "cannot be powered on before 26:00")
	require.Zero(t, all[5].Later)
	require.Equal(t, "full service is at 29:00", all[5].TooLate)

	data, err := json.Marshal(all)
	require.NoError(t, err)
	require.Contains(t, string(data), `{"later":"26m0s","free":"0s","earlier":"0s","tooLate":`)
	var read []restart.Slack
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, all, read)
	endless := restart.Slack{Later: -1, Free: -1, Certainty: cascade.Exact}
	data, err = json.Marshal(endless)
	require.NoError(t, err)
	require.JSONEq(t, `{"earlier":"0s","certainty":"exact"}`, string(data))
	require.NoError(t, json.Unmarshal(data, &read[0]))
	require.Equal(t, endless, read[0])
}

// good says whether a plan with a step moved is as a Slack promises.
func good(t *testing.T, d dark, made *restart.Plan, i int, by time.Duration) bool {
	t.Helper()
	p := *made
	p.Steps = slices.Clone(made.Steps)
	p.Steps[i].At += by
	if p.Measure(t.Context(), d.fleet) != nil || p.Full > made.Full || p.Finish > made.Finish {
		return false
	}
	for k, s := range p.Served {
		if s.Fraction < made.Served[k].Fraction*(1-2e-6) {
			return false
		}
	}
	return true
}

// Whatever shift is drawn up to the slack, the plan is good, and the next one is not.
func TestSlackTwin(t *testing.T) {
	t.Parallel()
	n := uint64(80)
	if testing.Short() {
		n = 40
	}
	exact, bounded, missed := 0, 0, 0
	for seed := range n {
		d := newDark(seed + 8_000_000)
		made, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if made.Certainty == cascade.Undetermined || len(made.Steps) > 12 {
			continue
		}
		r := rand.New(rand.NewPCG(seed, 2))
		for i, s := range slack(t, d.fleet, made) {
			unit := time.Duration(1)
			if made.Steps[i].Do == restart.Admit {
				unit = made.Grid
			}
			later := s.Later
			if later < 0 {
				later = time.Hour
			}
			all := true
			for range 12 {
				by := time.Duration(r.Int64N(int64(later/unit)+1)) * unit
				all = all && good(t, d, made, i, by)
				by = time.Duration(r.Int64N(int64(s.Earlier/unit)+1)) * unit
				all = all && good(t, d, made, i, -by)
			}
			if s.Certainty == cascade.Bounded {
				bounded++
				if !all {
					missed++
				}
				continue
			}
			exact++
			require.True(t, all, "seed %d, step %d: %v\n%v", seed, i+1, s, made)
			if s.Later >= 0 {
				require.False(t, good(t, d, made, i, s.Later+unit), "seed %d, step %d: %v\n%v", seed, i+1, s, made)
				require.NotEmpty(t, s.TooLate)
			}
			if s.Earlier < made.Steps[i].At {
				require.False(t, good(t, d, made, i, -s.Earlier-unit), "seed %d, step %d: %v\n%v", seed, i+1, s, made)
			}
		}
	}
	t.Log(exact, "exact,", bounded, "bounded, of which", missed, "are less")
	require.Greater(t, exact, bounded)
	require.Less(t, missed, bounded/20+1)
}
