package spare_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// mail is pairs with a second demand that has nothing to do with the first.
func mail() topology.Spec {
	s := pairs()
	s.Components = append(s.Components,
		component{Name: "m-[1-4]", Kind: "store", Capacity: 50},
		component{Name: "mail", Demand: 150, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"store"}}}})
	s.Components[len(s.Components)-3].Supplies[0].Members = topology.Names{"server"}
	return s
}

// The example of TestSwitchingOffCostsNobodyAnything, beside another demand. 37.5 % of 8,000 are 3,000 of 8,150 in all:
// 36.8 % of the value would have to be refused if every server stayed.
func TestShedBesideAnotherDemand(t *testing.T) {
	e := shed(t, mail(), cascade.Lose("board-1a"))
	require.Equal(t, cascade.Proven, e.Certainty)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: 1}, {Demand: "mail", Fraction: 1}}, e.Admit)
	require.Zero(t, e.Lost)
	require.Zero(t, e.Bound)
	require.InDelta(t, 3000.0/8150, e.Stay, 1e-9)
	require.Equal(t, 89+4, e.Live)
	require.Equal(t, topology.Names{"s-[040-050]"}, e.Off)
	require.Empty(t, e.Drain)
	require.Empty(t, e.Binding)
	require.Equal(t, "board-1a: switch off s-[040-050], and the other 93 servers live (proven); 36.81 % of the value would have to be refused if every server stayed.", e.String())
}

// Two demands on ten servers of 10: chat asks for 80 and pay for 40. What is worth more is admitted in full.
func TestShedByValue(t *testing.T) {
	user := func(name string, demand float64) component {
		return component{Name: name, Demand: demand, Gated: name == "pay", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}
	}
	s := topology.Spec{Components: []component{{Name: "s-[1-10]", Kind: "server", Capacity: 10}, user("chat", 80), user("pay", 40)}}
	top := topology.Must(topology.New(s))
	for _, c := range []struct {
		pay       float64
		chat, of  float64
		lost, now float64
	}{
		{3, .75, 1, 20, 20},
		{.5, 1, .5, 10, 10},
		{0, 1, .5, 0, 0}, // worth nothing, and yet as much of it as there is room for
	} {
		e, err := spare.Shed(ctx, top, cascade.Scenario{}, map[string]float64{"pay": c.pay})
		require.NoError(t, err)
		require.Equal(t, cascade.Proven, e.Certainty)
		require.InDelta(t, c.chat, e.Admit[0].Fraction, 1e-9)
		require.InDelta(t, c.of, e.Admit[1].Fraction, 1e-9)
		require.InDelta(t, c.lost, e.Lost, 1e-6)
		require.Equal(t, e.Lost, e.Bound)
		if c.chat < 1 {
			require.Equal(t, "chat is not gated: refusing takes a gate in front of it.", e.Reason)
		} else {
			require.Empty(t, e.Reason)
		}
	}
	e, err := spare.Shed(ctx, top, cascade.Scenario{}, map[string]float64{"pay": 3})
	require.NoError(t, err)
	require.Equal(t, `nothing lost: refuse 25 % of chat, and the other 10 servers live (proven). chat is not gated: refusing takes a gate in front of it.
  s-1 is at 10 of 10 then`, e.String())
	_, err = spare.Shed(ctx, top, cascade.Scenario{}, map[string]float64{"s-1": 3})
	require.ErrorContains(t, err, `value of "s-1"`)
}

// A chain: fronts of 100 pass all they get on to backs of 60, 60 and 10. Without the weak one the backs carry 120, with it 30.
func TestShedAlongAChain(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "front-[1-2]", Kind: "front", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"back"}}}},
		{Name: "back-[1-2]", Kind: "back", Capacity: 60}, {Name: "back-3", Kind: "back", Capacity: 10},
		{Name: "users", Demand: 150, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"front"}}}},
	}}
	e := shed(t, s, cascade.Scenario{})
	require.Equal(t, cascade.Proven, e.Certainty)
	require.InDelta(t, 30, e.Lost, 1e-6)
	require.InDelta(t, .8, e.Stay, 1e-9)
	require.Equal(t, topology.Names{"back-3"}, e.Drain)
	require.Equal(t, 4, e.Live)
}

