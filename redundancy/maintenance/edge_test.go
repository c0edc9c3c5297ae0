package maintenance_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

func check(t *testing.T, spec topology.Spec, what string, o maintenance.Options) *maintenance.Answer {
	t.Helper()
	a, err := maintenance.Check(context.Background(), topology.Must(topology.New(spec)), topology.Names{what}, o)
	require.NoError(t, err)
	return a
}

// five is five servers of 10 that share a load.
func five(demand float64, start topology.Start) topology.Spec {
	return topology.Spec{Components: []topology.Component{
		{Name: "web-[1-5]", Kind: "server", Capacity: 10, Start: start},
		{Name: "users", Demand: demand, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
}

// With one out and one lost three are left: 30 at most. Cold, the one that is back has 8, and shares with three others: 32.
func TestThresholds(t *testing.T) {
	each := maintenance.Options{Family: cascade.Each("server")}
	cold := topology.Start{Boot: time.Minute, WarmUp: time.Minute, Cold: .6}
	for _, c := range []struct {
		demand float64
		start  topology.Start
		safe   bool
	}{
		{29.9, topology.Start{}, true},
		{30, topology.Start{}, true},
		{30 * (1 + 1e-10), topology.Start{}, true},
		{30 * (1 + 1e-8), topology.Start{}, false},
		{30.1, topology.Start{}, false},
		{24, cold, true}, // 6 of its 10, with three others
		{24.1, cold, false},
	} {
		a := check(t, five(c.demand, c.start), "web-1", each)
		require.Equal(t, c.safe, a.Safe, "%v: %s", c.demand, a)
	}
	a := check(t, five(24, topology.Start{}), "web-1", each)
	require.InDelta(t, 1.25, a.Margin, 1e-8)
	a = check(t, five(40, topology.Start{}), "web-1", maintenance.Options{Family: cascade.Only()})
	require.True(t, a.Safe, a.String())
	require.InDelta(t, 1, a.Margin, 1e-8)
}

// Of six servers at 30, of which one may be lost, two may be out at a time; at 40 one; and none above 40.
func TestFewestGroups(t *testing.T) {
	for _, c := range []struct {
		demand float64
		groups int
	}{{20, 2}, {30, 3}, {30.1, 6}, {40, 6}, {40.1, 0}} {
		spec := five(c.demand, topology.Start{})
		spec.Components[0].Name = "web-[1-6]"
		for _, roll := range []func(context.Context, *topology.Topology, topology.Names, maintenance.Options) (*maintenance.Rolling, error){maintenance.Roll, maintenance.RollBySearch} {
			r, err := roll(context.Background(), topology.Must(topology.New(spec)), topology.Names{"server"}, maintenance.Options{Family: cascade.Each("server")})
			require.NoError(t, err)
			require.Len(t, r.Groups, c.groups, r.String())
			if c.groups > 0 {
				require.Equal(t, cascade.Proven, r.Certainty, r.String())
				require.Equal(t, c.groups, r.Bound)
			} else {
				require.Equal(t, cascade.Exact, r.Certainty, r.String())
			}
		}
	}
}

// Capacities 7 and nine of 12, demand 64: without a strong one the weak one is overloaded, without both all is well. So the two
// may go at one instant, and no strong one first.
func TestLosingMoreMayHold(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "weak", Kind: "server", Capacity: 7},
		{Name: "strong-[1-9]", Kind: "server", Capacity: 12},
		{Name: "users", Demand: 64, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	fleet, none := topology.Must(topology.New(spec)), cascade.Only()
	for _, together := range []bool{false, true} {
		a, err := maintenance.Check(context.Background(), fleet, topology.Names{"weak", "strong-1"}, maintenance.Options{Family: none, Together: together})
		require.NoError(t, err)
		require.Equal(t, together, a.Safe, a.String())
		if !together {
			require.Equal(t, maintenance.Mixed, a.Smallest.Phase, a.String())
			require.Equal(t, "weak", a.Smallest.Component)
		}
	}
	r, err := maintenance.Roll(context.Background(), fleet, topology.Names{"server"}, maintenance.Options{Family: none, Together: true})
	require.NoError(t, err)
	require.Contains(t, r.Groups[len(r.Groups)-1].What[0]+r.Groups[0].What[0], "weak", "a strong one goes with it, or it goes alone: %s", r)
}

// What fails already is said first, and is not blamed on what is taken out.
func TestAlreadyFailing(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "board-[1-2]", Kind: "board"},
		{Name: "a-[1-6]", Kind: "server", Capacity: 10, Needs: topology.Names{"board-1"}},
		{Name: "b-[1-3]", Kind: "server", Capacity: 10, Needs: topology.Names{"board-2"}},
		{Name: "users", Demand: 50, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	a := check(t, spec, "b-1", maintenance.Options{Family: cascade.Each("board")})
	require.False(t, a.Safe)
	require.Equal(t, 1, a.Failing)
	require.Equal(t, topology.Names{"board-1"}, a.Already[0].Scenario.Lose)
	require.Nil(t, a.Smallest, "board-2 may be lost with b-1 out: %s", a)
	a = check(t, spec, "b-1", maintenance.Options{Family: cascade.Each("board"), Except: true})
	require.True(t, a.Safe, a.String())
	a = check(t, spec, "a-[1-2]", maintenance.Options{Family: cascade.Each("board"), Except: true})
	require.False(t, a.Safe, a.String())
	require.Equal(t, topology.Names{"board-2"}, a.Smallest.Scenario.Lose)
	a = check(t, spec, "a-[1-2]", maintenance.Options{Family: cascade.Each("board"), Now: cascade.Lose("b-1")})
	require.False(t, a.Safe, a.String())
	a = check(t, spec, "a-1", maintenance.Options{Now: cascade.Scenario{Load: 2}})
	require.False(t, a.Safe)
	require.Contains(t, a.String(), "does not hold with nothing taken out")
	require.Equal(t, "a-1", a.Already[0].Component)
}

// Two that need each other to start come back one after the other, but never both.
func TestDeadlock(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "dns", Kind: "server", Capacity: 10, StartNeeds: topology.Names{"ldap"}, Start: topology.Start{Boot: time.Minute}},
		{Name: "ldap", Kind: "server", Capacity: 10, StartNeeds: topology.Names{"dns"}, Start: topology.Start{Boot: time.Minute}},
		{Name: "web", Kind: "server", Capacity: 10},
		{Name: "users", Demand: 9, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	a := check(t, spec, "dns", maintenance.Options{Family: cascade.Only()})
	require.True(t, a.Safe, a.String())
	fleet := topology.Must(topology.New(spec))
	a, err := maintenance.Check(context.Background(), fleet, topology.Names{"dns", "ldap"}, maintenance.Options{Family: cascade.Only()})
	require.NoError(t, err)
	require.False(t, a.Safe)
	require.Equal(t, "dns cannot come back: to start it needs 1 of ldap, and has 0", a.Reason)
	r, err := maintenance.Roll(context.Background(), fleet, topology.Names{"server"}, maintenance.Options{Family: cascade.Only()})
	require.NoError(t, err)
	require.Len(t, r.Groups, 2, r.String())
}

// A board of 100 W has 40 W to spare; each server that boots takes 20 W more than one that is idle. Two may boot at once, and
// more may be out if no more boot together.
func TestInrush(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 100, Unit: "W"},
		{Name: "web-[1-6]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 10, Inrush: 20}}},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	for _, c := range []struct {
		what   string
		atOnce map[string]int
		safe   bool
	}{
		{"web-[1-2]", nil, true},
		{"web-[1-3]", nil, false},
		{"web-[1-3]", map[string]int{"server": 2}, true},
		{"web-[1-5]", map[string]int{"server": 2}, true},
		{"web-[1-3]", map[string]int{"server": 3}, false},
		{"web-1", map[string]int{"server": 0}, false},
	} {
		for _, together := range []bool{false, true} {
			a := check(t, spec, c.what, maintenance.Options{Family: cascade.Only(), AtOnce: c.atOnce, Together: together})
			require.Equal(t, c.safe, a.Safe, "%v: %s", c, a)
		}
	}
}

// A family of more cases than may be looked at is not determined, which is not safe.
func TestTooManyCases(t *testing.T) {
	spec := five(10, topology.Start{})
	for i := range 4 {
		spec.Components = append(spec.Components, topology.Component{Name: string(rune('p' + i)), Kind: "server", Capacity: float64(11 + i)})
	}
	o := maintenance.Options{Family: cascade.Any(2, "server"), Cases: 5}
	a := check(t, spec, "web-1", o)
	require.False(t, a.Safe)
	require.Equal(t, cascade.Undetermined, a.Certainty)
	require.Contains(t, a.Reason, "the family has 36 scenarios, more than 5 cases")
	r, err := maintenance.Roll(context.Background(), topology.Must(topology.New(spec)), topology.Names{"server"}, o)
	require.NoError(t, err)
	require.Empty(t, r.Groups)
	require.Equal(t, cascade.Undetermined, r.Certainty)
}

func TestErrors(t *testing.T) {
	fleet := topology.Must(topology.New(five(10, topology.Start{})))
	ctx := context.Background()
	for text, c := range map[string]struct {
		what topology.Names
		o    maintenance.Options
	}{
		"what: nothing is named":             {nil, maintenance.Options{}},
		"what: ":                             {topology.Names{"nobody"}, maintenance.Options{}},
		"family: ":                           {topology.Names{"web-1"}, maintenance.Options{Family: cascade.Each("nobody")}},
		"now: ":                              {topology.Names{"web-1"}, maintenance.Options{Now: cascade.Lose("nobody")}},
		"at once: ":                          {topology.Names{"web-1"}, maintenance.Options{AtOnce: map[string]int{"nobody": 1}}},
		"at once: server: -1: give how many": {topology.Names{"web-1"}, maintenance.Options{AtOnce: map[string]int{"server": -1}}},
		"serve: 2: give the fraction":        {topology.Names{"web-1"}, maintenance.Options{Serve: 2}},
		"cases: -1: give":                    {topology.Names{"web-1"}, maintenance.Options{Cases: -1}},
		"workers: -1: give":                  {topology.Names{"web-1"}, maintenance.Options{Workers: -1}},
		"drain: -1s: give":                   {topology.Names{"web-1"}, maintenance.Options{Drain: -time.Second}},
	} {
		_, err := maintenance.Check(ctx, fleet, c.what, c.o)
		require.ErrorContains(t, err, text)
		_, err = maintenance.Roll(ctx, fleet, c.what, c.o)
		require.ErrorContains(t, err, text)
		err = maintenance.Verify(ctx, fleet, &maintenance.Rolling{What: c.what}, c.o)
		require.ErrorContains(t, err, text)
	}
	_, err := maintenance.Check(ctx, nil, topology.Names{"web-1"}, maintenance.Options{})
	require.ErrorContains(t, err, "there is no fleet")
	_, err = maintenance.Roll(ctx, fleet, topology.Names{"server"}, maintenance.Options{By: "nobody"})
	require.ErrorContains(t, err, "by: ")
	done, cancel := context.WithCancel(ctx)
	cancel()
	_, err = maintenance.Check(done, fleet, topology.Names{"web-1"}, maintenance.Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = maintenance.Roll(done, fleet, topology.Names{"server"}, maintenance.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// The same question has the same answer, to the byte, with any number of workers; and JSON loses nothing.
func TestSameBytes(t *testing.T) {
	for seed := range uint64(60) {
		s := newSite(seed)
		var answers, rollings [][]byte
		for _, workers := range []int{1, 2, 5} {
			s.options.Workers = workers
			a, err := maintenance.Check(context.Background(), s.fleet, s.what, s.options)
			require.NoError(t, err)
			answers = append(answers, roundTrip(t, a, &maintenance.Answer{}))
			r, err := maintenance.Roll(context.Background(), s.fleet, s.what, s.options)
			require.NoError(t, err)
			rollings = append(rollings, roundTrip(t, r, &maintenance.Rolling{}))
		}
		for i := range answers {
			require.Equal(t, string(answers[0]), string(answers[i]), "seed %d", seed)
			require.Equal(t, string(rollings[0]), string(rollings[i]), "seed %d", seed)
		}
	}
	require.Error(t, json.Unmarshal([]byte(`{"what":"a","group":1}`), &maintenance.Rolling{}))
	require.ErrorContains(t, json.Unmarshal([]byte(`{"what":"a","takes":"long"}`), &maintenance.Group{}), `"long" is no time`)
}

func roundTrip(t *testing.T, v, into interface{ String() string }) []byte {
	data, err := json.Marshal(v)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, into), string(data))
	again, err := json.Marshal(into)
	require.NoError(t, err)
	require.Equal(t, string(data), string(again))
	require.Equal(t, v.String(), into.String())
	return data
}

// Three on the left take 30 each while they boot, two at a time. The two on the right pass 40 on, and 60 when the other is lost:
// with left-3 lost besides, while it waits, the two that boot make it 120.
func TestOneWaitsWhileOthersBoot(t *testing.T) {
	board := topology.Supply{Members: topology.Names{"board"}, PerUnit: 1}
	rush := topology.Supply{Members: topology.Names{"board"}, PerUnit: 1e-9, Inrush: 30}
	spec := topology.Spec{Components: []topology.Component{
		{Name: "left-[1-3]", Kind: "server", Labels: map[string]string{"side": "left"}, Capacity: 100, Start: topology.Start{Boot: time.Minute}, Supplies: []topology.Supply{rush}},
		{Name: "right-[1-2]", Kind: "server", Capacity: 100, Supplies: []topology.Supply{board}},
		{Name: "other", Kind: "server", Capacity: 100},
		{Name: "board", Capacity: 110},
		{Name: "users", Demand: 60, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	o := maintenance.Options{
		Family:   cascade.Product(cascade.Each("side=left"), cascade.Each("other")),
		Together: true, AtOnce: map[string]int{"side=left": 2},
	}
	a := check(t, spec, "side=left", o)
	require.False(t, a.Safe, a.String())
	require.Equal(t, topology.Names{"left-3", "other"}, a.Smallest.Scenario.Lose, a.String())
	require.Equal(t, 120., a.Smallest.Load)
	// The same if the last two cannot start before the first, of which nothing but their needs to start tells.
	o.AtOnce = nil
	spec.Components[0].Name, spec.Components[0].StartNeeds = "left-[1-3]", topology.Names{"{1}-first"}
	spec.Components = append(spec.Components, topology.Component{Name: "[1-2]-first"}, topology.Component{Name: "3-first", Needs: topology.Names{"left-1"}})
	a = check(t, spec, "side=left", o)
	require.False(t, a.Safe, a.String())
	require.Equal(t, topology.Names{"left-3", "other"}, a.Smallest.Scenario.Lose, a.String())
}

// Users that are taken out are not asked for, though they may go last, where what is asked is to survive, too. With web-1 lost and
// web-2 out the rest serves 30 of 36, and more is not served.
func TestTakenOutUsers(t *testing.T) {
	spec := five(36, topology.Start{})
	spec.Components[0].Overload.Shed = true
	spec.Components = append(spec.Components, topology.Component{Name: "more", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"web-[1-2]"}, Optional: true}}})
	for what, safe := range map[string]bool{"more": true, "web-3": false, "users": false} {
		a, err := maintenance.Check(context.Background(), topology.Must(topology.New(spec)), topology.Names{"web-2", what},
			maintenance.Options{Family: cascade.Only(cascade.Lose("web-1")), Survive: true, Serve: .8})
		require.NoError(t, err)
		require.Equal(t, safe, a.Safe, a.String())
	}
}

// A rolling of what has a demand is verified as it was checked: what is taken out is not asked for while it still runs.
func TestVerifyOfTakenOutUsers(t *testing.T) {
	spec := five(20, topology.Start{})
	spec.Components = append(spec.Components, topology.Component{Name: "more", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"web-1"}, Optional: true}}})
	fleet, o := topology.Must(topology.New(spec)), maintenance.Options{Family: cascade.Only()}
	r := &maintenance.Rolling{What: topology.Names{"web-1", "more"}, Groups: []maintenance.Group{{What: topology.Names{"web-1", "more"}}}}
	require.NoError(t, maintenance.Verify(context.Background(), fleet, r, o))
	r.Left = 3
	require.EqualError(t, maintenance.Verify(context.Background(), fleet, r, o), "0 of web-1, more are in no group, and 3 are said to be left out")
}
