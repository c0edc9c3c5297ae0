package spare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// Nine servers of 100 and one of 50 share 700: the weak one is at 70 of 50. For it to hold, 700/n ≤ 50: 14 servers, 4 more.
// If it trips, nine carry 77.8 each, and nobody notices.
func TestHoldingAndSurvivingDiffer(t *testing.T) {
	s := topology.Spec{Components: []component{{Name: "s-[1-9]", Kind: "server", Capacity: 100}, {Name: "weak", Kind: "server", Capacity: 50}, demand(700)}}
	hold := minimum(t, s, "nothing", spare.Options{Offers: []spare.Offer{{Like: "s-1"}}})
	require.Equal(t, cascade.Proven, hold.Certainty)
	require.Equal(t, 4.0, hold.Cost)
	survive := minimum(t, s, "nothing", spare.Options{Offers: []spare.Offer{{Like: "s-1"}}, Survive: true})
	require.Equal(t, cascade.Exact, survive.Certainty)
	require.Equal(t, 0.0, survive.Cost)
	require.Equal(t, "Nothing needs to be bought: no scenario collapses (exact).", survive.String())

	// With three strong ones lost, six carry 700 only at 116.7: one more of 100 does, beside the weak one that trips.
	survive = minimum(t, s, "s-[1-3]", spare.Options{Offers: []spare.Offer{{Like: "s-1"}}, Survive: true})
	require.Equal(t, cascade.Proven, survive.Certainty)
	require.Equal(t, 1.0, survive.Cost)
	require.Equal(t, 1.0, survive.Bound)
}

// Survival held against every purchase of a few, each run.
func TestSurvivingEqualsEveryPurchase(t *testing.T) {
	const most = 5
	count := map[string]int{}
	for seed := range spare.Seeds(500) {
		r := rand.New(rand.NewPCG(seed, 77))
		s := random(r)
		if r.IntN(3) == 0 {
			for i := range s.Components {
				if s.Components[i].Kind == "server" && r.IntN(2) == 0 {
					s.Components[i].Overload.Shed = true
				}
			}
		}
		top, err := topology.New(s)
		if err != nil {
			continue
		}
		f, offers := randomFamily(r, s), randomOffers(r, s)
		for i := range offers {
			if offers[i].Cost == 0 {
				offers[i].Cost = 1
			}
		}
		serve := []float64{0, .8, .5}[r.IntN(3)]
		p, err := spare.Minimum(ctx, top, f, spare.Options{Offers: offers, Survive: true, Serve: serve})
		require.NoError(t, err)
		about := fmt.Sprintf("seed %d, %v, %v, serve %v: %v", seed, f, offers, serve, p)
		count[string(p.Certainty)]++
		least := -1
		try := make([]int, len(offers))
		var visit func(j, spent int)
		visit = func(j, spent int) {
			if least >= 0 && spent >= least {
				return
			}
			if j < len(offers) {
				for n := range most + 1 {
					if offers[j].Most == 0 || n <= offers[j].Most {
						try[j] = n
						visit(j+1, spent+n*int(10*offers[j].Cost+.5))
					}
				}
				return
			}
			end, err := cascade.Screen(ctx, bought(t, s, offers, try), f, cascade.Options{Serve: serve})
			require.NoError(t, err)
			if end.Collapsing.Sign() == 0 && end.Intact.Verdict != cascade.Collapses {
				least = spent
			}
		}
		visit(0, 0)
		switch {
		case p.Infeasible:
			require.Negative(t, least, about)
		case p.Certainty == cascade.Undetermined:
			require.True(t, least < 0 || float64(least)/10 >= p.Bound-1e-9, about)
		case least >= 0:
			require.LessOrEqual(t, p.Bound, float64(least)/10+1e-9, about)
			if p.Certainty == cascade.Proven {
				require.LessOrEqual(t, p.Cost, float64(least)/10+1e-9, about)
			}
		}
		if p.Fleet != nil {
			end, err := cascade.Screen(ctx, p.Fleet, f, cascade.Options{Serve: serve})
			require.NoError(t, err)
			require.Zero(t, end.Collapsing.Sign(), about)
		}
	}
	t.Log(count)
	if testing.Short() {
		return
	}
	require.Greater(t, count["proven"], 60)
}
