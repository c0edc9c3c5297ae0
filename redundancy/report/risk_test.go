package report

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// twoFeeds is racks with two feeds each, of which users need three of four; one feed ends in the board of the others.
func twoFeeds(rated bool) topology.Spec {
	spec := topology.Spec{
		Kinds: map[string]topology.Component{
			"board": {}, "feed": {}, "rack": {Capacity: 500, Start: topology.Start{Boot: 3 * time.Minute}},
		},
		Components: []topology.Component{
			{Name: "board-[1-2]", Kind: "board"},
			{Name: "feed-a-[1-4]", Kind: "feed", Needs: names{"board-1"}},
			{Name: "feed-b-[1-2]", Kind: "feed", Needs: names{"board-2"}},
			{Name: "feed-b-[3-4]", Kind: "feed", Needs: names{"board-1"}},
			{Name: "rack-[1-4]", Kind: "rack", Needs: names{"1 of feed-[a,b]-{1}"}},
			{Name: "users", Demand: 900, Supplies: []topology.Supply{{Members: names{"rack"}, Need: 3}}},
		},
	}
	if rated {
		spec.Kinds["board"] = topology.Component{Failing: topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}}
		spec.Kinds["feed"] = topology.Component{Failing: topology.Failing{MTBF: 20_000 * time.Hour, MTTR: 8 * time.Hour}}
	}
	return spec
}

func riskOf(t *testing.T, spec topology.Spec, o risk.Options) *risk.Analysis {
	a, err := risk.Analyze(t.Context(), topology.Must(topology.New(spec)), "users", o)
	require.NoError(t, err)
	return a
}

func pageOf(t *testing.T, a *risk.Analysis, outages []risk.Outage) string {
	var b bytes.Buffer
	require.NoError(t, Risk(&b, a, outages))
	return b.String()
}

func TestRiskPages(t *testing.T) {
	rated := riskOf(t, twoFeeds(true), risk.Options{})
	outages, err := rated.Outages(t.Context(), 3, restart.Options{})
	require.NoError(t, err)
	require.Len(t, outages, 3)
	for name, page := range map[string]string{
		"risk-feeds.md":     pageOf(t, rated, outages),
		"risk-unrated.md":   pageOf(t, riskOf(t, twoFeeds(false), risk.Options{}), nil),
		"risk-up-to-two.md": pageOf(t, riskOf(t, twoFeeds(true), risk.Options{Size: 2}), nil),
	} {
		golden(t, name, page)
	}
}

// Between bounds the groups that are told rank.
func TestRiskWithinBounds(t *testing.T) {
	a := riskOf(t, twoFeeds(true), risk.Options{})
	a.Certainty, a.Unavailability = cascade.Bounded, cascade.Interval{Low: 1e-5, High: 1e-3}
	page := pageOf(t, a, nil)
	require.Contains(t, page, "1e-05 to 0.001: at least 3 nines (bounded)")
	require.Contains(t, page, "| component | is down | part of the sum |\n| --- | ---: | ---: |\n| `board-1` | 7.999e-05 | 100 % |\n")
}

// Where nothing can fail, it says so.
func TestRiskOfNothing(t *testing.T) {
	page := pageOf(t, riskOf(t, twoFeeds(true), risk.Options{Failing: names{"feed-a-1"}}), nil)
	require.Contains(t, page, "\nNo failure of what may fail takes it down.\n")
	require.Contains(t, pageOf(t, riskOf(t, twoFeeds(true), risk.Options{Failing: names{"feed"}, Size: 1}), nil), "\nNo group of up to 1 takes it down; larger ones are not told.\n")
	require.NotContains(t, page, "fix first")
	require.EqualError(t, Risk(&bytes.Buffer{}, nil, nil), "there is no analysis: it is nil")
	require.ErrorIs(t, Risk(broken{}, riskOf(t, twoFeeds(true), risk.Options{}), nil), errFull)
}

