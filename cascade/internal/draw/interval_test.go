package draw

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// None of ten samples failed, which says little of how many fail.
func ExampleInterval() {
	low, high := Interval(0, 10)
	fmt.Printf("%.4f to %.4f", low, high)
	// Output: 0.0000 to 0.3085
}

func TestIntervalKnownValues(t *testing.T) {
	for _, c := range []struct {
		x, n      uint64
		low, high float64
		digits    float64
	}{
		{0, 10, 0, 0.30850, 5e-6},
		{10, 10, 0.69150, 1, 5e-6},
		{5, 10, 0.18709, 0.81291, 5e-6},
		{1, 100, 0.000253, 0.054459, 5e-7},
		{3, 1000, 0.000619, 0.008742, 5e-7},
		{0, 0, 0, 1, 0},
		{7, 0, 0, 1, 0},
		{9, 4, 1 - 0.602365, 1, 5e-7}, // as 4 of 4: the fourth root of 0.025
		{0, 1, 0, 0.975, 1e-15},
	} {
		low, high := Interval(c.x, c.n)
		require.InDelta(t, c.low, low, c.digits)
		require.InDelta(t, c.high, high, c.digits)
	}
}

// None, or one at the low end, can be solved: (1-p)^n is 0.025, or 0.975.
func TestIntervalClosedForms(t *testing.T) {
	for n := uint64(1); n <= 1_000_000_000_000; n = n*3 + 1 {
		low, high := Interval(0, n)
		require.Zero(t, low)
		require.InEpsilon(t, -math.Expm1(math.Log(0.025)/float64(n)), high, 1e-14)
		if n > 1 {
			low, _ = Interval(1, n)
			require.InEpsilon(t, -math.Expm1(math.Log(0.975)/float64(n)), low, 2e-14)
		}
	}
}

// A little to either side of an end, the exact chance is above and below what it is at the end.
func TestIntervalEndsEncloseTheirChance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const near = 1e-12
	for range 1_000 {
		n := 1 + r.IntN(60)
		x := r.IntN(n + 1)
		low, high := Interval(uint64(x), uint64(n))
		atLeast := func(p float64) float64 { return slowSum(slowBinomial(n, exact(p))[x:]) }
		atMost := func(p float64) float64 { return slowSum(slowBinomial(n, exact(p))[:x+1]) }
		if x > 0 {
			require.Less(t, atLeast(low*(1-near)), 0.025)
			require.Greater(t, atLeast(low*(1+near)), 0.025)
		}
		if x < n {
			require.Greater(t, atMost(high*(1-near)), 0.025)
			require.Less(t, atMost(min(1, high*(1+near))), 0.025)
		}
	}
}

func slowSum(chances []*big.Float) float64 {
	sum := exact(0)
	for _, c := range chances {
		sum.Add(sum, c)
	}
	f, _ := sum.Float64()
	return f
}

// The same of samples too large for the definition.
func TestIntervalOfLargeSamples(t *testing.T) {
	const near = 1e-12
	for _, c := range [][2]uint64{
		{3, 1_000}, {400, 1_000}, {999, 1_000}, {17, 1_000_000}, {300_000, 1_000_000}, {999_000, 1_000_000},
		{1_000_000, 4_000_000}, {1_000, 1_000_000_000_000}, {999_999_999_990, 1_000_000_000_000},
	} {
		x, n := float64(c[0]), float64(c[1])
		low, high := Interval(c[0], c[1])
		require.Greater(t, slowAtMost(x-1, n, low*(1-near)), 0.975, c)
		require.Less(t, slowAtMost(x-1, n, low*(1+near)), 0.975, c)
		require.Greater(t, slowAtMost(x, n, high*(1-near)), 0.025, c)
		require.Less(t, slowAtMost(x, n, high*(1+near)), 0.025, c)
	}
}

func slowAtMost(y, n, p float64) float64 {
	from, sums := slowSums(n, p)
	f, _ := sums[int(y-from)].Float64()
	return f
}

// The interval holds the proportion in 95 % of samples at least, and is off on either side in 2.5 % at most.
func TestIntervalCoverage(t *testing.T) {
	for _, n := range []int{1, 2, 5, 20, 60} {
		lows, highs := make([]float64, n+1), make([]float64, n+1)
		for x := range n + 1 {
			lows[x], highs[x] = Interval(uint64(x), uint64(n))
		}
		for p := 0.005; p < 1; p += 0.005 {
			under, over := 0.0, 0.0
			for x, chance := range slowBinomial(n, exact(p)) {
				c, _ := chance.Float64()
				if p < lows[x] {
					under += c
				}
				if p > highs[x] {
					over += c
				}
			}
			require.LessOrEqual(t, under, 0.025+1e-12)
			require.LessOrEqual(t, over, 0.025+1e-12)
		}
	}
}

func TestIntervalIsMonotoneAndSymmetric(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 1_000 {
		n := 1 + r.Uint64N(1<<(1+r.IntN(24)))
		x := r.Uint64N(n)
		low, high := Interval(x, n)
		nextLow, nextHigh := Interval(x+1, n)
		require.Less(t, low, nextLow, "%d of %d", x, n)
		require.Less(t, high, nextHigh, "%d of %d", x, n)
		require.LessOrEqual(t, low, float64(x)/float64(n))
		require.GreaterOrEqual(t, high, float64(x)/float64(n))

		otherLow, otherHigh := Interval(n-x, n)
		require.InDelta(t, 1-otherHigh, low, 2e-16)
		require.InDelta(t, 1-otherLow, high, 2e-16)

		moreLow, moreHigh := Interval(2*x, 2*n)
		require.Less(t, moreHigh-moreLow, high-low, "twice the sample says more")
	}
}
