package spare_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// everyCase is a small fleet of any shape, and what is asked of it.
type everyCase struct {
	Spec   topology.Spec
	Family string
	Offers []spare.Offer
	True   bool // Options.TrueDraw
}

// everyFleet makes one: layers of components, of which each draws on the layers below.
type everyFleet struct {
	*rand.Rand
	scale  float64    // of all loads
	layers [][]string // names, from the users down; those of one layer begin with one letter
	spec   topology.Spec
}

func (e *everyFleet) chance(n int) bool { return e.IntN(n) == 0 }

func (e *everyFleet) pick(of ...string) string { return of[e.IntN(len(of))] }

// number is a few steps of five, or with one in four anything.
func (e *everyFleet) number(least, steps int) float64 {
	n := float64(5 * (least + e.IntN(steps)))
	if e.chance(4) {
		n += float64(e.IntN(9) - 4)
	}
	return max(n, 0) * e.scale
}

// newEveryCase makes cases until one makes sense.
func newEveryCase(seed uint64) *asked {
	r := rand.New(rand.NewPCG(seed, 77))
	for {
		if a := ask(anyCase(&everyFleet{Rand: r, scale: 1})); a != nil {
			return a
		}
	}
}

func anyCase(e *everyFleet) everyCase {
	switch e.IntN(12) {
	case 0:
		e.scale = .01
	case 1:
		e.scale = 1e6
	}
	letters := []string{"s", "b"}
	switch e.IntN(6) {
	case 0:
		letters = []string{"s"}
	case 1:
		letters = []string{"g", "s", "b"}
	case 2:
		letters = []string{"s", "d", "b"}
	case 3:
		letters = []string{"s", "b", "p"}
	}
	most := map[string]int{"s": 4, "d": 3, "b": 3, "g": 2, "p": 2}
	for _, l := range letters {
		var names []string
		for i := range 1 + e.IntN(most[l]) {
			names = append(names, fmt.Sprintf("%s%d", l, i))
		}
		e.layers = append(e.layers, names)
	}
	racks := e.IntN(4) - 1
	for i := range e.layers {
		e.layer(i, racks)
	}
	for i := range racks {
		e.spec.Components = append(e.spec.Components, component{Name: fmt.Sprintf("r%d", i), Kind: "rack"})
	}
	for i := range 1 + max(0, e.IntN(5)-2) {
		e.users(i)
	}
	e.Shuffle(len(e.spec.Components), func(i, j int) {
		c := e.spec.Components
		c[i], c[j] = c[j], c[i]
	})
	c := everyCase{Spec: e.spec, Family: e.family(), True: e.chance(3)}
	for range 1 + e.IntN(3) {
		c.Offers = append(c.Offers, e.offer())
	}
	return c
}

var everyKind = map[string]string{"s": "server", "d": "store", "b": "board", "g": "gateway", "p": "ups", "r": "rack"}

// layer declares the components of one: mostly of one pattern, now and then each in its own way.
func (e *everyFleet) layer(i, racks int) {
	letter := e.layers[i][0][:1]
	limited := letter != "g" && !e.chance(4)
	if letter == "s" || letter == "d" {
		limited = !e.chance(8)
	}
	all := e.chance(2)
	alike, needs := e.IntN(3) > 0, e.IntN(4)
	common, capacity := e.supplies(i), e.number(1, 6)
	for _, name := range e.layers[i] {
		c := component{Name: name, Kind: everyKind[letter], Labels: map[string]string{"zone": e.pick("x", "y")}}
		if e.chance(12) {
			c.Kind += "2"
		}
		if limited {
			if c.Capacity = capacity; !e.chance(3) {
				c.Capacity = e.number(1, 6)
			}
			if i > 0 {
				c.Capacity *= float64(1 + e.IntN(4))
			}
			if !all && e.chance(6) {
				c.Capacity = 0
			}
			c.Overload.Shed = e.chance(8)
		}
		if e.chance(14) {
			c.Demand = e.number(0, 3)
		}
		if c.Supplies = common; !alike {
			c.Supplies = e.supplies(i)
		}
		if racks > 0 && needs > 1 {
			c.Needs = topology.Names{fmt.Sprintf("r%d", e.IntN(racks))}
			if e.chance(5) {
				c.Needs = e.need("r", racks)
			}
		}
		if i+1 < len(e.layers) && needs == 0 {
			below := e.layers[i+1]
			c.Needs = e.need(below[0][:1], len(below))
		}
		e.spec.Components = append(e.spec.Components, c)
	}
}

// need is some of, or all of, what one letter names.
func (e *everyFleet) need(letter string, n int) topology.Names {
	if e.chance(3) {
		return topology.Names{fmt.Sprintf("%s%d", letter, e.IntN(n))}
	}
	what := e.pick(fmt.Sprintf("%s[0-%d]", letter, n-1), everyKind[letter], fmt.Sprintf("%s[0-%d]", letter, e.IntN(n)))
	if e.chance(4) {
		return topology.Names{what}
	}
	return topology.Names{fmt.Sprintf("%d of %s", 1+e.IntN(min(n, 2)), what)}
}

// supplies is what a component of a layer draws on, mostly the next.
func (e *everyFleet) supplies(i int) (s []topology.Supply) {
	for below := i + 1; below < len(e.layers); below++ {
		if odds := e.IntN(6); below == i+1 && odds > 0 || odds > 3 {
			s = append(s, e.supply(below))
		}
	}
	if len(s) > 0 && e.chance(6) {
		s = append(s, e.supply(i+1))
	}
	return s
}

