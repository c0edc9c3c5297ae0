package cascade_test

import (
	"context"
	"slices"
	"testing"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func BenchmarkItems(b *testing.B) {
	hall := topology.Must(topology.New(hall(2000, false)()))
	for _, c := range []struct {
		name string
		job
	}{
		{"any2/racks=2000/W=1", job{"", hall, cascade.Any(2, "rack"), cascade.Options{Workers: 1}}},
		{"any2/racks=2000/W=2", job{"", hall, cascade.Any(2, "rack"), cascade.Options{Workers: 2}}},
		{"random30/N=100/collapse/W=1", job{"", pool(6_500, different(100)...), cascade.Any(30, "server"), cascade.Options{Workers: 1}}},
		{"random30/N=100/collapse/W=2", job{"", pool(6_500, different(100)...), cascade.Any(30, "server"), cascade.Options{Workers: 2}}},
		{"random30/N=100/holds/W=1", job{"", pool(6_500, different(100)...), cascade.Any(30, "server"), cascade.Options{Workers: 1, OnlyHolds: true}}},
		{"random30/N=100/idle/W=1", job{"", pool(650, different(100)...), cascade.Any(30, "server"), cascade.Options{Workers: 1}}},
		{"any30/boards=4/W=1", job{"", boards(140, [4]float64{60, 50, 35, 36}), cascade.Any(30, "server"), cascade.Options{Workers: 1}}},
		{"upto/two/W=1", job{"", pool(30_000, slices.Repeat([]float64{120, 130}, 300)...), cascade.UpTo(430, "server"), cascade.Options{Workers: 1}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			items := int64(0)
			for b.Loop() {
				s, err := cascade.Screen(context.Background(), c.fleet, c.family, c.options)
				if err != nil {
					b.Fatal(err)
				}
				items += s.Run
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(items), "ns/item")
		})
	}
}
