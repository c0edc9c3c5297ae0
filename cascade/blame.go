package cascade

import (
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// blame finds which failures led to another: the members that a link lost, or, for a load, the failed peers whose share
// the component took over; where it has none, those of the owners that load comes from, and so on upwards.
type blame struct {
	t       *topology.Topology
	down    []bool    // by ID
	failing []int32   // by ID: the round in which it went down or out of rotation; never is -1
	rise    []int32   // by ID: the round after which its load last rose; -1 if it has not since nothing was lost
	load    []float64 // by ID: after the latest round
	known   map[string]topology.Names
}

const never = -1

func newBlame(t *topology.Topology, begin start, s topology.State) *blame {
	b := &blame{t: t, known: map[string]topology.Names{}}
	b.load = slices.Clone(t.Flow(topology.State{Demand: s.Demand}).Load)
	b.down = make([]bool, t.Len())
	b.failing, b.rise = make([]int32, t.Len()), make([]int32, t.Len())
	for id := range b.failing {
		b.failing[id], b.rise[id] = never, never
	}
	for _, id := range begin.drain {
		b.failing[id] = 0
	}
	return b
}

func (b *blame) failed(id topology.ID, round int) { b.down[id], b.failing[id] = true, int32(round) }

// raised notes whose load a round has raised.
func (b *blame) raised(load []float64, round int) {
	for id, now := range load {
		if now > b.load[id] {
			b.rise[id] = int32(round)
		}
		b.load[id] = now
	}
}

// members returns the members of a broken link that were down before its owner.
func (b *blame) members(l topology.Loss, round int) topology.Names {
	return b.once(fmt.Sprintf("set %d %d %d", l.Link.Set, l.Left, round), func() []topology.ID {
		var down []topology.ID
		for _, m := range l.Link.Members {
			if b.down[m] {
				down = append(down, m)
			}
		}
		return down
	})
}

// because returns the failures that last raised the load of a component.
func (b *blame) because(id topology.ID) topology.Names {
	round := b.rise[id]
	if round == never {
		return nil
	}
	pools := b.t.PoolsOf(id)
	return b.once(fmt.Sprint(pools, round), func() []topology.ID { return b.upwards(pools, round) })
}

// upwards returns the members of pools that failed in a round; if there are none, those of the pools that feed the
// owners of these.
func (b *blame) upwards(pools []int32, round int32) []topology.ID {
	seen := map[int32]bool{}
	for len(pools) > 0 {
		var failed []topology.ID
		var above []int32
		for _, p := range pools {
			if seen[p] {
				continue
			}
			seen[p] = true
			for _, m := range b.t.Pools()[p].Members {
				if b.failing[m] == round {
					failed = append(failed, m)
				}
			}
			for _, owner := range b.t.Pools()[p].Owners {
				above = append(above, b.t.PoolsOf(owner)...)
			}
		}
		if len(failed) > 0 {
			slices.Sort(failed)
			return slices.Compact(failed)
		}
		pools = above
	}
	return nil
}

// once folds names once for all the failures that have the same.
func (b *blame) once(key string, find func() []topology.ID) topology.Names {
	names, ok := b.known[key]
	if !ok {
		names = b.t.Names(find())
		b.known[key] = names
	}
	return names
}
