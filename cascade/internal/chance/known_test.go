package chance_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
)

func same(n int, x float64) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = x
	}
	return all
}

// k-of-n availability: k of n identical servers carry the demand.
func TestAvailabilityOfIdenticalServers(t *testing.T) {
	for _, c := range []struct {
		need, n int
		up      float64
		want    float64
	}{{2, 3, .99, .999702}, {3, 4, .99, .999408}, {95, 100, .99, .999466}, {70, 100, .75, .896213}} {
		p := chance.Pool{Capacity: same(c.n, 1), Demand: float64(c.need)}
		d, err := p.Independent(t.Context(), same(c.n, 1-c.up))
		require.NoError(t, err)
		require.InDelta(t, c.want, d.Holds, 1e-6)
		require.InDelta(t, c.want, 1-d.Collapse(), 1e-6)
		require.InDelta(t, 1, d.Holds+d.Breaks, 1e-12)
	}
}

// 100 servers at 70 % carry the loss of 30, and of no more. They draw on boards of 30, 30, 20 and 20: any one board may be
// lost, and no two.
func TestThirtyOfAHundred(t *testing.T) {
	p := chance.Pool{Capacity: same(100, 1), Demand: 70}
	for k, holds := range map[int]float64{0: 1, 30: 1, 31: 0, 100: 0} {
		d, err := p.Random(t.Context(), k)
		require.NoError(t, err)
		require.Equal(t, holds, d.Holds)
		require.Equal(t, 1-holds, d.Collapse())
	}
	boards := chance.Domains{Count: 4}
	for i, size := range []int{30, 30, 20, 20} {
		for range size {
			boards.Of = append(boards.Of, i)
		}
	}
	for k, holds := range []float64{1, 1, 0, 0, 0} {
		d, err := p.RandomDomains(t.Context(), boards, k, same(100, 0))
		require.NoError(t, err)
		require.InDelta(t, holds, d.Holds, 1e-15)
		require.InDelta(t, 1-holds, d.Collapse(), 1e-15)
	}
	// At 60 % both of 20 may be lost too: one of the six pairs.
	p.Demand = 60
	d, err := p.RandomDomains(t.Context(), boards, 2, same(100, 0))
	require.NoError(t, err)
	require.InDelta(t, 1./6, d.Holds, 1e-15)
	// None down, or one: .9^4 + 4 · .1 · .9^3 = .9477; or the two of 20: .01 · .81.
	d, err = p.IndependentDomains(t.Context(), boards, same(4, .1), same(100, 0))
	require.NoError(t, err)
	require.InDelta(t, .9477+.0081, d.Holds, 1e-15)
	require.InDelta(t, .0442, d.Collapse(), 1e-15)
}

// Capacities uniform on [0,1], load .15 a server (Zhang and Yagan, arXiv 1602.07763): of a loss of .38 at random .36568
// survive in the limit, and of a loss of .42 nobody does.
func TestUniformCapacities(t *testing.T) {
	n := 20_000
	if !race && !testing.Short() {
		n = 100_000
	}
	p := chance.Pool{Demand: .15 * float64(n)}
	for i := range n {
		p.Capacity = append(p.Capacity, (float64(i)+.5)/float64(n))
	}
	d, err := p.Random(t.Context(), n*38/100)
	require.NoError(t, err)
	require.InDelta(t, .36568, mean(d)/float64(n), .005)
	require.InDelta(t, 1, d.Fewer(n+1), 1e-12)

	p.Demand, p.Capacity = p.Demand/10, p.Capacity[:0]
	for i := range n / 10 {
		p.Capacity = append(p.Capacity, (float64(i)+.5)/float64(n/10))
	}
	d, err = p.Random(t.Context(), n/10*42/100)
	require.NoError(t, err)
	require.Greater(t, d.Collapse(), .9)
}

func mean(d chance.Distribution) float64 {
	sum := 0.0
	for j, p := range d.Survivors {
		sum += float64(j) * p
	}
	return sum
}

