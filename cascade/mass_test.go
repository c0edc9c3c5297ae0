package cascade

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// An accumulator holds the exact sum, of the least as of the largest.
func TestAccumulatorIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 15))
	for range 200 {
		var a accumulator
		sum := new(big.Rat)
		for range 1 + r.IntN(50) {
			x := math.Ldexp(r.Float64(), -r.IntN(1100))
			if r.IntN(9) == 0 {
				x = []float64{0, 1, math.SmallestNonzeroFloat64, 1 - 1e-16, 0x1p-1022}[r.IntN(5)]
			}
			a.add(x)
			sum.Add(sum, new(big.Rat).SetFloat64(x))
		}
		unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), -massUnit))
		got := new(big.Rat).SetInt(a.mass().Int)
		require.Zero(t, sum.Cmp(got.Mul(got, unit)))
	}
	var a accumulator
	for range 1000 {
		a.add(1)
	}
	require.Equal(t, new(big.Int).Lsh(big.NewInt(1000), -massUnit), a.mass().Int)
}
