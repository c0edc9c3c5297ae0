package chance_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
)

// agree holds a distribution against exact fractions, each to 1e-12 of itself.
func agree(t *testing.T, l *ledger, cases int, d chance.Distribution, what any) {
	t.Helper()
	require.Len(t, d.Survivors, len(l.survivors))
	per := big.NewRat(1, int64(cases))
	for j, f := range l.survivors {
		near(t, f.rat().Mul(f.rat(), per), d.Survivors[j], "%d survive: %+v", j, what)
	}
	near(t, l.holds.rat().Mul(l.holds.rat(), per), d.Holds, "holds: %+v", what)
	near(t, l.breaks.rat().Mul(l.breaks.rat(), per), d.Breaks, "breaks: %+v", what)
}

func near(t *testing.T, want *big.Rat, got float64, message string, about ...any) {
	t.Helper()
	w, _ := want.Float64()
	if !(got == w || got >= w*(1-1e-12) && got <= w*(1+1e-12)) {
		require.Failf(t, "differs", "want %v, got %v: "+message, append([]any{w, got}, about...)...)
	}
}

func TestRandomIsThatOfAllSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 3000 {
		f := newFate(r, 6+i%100/94*6, 1)
		for k := range len(f.pool.Capacity) + 1 {
			d, err := f.pool.Random(t.Context(), k)
			require.NoError(t, err)
			l, cases := bruteRandom(f.pool, k)
			agree(t, l, cases, d, fmt.Sprint(f.pool, k))
		}
	}
}

func TestIndependentIsThatOfAllSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for i := range 3000 {
		f := newFate(r, 6+i%100/98*6, 1)
		d, err := f.pool.Independent(t.Context(), f.lost)
		require.NoError(t, err)
		agree(t, bruteIndependent(f.pool, f.lost), 1, d, f)
	}
}

func TestIndependentDomainsAreThoseOfAllSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 2000 {
		f := newFate(r, 6+i%200/198*4, 1+r.IntN(5))
		d, err := f.pool.IndependentDomains(t.Context(), chance.Domains{Of: f.of, Count: len(f.down)}, f.down, f.lost)
		require.NoError(t, err)
		agree(t, bruteDomains(f.pool, f.of, f.down, f.lost), 1, d, f)
	}
}

func TestRandomDomainsAreThoseOfAllSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for i := range 2000 {
		f := newFate(r, 6+i%200/198*4, 1+r.IntN(5))
		for k := range len(f.down) + 1 {
			d, err := f.pool.RandomDomains(t.Context(), chance.Domains{Of: f.of, Count: len(f.down)}, k, f.lost)
			require.NoError(t, err)
			l, cases := bruteRandomDomains(f.pool, f.of, len(f.down), k, f.lost)
			agree(t, l, cases, d, fmt.Sprint(f, k))
		}
	}
}
