package restart

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// returns finds when each component can be started: of several patterns the latest counts; negative is never.
func returns(t *topology.Topology, back map[string]time.Duration) ([]time.Duration, error) {
	from := make([]time.Duration, t.Len())
	for _, pattern := range slices.Sorted(maps.Keys(back)) {
		ids, err := t.Select(pattern)
		if err != nil {
			return nil, fmt.Errorf("return: %w", err)
		}
		for _, id := range ids {
			if at := back[pattern]; at < 0 || from[id] < 0 {
				from[id] = never
			} else {
				from[id] = max(from[id], at)
			}
		}
	}
	return from, nil
}

const never time.Duration = -1

// A limit is how many components of a pattern may boot together.
type limit struct {
	pattern string
	ids     []topology.ID
	most    int
	booting int
}

func limits(t *topology.Topology, atOnce map[string]int) ([]limit, error) {
	var all []limit
	for _, pattern := range slices.Sorted(maps.Keys(atOnce)) {
		ids, err := t.Select(pattern)
		if err != nil {
			return nil, fmt.Errorf("at once: %w", err)
		}
		if atOnce[pattern] < 0 {
			return nil, fmt.Errorf("at once: %s: %d: give how many may boot together", pattern, atOnce[pattern])
		}
		all = append(all, limit{pattern: pattern, ids: ids, most: atOnce[pattern]})
	}
	return all, nil
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
