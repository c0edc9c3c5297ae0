package restart

import (
	"fmt"
	"maps"
	"slices"
	"time"

	times "github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/topology"
)

// each looks up what is given by patterns, in order, and does something with each; an error names the pattern.
func each[T any](t *topology.Topology, given string, by map[string]T, do func(pattern string, ids []topology.ID, value T) error) error {
	for _, pattern := range slices.Sorted(maps.Keys(by)) {
		ids, err := t.Select(pattern)
		if err != nil {
			return fmt.Errorf("%s: %w", given, err)
		}
		if err := do(pattern, ids, by[pattern]); err != nil {
			return fmt.Errorf("%s: %s: %w", given, pattern, err)
		}
	}
	return nil
}

// returns finds when each component can be started: of several patterns the latest counts; negative is never.
func returns(t *topology.Topology, back map[string]time.Duration) ([]time.Duration, error) {
	from := make([]time.Duration, t.Len())
	return from, each(t, "return", back, func(_ string, ids []topology.ID, at time.Duration) error {
		for _, id := range ids {
			if at < 0 || from[id] < 0 {
				from[id] = never
			} else {
				from[id] = max(from[id], at)
			}
		}
		return nil
	})
}

const never = times.Never

// A limit is how many components of a pattern may boot together.
type limit struct {
	pattern string
	ids     []topology.ID
	most    int
	booting int
}

func limits(t *topology.Topology, atOnce map[string]int) (all []limit, err error) {
	err = each(t, "at once", atOnce, func(pattern string, ids []topology.ID, most int) error {
		if most < 0 {
			return fmt.Errorf("%d: give how many may boot together", most)
		}
		all = append(all, limit{pattern: pattern, ids: ids, most: most})
		return nil
	})
	return all, err
}

// limitedBy returns, by ID, the limits that count a component.
func limitedBy(t *topology.Topology, limits []limit) [][]int32 {
	by := make([][]int32, t.Len())
	for i, l := range limits {
		for _, id := range l.ids {
			by[id] = append(by[id], int32(i))
		}
	}
	return by
}