// Where nothing has a probability, no more is ranked by it when only bounds are known; and a common cause is no name to fold.
func TestRiskOfCauses(t *testing.T) {
	spec := twoFeeds(false)
	cut := riskOf(t, spec, risk.Options{})
	cut.Certainty, cut.Unavailability = cascade.Bounded, cascade.Interval{Low: 0, High: 1}
	page := pageOf(t, cut, nil)
	require.Contains(t, page, "\nThe smallest:\n\n| group | size |\n| --- | ---: |\n| `board-1` | 1 |\n")
	require.NotContains(t, page, "likeliest")
	page = pageOf(t, riskOf(t, spec, risk.Options{Common: []risk.CommonCause{{Of: names{"rack"}, Beta: .1}}}), nil)
	require.Contains(t, page, "\nAlone: `board-1`, `common cause of rack-[1-4]`.\n")
}

// A page of what was read from JSON tells what that tells.
func TestRiskFromJSON(t *testing.T) {
	a := riskOf(t, twoFeeds(true), risk.Options{})
	text, err := json.Marshal(a)
	require.NoError(t, err)
	read := new(risk.Analysis)
	require.NoError(t, json.Unmarshal(text, read))
	page := pageOf(t, read, nil)
	require.Contains(t, page, prose(a.Summary()))
	require.Contains(t, page, "| 3 | 19 |\n")
	require.NotContains(t, page, "Alone")
	require.Contains(t, pageOf(t, new(risk.Analysis), nil), "\nNo failure of what may fail takes it down.\n")
}

// Tables are cut after twenty rows.
func TestRiskOfMany(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "board-[01-50]", Failing: topology.Failing{Unavailability: .001}},
		{Name: "users", Demand: 1, Needs: names{"board-[01-50]"}, Supplies: []topology.Supply{{Members: names{"web"}}}}, {Name: "web", Capacity: 2},
	}}
	page := pageOf(t, riskOf(t, spec, risk.Options{}), nil)
	require.Contains(t, page, "\nAlone: `board-[01-50]`, `web`.\n\n| failing together | groups |\n| ---: | ---: |\n| 1 | 51 |\n")
	require.Contains(t, page, "| `board-20` | 0.001 | 2 % |\n\nThe sum over the groups is 0.05.\n\n## What to fix first\n")
	require.Contains(t, page, "\nThe other 31 matter less, or have no unavailability.\n")
}

// An outage of which little is known says so.
func TestRiskOfUnknownOutages(t *testing.T) {
	page := pageOf(t, riskOf(t, twoFeeds(true), risk.Options{}), []risk.Outage{{Group: risk.Group{Components: []string{"a|b", "c`d"}}}})
	require.Contains(t, page, "| `a\\|b` + `` c`d `` | not known | not known | no safe one is known | not determined |\n")
}

// A restart that cannot serve all says how much, and one after which a demand that was lost itself is back that it is not counted.
func TestRiskOfUncounted(t *testing.T) {
	plan := func(served ...cascade.Served) *restart.Plan {
		return &restart.Plan{Certainty: cascade.Proven, Served: served}
	}
	page := pageOf(t, riskOf(t, twoFeeds(true), risk.Options{}), []risk.Outage{
		{Group: risk.Group{Components: []string{"a"}}, Restart: 3 * time.Minute, Plan: plan(cascade.Served{Demand: "us*ers", Fraction: .99}, cascade.Served{Demand: "x", Fraction: 1})},
		{Group: risk.Group{Components: []string{"users-1", "users-2"}}, Plan: plan(), Uncounted: names{"users-[1-2]"}},
	})
	require.Contains(t, page, "| `a` | not known | not known | 3m, to serve 99 % of us\\*ers | proven |\n")
	require.Contains(t, page, "| `users-1` + `users-2` | not known | not known | at once | proven |\n")
	require.Contains(t, page, "until all is served that can be.\nIt does not count whether `users-[1-2]` is served where that is lost itself.\n")
}

func TestCode(t *testing.T) {
	for text, want := range map[string]string{
		"feed-[a,b]": "`feed-[a,b]`", "a`b": "`` a`b ``", "``": "``` `` ```", " a": "`  a `", "<i>|*_": "`<i>|*_`", "a\nb": "`a␊b`",
	} {
		require.Equal(t, want, code(text))
	}
}
