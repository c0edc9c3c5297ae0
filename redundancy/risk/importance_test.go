package risk

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// What the text tells is the head of the whole ranking.
func TestFixFirstTwin(t *testing.T) {
	told3 := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 29))
		all := random(r)
		rated(r, all)
		f, err := topology.New(topology.Spec{Components: all})
		if err != nil {
			continue
		}
		o := Options{}
		if r.IntN(4) == 0 {
			o.Size = 1
		}
		a, err := Analyze(t.Context(), f, f.Name(topology.ID(r.IntN(f.Len()))), o)
		require.NoError(t, err)
		var want []Importance
		for _, i := range a.Importance() {
			if i.FussellVesely >= told && i.FussellVesely > 0 && len(want) < 3 {
				i.Structural = 0
				want = append(want, i)
			}
		}
		require.Equal(t, want, a.fixFirst(3), "seed %d", seed)
		told3 += len(want) / 3
	}
	require.Greater(t, told3, 200)
}

// What rounding leaves of a difference ranks nothing.
func TestRankOfResidues(t *testing.T) {
	a := Analysis{events: make([]event, 4), birnbaum: []float64{0, 1e-18, -1e-18, 1e-3}, Unavailability: cascade.Interval{Low: .5, High: .5}}
	every := func(int32) bool { return true }
	require.Equal(t, []int32{3, 2, 0, 1}, a.rank(make([]float64, 4), []float64{.1, .1, .2, .1}, every))
	require.Equal(t, []int32{1, 3, 0, 2}, a.rank([]float64{.1, .2, .1, .1}, []float64{.1, .1, .2, .1}, every), "structural importance ranks what nothing likely has")
}
