package restart

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A fleet is one demand, servers that share it equally, and what powers them, as a cascade has left them.
type fleet struct {
	t        *topology.Topology
	status   []topology.Status
	bootTime []time.Duration // by ID: of what is down, how long it boots
	back     []time.Duration // by ID: from when it can be started; never is negative
	from     []time.Duration // by ID: no plan powers it on before,
	soon     []time.Duration // and none has it ready before; never is negative
	limits   []limit
	limited  [][]int32     // by ID: limits
	begun    []topology.ID // in the order in which nothing holds them back
	grid     time.Duration
	outcome  *cascade.Outcome // of the scenario

	users      topology.ID
	demand     float64
	value      float64
	gated      bool
	open       bool // the demand is there in the beginning
	reopen     topology.Reopen
	supply     *topology.Link // of the users
	base, rate float64        // load on the servers: base + rate · demand
	need       int            // servers that must be ready

	groups    []group // of servers that are alike
	survivors int     // in rotation
	weakest   float64 // capacity of a survivor
	capacity  float64 // of each of the others
	start     topology.Start
	power     []topology.ID // what powers the servers, and what the users need
}

// A group is servers that no plan needs to tell apart, in order of declaration.
type group struct {
	ids    []topology.ID
	status topology.Status
	back   time.Duration
	links  []topology.Link
	limits []int32
}

// survey finds the shape that Make plans for, or says what is different.
func survey(t *topology.Topology, p *Plan) (*fleet, *meter, string, error) {
	outcome, err := cascade.Run(t, p.Scenario)
	if err != nil {
		return nil, nil, "", err
	}
	f := &fleet{t: t, grid: p.Grid, users: -1, outcome: outcome}
	state, err := begin(t, outcome)
	if err != nil {
		return nil, nil, "", err
	}
	f.status = state.Status
	m := newMeter(outcome)
	if err := m.weigh(t, p.Value); err != nil {
		return nil, nil, "", err
	}
	if f.back, err = returns(t, p.Return); err != nil {
		return nil, nil, "", err
	}
	if p.Return, err = f.concerned(p.Return); err != nil {
		return nil, nil, "", err
	}
	if f.limits, err = limits(t, p.AtOnce); err != nil {
		return nil, nil, "", err
	}
	f.limited = limitedBy(t, f.limits)
	f.soonest()
	if reason := f.findUsers(p, m); reason != "" {
		return f, m, reason, nil
	}
	if reason := f.findServers(); reason != "" {
		return f, m, reason, nil
	}
	return f, m, f.checkPower(), nil
}

// findUsers finds the only demand and its only supply.
func (f *fleet) findUsers(p *Plan, m *meter) string {
	t := f.t
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) == 0 {
			continue
		}
		if f.users >= 0 {
			return fmt.Sprintf("there is more than one demand: %s and %s", t.Name(f.users), t.Name(id))
		}
		f.users = id
	}
	if f.users < 0 {
		return "there is no demand to bring back"
	}
	for _, l := range t.Links(f.users) {
		switch {
		case l.Supply == nil:
		case f.supply != nil:
			return t.Name(f.users) + " has more than one supply"
		default:
			f.supply = &l
		}
	}
	c := t.Component(f.users)
	if reason := f.checkUsers(&c, m); reason != "" {
		return reason
	}
	f.gated, f.reopen, f.open = c.Gated, c.Reopen, f.status[f.users] == topology.Up
	f.demand = c.Demand * cmp.Or(p.Scenario.Load, 1)
	f.value = m.worth(f.users)
	f.base, f.rate, f.need = f.supply.Supply.Base, f.supply.Supply.Rate(), f.supply.Need
	return ""
}

// checkUsers says what of the users is different.
func (f *fleet) checkUsers(c *topology.Component, m *meter) string {
	t := f.t
	switch {
	case len(m.counted) == 0:
		return c.Name + " is lost in the scenario itself"
	case len(t.PoolsOf(f.users)) > 0:
		return c.Name + " has a demand and is drawn on by others"
	case f.supply == nil:
		return c.Name + " draws on nothing"
	case f.status[f.users] == topology.Ready:
		return c.Name + " is out of rotation itself"
	case c.Start != topology.Start{}:
		return c.Name + " takes time to start itself"
	}
	switch share := t.Pools()[f.supply.Pool].Share; {
	case !even(t, f.supply) || share == topology.Each:
		return fmt.Sprintf("%s spreads its load by a share that is %s, not equal", c.Name, share)
	case f.supply.Supply.Rate() == 0:
		return c.Name + " places the same load whatever is admitted"
	}
	return ""
}

// even reports whether a supply shares equally, or gives each member all.
func even(t *topology.Topology, l *topology.Link) bool {
	share := t.Pools()[l.Pool].Share
	return share == topology.Equal || share == topology.Each || len(l.Members) == 1
}

func (f *fleet) checkPower() string {
	for _, id := range f.power {
		switch {
		case f.status[id] == topology.Ready:
			return f.t.Name(id) + ", which powers servers, is out of rotation"
		case f.status[id] == topology.Down && warms(f.t, id):
			return f.t.Name(id) + ", which powers servers, warms up itself"
		}
	}
	return ""
}

// warmth returns the part of its capacity that a server has some time after it has entered rotation: of no limit all.
func (f *fleet) warmth(age time.Duration) float64 {
	if math.IsInf(f.capacity, 1) {
		return 1
	}
	return warmth(f.start, age)
}

// reopening returns the surge with which the demand comes. One that cannot be held back and is there already brings none.
func (f *fleet) reopening() topology.Reopen {
	if f.open && !f.gated {
		return topology.Reopen{}
	}
	return f.reopen
}

// concerned returns those of the patterns that name something dead: the others say nothing about this scenario.
func (f *fleet) concerned(back map[string]time.Duration) (map[string]time.Duration, error) {
	var left map[string]time.Duration
	for pattern, at := range back {
		ids, err := f.t.Select(pattern)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(ids, func(id topology.ID) bool { return f.status[id] == topology.Down }) {
			if left == nil {
				left = map[string]time.Duration{}
			}
			left[pattern] = at
		}
	}
	return left, nil
}

// measure is Plan.Measure, from the cascade's end.
func (f *fleet) measure(ctx context.Context, p *Plan) error {
	r, err := replayFrom(f.t, f.outcome, p)
	if err != nil {
		return err
	}
	return p.measure(ctx, r)
}
