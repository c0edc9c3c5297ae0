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

// Three zones of twenty servers each, all busy: with any zone lost, forty are left where sixty are needed. Ninety, thirty in
// each, are enough: half as many again, each then at most two thirds busy (AWS, "static stability using availability zones").
func TestThreeZonesTakeHalfAsManyAgain(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "zone-[1-3]", Kind: "zone"},
		{Name: "s-[1-3]-[01-20]", Kind: "server", Capacity: 10, Needs: topology.Names{"zone-{1}"}}, demand(600)}}
	p := minimum(t, s, "each zone", spare.Options{})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Equal(t, 30.0, p.Cost)
	for _, b := range p.Buy {
		require.Equal(t, 10, b.Count)
	}
}

// With a board that takes more, or an offer of which there are more, the least cost is no higher: by nameplate, whatever could
// be bought before can be bought then.
func TestRelaxingALimitNeverRaisesTheCost(t *testing.T) {
	relaxed := 0
	for seed := range spare.Seeds(400) {
		r := rand.New(rand.NewPCG(seed, 23))
		s := random(r)
		top, err := topology.New(s)
		if err != nil {
			continue
		}
		f, offers := randomFamily(r, s), randomOffers(r, s)
		cost := func() (float64, bool) {
			p, err := spare.Minimum(ctx, top, f, spare.Options{Offers: offers})
			require.NoError(t, err)
			return p.Cost, p.Certainty != cascade.Undetermined && !p.Infeasible
		}
		before, known := cost()
		if !known || before == 0 {
			continue
		}
		if j := r.IntN(len(offers)); offers[j].Most > 0 && r.IntN(2) == 0 {
			offers[j].Most += 1 + r.IntN(3)
		} else {
			for i := range s.Components {
				if c := &s.Components[i]; c.Kind != "server" && c.Capacity > 0 {
					c.Capacity += float64(r.IntN(3) * 20)
				}
			}
			top = topology.Must(topology.New(s))
		}
		after, known := cost()
		require.True(t, known, "seed %d", seed)
		require.LessOrEqual(t, after, before, fmt.Sprintf("seed %d", seed))
		relaxed++
	}
	t.Log(relaxed)
	require.True(t, testing.Short() || relaxed > 50)
}
