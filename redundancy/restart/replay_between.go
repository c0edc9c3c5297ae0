package restart

import (
	"context"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// Parts of the time between two events that are looked at singly.
const (
	finestPart = 4096 // of it
	coarsePart = 8
	finestTime = time.Millisecond
)

// between looks for an overload from now until the next event. Only shares by capacity, of which a member that
// draws on something warms up, can bring one: see [Verify].
func (r *replay) between(ctx context.Context, until time.Duration) error {
	moving := r.moving()
	if until <= r.now || len(moving) == 0 {
		return nil
	}
	parts := time.Duration(finestPart)
	if r.coarse {
		parts = coarsePart
	}
	b := bisection{replay: r, moving: moving, member: r.sole(moving), finest: max(finestTime, (until-r.now)/parts)}
	start := r.now
	at, err := b.search(ctx, start, until)
	if err != nil || at < 0 {
		r.load(r.now)
		r.flow.Update(r.state)
		return err
	}
	b.at(at, at)
	r.now = at
	return r.overload(r.next - 1)
}

// moving returns the pools whose split moves while members warm up.
func (r *replay) moving() []int32 {
	var pools []int32
	for _, w := range r.warming {
		for _, p := range r.t.PoolsOf(w.id) {
			if slices.Contains(r.shifting, p) && !slices.Contains(pools, p) {
				pools = append(pools, p)
			}
		}
	}
	return pools
}

// sole returns, by ID, who is a member of the only one of some pools; nil if there are several.
func (r *replay) sole(pools []int32) []bool {
	if len(pools) > 1 {
		return nil
	}
	member := make([]bool, r.t.Len())
	for _, m := range r.t.Pools()[pools[0]].Members {
		member[m] = true
	}
	return member
}

// A bisection halves a time until bounds prove its parts safe.
type bisection struct {
	*replay
	moving []int32
	member []bool // by ID: of the pool, if only one moves
	finest time.Duration
	first  []float64 // loads where a part begins
	cap    []float64 // capacities there
}

// at sets the loads to those of a time, for the demands of another.
func (b *bisection) at(at, demands time.Duration) {
	b.load(demands)
	b.warm(at)
	b.flow.Update(b.state)
}

// search returns the first time found at which something is overloaded; -1 if there is none.
func (b *bisection) search(ctx context.Context, from, to time.Duration) (time.Duration, error) {
	if err := ctx.Err(); err != nil || b.safe(from, to) {
		return -1, err
	}
	if to-from <= b.finest {
		b.rough = b.coarse
		if b.at(to, to); b.overload(0) != nil {
			return to, nil
		}
		return -1, nil
	}
	middle := from + (to-from)/2
	if at, err := b.search(ctx, from, middle); at >= 0 || err != nil {
		return at, err
	}
	return b.search(ctx, middle, to)
}

// safe reports whether bounds prove that nothing is overloaded from one time to another.
//
// If one proportional share moves, every load behind it is, at constant demand, a ratio of two linear functions of time, so
// it is greatest at one of the ends; its members are used less and less. Otherwise, if every capacity that
// moves grows by at most a factor g, each such share passes to a member at most g² of what it did,
// as long as there is no waterfall but the one that moves: a tier elsewhere may be given more without limit.
func (b *bisection) safe(from, to time.Duration) bool {
	single := len(b.moving) == 1
	if b.waterfalls > 0 && !(single && b.waterfalls == 1 && b.t.Pools()[b.moving[0]].Share == topology.Waterfall) {
		return false
	}
	b.at(from, from)
	b.first = append(b.first[:0], b.flow.Load...)
	b.cap = append(b.cap[:0], b.state.Capacity...)
	b.at(to, from)
	if single && b.waterfalls == 0 {
		return b.safeAtEnds()
	}
	return b.safeInGrowth()
}

func (b *bisection) safeAtEnds() bool {
	for id, status := range b.state.Status {
		load := b.first[id]
		if !b.member[id] {
			load = max(load, b.flow.Load[id])
		}
		if status != topology.Down && topology.Overloaded(load, b.cap[id]) {
			return false
		}
	}
	return true
}

func (b *bisection) safeInGrowth() bool {
	growth := 1.0
	for _, w := range b.warming {
		growth = max(growth, b.state.Capacity[w.id]/b.cap[w.id]) // from 0 it is infinite
	}
	factor := 1.0
	for range b.moving {
		factor *= growth * growth
	}
	for id, status := range b.state.Status {
		load := b.first[id]
		if (b.member == nil || !b.member[id]) && load > 0 { // members of a single waterfall or share are used less and less
			load *= factor
		}
		if status != topology.Down && topology.Overloaded(load, b.cap[id]) {
			return false
		}
	}
	return true
}
