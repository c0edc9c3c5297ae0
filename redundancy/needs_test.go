package redundancy

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// doubled is racks with two lines each, of which so many are enough; the lines b from the thirteenth on end in the board of the lines a.
func doubled(enough int) topology.Spec {
	return topology.Spec{
		Kinds: map[string]topology.Component{
			"board": {Failing: topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}},
			"line":  {Failing: topology.Failing{MTBF: 100_000 * time.Hour, MTTR: 8 * time.Hour}},
			"rack":  {Capacity: 500},
		},
		Components: []topology.Component{
			{Name: "board-[1-2]", Kind: "board"},
			{Name: "line-a-[01-20]", Kind: "line", Needs: topology.Names{"board-2"}},
			{Name: "line-b-[01-12]", Kind: "line", Needs: topology.Names{"board-1"}},
			{Name: "line-b-[13-20]", Kind: "line", Needs: topology.Names{"board-2"}},
			{Name: "rack-[01-20]", Kind: "rack", Needs: topology.Names{"1 of line-[a,b]-{1}"}},
			{Name: "users", Demand: 6_000, Supplies: []topology.Supply{{Members: topology.Names{"rack"}, Need: enough}}},
		},
	}
}

// A board is down 4 of 50,004 hours; with it fourteen racks are never left, and without it nothing is as likely.
func TestDownByNeeds(t *testing.T) {
	r := analyze(t, doubled(14), Options{Scenarios: cascade.Each("board-1")})
	require.True(t, r.Holds()) // whoever asks for the loss of board-1 alone is told of board-2
	require.Equal(t, risk.Points{{Group: []string{"board-2"}, Takes: topology.Names{"users"}, Count: 1}}, r.Points)
	require.Len(t, r.Risks, 1)
	require.Equal(t, cascade.Exact, r.Risks[0].Certainty)
	require.InDelta(t, 4./50_004, r.Risks[0].Unavailability.High, 1e-8)
	require.Contains(t, r.String(), `
Down by needs alone, whatever the load
  board-2 takes users
  users is down by needs alone with a probability of 7.99936e-05: 4.1 nines, 42m a year (exact); once in 5.704 years, for 4h in the mean; taken for perfect: rack-[01-20]
`)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	require.Contains(t, string(data), `"points":[{"group":["board-2"],"takes":"users","count":1}],"risks":[{"top":"users","certainty":"exact"`)
}

func TestNothingIsDownByNeeds(t *testing.T) {
	r := analyze(t, chat(), Options{Scenarios: cascade.Each("board")})
	require.Empty(t, r.Points)
	require.Empty(t, r.Risks)
	require.NotContains(t, r.String(), "needs alone")
	spec := chat()
	spec.Components[5].Demand = 0
	r = analyze(t, spec, Options{Scenarios: cascade.Each("board")})
	require.Nil(t, r.Points)
	require.Empty(t, r.notByNeeds())
}

// What takes a demand down is what its loss takes down with it.
func TestPointsAgainstLosingEach(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	points := 0
	for range 2_000 {
		fleet := meshed(rng)
		r := &Report{Fleet: fleet}
		require.NoError(t, r.needs(t.Context(), Options{}))
		want := map[string][]string{}
		for x := range topology.ID(fleet.Len()) {
			if fleet.Demand(x) > 0 {
				continue
			}
			for _, l := range fleet.Closure().Fail(x) {
				if fleet.Demand(l.ID) > 0 {
					want[fleet.Name(x)] = append(want[fleet.Name(x)], fleet.Name(l.ID))
				}
			}
			slices.Sort(want[fleet.Name(x)])
		}
		got := map[string][]string{}
		for _, p := range r.Points {
			require.Len(t, p.Group, 1)
			require.Len(t, phrase.Expand(p.Takes), p.Count)
			got[p.Group[0]] = slices.Sorted(slices.Values(phrase.Expand(p.Takes)))
			points++
		}
		for name, takes := range want {
			if len(takes) == 0 {
				delete(want, name)
			}
		}
		require.Equal(t, want, got)
	}
	require.Greater(t, points, 2_000)
}

// meshed is components in layers that need one or two of those before, and demands with odd names that rest on them.
func meshed(rng *rand.Rand) *topology.Topology {
	layers := 2 + rng.IntN(3)
	var spec topology.Spec
	some := func(layer int) topology.Names {
		from := 1 + rng.IntN(3)
		return topology.Names{fmt.Sprintf("c%d-[%d-%d]", layer, from, from+rng.IntN(2)), fmt.Sprintf("c%d-%d", layer, 1+rng.IntN(4))}[:1+rng.IntN(2)]
	}
	for layer := range layers {
		for i := 1; i <= 4; i++ {
			c := topology.Component{Name: fmt.Sprintf("c%d-%d", layer, i), Capacity: 1}
			if layer > 0 && rng.IntN(5) > 0 {
				c.Supplies = []topology.Supply{{Members: some(layer - 1), Base: 1e-9}}
			}
			spec.Components = append(spec.Components, c)
		}
	}
	for _, name := range []string{`users\[x\], all`, "a-b", `10\-12`, `é\{1\}`, `x\=y`, `back\\slash`, "2 of z"}[rng.IntN(4):] {
		spec.Components = append(spec.Components, topology.Component{Name: name, Demand: .1, Supplies: []topology.Supply{{Members: some(layers - 1)}}})
	}
	return topology.Must(topology.New(spec))
}