// A sample of capacities, and a sample of losses.
func TestAsInASimulation(t *testing.T) {
	const n, lost, runs = 2000, 760, 400
	r := rand.New(rand.NewPCG(7, 7))
	p := chance.Pool{Demand: .15 * n}
	for range n {
		p.Capacity = append(p.Capacity, r.Float64())
	}
	d, err := p.Random(t.Context(), lost)
	require.NoError(t, err)
	sum, squares := 0.0, 0.0
	for range runs {
		up := make([]bool, n)
		for _, i := range r.Perm(n)[lost:] {
			up[i] = true
		}
		left, _ := rounds(p, up)
		sum += float64(left)
		squares += float64(left) * float64(left)
	}
	average := sum / runs
	require.InDelta(t, average, mean(d), 4*math.Sqrt((squares/runs-average*average)/runs))
}

// Losing more can help: 7 and nine of 12, demand 64. With a strong one lost the weak one carries 64/9 > 7.
func TestTheWeakServerLostToo(t *testing.T) {
	p := chance.Pool{Capacity: append(same(9, 12), 7), Demand: 64}
	d, err := p.Random(t.Context(), 1)
	require.NoError(t, err)
	require.InDelta(t, .1, d.Holds, 1e-15)
	require.InDelta(t, .1, d.Survivors[9], 1e-15)
	require.InDelta(t, .9, d.Survivors[8], 1e-15)
}

func TestNobodyAndNothing(t *testing.T) {
	for _, demand := range []float64{0, 1} {
		holds := 1 - demand
		d, err := chance.Pool{Demand: demand}.Random(t.Context(), 0)
		require.NoError(t, err)
		require.Equal(t, chance.Distribution{Survivors: []float64{1}, Holds: holds, Breaks: demand}, d)
		d, err = chance.Pool{Demand: demand}.Independent(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, chance.Distribution{Survivors: []float64{1}, Holds: holds, Breaks: demand}, d)
		d, err = chance.Pool{Demand: demand}.RandomDomains(t.Context(), chance.Domains{Count: 3}, 2, nil)
		require.NoError(t, err)
		require.Equal(t, []float64{1}, d.Survivors)
		require.InDelta(t, holds, d.Holds, 1e-15)
	}
	d, err := chance.Pool{Capacity: []float64{math.Inf(1), 0}, Demand: 5}.Random(t.Context(), 0)
	require.NoError(t, err)
	require.Equal(t, chance.Distribution{Survivors: []float64{0, 1, 0}, Breaks: 1}, d)
}

// At capacity, and a billionth above it, holds; two billionths above it does not.
func TestAtCapacity(t *testing.T) {
	for demand, holds := range map[float64]float64{2: 1, 2 * (1 + 1e-9): 1, 2 * (1 + 2e-9): 0} {
		d, err := chance.Pool{Capacity: same(3, 1), Demand: demand}.Random(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, holds, d.Holds)
	}
}

func TestMisuseIsABug(t *testing.T) {
	p := chance.Pool{Capacity: same(2, 1)}
	require.Panics(t, func() { _, _ = p.Random(t.Context(), 3) })
	require.Panics(t, func() { _, _ = p.Independent(t.Context(), same(3, 0)) })
	require.Panics(t, func() { _, _ = p.Independent(t.Context(), same(2, math.NaN())) })
	require.Panics(t, func() { _, _ = p.RandomDomains(t.Context(), chance.Domains{Of: []int{0, 1}, Count: 1}, 1, same(2, 0)) })
	require.Panics(t, func() { _, _ = p.RandomDomains(t.Context(), chance.Domains{Of: []int{0}, Count: 1}, 1, same(2, 0)) })
	require.Panics(t, func() { _, _ = p.RandomDomains(t.Context(), chance.Domains{Of: []int{0, 0}, Count: 1}, 2, same(2, 0)) })
	require.Panics(t, func() {
		_, _ = p.IndependentDomains(t.Context(), chance.Domains{Of: []int{0, 0}, Count: 1}, nil, same(2, 0))
	})
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := chance.Pool{Capacity: same(2, 1)}
	_, err := p.Random(ctx, 1)
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.Independent(ctx, same(2, .5))
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.RandomDomains(ctx, chance.Domains{Of: []int{0, 1}, Count: 2}, 1, same(2, 0))
	require.ErrorIs(t, err, context.Canceled)
}
