package choose_test

import (
	"fmt"
	"testing"

	"github.com/ridethrough/ridethrough/cascade/internal/choose"
)

func BenchmarkNext(b *testing.B) {
	for _, c := range []struct {
		name  string
		sizes []int32
		k     int
	}{
		{"single/n=100/k=30", repeat(1, 100), 30},
		{"single/n=5000/k=2", repeat(1, 5_000), 2},
		{"racks/n=100/k=30", []int32{30, 30, 20, 20}, 30},
		{"pairs/n=2000000/k=2", repeat(2, 1_000_000), 2},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := choose.New(c.sizes, c.k)
			pick := make([]int32, c.k)
			s.At(0, pick)
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := s.Next(pick); !ok {
					s.At(0, pick)
				}
			}
		})
	}
}

func BenchmarkMultiplicity(b *testing.B) {
	s := choose.New([]int32{30, 30, 20, 20}, 30)
	pick := make([]int32, 30)
	s.At(2_500, pick)
	b.ReportAllocs()
	for b.Loop() {
		s.Multiplicity(pick)
	}
}

func BenchmarkAt(b *testing.B) {
	for _, c := range []struct {
		name  string
		sizes []int32
		k     int
	}{
		{"single/n=5000/k=2", repeat(1, 5_000), 2},
		{"single/n=1000000/k=2", repeat(1, 1_000_000), 2},
		{"racks/n=100/k=30", []int32{30, 30, 20, 20}, 30},
		{"pairs/n=2000000/k=3", repeat(2, 1_000_000), 3},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := choose.New(c.sizes, c.k)
			length, _ := s.Len()
			pick := make([]int32, c.k)
			s.At(length-1, pick)
			b.ReportAllocs()
			for b.Loop() {
				s.At(length/2, pick)
			}
		})
	}
}

// The dearest lists to count or to refuse.
func BenchmarkLen(b *testing.B) {
	for _, c := range []struct {
		sizes []int32
		k     int
	}{
		{repeat(1, 1_000_000), 500_000},
		{repeat(2, 1_000_000), 500_000},
		{repeat(2, 1_000_000), 12},
		{repeat(2, 1_000_000), 3},
		{repeat(8_000_000, 2), 8_000_000},
		{repeat(2_000_000, 4), 2_000_000},
		{repeat(1_000_000, 17), 500_000},
	} {
		b.Run(fmt.Sprintf("classes=%d/size=%d/k=%d", len(c.sizes), c.sizes[0], c.k), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				choose.New(c.sizes, c.k).Len()
			}
		})
	}
}

func BenchmarkAll(b *testing.B) {
	s := choose.New([]int32{1_000_000}, 500_000)
	for b.Loop() {
		s.All()
	}
}
