package draw_test

import (
	"fmt"
	"testing"

	"github.com/ridethrough/ridethrough/cascade/internal/draw"
)

func BenchmarkSource(b *testing.B) {
	var s draw.Source
	b.Run("seed", func(b *testing.B) {
		b.ReportAllocs()
		for item := uint64(0); b.Loop(); item++ {
			s.Seed(1, item)
		}
	})
	b.Run("below", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Below(100)
		}
	})
	b.Run("float", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Float()
		}
	})
}

// A draw and the seed of its item.
func BenchmarkSubset(b *testing.B) {
	for _, size := range [][2]int{{30, 100}, {3, 1_000}, {300, 1_000_000}} {
		k, n := size[0], size[1]
		b.Run(fmt.Sprintf("k=%d/n=%d", k, n), func(b *testing.B) {
			var from draw.Source
			s, pick := draw.NewSubset(n), make([]int32, k)
			b.ReportAllocs()
			for item := uint64(0); b.Loop(); item++ {
				from.Seed(1, item)
				s.Draw(&from, pick)
			}
		})
	}
}

func BenchmarkBinomial(b *testing.B) {
	for _, n := range []uint32{100, 1_000_000} {
		b.Run(fmt.Sprintf("new/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				draw.NewBinomial(n, 0.3)
			}
		})
		b.Run(fmt.Sprintf("draw/n=%d", n), func(b *testing.B) {
			var from draw.Source
			from.Seed(1, 1)
			trials := draw.NewBinomial(n, 0.3)
			b.ReportAllocs()
			for b.Loop() {
				trials.Draw(&from)
			}
		})
	}
}

func BenchmarkInterval(b *testing.B) {
	for _, n := range []uint64{1_000, 10_000_000, 1_000_000_000_000} {
		for _, x := range []uint64{3, n / 2} {
			b.Run(fmt.Sprintf("x=%d/n=%d", x, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					draw.Interval(x, n)
				}
			})
		}
	}
}
