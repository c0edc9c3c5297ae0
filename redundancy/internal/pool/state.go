package pool

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A State is what a scenario leaves of a pool, once it has closed and before anything trips.
type State struct {
	Status   []topology.Status // of every component; shared with nothing
	Factor   float64           // on the demand
	Asked    bool              // the demand counts: the scenario does not lose it by name
	Up       bool              // it is up
	Rotating []topology.ID     // servers in rotation, in order of declaration
	Idle     []topology.ID     // servers that are up and out of rotation
	Drained  []topology.ID     // components out of rotation that are no servers: the shape knows nothing of these
}

// After returns what a scenario leaves. The error names what the topology does not have.
func (p *Pool) After(s cascade.Scenario) (*State, error) {
	t := p.Topology
	lose, err := t.Select(s.Lose...)
	if err != nil {
		return nil, fmt.Errorf("scenario %q: lose: %w", s, err)
	}
	drain, err := t.Select(s.Drain...)
	if err != nil {
		return nil, fmt.Errorf("scenario %q: drain: %w", s, err)
	}
	factor := cmp.Or(s.Load, 1)
	if !(factor > 0) || math.IsInf(factor, 0) {
		return nil, fmt.Errorf("scenario %q: load %v: give a factor above 0", s, s.Load)
	}
	st := &State{Status: make([]topology.Status, t.Len()), Factor: factor, Asked: !slices.Contains(lose, p.Demand)}
	for _, id := range drain {
		st.Status[id] = topology.Ready
	}
	for _, l := range t.Closure().Fail(lose...) {
		st.Status[l.ID] = topology.Down
	}
	st.Up = st.Status[p.Demand] != topology.Down
	p.sort(st, drain)
	return st, nil
}

func (p *Pool) sort(st *State, drain []topology.ID) {
	for _, id := range p.Servers {
		switch st.Status[id] {
		case topology.Up:
			st.Rotating = append(st.Rotating, id)
		case topology.Ready:
			st.Idle = append(st.Idle, id)
		}
	}
	for _, id := range drain {
		if _, server := p.place[id]; !server && st.Status[id] == topology.Ready {
			st.Drained = append(st.Drained, id)
		}
	}
}

// Load returns what the pool carries at a factor on the demand, while the demand is up.
func (p *Pool) Load(factor float64) float64 {
	return p.Base + float64(p.Rate*float64(factor*p.Topology.Demand(p.Demand)))
}

// Place returns where a server stands in Servers, and whether it is one.
func (p *Pool) Place(id topology.ID) (int, bool) {
	i, ok := p.place[id]
	return i, ok
}

// Weakest returns the least capacity of servers; +Inf for none.
func (p *Pool) Weakest(servers []topology.ID) float64 {
	least := math.Inf(1)
	for _, id := range servers {
		least = min(least, p.Topology.Capacity(id))
	}
	return least
}

// Strongest returns servers, the strongest first; those alike stay in their order.
func (p *Pool) Strongest(servers []topology.ID) []topology.ID {
	byStrength := slices.Clone(servers)
	slices.SortStableFunc(byStrength, func(a, b topology.ID) int {
		return cmp.Compare(p.Topology.Capacity(b), p.Topology.Capacity(a))
	})
	return byStrength
}

// Strength returns the most load that some of these servers carry together when the others are taken out of rotation,
// max_j c_(j) · (number with capacity ≥ c_(j)), and how many of [Pool.Strongest] carry it: the most that do.
// It is 0 for none, and +Inf if one of them has no limit.
func (p *Pool) Strength(servers []topology.ID) (load float64, n int) {
	for i, id := range p.Strongest(servers) {
		if s := p.Topology.Capacity(id) * float64(i+1); s >= load {
			load, n = s, i+1
		}
	}
	return load, n
}

// MaxServers is more servers than a fleet can have.
const MaxServers = 1 << 24

// Fewest returns the least number of servers that carry a load when each can carry limit: the least n for which load/n
// is not above it. It is 0 for no load, and math.MaxInt if it is more than
// any fleet can have.
func Fewest(load, limit float64) int {
	if load <= 0 {
		return 0
	}
	if limit <= 0 || load/limit > MaxServers {
		return math.MaxInt
	}
	n := max(1, int(load/limit))
	for n > 1 && !topology.Overloaded(load/float64(n-1), limit) {
		n--
	}
	for topology.Overloaded(load/float64(n), limit) {
		n++
	}
	return n
}

func unlimited(t *topology.Topology, id topology.ID) bool { return math.IsInf(t.Capacity(id), 1) }

func sorted(ids []topology.ID) []topology.ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return ids
}
