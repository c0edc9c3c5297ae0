package spare

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
	"github.com/ridethrough/ridethrough/topology"
)

// A Shedding is what to do at once after a loss, before anything trips, and why less will not do. It prints as that.
type Shedding struct {
	Certainty cascade.Certainty `json:"certainty"` // Exact; Proven: Bound is Lost; Bounded: it lies between these; or Undetermined
	Reason    string            `json:"reason,omitempty"`
	Scenario  cascade.Scenario  `json:"scenario"`
	Admit     []cascade.Served  `json:"admit"`           // fraction of each demand, but for those that the scenario takes down by name
	Drain     topology.Names    `json:"drain,omitempty"` // servers to take out of rotation
	Off       topology.Names    `json:"off,omitempty"`   // servers to switch off
	Live      int               `json:"live"`            // servers that stay in rotation then
	Lost      float64           `json:"lost"`            // value of what is refused
	Bound     float64           `json:"bound"`           // refusing less than this is not enough
	Stay      float64           `json:"stay"`            // part of the value that is to be refused if every server that is left stays in rotation
	Binding   []Binding         `json:"binding,omitempty"`
}

// Shed finds the least load to refuse right after a scenario's losses so that what is left holds, when servers may be
// taken out of rotation and switched off as well: a weak server among strong ones, or one too many on a power board,
// costs more than it carries. Least is by value: what a unit of a demand is worth, 1 where missing. Of the ways that
// refuse the least it keeps the most servers in rotation, and of these it switches the fewest off. What a scenario has
// drained stays drained.
//
// A server is a member of what a demand draws on, or of what a server passes its load on to, all of it as it is or in the
// same unit; what has a demand of its own is none. Demands are admitted by fractions, each by itself.
//
// It is exact for the common shape, one demand that is spread equally over one pool of servers, to the tolerance of
// [topology.Overloaded]. For any other topology, and for that shape with more than two dozen components of limited power, it
// searches, and tells beside what it found the value that every way refuses at least: Proven where the two meet, to ten times
// that tolerance in parts of all that is asked for; else Bounded. Then of the ways that refuse as little, only those that it came across are compared. It is not
// determined where something is overloaded without any load, and neither a way out was found nor that there is none. The
// result has been checked by computing the loads of every component. The error names what the topology does not have. When
// ctx ends, it returns what is known by then together with ctx's error.
//
// Without limits of power the common shape takes time in proportion to the components; with them it solves an integer
// program over the sorts of servers for each number of servers that could stay. The search works with counts of servers
// that are alike, and takes a few seconds at most.
func Shed(ctx context.Context, t *topology.Topology, s cascade.Scenario, value map[string]float64) (*Shedding, error) {
	if err := checkValue(t, value); err != nil {
		return nil, err
	}
	outcome, err := cascade.Run(t, s)
	if err != nil {
		return nil, err
	}
	if outcome.Judge(1) == cascade.Holds {
		return nothingToShed(t, s, outcome)
	}
	return shedAfter(ctx, t, s, nil, value)
}

func checkValue(t *topology.Topology, value map[string]float64) error {
	for _, name := range slices.Sorted(maps.Keys(value)) {
		v := value[name]
		if id, ok := t.Lookup(name); !ok || t.Demand(id) == 0 || !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("value of %q: give a demand of the fleet, and a number that is not negative", name)
		}
	}
	return nil
}

// nothingToShed is the shedding where all holds.
func nothingToShed(t *topology.Topology, s cascade.Scenario, outcome *cascade.Outcome) (*Shedding, error) {
	e, err := emergencyOf(t, s, nil, nil)
	if err != nil {
		return nil, err
	}
	e.Certainty = cascade.Exact
	for _, served := range outcome.Served {
		e.Admit = append(e.Admit, cascade.Served{Demand: served.Demand, Fraction: 1})
	}
	for id, server := range triage.Servers(t) {
		if server && e.Status[id] == topology.Up {
			e.Live++
		}
	}
	return e.Shedding, nil
}

// shedAfter finds a shedding once more has failed than a scenario says. A demand among that counts all the same.
func shedAfter(ctx context.Context, t *topology.Topology, s cascade.Scenario, failed []topology.ID, value map[string]float64) (*Shedding, error) {
	p, outside := shape(t)
	common := outside == "" && plainServers(p) && !slices.Contains(failed, p.Demand)
	if common && len(p.Power) <= fewBudgets {
		if e, err := shedExactly(ctx, p, scenarioWith(s, t, failed), value); err != nil || e.Certainty != cascade.Undetermined {
			return e, err
		}
		common = false
	}
	e, err := emergencyOf(t, s, failed, value)
	if err != nil {
		return nil, err
	}
	if err = e.run(ctx); err == nil && common && e.Certainty != cascade.Proven {
		if exact, err := shedExactly(ctx, p, scenarioWith(s, t, failed), value); err != nil || exact.Certainty != cascade.Undetermined {
			return exact, err
		}
	}
	return e.Shedding, err
}

// fewBudgets is the number of components of limited power up to which the common shape is first solved exactly.
const fewBudgets = 24

// shedExactly finds the shedding of the common shape; not determined if that would take too long.
func shedExactly(ctx context.Context, p *pool.Pool, s cascade.Scenario, value map[string]float64) (*Shedding, error) {
	r := &rescue{p: p, Shedding: &Shedding{Certainty: cascade.Undetermined, Scenario: s}, worth: 1, work: rescueWork}
	if v, ok := value[p.Topology.Name(p.Demand)]; ok {
		r.worth = v
	}
	return r.Shedding, r.run(ctx)
}

// scenarioWith is a scenario in which more is lost.
func scenarioWith(s cascade.Scenario, t *topology.Topology, failed []topology.ID) cascade.Scenario {
	s.Lose = slices.Concat(s.Lose, t.Names(failed))
	return s
}

// plainServers reports whether all servers of a topology are those of its pool.
func plainServers(p *pool.Pool) bool {
	for id, server := range triage.Servers(p.Topology) {
		if _, pooled := p.Place(topology.ID(id)); server && !pooled {
			return false
		}
	}
	return true
}

// shape returns the pool of a topology, nil if there is none, and says why it is not one that this package answers for.
func shape(t *topology.Topology) (*pool.Pool, string) {
	p, reason := pool.Find(t)
	if p != nil {
		reason = p.Apart()
	}
	return p, reason
}
