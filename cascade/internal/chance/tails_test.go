package chance_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
)

// number has many more digits, and much smaller numbers, than a float64.
func number(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }

func product(x *big.Float, y float64) *big.Float { return number(0).Mul(x, number(y)) }

// walkRandom is another way to the survivors of a random loss of k: over the servers from weak to strong. With lost of the
// first i lost and the rest of them tripped, the next is lost with probability (k-lost)/(n-i); if it is not, and does not
// trip, all that are left survive.
func walkRandom(p chance.Pool, k int) []*big.Float {
	n := len(p.Capacity)
	capacity := slices.Sorted(slices.Values(p.Capacity))
	survivors := make([]*big.Float, n+1)
	for j := range survivors {
		survivors[j] = number(0)
	}
	now := map[int]*big.Float{0: number(1)}
	for i, c := range capacity {
		next := map[int]*big.Float{}
		add := func(lost int, p *big.Float) {
			if next[lost] == nil {
				next[lost] = number(0)
			}
			next[lost].Add(next[lost], p)
		}
		for lost := 0; lost <= k; lost++ {
			here := now[lost]
			if here == nil || here.Sign() == 0 {
				continue
			}
			of := number(float64(n - i))
			if lost < k {
				add(lost+1, number(0).Quo(product(here, float64(k-lost)), of))
			}
			up := number(0).Quo(product(here, float64(n-i-k+lost)), of)
			if up.Sign() == 0 {
				continue
			}
			j := n - k - i + lost
			if load := p.Demand / float64(j); load <= c+float64(c*1e-9) {
				survivors[j].Add(survivors[j], up)
			} else {
				add(lost, up)
			}
		}
		now = next
	}
	if now[k] != nil {
		survivors[0].Add(survivors[0], now[k])
	}
	return survivors
}

// walkIndependent is another way to the survivors of independent losses: j survive if the j-th strongest of those left is
// the last that carries its part. Table[i][a] is the probability that a of the i strongest are left; and nobody[i][a]
// that none of the weaker is the last, given that.
func walkIndependent(p chance.Pool, lost []float64) []*big.Float {
	n := len(p.Capacity)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if p.Capacity[a] > p.Capacity[b] {
			return -1
		}
		return 1
	})
	carries := func(i, live int) bool {
		c := p.Capacity[order[i]]
		return p.Demand/float64(live) <= c+float64(c*1e-9)
	}
	nobody := table(n)
	for a := range n + 1 {
		nobody[n][a] = number(1)
	}
	left := table(n)
	left[0][0] = number(1)
	for i := n - 1; i >= 0; i-- {
		q := lost[order[i]]
		up := number(0).Sub(number(1), number(q))
		for a := range n {
			nobody[i][a] = product(nobody[i+1][a], q)
			if !carries(i, a+1) {
				nobody[i][a].Add(nobody[i][a], number(0).Mul(up, nobody[i+1][a+1]))
			}
		}
	}
	survivors := make([]*big.Float, n+1)
	for j := range survivors {
		survivors[j] = number(0)
	}
	survivors[0].Add(survivors[0], nobody[0][0])
	for i := range n {
		q := lost[order[i]]
		up := number(0).Sub(number(1), number(q))
		for a := range i + 1 {
			last := number(0).Mul(left[i][a], up)
			left[i+1][a+1].Add(left[i+1][a+1], last)
			left[i+1][a].Add(left[i+1][a], product(left[i][a], q))
			if carries(i, a+1) {
				survivors[a+1].Add(survivors[a+1], last.Mul(last, nobody[i+1][a+1]))
			}
		}
	}
	return survivors
}

func table(n int) [][]*big.Float {
	rows := make([][]*big.Float, n+1)
	for i := range rows {
		rows[i] = make([]*big.Float, n+2)
		for a := range rows[i] {
			rows[i][a] = number(0)
		}
	}
	return rows
}

// deep requires relative accuracy down to 1e-300, and returns the least probability that was compared.
func deep(t *testing.T, want []*big.Float, got []float64) float64 {
	t.Helper()
	least := 1.0
	for j, w := range want {
		x, _ := w.Float64()
		if x < 1e-300 {
			require.InDelta(t, x, got[j], 1e-306, "%d survive", j)
			continue
		}
		least = min(least, x)
		require.InEpsilon(t, x, got[j], 1e-9, "%d survive", j)
	}
	return least
}

func TestTailsOfRandomLosses(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	least := 1.0
	for range 20 {
		n := 50 + r.IntN(500)
		p := chance.Pool{Demand: float64(n) * (.1 + .4*r.Float64())}
		for i := range n {
			p.Capacity = append(p.Capacity, .3+r.Float64()+float64(i%2))
		}
		k := n/4 + r.IntN(n/2)
		d, err := p.Random(t.Context(), k)
		require.NoError(t, err)
		least = min(least, deep(t, walkRandom(p, k), d.Survivors))
	}
	require.Less(t, least, 1e-50)

	// Half of 800 servers are of no use, and 30 of the others are enough: fewer are left once in 1e100 times.
	p := chance.Pool{Demand: 30}
	for range 400 {
		p.Capacity = append(p.Capacity, 0, 1+r.Float64())
	}
	d, err := p.Random(t.Context(), 400)
	require.NoError(t, err)
	require.Less(t, deep(t, walkRandom(p, 400), d.Survivors), 1e-150)
	require.Less(t, d.Collapse(), 1e-100)
	require.Greater(t, d.Collapse(), 0.)
}

func TestTailsOfIndependentLosses(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	least := 1.0
	for range 30 {
		n := 50 + r.IntN(150)
		p := chance.Pool{Demand: float64(n) * (.1 + .6*r.Float64())}
		var lost []float64
		for range n {
			p.Capacity = append(p.Capacity, .3+r.Float64())
			lost = append(lost, .0004*r.Float64())
		}
		d, err := p.Independent(t.Context(), lost)
		require.NoError(t, err)
		least = min(least, deep(t, walkIndependent(p, lost), d.Survivors))
	}
	require.Less(t, least, 1e-290)
}

// The tail of a binomial is known exactly.
func TestTailOfIdenticalServers(t *testing.T) {
	const n, need, q = 200, 60, .01
	p := chance.Pool{Demand: need}
	var lost []float64
	for range n {
		p.Capacity = append(p.Capacity, 1)
		lost = append(lost, q)
	}
	d, err := p.Independent(t.Context(), lost)
	require.NoError(t, err)
	sum, up := number(0), number(1-q)
	for j := range need {
		term := number(0).SetInt(new(big.Int).Binomial(n, int64(j)))
		for range n - j {
			term.Mul(term, number(q))
		}
		for range j {
			term.Mul(term, up)
		}
		sum.Add(sum, term)
	}
	want, _ := sum.Float64()
	require.Less(t, want, 1e-100)
	require.InEpsilon(t, want, d.Collapse(), 1e-9)
	require.InEpsilon(t, want, d.Breaks, 1e-9)
	require.InDelta(t, 1, d.Holds, 1e-12)
}
