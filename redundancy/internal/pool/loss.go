package pool

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// Apart says who but the demand needs a server, or who needs the demand; "" if nobody does. Then servers may come and go
// without changing anything but the pool and what it draws.
func (p *Pool) Apart() string {
	t := p.Topology
	for id := range topology.ID(t.Len()) {
		for _, l := range t.Links(id) {
			if id == p.Demand && l.Pool >= 0 || l.Start {
				continue
			}
			for _, m := range l.Members {
				if _, server := p.place[m]; server || m == p.Demand {
					return fmt.Sprintf("%s needs %s, so more than the pool changes with it.", t.Name(id), t.Name(m))
				}
			}
		}
	}
	return ""
}

// Losses says for each number of losses of some components whether the fleet holds, without trying each choice.
type Losses interface {
	Size() int // components

	// Breaking returns k of them with whose loss the fleet does not hold, and whether there are such.
	Breaking(k int) ([]topology.ID, bool)

	// Bearing returns as many of them as can be with whose loss it does, and whether there are such, be they none. The
	// error is that of a search that was not finished.
	Bearing(context.Context) ([]topology.ID, bool, error)
}

// LossesOf returns the closed form for the loss of some components: of servers of the pool, or of failure domains that
// have no server in common. It is nil if there is none.
func (p *Pool) LossesOf(ids []topology.ID) Losses {
	if len(ids) == 0 || p.Apart() != "" {
		return nil
	}
	base := p.intact()
	if base == nil {
		return nil
	}
	servers := 0
	for _, id := range ids {
		if _, ok := p.place[id]; ok {
			servers++
		}
	}
	switch {
	case servers == len(ids):
		return newServerLosses(base, ids)
	case servers == 0 && !slices.Contains(ids, p.Demand):
		return newDomainLosses(base, ids)
	default:
		return nil
	}
}

// An intact is the pool with nothing lost.
type intact struct {
	*Pool
	load  float64
	draws *Draws
}

// intact returns nil where a load that no server has a part in overloads something: then nothing holds.
func (p *Pool) intact() *intact {
	st := &State{Status: make([]topology.Status, p.Topology.Len()), Factor: 1, Asked: true, Up: true}
	i := &intact{Pool: p, load: p.Load(1), draws: p.Draws(st)}
	for id, load := range i.draws.Steady {
		if topology.Overloaded(load, p.Topology.Capacity(topology.ID(id))) {
			return nil
		}
	}
	return i
}

// enough reports whether n servers, the weakest of this capacity, carry the load, and the demand is up with them.
func (i *intact) enough(n int, weakest float64) bool {
	return n >= max(1, i.Need) && !topology.Overloaded(i.load/float64(n), weakest)
}

// byCapacity returns servers, the weakest first; of those alike the first declared first.
func (p *Pool) byCapacity(servers []topology.ID) []topology.ID {
	all := sorted(servers)
	slices.SortStableFunc(all, func(a, b topology.ID) int {
		return cmp.Compare(p.Topology.Capacity(a), p.Topology.Capacity(b))
	})
	return all
}
