package chance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
)

// spread is a pool whose servers all differ: 40 % of their capacity is needed.
func spread(n int) (chance.Pool, []float64) {
	r := rand.New(rand.NewPCG(uint64(n), 8))
	p, lost := chance.Pool{}, make([]float64, n)
	for i := range n {
		p.Capacity = append(p.Capacity, 1+4*r.Float64())
		p.Demand += .4 * p.Capacity[i]
		lost[i] = .02 * r.Float64()
	}
	return p, lost
}

// racks puts servers in turn into so many domains.
func racks(n, count int) chance.Domains {
	d := chance.Domains{Count: count}
	for i := range n {
		d.Of = append(d.Of, i*count/n)
	}
	return d
}

func BenchmarkRandom(b *testing.B) {
	for _, c := range []struct{ n, k int }{{100, 30}, {2000, 600}, {1_000_000, 30}} {
		p, _ := spread(c.n)
		bench(b, fmt.Sprintf("%d-of-%d", c.k, c.n), func() (chance.Distribution, error) {
			return p.Random(context.Background(), c.k)
		})
	}
}

func BenchmarkIndependent(b *testing.B) {
	for _, n := range []int{100, 2000, 20_000} {
		p, lost := spread(n)
		bench(b, fmt.Sprintf("%d-different", n), func() (chance.Distribution, error) {
			return p.Independent(context.Background(), lost)
		})
	}
	p, lost := chance.Pool{Demand: 800_000}, make([]float64, 1_000_000)
	for i := range lost {
		p.Capacity, lost[i] = append(p.Capacity, .9+.1*float64(i%3)), .01*float64(1+i%2)
	}
	bench(b, "1000000-of-six-sorts", func() (chance.Distribution, error) {
		return p.Independent(context.Background(), lost)
	})
}

func BenchmarkDomains(b *testing.B) {
	const n = 1000
	p, lost := spread(n)
	domains := func(name string, p chance.Pool, d chance.Domains, q float64) {
		down, lost := same(d.Count, q), lost
		if q == 0 {
			down, lost = same(d.Count, .05), same(n, 0)
		}
		bench(b, name+"/independent", func() (chance.Distribution, error) {
			return p.IndependentDomains(context.Background(), d, down, lost)
		})
		bench(b, name+"/random", func() (chance.Distribution, error) {
			return p.RandomDomains(context.Background(), d, 3, lost)
		})
	}
	homogeneous := chance.Pool{Demand: p.Demand}
	mixed := chance.Pool{Demand: p.Demand}
	for i := range n {
		homogeneous.Capacity = append(homogeneous.Capacity, p.Capacity[i/25])
		mixed.Capacity = append(mixed.Capacity, 3+2*float64(i*i/7%2))
	}
	domains("40-racks-of-one-capacity-each", homogeneous, racks(n, 40), .05)
	domains("40-racks-of-two-capacities", mixed, racks(n, 40), 0)
	domains("8-rooms-all-different", p, racks(n, 8), .05)
	domains("20-rooms-all-different-servers-never-lost", p, racks(n, 20), 0)
}

func bench(b *testing.B, name string, run func() (chance.Distribution, error)) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
