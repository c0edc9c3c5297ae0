package risk

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
)

// sets are some of one size, in lexicographic order.
type sets struct {
	size int
	flat []int32
}

func (s *sets) add(set []int32) { s.flat = append(s.flat, set...) }

func (s *sets) has(set []int32) bool {
	low, high := 0, len(s.flat)/s.size
	for low < high {
		at := (low + high) / 2
		switch order := slices.Compare(s.flat[at*s.size:(at+1)*s.size], set); {
		case order == 0:
			return true
		case order < 0:
			low = at + 1
		default:
			high = at
		}
	}
	return false
}

// progress is told a few times a second.
type progress struct {
	began, told time.Time
	done, all   int64
	tell        func(cascade.Progress)
}

func (p *progress) step() {
	p.done++
	if p.tell == nil {
		return
	}
	now := time.Now()
	if p.done < p.all && now.Sub(p.told) < time.Second/4 {
		return
	}
	p.told = now
	elapsed := now.Sub(p.began)
	left := time.Duration(float64(elapsed) * float64(p.all-p.done) / float64(p.done))
	p.tell(cascade.Progress{Done: float64(p.done), Total: float64(p.all), Elapsed: elapsed, Left: left})
}
