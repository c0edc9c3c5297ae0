package chance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
)

// alike requires two distributions to differ by no more than rounding.
func alike(t *testing.T, want, got chance.Distribution) {
	t.Helper()
	require.Len(t, got.Survivors, len(want.Survivors))
	for j, p := range want.Survivors {
		require.InDelta(t, p, got.Survivors[j], float64(p*1e-11), "%d survive", j)
	}
	require.InDelta(t, want.Holds, got.Holds, float64(want.Holds*1e-11))
	require.InDelta(t, want.Breaks, got.Breaks, float64(want.Breaks*1e-11))
}

// Servers that are each a domain of its own fail as servers do.
func TestDomainsOfOneServer(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	const n = 80
	p, d := chance.Pool{Demand: 50}, chance.Domains{Count: n}
	var lost []float64
	for i := range n {
		p.Capacity = append(p.Capacity, .6+r.Float64())
		d.Of = append(d.Of, i)
		lost = append(lost, .3*r.Float64())
	}
	want, err := p.Independent(t.Context(), lost)
	require.NoError(t, err)
	got, err := p.IndependentDomains(t.Context(), d, lost, same(n, 0))
	require.NoError(t, err)
	alike(t, want, got)
	for k := range n + 1 {
		want, err = p.Random(t.Context(), k)
		require.NoError(t, err)
		got, err = p.RandomDomains(t.Context(), d, k, same(n, 0))
		require.NoError(t, err)
		alike(t, want, got)
	}
}

// Racks of one profile, of a few profiles, and of as many profiles as racks; servers that differ in so many ways that cases
// are told apart by the racks.
func TestManyServersInDomains(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	for i, c := range []struct{ racks, each, profiles, unsure int }{
		{10, 4, 1, 0}, {10, 4, 3, 0}, {9, 5, 9, 0}, {6, 3, 2, 4}, {7, 10, 7, 0}, {7, 10, 7, 3}, {6, 12, 1, 3}, {6, 12, 6, 4},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			n := c.racks * c.each
			p, d := chance.Pool{Demand: float64(n)}, chance.Domains{Count: c.racks}
			for i := range n {
				profile := i / c.each % c.profiles
				p.Capacity = append(p.Capacity, 1+float64(profile*c.each+i%c.each)/float64(c.profiles*c.each))
				d.Of = append(d.Of, i/c.each)
			}
			lost, down := same(n, 0), same(c.racks, .125)
			for range c.unsure {
				lost[r.IntN(n)] = .25
			}
			got, err := p.IndependentDomains(t.Context(), d, down, lost)
			require.NoError(t, err)
			agree(t, bruteDomains(p, d.Of, down, lost), 1, got, c)
			for k := range c.racks + 1 {
				got, err := p.RandomDomains(t.Context(), d, k, lost)
				require.NoError(t, err)
				l, cases := bruteRandomDomains(p, d.Of, c.racks, k, lost)
				agree(t, l, cases, got, c)
			}
		})
	}
}

// 40 racks that mix two sorts of servers in many ways: 2^40 cases, but no more than there are pairs of how many of each
// sort are left.
func TestManyRacksOfTwoSorts(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	const count, each, q = 40, 6, .1
	p, d := chance.Pool{Demand: 250}, racks(count*each, count)
	left := map[[2]int]float64{{0, 0}: 1} // by sort
	for range count {
		strong := r.IntN(each + 1)
		for i := range each {
			p.Capacity = append(p.Capacity, 1.2)
			if i < strong {
				p.Capacity[len(p.Capacity)-1] = 3
			}
		}
		next := map[[2]int]float64{}
		for at, p := range left {
			next[at] += q * p
			next[[2]int{at[0] + strong, at[1] + each - strong}] += (1 - q) * p
		}
		left = next
	}
	want := make([]float64, count*each+1)
	for at, p := range left {
		switch {
		case 250/float64(at[0]+at[1]) <= 1.2:
			want[at[0]+at[1]] += p
		case 250/float64(at[0]) <= 3:
			want[at[0]] += p
		default:
			want[0] += p
		}
	}
	got, err := p.IndependentDomains(t.Context(), d, same(count, q), same(count*each, 0))
	require.NoError(t, err)
	for j := range want {
		require.InDelta(t, want[j], got.Survivors[j], want[j]*1e-10)
	}
	require.Greater(t, got.Collapse(), 1e-9)
	require.Greater(t, got.Breaks, .1)
}

