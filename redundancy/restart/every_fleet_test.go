package restart_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A dark is a small fleet of any shape, and what is lost of it.
type dark struct {
	fleet    *topology.Topology
	scenario cascade.Scenario
	options  restart.Options
}

// A maker makes fleets in layers, of which each draws on those below: users, gateways, servers, stores, boards, feeds.
type maker struct {
	*rand.Rand
	layers []layer
	spec   topology.Spec

	byCapacity bool // some shares go by capacity: what warms up then takes long to verify
}

type layer struct {
	kind string
	n    int
}

func (m *maker) chance(n int) bool { return m.IntN(n) == 0 }

func (m *maker) pick(of ...string) string { return of[m.IntN(len(of))] }

func (m *maker) ticks(n int) time.Duration { return time.Duration(m.IntN(n)) * tick }

// newDark makes fleets until one makes sense.
func newDark(seed uint64) dark { return shapedDark(seed, 11, func(*maker) {}) }

// shapedDark makes fleets whose declaration is then changed.
func shapedDark(seed, stream uint64, change func(*maker)) dark {
	r := rand.New(rand.NewPCG(seed, stream))
	for {
		m := &maker{Rand: r, byCapacity: r.IntN(8) == 0}
		m.make()
		change(m)
		t, err := topology.New(m.spec)
		if err != nil {
			continue
		}
		d := dark{fleet: t, scenario: m.scenario(), options: m.options()}
		if _, err := cascade.Run(t, d.scenario); err == nil {
			return d
		}
	}
}

func (m *maker) make() {
	m.layers = []layer{{"server", 1 + m.IntN(4)}}
	if m.chance(3) {
		m.layers = append([]layer{{"gateway", 1 + m.IntN(3)}}, m.layers...)
	}
	if m.chance(3) {
		m.layers = append(m.layers, layer{"store", 1 + m.IntN(3)})
	}
	if !m.chance(3) {
		m.layers = append(m.layers, layer{"board", 1 + m.IntN(3)})
		if m.chance(3) {
			m.layers = append(m.layers, layer{"feed", 1 + m.IntN(2)})
		}
	}
	tools := 0
	if m.chance(3) {
		tools = 1 + m.IntN(3)
	}
	for i := range m.layers {
		m.layer(i, tools)
	}
	for i := range tools {
		c := topology.Component{Name: fmt.Sprintf("tool-%d", i), Kind: "tool", Start: topology.Start{Boot: m.ticks(4)}}
		if i > 0 {
			c.StartNeeds = topology.Names{fmt.Sprintf("tool-%d", m.IntN(i))}
		} else if m.chance(6) {
			c.StartNeeds = topology.Names{fmt.Sprintf("tool-%d", tools-1)}
			if tools == 1 {
				c.StartNeeds = topology.Names{m.layers[0].kind + "-0"}
			}
		}
		m.spec.Components = append(m.spec.Components, c)
	}
	for i := range 1 + max(0, m.IntN(5)-2) {
		m.users(i)
	}
	m.Shuffle(len(m.spec.Components), func(i, j int) {
		c := m.spec.Components
		c[i], c[j] = c[j], c[i]
	})
}

// layer declares the components of one: alike, or each in its own way.
func (m *maker) layer(i, tools int) {
	l := m.layers[i]
	common, start, alike := m.supplies(i), m.start(), m.chance(2)
	capacity := float64(10 * (1 + m.IntN(4)))
	for n := range l.n {
		c := topology.Component{Name: fmt.Sprintf("%s-%d", l.kind, n), Kind: l.kind, Capacity: capacity, Start: start, Supplies: common}
		if !alike {
			c.Capacity, c.Start, c.Supplies = float64(10*(1+m.IntN(4))), m.start(), m.supplies(i)
		}
		if l.kind == "gateway" && m.chance(2) {
			c.Capacity = 0
		}
		c.Overload.Shed = m.chance(10)
		if m.chance(14) {
			c.Demand, c.Gated = float64(1+m.IntN(5)), m.chance(2)
		}
		if tools > 0 && m.chance(2) {
			c.StartNeeds = topology.Names{m.pick("tool-0", fmt.Sprintf("tool-%d", tools-1), "1 of tool")}
		}
		if i+1 < len(m.layers) && m.chance(3) {
			below := m.layers[i+1]
			c.Needs = topology.Names{m.pick(below.kind+"-0", fmt.Sprintf("%d of %s", 1+m.IntN(below.n), below.kind))}
		}
		m.spec.Components = append(m.spec.Components, c)
	}
}

