package draw

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// exact returns n as a number of 200 bits.
func exact(n float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(n) }

// slowBinomial returns the probability of each number of successes from 0 on: one after another by its definition.
func slowBinomial(n int, p *big.Float) []*big.Float {
	q := exact(0).Sub(exact(1), p)
	powers := func(x *big.Float) []*big.Float {
		all := []*big.Float{exact(1)}
		for i := range n {
			all = append(all, exact(0).Mul(all[i], x))
		}
		return all
	}
	ps, qs := powers(p), powers(q)
	var all []*big.Float
	for x := range n + 1 {
		ways := exact(0).SetInt(new(big.Int).Binomial(int64(n), int64(x)))
		all = append(all, ways.Mul(ways, ps[x]).Mul(ways, qs[n-x]))
	}
	return all
}

func TestBinomialEqualsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2_000 {
		n, p := r.IntN(40), r.Float64()
		switch r.IntN(5) {
		case 0:
			p = math.Ldexp(p, -r.IntN(60))
		case 1:
			p = 1 - math.Ldexp(p, -r.IntN(60))
		}
		checkBinomial(t, n, p)
	}
	checkBinomial(t, 700, 0.37)
	checkBinomial(t, 700, 0.002)
}

func checkBinomial(t *testing.T, n int, p float64) {
	b, sum := NewBinomial(uint32(n), p), exact(0)
	for x, chance := range slowBinomial(n, exact(p)) {
		sum.Add(sum, chance)
		want, _ := sum.Float64()
		switch i := x - int(b.first); {
		case i < 0:
			require.Less(t, want, 1e-18, "%d %v", n, p)
		case i >= len(b.sums):
			require.Greater(t, want, 1-1e-15, "%d %v", n, p)
		default:
			require.InDelta(t, want, b.sums[i], 1e-12*want+1e-18, "%d of %d at %v", x, n, p)
		}
	}
}

// slowSums returns the probability of as many or fewer successes, from a number of them on, for 15 standard deviations
// and more to either side: by the same recurrence as the fast ones, but with 200 bits, and always upwards.
func slowSums(n, p float64) (from float64, sums []*big.Float) {
	mean, deviation := n*p, math.Sqrt(n*p*(1-p))
	from = math.Floor(max(0, mean-15*deviation-30))
	q := exact(0).Sub(exact(1), exact(p))
	weight, sum := exact(1), exact(1)
	sums = []*big.Float{exact(1)}
	for x := from; x < min(n, mean+15*deviation+30); x++ {
		weight.Mul(weight, exact(n-x)).Mul(weight, exact(p))
		weight.Quo(weight, exact(x+1)).Quo(weight, q)
		sum.Add(sum, weight)
		sums = append(sums, exact(0).Set(sum))
	}
	for _, s := range sums {
		s.Quo(s, sum)
	}
	return from, sums
}

func TestBinomialOfAMillion(t *testing.T) {
	for _, p := range []float64{0.3, 0.5, 0.9, 1e-5} {
		from, sums := slowSums(1_000_000, p)
		b := NewBinomial(1_000_000, p)
		require.LessOrEqual(t, from, float64(b.first))
		for i, got := range b.sums {
			want, _ := sums[int(b.first)-int(from)+i].Float64()
			require.InDelta(t, want, got, 1e-12*want+1e-18, "%v", p)
		}
	}
}

func TestBinomialTableIsSmall(t *testing.T) {
	require.Less(t, len(NewBinomial(1_000_000, 0.5).sums), 10_000)
	require.Less(t, len(NewBinomial(math.MaxUint32, 0.5).sums), 650_000)
}

func TestBinomialOfCertainty(t *testing.T) {
	s := source(1, 1)
	for range 10 {
		require.Equal(t, uint32(0), NewBinomial(9, 0).Draw(s))
		require.Equal(t, uint32(9), NewBinomial(9, 1).Draw(s))
		require.Equal(t, uint32(0), NewBinomial(9, -1).Draw(s))
		require.Equal(t, uint32(9), NewBinomial(9, 2).Draw(s))
		require.Equal(t, uint32(0), NewBinomial(9, math.NaN()).Draw(s))
		require.Equal(t, uint32(0), NewBinomial(0, 0.5).Draw(s))
		require.Equal(t, uint32(0), NewBinomial(9, math.SmallestNonzeroFloat64).Draw(s))
		require.Equal(t, uint32(math.MaxUint32), NewBinomial(math.MaxUint32, 1-1e-16).Draw(s))
	}
}

func TestBinomialDrawsTheFirstSumAboveAFloat(t *testing.T) {
	b := NewBinomial(50, 0.2)
	for item := range uint64(2_000) {
		u, x := source(1, item).Float(), 0
		for b.sums[x] <= u {
			x++
		}
		require.Equal(t, b.first+uint32(x), b.Draw(source(1, item)))
	}
}

func TestBinomialMeanAndVariance(t *testing.T) {
	const draws = 50_000
	s := source(2, 1)
	for _, c := range []struct {
		n uint32
		p float64
	}{{10, 0.5}, {100, 0.01}, {100, 0.97}, {1_000_000, 0.3}} {
		b, mean := NewBinomial(c.n, c.p), float64(c.n)*c.p
		variance := mean * (1 - c.p)
		sum, squares := 0.0, 0.0
		for range draws {
			off := float64(b.Draw(s)) - mean
			sum += off
			squares += off * off
		}
		require.InDelta(t, 0, sum/draws, 4*math.Sqrt(variance/draws))
		fourth := variance * (3*variance + 1) // at most, so that squares have a variance of 2·variance² + variance
		require.InDelta(t, variance, squares/draws, 4*math.Sqrt((fourth-variance*variance)/draws))
	}
}
