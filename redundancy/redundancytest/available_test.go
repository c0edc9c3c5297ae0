package redundancytest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// rated gives the region and the zones unavailabilities.
func rated(region, zone float64) func(*topology.Spec) {
	return func(spec *topology.Spec) {
		spec.Components[0].Failing.Unavailability = region
		kind := spec.Kinds["zone"]
		kind.Failing.Unavailability = zone
		spec.Kinds["zone"] = kind
	}
}

// Two of three zones are down with 3·.01²·.99 + .01³ = .000298; with a region that is down one hour in a thousand, .0012977.
func TestAvailable(t *testing.T) {
	run := func(fleet *topology.Topology, top string, nines float64, perfect ...string) []string {
		r := &recorder{}
		Available(r, fleet, top, nines, perfect...)
		require.Equal(t, 1, r.helpers)
		return r.errors
	}
	zones := -math.Log10(.000298)
	both := -math.Log10(1 - .999*(1-.000298))
	fleet := onOneRegion(rated(.001, .01))
	for _, c := range []struct {
		nines   float64
		perfect []string
		want    string
	}{
		{both - 1e-6, []string{"server"}, ""},
		{both, []string{"server"}, ""},
		{both + 1e-6, []string{"server"}, "users goes down, by needs alone, with 1 group of 1 and 3 of 2."},
		{zones, []string{"server", "region"}, ""},
		{zones + 1e-6, []string{"server", "region"}, `"users" does not have `},
		{1, nil, `"users" is not known to have 1 nines: no unavailability is given for web-[1-3]: give one, or name what never fails as perfect`},
		{1, []string{"server", "region", "zone", "seed"}, "nothing in the fleet may fail but server, region, zone, seed, so nothing is tested"},
		{1, []string{"server", "region", "zone"}, `"users" rests on nothing that may fail but server, region, zone, so nothing is tested`},
		{1, []string{"servr"}, "perfect: "},
		{0, nil, "nines: 0: give how many, from 1 to 15"},
		{math.NaN(), nil, "nines: NaN"},
		{math.Inf(1), nil, "nines: +Inf"},
		{.9999, nil, "nines: 0.9999: give how many, from 1 to 15: 4 is up 99.99 % of the time"},
		{99.99, nil, "nines: 99.99: give how many"},
	} {
		expect(t, c.want, run(fleet, "users", c.nines, c.perfect...))
	}
	expect(t, "", run(fleet, "1 of zone-[1-3]", 2.9))
	expect(t, `"1 of zone-[1-3]" does not have 3 nines`, run(fleet, "1 of zone-[1-3]", 3))
	expect(t, "it is neither a component nor a need", run(fleet, "user", 3))
	expect(t, "there is no fleet", run(nil, "users", 3))
}

// Between bounds it is not known.
func TestAvailableWithinBounds(t *testing.T) {
	a := &risk.Analysis{Top: "users", Certainty: cascade.Bounded, Unavailability: cascade.Interval{Low: 1e-5, High: 1e-3}}
	require.Empty(t, judge(a, 3, nil))
	fleet := onOneRegion(rated(.001, .01))
	a, err := risk.Analyze(t.Context(), fleet, "users", risk.Options{Failing: topology.Names{"zone", "region"}})
	require.NoError(t, err)
	a.Certainty, a.Unavailability = cascade.Bounded, cascade.Interval{Low: 1e-5, High: 1e-3}
	require.Contains(t, judge(a, 4, nil), `"users" is not known to have 4 nines, for it is too much to be worked out exactly:`)
	require.Contains(t, judge(a, 6, nil), `"users" does not have 6 nines:`)
}