func TestReach(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 2_000 {
		fleet := meshed(rng)
		id := topology.ID(rng.IntN(fleet.Len()))
		reached := map[topology.ID]bool{}
		var visit func(topology.ID)
		visit = func(x topology.ID) {
			for _, l := range fleet.Links(x) {
				for _, m := range l.Members {
					reached[m] = true
					visit(m)
				}
			}
		}
		visit(id)
		n := len(reached)
		for most := range 20 {
			require.Equal(t, min(n, most+1), reach(fleet, id, most))
		}
	}
}

// What a demand needs only to start, and what is optional, it is not up by.
func TestReachOfWhatKeepsUp(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "key", StartNeeds: topology.Names{}}, {Name: "cache", Capacity: 1}, {Name: "web", Capacity: 1},
		{Name: "users", Demand: 1, StartNeeds: topology.Names{"key"}, Supplies: []topology.Supply{
			{Members: topology.Names{"web"}}, {Members: topology.Names{"cache"}, Optional: true}}},
	}}))
	users, _ := fleet.Lookup("users")
	require.Equal(t, 1, reach(fleet, users, 10))
}

// services returns so many demands, each on servers of its own.
func services(n, servers int) *topology.Topology {
	spec := topology.Spec{Kinds: map[string]topology.Component{"server": {Capacity: 1, Failing: topology.Failing{Unavailability: .01}}}}
	for i := range n {
		spec.Components = append(spec.Components,
			topology.Component{Name: fmt.Sprintf("web-%d-[001-%03d]", i, servers), Kind: "server"},
			topology.Component{Name: fmt.Sprintf("users-%d", i), Demand: .5, Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("web-%d-[001-%03d]", i, servers)}}}})
	}
	return topology.Must(topology.New(spec))
}

func TestRisksAreTold(t *testing.T) {
	for _, c := range []struct{ services, servers, told int }{
		{1, reachOfOne, 1}, {1, reachOfOne + 1, 0}, {4, 128, 4}, {5, 128, 4}, {9, 64, 8}, {20, 25, 20}, {21, 25, 20}, {3, 129, 0},
	} {
		r := &Report{Fleet: services(c.services, c.servers), Spare: &spare.Plan{}}
		require.NoError(t, r.needs(t.Context(), Options{}))
		require.Len(t, r.Risks, c.told, "%v", c)
		require.Equal(t, c.told == c.services, r.notByNeeds() == "", "%v", c)
	}
	r := &Report{Fleet: services(9, 64), Spare: &spare.Plan{}}
	require.NoError(t, r.needs(t.Context(), Options{}))
	require.Equal(t, "The odds of users-8 by needs alone are not determined: they rest on too much to be worked out in passing; see risk.Analyze.\n", r.notByNeeds())
	r.Points = nil
	require.Contains(t, r.notByNeeds(), "too many such points")
}

// One that is told is what risk.Analyze says with no limits.
func TestRisksAgainstAnalyze(t *testing.T) {
	r := analyze(t, doubled(14), Options{Scenarios: cascade.Each("board")})
	full, err := risk.Analyze(t.Context(), r.Fleet, "users", risk.Options{})
	require.NoError(t, err)
	require.InEpsilon(t, full.Unavailability.High, r.Risks[0].Unavailability.High, 1e-12)
	require.InEpsilon(t, full.Frequency, r.Risks[0].Frequency, 1e-12)
}

func TestNeedsObeyTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := &Report{Fleet: services(2, 3)}
	require.ErrorIs(t, r.needs(ctx, Options{}), context.Canceled)
}

// Points are told by what they take, or by their sorts, whichever takes fewer lines.
func TestAlone(t *testing.T) {
	point := func(name string, takes ...string) risk.Point {
		return risk.Point{Group: []string{name}, Takes: takes, Count: len(takes)}
	}
	require.Equal(t, "ups takes a, b\neach of feed-[1-2], pdu takes a", alone(risk.Points{point("ups", "a", "b"), point("feed-1", "a"), point("feed-2", "a"), point("pdu", "a")}))
	require.Equal(t, "each of feed-[1-3] takes 1 component", alone(risk.Points{point("feed-1", "a"), point("feed-2", "b"), point("feed-3", "c")}))
	require.Empty(t, alone(risk.Points{}))
}

// tangled is a demand that needs one of each of so many pairs of the same parts, one that needs little after it, and one before it.
func tangled(pairs int) *topology.Topology {
	rng := rand.New(rand.NewPCG(9, 9))
	spec := topology.Spec{Components: []topology.Component{
		{Name: "part-[1-60]", Capacity: 1, Failing: topology.Failing{Unavailability: .01}},
		{Name: "before", Demand: .1, Supplies: []topology.Supply{{Members: topology.Names{"part-1"}}}},
		{Name: "tangled", Demand: .1, Supplies: []topology.Supply{{Members: topology.Names{"part-3"}}}},
		{Name: "after", Demand: .1, Supplies: []topology.Supply{{Members: topology.Names{"part-2"}}}},
	}}
	for range pairs {
		a := 1 + rng.IntN(60)
		need := fmt.Sprintf("1 of part-[%d,%d]", a, 1+(a+rng.IntN(59))%60)
		spec.Components[2].Needs = append(spec.Components[2].Needs, need)
	}
	return topology.Must(topology.New(spec))
}

// A demand that is hard does not hide those after it.
func TestRisksAfterAHardOne(t *testing.T) {
	r := &Report{Fleet: tangled(150), Spare: &spare.Plan{}, Shared: risk.Sharings{}}
	require.NoError(t, r.needs(t.Context(), Options{}))
	require.Len(t, r.Risks, 2)
	require.Equal(t, "after", r.Risks[1].Top)
	require.Contains(t, r.unknown(), "The odds of tangled by needs alone are not determined")
	r.Shared = nil
	require.Contains(t, r.unknown(), "What redundancy is only on paper is not determined")
}