// Two backs are needed of three, and the third is weak: it must stay up. It may be out of rotation.
func TestShedKeepsWhatIsNeeded(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "board", Capacity: 100},
		{Name: "s-[1-2]", Kind: "s", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 30, PerUnit: .1}}},
		{Name: "s-3", Kind: "s", Capacity: 1, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 35, PerUnit: .1}}},
		{Name: "users", Demand: 100, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}, Need: 3}}},
		{Name: "more", Demand: 1, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
	}}
	e := shed(t, s, cascade.Scenario{})
	require.Equal(t, cascade.Proven, e.Certainty)
	require.Equal(t, topology.Names{"s-3"}, e.Drain)
	require.Empty(t, e.Off)
	require.InDelta(t, 51, e.Lost, 1e-6) // the board has 100 − 95 = 5 W for 50 of 101
}

// The board carries the cooler, and 10 W more. Users cannot be admitted at all, for what they place on the board comes
// whole or not; so all of them are refused, and nobody else.
func TestShedEverything(t *testing.T) {
	s := func(cooler float64) topology.Spec {
		return topology.Spec{Components: []component{
			{Name: "board", Capacity: 20},
			{Name: "cooler", Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: cooler}}},
			{Name: "s-1", Kind: "s", Capacity: 10, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 10, PerUnit: 1}}},
			{Name: "m-1", Kind: "m", Capacity: 10},
			{Name: "users", Demand: 5, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
			{Name: "mail", Demand: 5, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"m"}}}},
		}}
	}
	e := shed(t, s(10), cascade.Scenario{})
	require.Equal(t, cascade.Proven, e.Certainty)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: 0}, {Demand: "mail", Fraction: 1}}, e.Admit)
	require.InDelta(t, 5, e.Lost, 1e-6)
	require.Empty(t, e.Off)
	e = shed(t, s(19), cascade.Scenario{})
	require.Equal(t, cascade.Proven, e.Certainty)
	require.Equal(t, topology.Names{"s-1"}, e.Off)
	require.InDelta(t, 5, e.Lost, 1e-6)
	e = shed(t, s(21), cascade.Scenario{})
	require.Equal(t, cascade.Proven, e.Certainty)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: 0}, {Demand: "mail", Fraction: 0}}, e.Admit)
	require.Equal(t, "No load would be small enough: something is overloaded without any.", e.Reason)
	require.Equal(t, 10.0, e.Lost)
}

// The exact path and the general one on the same fleets.
func TestShedAnyAgainstTheCommonShape(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 31))
		top, err := topology.New(random(r))
		if err != nil {
			continue
		}
		scenario := cascade.Scenario{Load: 1 + r.Float64()}
		for id := range topology.ID(top.Len() - 2) {
			if r.IntN(6) == 0 {
				scenario.Lose = append(scenario.Lose, top.Name(id))
			} else if top.Kind(id) == "server" && r.IntN(8) == 0 {
				scenario.Drain = append(scenario.Drain, top.Name(id))
			}
		}
		exact, err := spare.Shed(ctx, top, scenario, nil)
		require.NoError(t, err)
		any, err := spare.ShedAny(ctx, top, scenario, nil)
		require.NoError(t, err)
		about := fmt.Sprintf("seed %d: %v\n%v", seed, exact, any)
		require.Equal(t, cascade.Exact, exact.Certainty, about)
		near := 1e-6 * max(1, exact.Lost)
		require.LessOrEqual(t, any.Bound, exact.Lost+near, about)
		require.LessOrEqual(t, exact.Lost, any.Lost+near, about)
		count[string(any.Certainty)]++
		if any.Certainty == cascade.Proven && any.Live > 0 && exact.Live > 0 {
			require.InDelta(t, exact.Lost, any.Lost, near, about)
			require.Equal(t, exact.Live, any.Live, about)
			off, _ := top.Select(exact.Off...)
			anyOff, _ := top.Select(any.Off...)
			require.Len(t, anyOff, len(off), about)
			require.InDelta(t, exact.Stay, any.Stay, 1e-6, about)
		}
	}
	t.Log(count)
	require.Greater(t, count["proven"], 500)
}

