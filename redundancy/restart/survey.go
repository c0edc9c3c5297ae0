package restart

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A fleet is one demand, servers that share it equally, and what powers them, as a cascade has left them.
type fleet struct {
	t      *topology.Topology
	status []topology.Status
	back   []time.Duration // by ID: from when it can be started; never is negative
	soon   []time.Duration // by ID: no plan has it ready before; never is negative
	limits []limit
	grid   time.Duration
	served []cascade.Served // as the cascade leaves it

	users      topology.ID
	demand     float64
	value      float64
	gated      bool
	open       bool // the demand is there in the beginning
	reopen     topology.Reopen
	base, rate float64 // load on the servers: base + rate · demand
	need       int     // servers that must be ready

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
func survey(t *topology.Topology, p *Plan) (*fleet, string, error) {
	outcome, err := cascade.Run(t, p.Scenario)
	if err != nil {
		return nil, "", err
	}
	f := &fleet{t: t, grid: p.Grid, users: -1, served: outcome.Served}
	state, err := begin(t, outcome)
	if err != nil {
		return nil, "", err
	}
	f.status = state.Status
	m := newMeter(outcome)
	if err := m.weigh(t, p.Value); err != nil {
		return nil, "", err
	}
	if f.back, err = returns(t, p.Return); err != nil {
		return nil, "", err
	}
	if f.limits, err = limits(t, p.AtOnce); err != nil {
		return nil, "", err
	}
	f.soonest()
	if reason := f.findUsers(p, m); reason != "" {
		return f, reason, nil
	}
	if reason := f.findServers(); reason != "" {
		return f, reason, nil
	}
	return f, f.checkPower(), nil
}

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
	c := t.Component(f.users)
	var supply *topology.Link
	for _, l := range t.Links(f.users) {
		if l.Supply != nil && supply != nil {
			return c.Name + " has more than one supply"
		}
		if l.Supply != nil {
			supply = &l
		}
	}
	switch {
	case len(m.counted) == 0:
		return c.Name + " is lost in the scenario itself"
	case len(t.PoolsOf(f.users)) > 0:
		return c.Name + " has a demand and is drawn on by others"
	case supply == nil:
		return c.Name + " draws on nothing"
	case f.status[f.users] == topology.Ready:
		return c.Name + " is out of rotation itself"
	case c.Start != topology.Start{}:
		return c.Name + " takes time to start itself"
	case !even(t, supply) || t.Pools()[supply.Pool].Share == topology.Each:
		return fmt.Sprintf("%s spreads its load by a share that is %s, not equal", c.Name, t.Pools()[supply.Pool].Share)
	case supply.Supply.Rate() == 0:
		return c.Name + " places the same load whatever is admitted"
	}
	f.demand, f.gated, f.reopen, f.open = c.Demand, c.Gated, c.Reopen, f.status[f.users] == topology.Up
	if p.Scenario.Load != 0 {
		f.demand *= p.Scenario.Load
	}
	f.value = 1
	if v, ok := m.value[f.users]; ok {
		f.value = v
	}
	f.base, f.rate, f.need = supply.Supply.Base, supply.Supply.Rate(), supply.Need
	return ""
}

// even reports whether a supply shares equally, or gives each member all.
func even(t *topology.Topology, l *topology.Link) bool {
	share := t.Pools()[l.Pool].Share
	return share == topology.Equal || share == topology.Each || len(l.Members) == 1
}

// findServers groups the servers, and checks that those to come back are identical.
func (f *fleet) findServers() string {
	t := f.t
	server := make([]bool, t.Len())
	var ids []topology.ID
	for _, l := range t.Links(f.users) {
		if l.Supply != nil {
			ids = slices.Sorted(slices.Values(l.Members))
		}
	}
	for _, id := range ids {
		server[id] = true
	}
	for id := range topology.ID(t.Len()) {
		if id == f.users {
			for _, l := range t.Links(id) {
				if l.Supply == nil && slices.ContainsFunc(l.Members, func(m topology.ID) bool { return server[m] || m == id }) {
					return fmt.Sprintf("%s needs servers besides drawing on them", t.Name(id))
				}
			}
			continue
		}
		for _, l := range t.Links(id) {
			if l.Supply != nil && !even(t, &l) {
				return fmt.Sprintf("%s draws on %v by a share that is %s, not equal", t.Name(id), l.Names, t.Pools()[l.Pool].Share)
			}
			if slices.ContainsFunc(l.Members, func(m topology.ID) bool { return server[m] || m == f.users }) && f.matters(&l) {
				return fmt.Sprintf("%s needs or draws on servers, or on the users: %v", t.Name(id), l.Names)
			}
		}
		if !server[id] {
			f.power = append(f.power, id)
		}
	}
	return f.group(ids)
}

// matters reports whether a link is more than a name for members that are on for good anyway.
func (f *fleet) matters(l *topology.Link) bool { return l.Need > 0 || l.Supply != nil }

