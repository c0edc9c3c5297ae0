package strategy

import (
	"cmp"
	"context"
	"math"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Table is layouts side by side. It prints for people and marshals for programs.
type Table struct {
	Demand   float64 `json:"demand"`         // what has to be carried
	Capacity float64 `json:"capacity"`       // of a server
	Unit     string  `json:"unit,omitempty"` // of both
	N        int     `json:"n"`              // least number of servers that carries it

	Server Part    `json:"server"`
	Feed   Part    `json:"feed"`
	Site   Part    `json:"site"`
	Losses []Loss  `json:"losses"`
	Serve  float64 `json:"serve"` // fraction of the demand that must be served in the end, else it is a collapse
	Rows   []Row   `json:"rows"`  // in order of the layouts
}

// A Row is what a layout buys, and what comes of it.
type Row struct {
	Layout  Layout        `json:"layout"`
	Fleet   topology.Spec `json:"fleet"` // for topology.New, to ask more of it
	Servers int           `json:"servers"`
	Feeds   int           `json:"feeds"`
	Sites   int           `json:"sites"`
	Cost    float64       `json:"cost"`
	Busy    float64       `json:"busy"` // load/capacity of the busiest server with nothing lost

	Fates    []Fate    `json:"fates"`              // of each loss
	Survived int       `json:"survived"`           // so many losses
	Expected *Expected `json:"expected,omitempty"` // nil if no part can fail

	// Frontier says that the layout survives some loss, and no other survives all the losses it does for less, or more of
	// them for the same. Of layouts that survive the same for the same, it is the first.
	Frontier bool `json:"frontier"`
}

// A Fate is what a loss does to a layout, at its worst: in the way that leaves the fewest servers.
type Fate struct {
	Verdict cascade.Verdict  `json:"verdict"`
	Worst   cascade.Scenario `json:"worst"` // ends so

	// Of all the ways in which it can happen so many were looked at, of which so many hold and so many collapse.
	Family     cascade.Family    `json:"family"`
	Certainty  cascade.Certainty `json:"certainty"` // of the counts: Exact, or Sampled where there are too many ways to look at all
	Scenarios  *big.Int          `json:"scenarios"`
	Looked     *big.Int          `json:"looked"`
	Holding    *big.Int          `json:"holding"`
	Collapsing *big.Int          `json:"collapsing"`
}

// rowOf builds the fleet of a layout, and asks of it what is asked of all.
func rowOf(ctx context.Context, l Layout, job *task, o Options) (*Row, error) {
	f, err := l.fleet(job)
	if err != nil {
		return nil, err
	}
	spec := f.spec(job, o)
	t, err := topology.New(spec)
	if err != nil {
		return nil, err
	}
	row := &Row{Layout: l, Fleet: spec, Servers: f.servers(), Feeds: f.feeds(), Sites: f.layout.Sites, Busy: busiest(t)}
	row.Cost = cost(row.Servers, row.Feeds, row.Sites, o.Server, o.Feed, o.Site)
	if row.Expected, err = f.expected(ctx, t, job); err != nil {
		return nil, err
	}
	for _, loss := range o.Losses {
		fate, err := fateOf(ctx, t, loss.family(o, f), loss.worst(f), o)
		if err != nil {
			return nil, err
		}
		row.Fates = append(row.Fates, *fate)
		if fate.survived() {
			row.Survived++
		}
	}
	return row, nil
}

// cost is what so many of each cost, at their prices.
func cost(servers, feeds, sites int, server, feed, site Part) float64 {
	return float64(float64(servers)*server.Price) + float64(float64(feeds)*feed.Price) + float64(float64(sites)*site.Price)
}

// busiest returns the highest utilization with nothing lost.
func busiest(t *topology.Topology) (most float64) {
	flow := t.Flow(topology.State{})
	for id := range topology.ID(t.Len()) {
		most = max(most, flow.Load[id]/t.Capacity(id))
	}
	return most
}

// most ways of a loss that are looked at one by one, and how many of more are drawn.
const (
	mostCases = 1_000_000
	samples   = 100_000
)

// fateOf runs the worst way of a loss, and counts how all of them end.
func fateOf(ctx context.Context, t *topology.Topology, family cascade.Family, worst cascade.Scenario, o Options) (*Fate, error) {
	s, err := cascade.Screen(ctx, t, family, cascade.Options{Serve: o.Serve, Workers: o.Workers, Worst: 1, Cases: mostCases, Samples: samples})
	if err != nil {
		return nil, err
	}
	end, err := cascade.Run(t, worst)
	if err != nil {
		return nil, err
	}
	return &Fate{
		Verdict: end.Judge(cmp.Or(o.Serve, 1)), Worst: worst,
		Family: family, Certainty: s.Certainty, Scenarios: s.Scenarios,
		Looked: new(big.Int).Add(s.Holding, s.Failing), Holding: s.Holding, Collapsing: s.Collapsing,
	}, nil
}

func (f *Fate) survived() bool { return f.Verdict != cascade.Collapses }

// markFrontier marks the layouts that no other makes pointless.
func (t *Table) markFrontier() {
	for i := range t.Rows {
		t.Rows[i].Frontier = t.Rows[i].Survived > 0
		for j := range t.Rows {
			if i != j && t.Rows[j].beats(&t.Rows[i], j < i) {
				t.Rows[i].Frontier = false
			}
		}
	}
}

// beats reports whether a row survives what another does for no more, and is better in one of the two, or stands first.
func (r *Row) beats(other *Row, first bool) bool {
	for i := range r.Fates {
		if other.Fates[i].survived() && !r.Fates[i].survived() {
			return false
		}
	}
	if math.Abs(r.Cost-other.Cost) > rounding*other.Cost {
		return r.Cost < other.Cost
	}
	return r.Survived > other.Survived || first && r.Survived == other.Survived
}