// supply draws on some of a layer: by names, by pattern, by kind or by label.
func (e *everyFleet) supply(layer int) topology.Supply {
	names := e.layers[layer]
	letter := names[0][:1]
	var s topology.Supply
	var some []string
	for _, n := range names {
		if e.IntN(4) > 0 {
			some = append(some, n)
		}
	}
	if some == nil {
		some = names[:1]
	}
	switch e.IntN(6) {
	case 0:
		s.Members = some
	case 1:
		s.Members = topology.Names{fmt.Sprintf("%s[0-%d]", letter, e.IntN(len(names)))}
	case 2:
		s.Members = topology.Names{everyKind[letter]}
	case 3:
		s.Members = topology.Names{"zone=x"}
		if layer < len(e.layers)-1 {
			s.Members = names
		}
	case 4:
		s.Members = topology.Names{names[e.IntN(len(names))]}
	default:
		s.Members = names
	}
	switch e.IntN(10) {
	case 0:
		s.Share = topology.Proportional
	case 1:
		s.Share, s.Members = topology.Weighted, e.entries(some)
		for range s.Members {
			s.Weights = append(s.Weights, float64(1+e.IntN(3)))
		}
		if e.chance(5) {
			s.Weights[0] = 0
		}
	case 2, 3:
		s.Share, s.Members = topology.Tiered, e.entries(some)
		s.Overprovision = []float64{0, 1, 1.2, 2}[e.IntN(4)]
	case 4:
		s.Share, s.Members = topology.Waterfall, e.entries(some)
		s.Limit = []float64{0, .5, .8}[e.IntN(3)]
	case 5:
		s.Share = topology.Each
	}
	switch e.IntN(6) {
	case 0:
		s.Base = e.number(0, 2)
	case 1:
		s.PerUnit = []float64{.5, 1, 2}[e.IntN(3)]
	case 2:
		s.Base, s.PerUnit = float64(e.IntN(6))*e.scale, []float64{.5, 1, 2}[e.IntN(3)]
	}
	switch e.IntN(5) {
	case 0:
		s.Optional = true
	case 1:
		s.Need = 1 + e.IntN(min(2, len(names)))
	}
	return s
}

// entries is names cut into one to three patterns.
func (e *everyFleet) entries(names []string) (out topology.Names) {
	for len(names) > 0 {
		n := min(len(names), 1+e.IntN(3))
		if len(out) == 2 {
			n = len(names)
		}
		out = append(out, "["+strings.Join(names[:n], ",")+"]")
		if n == 1 {
			out[len(out)-1] = names[0]
		}
		names = names[n:]
	}
	return out
}

// users declares a demand that draws on the first layer, now and then on the second too.
func (e *everyFleet) users(i int) {
	c := component{Name: fmt.Sprintf("u%d", i), Kind: "users", Demand: e.number(1, 8), Supplies: []topology.Supply{e.supply(0)}}
	if s := &c.Supplies[0]; !e.chance(4) {
		s.Base, s.PerUnit = 0, 0
	}
	if len(e.layers) > 1 && e.chance(10) {
		c.Supplies = append(c.Supplies, e.supply(1))
	}
	if e.chance(12) {
		c.Capacity = e.number(2, 8)
	}
	e.spec.Components = append(e.spec.Components, c)
}

// one is the name of a component, of any layer or a rack.
func (e *everyFleet) one() string {
	c := e.spec.Components[e.IntN(len(e.spec.Components))]
	if c.Kind == "users" && !e.chance(8) {
		return e.one()
	}
	return c.Name
}

func (e *everyFleet) family() string {
	kind := func() string {
		c := e.spec.Components[e.IntN(len(e.spec.Components))]
		if c.Kind == "users" {
			return "zone=x"
		}
		return c.Kind
	}
	part := func() string {
		switch e.IntN(9) {
		case 0:
			return e.one()
		case 1:
			return "any 2 of " + kind()
		case 2:
			return "up to 2 of " + kind()
		case 3:
			return e.one() + " + drain " + e.one()
		case 4:
			return "drain " + e.one()
		case 5:
			return kind()
		case 6:
			return "each " + kind() + " + each " + kind()
		}
		return "each " + kind()
	}
	text := part()
	if e.chance(5) {
		text += e.pick(" + load 1.3", " + load .8", " + load 1.1")
	}
	if e.chance(5) {
		text += "; " + part()
	}
	if e.chance(12) {
		text = "nothing"
	}
	return text
}

func (e *everyFleet) offer() spare.Offer {
	o := spare.Offer{Cost: float64(1+e.IntN(5)) / 10, Most: max(0, e.IntN(6)-2)}
	if e.chance(4) {
		o.Cost = 0
	}
	letter := e.layers[e.IntN(len(e.layers))][0][:1]
	if e.chance(2) {
		letter = e.layers[0][0][:1]
	}
	if e.IntN(4) == 0 {
		o.For, o.By = e.one(), e.number(1, 3)
		if e.chance(4) {
			o.For = everyKind[letter]
		}
		return o
	}
	o.Like = fmt.Sprintf("%s%d", letter, 0)
	if e.chance(2) {
		o.Like = fmt.Sprintf("%s%d", letter, e.IntN(2))
	}
	if e.chance(40) {
		o.Like = "r0"
	}
	if e.chance(8) {
		o.Needs = topology.Names{e.pick("r0", "r1", "1 of rack", "rack")}
		if letter == "s" && e.chance(2) {
			o.Needs = topology.Names{e.pick("b0", "b1", "1 of board")}
		}
	}
	return o
}
