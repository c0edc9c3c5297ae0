package spare_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// tail is the probability that of n servers, each down with q, fewer than k are up.
func tail(n, k int, q float64) (sum float64) {
	p := math.Pow(q, float64(n))
	for up := range k {
		sum += p
		p *= float64(n-up) / float64(up+1) * (1 - q) / q
	}
	return sum
}

// Ten servers carry a load that nine can, each down 1 % of the time: so many are needed that fewer than nine of them are up
// with no more than the probability given, by the binomial distribution.
func TestRiskIsBinomial(t *testing.T) {
	s := topology.Spec{Components: []component{{Name: "s-[1-10]", Kind: "server", Capacity: 10, Failing: topology.Failing{Unavailability: .01}}, demand(90)}}
	for _, risk := range []float64{.01, 1e-3, 1e-6, 1e-9} {
		n := 10
		for tail(n, 9, .01) > risk {
			n++
		}
		p := minimum(t, s, "independent server", spare.Options{Offers: []spare.Offer{{Like: "s-1"}}, Risk: risk})
		require.NotEqual(t, cascade.Undetermined, p.Certainty, "%v", p)
		require.Equal(t, float64(n-10), p.Cost, "%v", p)
		require.InEpsilon(t, tail(n, 9, .01), p.Left, 1e-9)
	}
	p := minimum(t, s, "independent server", spare.Options{Offers: []spare.Offer{{Like: "s-1", Most: 1}}, Risk: 1e-9})
	require.True(t, p.Infeasible)
	require.InEpsilon(t, tail(11, 9, .01), p.Left, 1e-9)
}

// Two zones, each down 1 % of the time: both are with 1e-4, whatever is bought.
func TestRiskThatNoPurchaseLowers(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "zone-[1-2]", Kind: "zone", Failing: topology.Failing{Unavailability: .01}},
		{Name: "s-[1-2]-[1-5]", Kind: "server", Capacity: 10, Needs: topology.Names{"zone-{1}"}}, demand(60)}}
	p := minimum(t, s, "independent zone", spare.Options{Risk: 1e-5})
	require.Equal(t, "The minimum spare is not determined: even with 500 of each offer the risk is 0.01 %; what is left of it comes from losing too many of what they stand on.", p.String())
	p = minimum(t, s, "independent zone", spare.Options{Risk: 1e-3})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Equal(t, 2.0, p.Cost) // six are needed in either zone
}
