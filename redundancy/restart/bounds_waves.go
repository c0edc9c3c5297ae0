package restart

import (
	"cmp"
	"math"
	"sort"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// maxWaves bounds the work on a bound: what starts after so many times counts as started at once.
const maxWaves = 2_000_000

// waves returns how many servers, besides so many drained ones, can be ready by each time.
func (f *fleet) waves(drained int) []arrival {
	from := make([]time.Duration, len(f.groups))
	times := queue.New(cmp.Compare[time.Duration])
	for i, g := range f.groups {
		if from[i] = never; g.status == topology.Down {
			if from[i] = f.from[g.ids[0]]; from[i] >= 0 {
				times.Push(from[i])
			}
		}
	}
	root, all := f.nested(f.limitsOnGroups())
	var arrivals []arrival
	before := drained
	for work := 0; ; {
		at, ok := times.Pop()
		if !ok {
			return arrivals
		}
		if next, more := times.First(); more && next == at {
			continue
		}
		if work += len(all); work > maxWaves {
			for _, b := range all {
				b.limits = nil
			}
		}
		grown := false
		for _, b := range all {
			grown = f.grow(b, from, at) || grown
		}
		if all := drained + root.by(at); all > before {
			arrivals = append(arrivals, arrival{later(at, f.start.Boot), all})
			before = all
		}
		if grown && f.start.Boot > 0 {
			times.Push(later(at, f.start.Boot))
		}
	}
}

// grow computes the bound of a bundle at a time, those within it first; it reports whether it has grown.
func (f *fleet) grow(b *bundle, from []time.Duration, at time.Duration) bool {
	n := 0
	for _, g := range b.direct {
		if from[g] >= 0 && from[g] <= at {
			n += len(f.groups[g].ids)
		}
	}
	for _, in := range b.within {
		if len(in.most) > 0 {
			n += in.most[len(in.most)-1]
		}
	}
	before := 0
	if len(b.most) > 0 {
		before = b.most[len(b.most)-1]
	}
	for _, l := range b.limits {
		limit := math.Inf(1)
		if f.start.Boot == 0 {
			if l.runs > 0 {
				limit = l.room / l.runs
			}
		} else if l.boots > 0 {
			limit = (l.room + float64(float64(b.by(at-f.start.Boot))*(l.boots-l.runs))) / l.boots
		}
		if limit < float64(n) {
			n = max(0, int(float64(limit*(1+topology.Tolerance))+topology.Tolerance))
		}
	}
	if n = max(n, before); n == before {
		return false
	}
	b.times, b.most = append(b.times, at), append(b.most, n)
	return true
}

// by returns the bound at a time.
func (b *bundle) by(at time.Duration) int {
	i := sort.Search(len(b.times), func(i int) bool { return b.times[i] > at })
	if i == 0 {
		return 0
	}
	return b.most[i-1]
}
