package cascade_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// someFleet is one of the sorts of random fleets.
func someFleet(seed uint64) (topology.Spec, *topology.Topology) {
	switch seed % 4 {
	case 0:
		return randomFleet(seed)
	case 1:
		return calmFleet(seed)
	case 2:
		return looseFleet(seed)
	default:
		return alikeFleet(seed)
	}
}

// looseFleet is a random fleet in which few losses take down what draws on the lost: a demand that stays up may be served,
// or not.
func looseFleet(seed uint64) (topology.Spec, *topology.Topology) {
	for r := rand.New(rand.NewPCG(seed, 23)); ; {
		spec := randomSpec(r)
		for i := range spec.Components {
			c := &spec.Components[i]
			if r.IntN(4) > 0 {
				c.Needs = nil
			}
			for k := range c.Supplies {
				if r.IntN(8) > 0 {
					c.Supplies[k].Need, c.Supplies[k].Optional = 0, true
				}
			}
		}
		t, err := topology.New(spec)
		if err != nil {
			continue
		}
		tighten(r, spec, t)
		return spec, topology.Must(topology.New(spec))
	}
}

// someLoss is a few components, or many that are next to each other.
func someLoss(r *rand.Rand, t *topology.Topology) (lose []topology.ID) {
	for range r.IntN(4) {
		lose = append(lose, topology.ID(r.IntN(t.Len())))
	}
	if from := r.IntN(t.Len()); r.IntN(4) == 0 {
		for id := from; id < min(t.Len(), from+t.Len()/8); id++ {
			lose = append(lose, topology.ID(id))
		}
	}
	return lose
}

// A trial is one engine, and the losses that it is in the state after.
type trial struct {
	*rand.Rand
	t      *topology.Topology
	engine *engine.Engine
	base   cascade.Scenario
	losses [][]topology.ID
}

func newTrial(seed uint64, t *topology.Topology) *trial {
	r := rand.New(rand.NewPCG(seed, 22))
	base := randomScenario(r, t)
	base.Lose = nil
	drain, _ := t.Select(base.Drain...)
	return &trial{r, t, engine.New(t, engine.Start{Drain: drain, Load: base.Load}), base, nil}
}

// step loses more, or takes a loss back.
func (x *trial) step() {
	if len(x.losses) > 0 && x.IntN(3) == 0 {
		x.losses = x.losses[:len(x.losses)-1]
		x.engine.Undo()
		return
	}
	lose := someLoss(x.Rand, x.t)
	x.losses = append(x.losses, lose)
	x.engine.Lose(lose...)
}

func (x *trial) scenario() cascade.Scenario {
	s := x.base
	for _, id := range slices.Concat(x.losses...) {
		s.Lose = append(s.Lose, x.t.Name(id))
	}
	return s
}

// A bound by class is the bound component by component, it leaves the state as it is, and no order ends worse.
func TestBoundTwin(t *testing.T) {
	n := map[string]int{}
	for seed := range uint64(cases(1500)) {
		spec, fleet := someFleet(seed)
		x := newTrial(seed, fleet)
		for range 4 {
			x.step()
			s := x.scenario()
			b := x.undisturbed(t)
			diff := x.untrue(b, newPlot(fleet, s), n)
			if diff == "" {
				diff = x.exceeded(b, s, n)
			}
			if diff != "" {
				require.Failf(t, "not a bound", "%s: %+v after %q of %s", diff, b, s, text(t, seed, spec))
			}
		}
	}
	t.Log(n)
	if testing.Short() {
		return
	}
	require.Greater(t, min(n["orders move"], n["orderless, after trips"]), cases(500))
	require.Greater(t, n["served, after trips"], cases(50))
}

// undisturbed returns the bound of the present state, which is the same before and after.
func (x *trial) undisturbed(t *testing.T) engine.Bound {
	holds, end := x.engine.Holds(), x.engine.End()
	b := x.engine.Bound()
	require.Equal(t, holds, x.engine.Holds())
	require.Equal(t, b, x.engine.Bound())
	require.Equal(t, end, x.engine.End())
	require.True(t, end.Tripped || b.Orderless, "nothing trips, so nothing trips first")
	return b
}

// untrue says where a bound is not the one by definition.
func (x *trial) untrue(b engine.Bound, p *plot, n map[string]int) string {
	n["scenarios"]++
	up, status, load := cascade.Unrelieved(x.t, p.state())
	switch {
	case b.Up != count(up):
		return fmt.Sprintf("%d are up", count(up))
	case b.Orderless == cascade.Timing(x.t, p.state()):
		return "the order"
	case b.Served != p.servedInEvery(up, status, load):
		return "served"
	}
	return ""
}

func count(flags []bool) (n int) {
	for _, set := range flags {
		if set {
			n++
		}
	}
	return n
}

// servedInEvery reports whether all demands that count are up, and nothing that may be up in some order can reject load.
func (p *plot) servedInEvery(up []bool, status []topology.Status, load []float64) bool {
	dry := p.dry(status)
	for id := range topology.ID(p.t.Len()) {
		if p.t.Demand(id) > 0 && !slices.Contains(p.lose, id) && (!up[id] || status[id] == topology.Ready) {
			return false
		}
		if status[id] == topology.Down {
			continue
		}
		if p.t.Overload(id).Shed && topology.Overloaded(load[id], p.t.Capacity(id)) {
			return false
		}
		for _, l := range p.t.Links(id) {
			if l.Pool >= 0 && dry[l.Pool] && (l.Supply.Base > 0 || status[id] != topology.Ready && l.Supply.Rate()*load[id] > 0) {
				return false
			}
		}
	}
	return true
}