func (f *fleet) group(ids []topology.ID) string {
	limited := make([][]int32, f.t.Len())
	for i, l := range f.limits {
		for _, id := range l.ids {
			limited[id] = append(limited[id], int32(i))
		}
	}
	known := map[string]int{}
	f.weakest, f.capacity = math.Inf(1), -1
	for _, id := range ids {
		status := f.status[id]
		if status == topology.Up {
			f.survivors++
			f.weakest = min(f.weakest, f.t.Capacity(id))
		} else if start := f.t.Component(id).Start; f.capacity < 0 {
			f.capacity, f.start = f.t.Capacity(id), start
		} else if f.capacity != f.t.Capacity(id) || f.start != start {
			return fmt.Sprintf("the servers that are down or drained are not identical: %s has another capacity, or starts otherwise, than those before it", f.t.Name(id))
		}
		back := f.back[id]
		if status != topology.Down {
			back = 0
		}
		key := f.signature(status, back, limited[id], f.t.Links(id))
		g, ok := known[key]
		if !ok {
			g = len(f.groups)
			known[key] = g
			f.groups = append(f.groups, group{status: status, back: back, links: f.t.Links(id), limits: limited[id]})
		}
		f.groups[g].ids = append(f.groups[g].ids, id)
	}
	if !f.gated && !f.open && f.survivors > 0 {
		return fmt.Sprintf("%s cannot be held back and finds %d servers in rotation as soon as what it needs is ready", f.t.Name(f.users), f.survivors)
	}
	return ""
}

// signature is equal for servers that no plan needs to tell apart.
func (f *fleet) signature(status topology.Status, back time.Duration, limits []int32, links []topology.Link) string {
	key := binary.AppendVarint([]byte{byte(status)}, int64(back))
	for _, l := range limits {
		key = binary.AppendVarint(key, int64(l))
	}
	for i := range links {
		l := &links[i]
		key = fmt.Appendf(key, "|%p %d %d %d", &l.Members[0], len(l.Members), l.Need, l.Pool)
		if l.Supply != nil {
			for _, x := range []float64{l.Supply.Base, l.Supply.Rate(), l.Supply.Inrush} {
				key = binary.BigEndian.AppendUint64(key, math.Float64bits(x))
			}
		}
	}
	return string(key)
}

func (f *fleet) checkPower() string {
	for _, id := range f.power {
		start := f.t.Component(id).Start
		switch {
		case f.status[id] == topology.Ready:
			return f.t.Name(id) + ", which powers servers, is out of rotation"
		case f.status[id] == topology.Down && start.WarmUp > 0 && start.Cold < 1 && !math.IsInf(f.t.Capacity(id), 1):
			return f.t.Name(id) + ", which powers servers, warms up itself"
		}
	}
	return ""
}

// surge returns the height of the surge with which the demand comes, in parts of it. One that cannot be held back and is there
// already brings none.
func (f *fleet) surge() float64 {
	if f.open && !f.gated {
		return 0
	}
	return f.reopen.Surge
}

// cold returns the part of its capacity that a server has at first.
func (f *fleet) cold() float64 {
	if f.start.WarmUp == 0 {
		return 1
	}
	return f.start.Cold
}

// warmth returns the part of its capacity that a server has some time after it has entered rotation.
func (f *fleet) warmth(age time.Duration) float64 {
	if f.start.WarmUp == 0 || age >= f.start.WarmUp {
		return 1
	}
	return f.start.Cold + (1-f.start.Cold)*float64(age)/float64(f.start.WarmUp)
}

// soonest finds the earliest time at which each component could be ready if nothing but returns, boots and needs held it
// back: from never downwards, until nothing changes.
func (f *fleet) soonest() {
	f.soon = make([]time.Duration, f.t.Len())
	boot := make([]time.Duration, f.t.Len())
	for id, status := range f.status {
		if status == topology.Down {
			f.soon[id] = never
			boot[id] = f.t.Component(topology.ID(id)).Start.Boot
		}
	}
	for changed := true; changed; {
		changed = false
		for id, status := range f.status {
			if status != topology.Down || f.back[id] < 0 {
				continue
			}
			at := f.startable(topology.ID(id))
			if at >= 0 {
				at = later(at, boot[id])
			}
			if at >= 0 && (f.soon[id] < 0 || at < f.soon[id]) {
				f.soon[id], changed = at, true
			}
		}
	}
}

// startable returns the time from which a component's links are met and it has returned; never is negative.
func (f *fleet) startable(id topology.ID) time.Duration {
	at := f.back[id]
	links := f.t.Links(id)
	for i := range links {
		met := f.metAt(&links[i])
		if at < 0 || met < 0 {
			return never
		}
		at = max(at, met)
	}
	return at
}

// metAt returns the time from which enough members of a link could be ready.
func (f *fleet) metAt(l *topology.Link) time.Duration {
	if l.Need == 0 {
		return 0
	}
	var times []time.Duration
	zero := 0
	for _, m := range l.Members {
		if f.soon[m] == 0 {
			if zero++; zero == l.Need {
				return 0
			}
		}
		if f.soon[m] >= 0 {
			times = append(times, f.soon[m])
		}
	}
	if len(times) < l.Need {
		return never
	}
	slices.Sort(times)
	return times[l.Need-1]
}