func TestShedAnyIsDeterministic(t *testing.T) {
	top := shedPlant(20, 20, true)
	var first []byte
	for range 3 {
		e, err := spare.Shed(ctx, top, cascade.Lose("board-[0-6]a"), map[string]float64{"pay": 5})
		require.NoError(t, err)
		data, err := json.Marshal(e)
		require.NoError(t, err)
		if first == nil {
			first = data
		}
		require.Equal(t, string(first), string(data))
	}
}

func TestShedAnyStopsWithItsContext(t *testing.T) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	e, err := spare.Shed(done, shedPlant(20, 20, true), cascade.Lose("board-[0-6]a"), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, cascade.Bounded, e.Certainty)
	require.LessOrEqual(t, e.Bound, e.Lost)
	require.Less(t, e.Lost, 20*20*82.0)
}

// Factors as large and as small as a scenario takes.
func TestShedAnyAtAnyLoad(t *testing.T) {
	for _, load := range []float64{1e-300, 1e-12, 1e12, 1e50} {
		e := shed(t, mail(), cascade.Scenario{Lose: topology.Names{"board-1a"}, Load: load})
		require.NotEqual(t, cascade.Undetermined, e.Certainty, load)
		require.LessOrEqual(t, e.Bound, e.Lost, load)
		if load < 1 {
			require.Zero(t, e.Lost)
		} else {
			require.Greater(t, e.Lost, .9*load*8150)
		}
		data, err := json.Marshal(e)
		require.NoError(t, err)
		var back spare.Shedding
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, e.String(), back.String())
	}
}

// Waterfalls: region a, of 100, serves what it can up to its capacity, and region b, of 80, takes the rest, which the mail
// there leaves 50 for.
func TestShedBehindAWaterfall(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "a-[1-10]", Kind: "a", Capacity: 10}, {Name: "b-[1-8]", Kind: "b", Capacity: 10},
		{Name: "users", Demand: 170, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"a", "b"}, Share: topology.Waterfall}}},
		{Name: "mail", Demand: 30, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"b"}}}},
	}}
	top := topology.Must(topology.New(s))
	for value, want := range map[float64]float64{2: 20, .5: 10} {
		e, err := spare.Shed(ctx, top, cascade.Scenario{}, map[string]float64{"mail": value})
		require.NoError(t, err)
		require.InDelta(t, want, e.Lost, 1e-5, value)
		require.InDelta(t, want, e.Bound, 1e-5, value)
		require.Equal(t, cascade.Proven, e.Certainty)
	}
}

// The example with forty pairs: too many boards to begin with integer programs. 160,000 are shared by 2,000 servers, 80
// each. If all stay, 50 are left for each, 37.5 % is refused; with 8 switched off the board would carry
// 42·(100 + 160,000/1,992) = 7,573 W, and with one of the 42 out of rotation 42·100 + 41·160,000/1,991 = 7,495 W.
func TestShedOnManyBoards(t *testing.T) {
	var s topology.Spec
	for i := range 40 {
		s.Components = append(s.Components,
			component{Name: fmt.Sprintf("board-%d[a,b]", i), Capacity: 7500},
			component{Name: fmt.Sprintf("s-%02d-[1-50]", i), Kind: "server", Capacity: 100,
				Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("board-%d[a,b]", i)}, Base: 100, PerUnit: 1}}})
	}
	s.Components = append(s.Components, demand(160_000))
	e := shed(t, s, cascade.Lose("board-7b"))
	require.Equal(t, cascade.Proven, e.Certainty)
	require.Zero(t, e.Lost)
	require.InDelta(t, .375, e.Stay, 1e-9)
	require.Equal(t, topology.Names{"s-07-[43-50]"}, e.Off)
	require.Equal(t, topology.Names{"s-07-42"}, e.Drain)
	require.Equal(t, 1991, e.Live)
}