// dry returns which pools have no member that takes load.
func (p *plot) dry(status []topology.Status) (dry []bool) {
	for _, q := range p.t.Pools() {
		takes, tier := false, 0
		for i, m := range q.Members {
			for q.Ends[tier] <= i {
				tier++
			}
			takes = takes || status[m] == topology.Up && (q.Share != topology.Weighted || q.Weights[tier] > 0)
		}
		dry = append(dry, !takes)
	}
	return dry
}

// exceeded says in which order something ends worse than a bound.
func (x *trial) exceeded(b engine.Bound, s cascade.Scenario, n map[string]int) string {
	up, _, _ := cascade.Unrelieved(x.t, newPlot(x.t, s).state())
	end, together := x.engine.End(), newPlot(x.t, s).plain()
	trips := len(together.rounds) > 1
	if end.Up < b.Up || b.Served && end.Served < 1-topology.Tolerance {
		return fmt.Sprintf("all at once end with %+v", end)
	}
	moved := false
	for range 3 {
		p := newPlot(x.t, s).shuffle(x.Rand)
		moved = moved || !slices.Equal(p.down, together.down)
		for id := range up {
			if up[id] && p.down[id] {
				return x.t.Name(topology.ID(id)) + " is down"
			}
		}
		if worst := p.worst(p.rounds[len(p.rounds)-1]); b.Served && worst < 1-topology.Tolerance {
			return fmt.Sprintf("%v is served", worst)
		}
		if b.Orderless && moved {
			return "another order ends otherwise"
		}
	}
	for what, so := range map[string]bool{
		"trips": trips, "orders move": moved, "served": b.Served, "served, after trips": b.Served && trips,
		"orderless, after trips": b.Orderless && trips, "some are up": trips && b.Up > 0 && b.Up < end.Up,
	} {
		if so {
			n[what]++
		}
	}
	return ""
}

// Users ask 10 of two servers, which bear 4 and 20, and place 5 and all that they serve on a board, through a switch
// without a limit. The board carries 5+5+10 = 20. Server s-1 trips at 5, and s-2 alone draws 5+10 = 15. The ghost of s-1
// goes on drawing 5+5, for with it s-2 would serve half: 25 in the bound, which no order comes to.
func TestGhostKeepsDrawing(t *testing.T) {
	for capacity, want := range map[float64]engine.Bound{
		26: {Up: 4, Served: true, Orderless: true}, 25: {Up: 4, Served: true, Orderless: true},
		24.9: {}, 20: {}, 15: {},
	} {
		draw := []topology.Supply{{Members: topology.Names{"switch"}, Base: 5, PerUnit: 1}}
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "s-1", Capacity: 4, Supplies: draw},
			{Name: "s-2", Capacity: 20, Supplies: draw},
			{Name: "switch", Supplies: []topology.Supply{{Members: topology.Names{"board"}}}},
			{Name: "board", Capacity: capacity},
			{Name: "users", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"s-[1-2]"}}}},
		}}))
		e := engine.New(fleet, engine.Start{})
		require.Equal(t, want, e.Bound(), capacity)
		if capacity >= 20 {
			require.Equal(t, engine.End{Overloaded: true, Tripped: true, Served: 1, Up: 4}, e.End(), capacity)
		}
	}
}

// Users ask 36 of six servers, 6 each. A lamp of 11 trips the board of s-2 and s-3, whose ghosts bear 36/5 = 7.2 each, of
// 20. The 5 of s-1 would be too little, but that was lost before: no server trips, so the order does not matter.
func TestWhatWasLostBeforeIsNoGhost(t *testing.T) {
	board := []topology.Supply{{Members: topology.Names{"board"}, Base: 1}}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-1", Kind: "server", Capacity: 5, Supplies: board},
		{Name: "s-[2-3]", Kind: "server", Capacity: 20, Supplies: board},
		{Name: "s-[4-7]", Kind: "server", Capacity: 20},
		{Name: "users", Demand: 36, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "lamp", Demand: 11, Supplies: []topology.Supply{{Members: topology.Names{"board"}}}},
		{Name: "board", Capacity: 10},
	}}))
	e := engine.New(fleet, engine.Start{})
	require.Equal(t, engine.Bound{Up: 5}, e.Bound())
	e.Lose(0)
	require.Equal(t, engine.Bound{Up: 5, Orderless: true}, e.Bound())
	e.Undo()
	require.Equal(t, engine.Bound{Up: 5}, e.Bound())
}

// After the first, a bound allocates nothing. Of 20 racks of 20 two are lost, and the others bear 32,000/360 = 88.9 each,
// so that 18 trip at 85, then at 32,000/342 = 93.6 those of 90, and 98.8 is borne.
func TestBoundDoesNotAllocate(t *testing.T) {
	fleet := mixed(20)
	e := engine.New(fleet, engine.Start{})
	lose, err := fleet.Select("rack-[1-2]")
	require.NoError(t, err)
	e.Lose(lose...)
	require.Equal(t, engine.Bound{Up: fleet.Len() - 2*21 - 36, Served: true, Orderless: true}, e.Bound())
	require.Zero(t, testing.AllocsPerRun(10, func() { e.Bound() }))
}
