package maintenance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

// A site is a small fleet of any shape, and what is asked of it.
type site struct {
	fleet   *topology.Topology
	what    topology.Names
	options maintenance.Options
}

// A maker makes fleets in layers: users, servers, perhaps stores, boards, feeds.
type maker struct {
	*rand.Rand
	spec topology.Spec
}

func (m *maker) chance(n int) bool { return m.IntN(n) == 0 }

func (m *maker) pick(of ...string) string { return of[m.IntN(len(of))] }

// newSite makes fleets until one makes sense. Most hold as they are.
func newSite(seed uint64) site {
	r := rand.New(rand.NewPCG(seed, 7))
	for {
		m := &maker{Rand: r}
		servers := m.make()
		t, err := topology.New(m.spec)
		if err != nil {
			continue
		}
		s := site{fleet: t, options: m.options(servers)}
		s.what = topology.Names{m.pick("server", "server", "board", "board-0", "server-0", "server-[0-1]")}
		if _, err := s.options.Family.Count(t); err != nil {
			continue
		}
		if o, err := cascade.Run(t, s.options.Now); err != nil || o.Verdict != cascade.Holds && !m.chance(10) {
			continue
		}
		if _, err := t.Select(s.what...); err == nil && (s.sound() || m.chance(12)) {
			return s
		}
	}
}

// sound reports whether the family holds with nothing taken out, or need not.
func (s site) sound() bool {
	family := cascade.Product(cascade.Only(s.options.Now), s.options.Family)
	r, err := cascade.Screen(context.Background(), s.fleet, family, cascade.Options{OnlyHolds: true, Workers: 1})
	return err == nil && (r.Failing.Sign() == 0 || s.options.Except && r.Holding.Sign() > 0)
}

func (m *maker) make() int {
	servers, boards, feeds, stores := 3+m.IntN(3), 1+m.IntN(3), m.IntN(3), m.IntN(3)*m.IntN(2)
	m.layer("server", servers, m.supplies("store", stores, "board", boards))
	if stores > 0 {
		m.layer("store", stores, m.supplies("board", boards))
	}
	m.layer("board", boards, m.supplies("feed", feeds))
	if feeds > 0 {
		m.layer("feed", feeds, func() []topology.Supply { return nil })
	}
	for i := range 1 + m.IntN(6)/5 {
		u := m.supply("server", servers)
		u.Need, u.PerUnit = 0, 0
		if m.chance(5) {
			u.Need = m.IntN(servers) + 1
		}
		m.spec.Components = append(m.spec.Components, topology.Component{Name: fmt.Sprintf("users-%d", i), Demand: float64(3 + m.IntN(5*servers)), Supplies: []topology.Supply{u}})
	}
	m.Shuffle(len(m.spec.Components), func(i, j int) {
		c := m.spec.Components
		c[i], c[j] = c[j], c[i]
	})
	return servers
}

// layer declares some components, half of the time all alike.
func (m *maker) layer(kind string, n int, supplies func() []topology.Supply) {
	alike := m.chance(2)
	common := m.component(kind, supplies)
	for i := range n {
		c := common
		if !alike {
			c = m.component(kind, supplies)
		}
		c.Name = fmt.Sprintf("%s-%d", kind, i)
		m.spec.Components = append(m.spec.Components, c)
	}
}

func (m *maker) component(kind string, supplies func() []topology.Supply) topology.Component {
	c := topology.Component{Kind: kind, Capacity: float64(8 + 4*m.IntN(4)), Start: m.start(), Supplies: supplies()}
	if kind != "server" {
		c.Capacity = float64(6 + m.IntN(30))
	}
	if kind == "server" && m.chance(3) {
		c.Needs = topology.Names{m.pick("board-0", "1 of board", "board")}
	}
	if m.chance(24) {
		c.StartNeeds = topology.Names{m.pick("server-0", "board-0", "1 of board", "1 of server")}
	}
	c.Overload.Shed = m.chance(12)
	if kind == "store" && m.chance(10) {
		c.Demand = float64(1 + m.IntN(4))
	}
	return c
}

func (m *maker) start() (s topology.Start) {
	if m.chance(2) {
		s.Boot = time.Duration(m.IntN(3)) * time.Minute
	}
	if m.chance(4) {
		s.WarmUp, s.Cold = time.Minute, []float64{.5, .75, .9, .6, 0}[m.IntN(5)]
	}
	return s
}

// supplies draws on some of the layers below.
func (m *maker) supplies(below ...any) func() []topology.Supply {
	return func() (all []topology.Supply) {
		for i := 0; i < len(below); i += 2 {
			kind, n := below[i].(string), below[i+1].(int)
			if n == 0 || m.chance(3) {
				continue
			}
			s := m.supply(kind, n)
			if m.chance(2) {
				s = topology.Supply{Members: topology.Names{fmt.Sprintf("%s-%d", kind, m.IntN(n))}}
			}
			s.Base, s.PerUnit, s.Inrush = float64(m.IntN(3)), float64(m.IntN(4))/4, float64(m.IntN(4))
			all = append(all, s)
		}
		return all
	}
}

// supply draws on a whole layer by some share.
func (m *maker) supply(kind string, n int) (s topology.Supply) {
	s.Members = topology.Names{kind}
	switch m.IntN(10) {
	case 0:
		s.Share = topology.Each
	case 1:
		s.Share = topology.Proportional
	case 2, 3:
		s.Share = []topology.Share{topology.Weighted, topology.Tiered, topology.Waterfall}[m.IntN(3)]
		s.Members = nil
		for i := range n {
			s.Members = append(s.Members, fmt.Sprintf("%s-%d", kind, i))
			if s.Share == topology.Weighted {
				s.Weights = append(s.Weights, float64(m.IntN(3)+1-m.IntN(2)))
			}
		}
	}
	s.Optional = m.chance(10)
	return s
}

func (m *maker) options(servers int) maintenance.Options {
	o := maintenance.Options{Workers: 1 + m.IntN(3), Together: m.chance(3), Except: m.chance(2), Survive: m.chance(4)}
	text := m.pick("each board", "each server", "none", "none", "server-1", "each board; each server", "each", "any 2 of server", "board-0 + server-0; server-1", "each board + load 1.1", "drain server-0")
	o.Family, _ = cascade.ParseFamily(text)
	if m.chance(5) {
		o.AtOnce = map[string]int{m.pick("server", "server-0", "board"): m.IntN(3)}
	}
	if m.chance(6) {
		o.Now = cascade.Scenario{Lose: topology.Names{fmt.Sprintf("server-%d", servers-1)}}
	} else if m.chance(6) {
		o.Now = cascade.Scenario{Drain: topology.Names{fmt.Sprintf("server-%d", servers-1)}, Load: .8}
	}
	if o.Survive && m.chance(3) {
		o.Serve = .7
	}
	return o
}