func (m *maker) start() (s topology.Start) {
	s.Boot = m.ticks(5)
	if m.chance(4) && (!m.byCapacity || m.chance(4)) {
		s.WarmUp, s.Cold = m.ticks(6)+tick, float64(m.IntN(4))/4
	}
	return s
}

// supplies is what a component of a layer draws on, mostly the next.
func (m *maker) supplies(i int) (s []topology.Supply) {
	for below := i + 1; below < len(m.layers); below++ {
		if odds := m.IntN(6); below == i+1 && odds > 0 || odds > 4 {
			u := m.supply(below)
			u.Base, u.PerUnit, u.Inrush = float64(m.IntN(5)), float64(m.IntN(5))/4, float64(m.IntN(6))
			s = append(s, u)
		}
	}
	return s
}

// supply draws on some of a layer by some share.
func (m *maker) supply(of int) (s topology.Supply) {
	l := m.layers[of]
	all := []string{}
	for n := range l.n {
		if !m.chance(4) || n == 0 {
			all = append(all, fmt.Sprintf("%s-%d", l.kind, n))
		}
	}
	s.Members = topology.Names{l.kind}
	if m.chance(3) {
		s.Members = all
	}
	kind := m.IntN(12)
	if !m.byCapacity && (kind == 0 || kind == 3) {
		kind = 11
	}
	switch kind {
	case 0:
		s.Share = topology.Proportional
	case 1:
		s.Share, s.Members = topology.Weighted, all
		for range all {
			s.Weights = append(s.Weights, float64(1+m.IntN(3)))
		}
	case 2:
		s.Share, s.Members = topology.Tiered, all
	case 3:
		s.Share, s.Members = topology.Waterfall, all
	case 4:
		s.Share = topology.Each
	}
	switch m.IntN(6) {
	case 0:
		s.Optional = true
	case 1:
		s.Need = 1 + m.IntN(len(all))
	}
	return s
}

func (m *maker) users(i int) {
	c := topology.Component{Name: fmt.Sprintf("users-%d", i), Kind: "users", Demand: float64(5 * (1 + m.IntN(12))), Gated: m.IntN(3) > 0,
		Supplies: []topology.Supply{m.supply(m.IntN(min(2, len(m.layers))))}}
	if m.chance(4) {
		c.Supplies = append(c.Supplies, m.supply(0))
	}
	if m.chance(3) {
		c.Reopen = topology.Reopen{Surge: float64(1+m.IntN(4)) / 4, Decay: time.Minute}
	}
	if m.chance(8) {
		c.Start.Boot = m.ticks(3)
	}
	m.spec.Components = append(m.spec.Components, c)
}

// some names a component, or a kind.
func (m *maker) some() string {
	l := m.layers[m.IntN(len(m.layers))]
	if m.chance(2) {
		return l.kind
	}
	return fmt.Sprintf("%s-%d", l.kind, m.IntN(l.n))
}

func (m *maker) scenario() (s cascade.Scenario) {
	for range 1 + m.IntN(2) {
		s.Lose = append(s.Lose, m.some())
	}
	last := m.layers[len(m.layers)-1]
	if m.chance(2) {
		s.Lose = topology.Names{last.kind}
	}
	if m.chance(12) {
		s.Lose = append(s.Lose, "users-0")
	}
	if m.chance(5) {
		s.Drain = topology.Names{m.some()}
	}
	if m.chance(6) {
		s.Load = []float64{.5, .8, 1.2}[m.IntN(3)]
	}
	return s
}

func (m *maker) options() restart.Options {
	o := restart.Options{Soonest: m.chance(3), Return: map[string]time.Duration{}}
	for range m.IntN(3) {
		o.Return[m.some()] = m.ticks(7) - tick
		if m.chance(2) {
			o.Return[m.some()] = m.ticks(5)
		}
	}
	if m.chance(3) {
		o.AtOnce = map[string]int{m.layers[m.IntN(len(m.layers))].kind: m.IntN(4)}
	}
	if m.chance(4) {
		o.Value = map[string]float64{"users-0": float64(m.IntN(4))}
	}
	if m.chance(4) {
		o.Grid = []time.Duration{tick, 2 * time.Minute}[m.IntN(2)]
	}
	return o
}