// How servers and domains are numbered changes not a bit.
func TestOrderChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	for i := range 400 {
		f := newFate(r, 12+i%10*6, 1+r.IntN(6))
		g := f.shuffled(r)
		k := r.IntN(len(f.pool.Capacity) + 1)
		of, og := f.all(t, k), g.all(t, k)
		require.Equal(t, of, og)
		for _, d := range of {
			require.InDelta(t, 1, d.Fewer(len(d.Survivors)), 1e-12)
			require.InDelta(t, 1, d.Holds+d.Breaks, 1e-12)
		}
	}
}

func (f fate) all(t *testing.T, k int) []chance.Distribution {
	t.Helper()
	d := chance.Domains{Of: f.of, Count: len(f.down)}
	var all []chance.Distribution
	add := func(one chance.Distribution, err error) {
		require.NoError(t, err)
		all = append(all, one)
	}
	add(f.pool.Random(t.Context(), k))
	add(f.pool.Independent(t.Context(), f.lost))
	add(f.pool.IndependentDomains(t.Context(), d, f.down, f.lost))
	add(f.pool.RandomDomains(t.Context(), d, k%(d.Count+1), f.lost))
	return all
}

func (f fate) shuffled(r *rand.Rand) fate {
	g := fate{pool: chance.Pool{Demand: f.pool.Demand}, down: make([]float64, len(f.down))}
	number := r.Perm(len(f.down))
	for d, q := range f.down {
		g.down[number[d]] = q
	}
	for _, i := range r.Perm(len(f.lost)) {
		g.pool.Capacity = append(g.pool.Capacity, f.pool.Capacity[i])
		g.lost = append(g.lost, f.lost[i])
		of := f.of[i]
		if of >= 0 {
			of = number[of]
		}
		g.of = append(g.of, of)
	}
	return g
}

func TestTooHard(t *testing.T) {
	p, lost := spread(400)
	for _, count := range []int{25, 40, 80} {
		_, err := p.IndependentDomains(t.Context(), racks(400, count), same(count, .5), lost)
		require.ErrorIs(t, err, chance.ErrTooHard)
		_, err = p.RandomDomains(t.Context(), racks(400, count), count/2, lost)
		require.ErrorIs(t, err, chance.ErrTooHard)
	}
	d := racks(400, 8)
	d.Steps = 1000
	_, err := p.IndependentDomains(t.Context(), d, same(8, .5), lost)
	require.ErrorIs(t, err, chance.ErrTooHard)
	d.Steps = 0
	_, err = p.IndependentDomains(t.Context(), d, same(8, .5), lost)
	require.NoError(t, err)
}

// A patience is a context that is cancelled when asked for the last time.
type patience struct {
	context.Context
	left int
}

func (p *patience) Err() error {
	if p.left--; p.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestStopsOnTheWay(t *testing.T) {
	p, lost := spread(20_000)
	_, err := p.Independent(&patience{t.Context(), 2}, lost)
	require.ErrorIs(t, err, context.Canceled)
	p, lost = spread(300)
	_, err = p.IndependentDomains(&patience{t.Context(), 2}, racks(300, 12), same(12, .5), lost)
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.RandomDomains(&patience{t.Context(), 2}, racks(300, 12), 6, lost)
	require.ErrorIs(t, err, context.Canceled)
}
