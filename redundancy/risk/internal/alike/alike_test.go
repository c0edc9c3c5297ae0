package alike

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A yard is a random fleet in the making: racks of a few servers each, many of them alike, that may share feeds, stand in a ring, need a
// database, have one thing or another of their own, and users whose load may be split in several ways.
type yard struct {
	r     *rand.Rand
	racks int
	all   []topology.Component
	users topology.Supply
}

func random(r *rand.Rand) topology.Spec {
	y := &yard{r: r, racks: 1 + r.IntN(4)}
	for _, feed := range []string{"feed-a", "feed-b"} {
		y.add(topology.Component{Name: feed, Capacity: []float64{0, 40}[r.IntN(2)]})
	}
	y.add(topology.Component{Name: "db-[1-3]"})
	wiring, capacity := r.IntN(6), []float64{0, 9, 20}[r.IntN(3)]
	for i := range y.racks {
		if r.IntN(6) == 0 {
			y.rack(i, r.IntN(6), capacity)
		} else {
			y.rack(i, wiring, capacity)
		}
	}
	y.users.Optional = r.IntN(4) == 0
	y.users.Share = []topology.Share{"", "", topology.Tiered, topology.Weighted, topology.Proportional, topology.Waterfall}[r.IntN(6)]
	if y.users.Share != topology.Weighted {
		y.users.Weights = nil
	}
	y.add(topology.Component{Name: "users", Demand: float64(8 + r.IntN(24)), Supplies: []topology.Supply{y.users}})
	r.Shuffle(len(y.all), func(i, j int) { y.all[i], y.all[j] = y.all[j], y.all[i] })
	return topology.Spec{Components: y.all}
}

func (y *yard) add(c topology.Component) {
	if y.r.IntN(12) == 0 {
		c.Failing.Unavailability = .25
	}
	y.all = append(y.all, c)
}

func (y *yard) rack(i, wiring int, capacity float64) {
	r, own := y.r, fmt.Sprint("rack-", i)
	rack := topology.Component{Name: own, Capacity: capacity}
	server := topology.Component{Name: fmt.Sprintf("s-%d-[1-%d]", i, 1+r.IntN(5)/4), Capacity: float64(10 + r.IntN(8)/7), Needs: topology.Names{own}}
	server.Demand = float64(3 * (r.IntN(8) / 7))
	server.Overload.Shed = r.IntN(6) == 0
	if r.IntN(2) == 0 {
		server.Overload.After = time.Minute
	}
	switch wiring {
	case 0:
		rack.Needs = topology.Names{"1 of feed-[a,b]"}
	case 1:
		rack.Supplies = []topology.Supply{{Members: topology.Names{"feed-a", "feed-b"}, Base: 12}}
		if r.IntN(2) == 0 {
			rack.Supplies[0].Share, rack.Supplies[0].Overprovision = topology.Tiered, []float64{1.2, .8}[r.IntN(3)/2]
		}
	case 2:
		rack.Needs = topology.Names{"feed-" + string("ab"[i%2])}
	case 3:
		server.Needs = append(server.Needs, fmt.Sprintf("%d of db-[1-3]", 2-r.IntN(4)/3))
	case 4:
		server.Needs = nil
		server.Supplies = []topology.Supply{{Members: topology.Names{own}, Base: float64(1 + r.IntN(8)/7*4), PerUnit: 1, Optional: r.IntN(2) == 0}}
	case 5:
		if y.racks > 1 {
			server.Needs = topology.Names{fmt.Sprintf("1 of rack-[%d,%d]", i, (i+1)%y.racks)}
		}
	}
	y.add(rack)
	y.add(server)
	y.users.Members = append(y.users.Members, server.Name)
	y.users.Weights = append(y.users.Weights, float64(1+r.IntN(4)/3))
}

// Every set is alike with one that is listed, as many as it is said; and all that are alike end alike.
func TestSetsTwin(t *testing.T) {
	fleets, sets, cases := 0, 0, 0
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 71))
		fleet, err := topology.New(random(r))
		if err != nil {
			t.Log(err)
			continue
		}
		fleets++
		fails := r.IntN(4)
		may := func(id topology.ID) bool {
			return fleet.Name(id) != "users" && (fails < 3 || fleet.Name(id)[0] != 's')
		}
		f, err := Of(t.Context(), fleet, may)
		require.NoError(t, err)
		require.Len(t, f.IDs, len(slices.Compact(slices.Sorted(slices.Values(f.IDs)))))
		require.Equal(t, slices.Sorted(slices.Values(f.IDs)), slices.Sorted(slices.Values(slices.Concat(f.Orbits()...))))
		size := 1 + r.IntN(3)
		counted := map[string]int64{}
		ends := map[string]string{}
		engine := cascade.NewEngine(fleet)
		every(len(f.IDs), size, func(set []int32) {
			first := slices.Clone(set)
			f.First(first)
			key := fmt.Sprint(first)
			counted[key]++
			sets++
			q := 1.0
			for _, place := range set {
				engine.Lose(f.IDs[place])
				q *= 1 + fleet.Unavailability(f.IDs[place])
			}
			end := engine.End()
			text := fmt.Sprintf("%v %.9f %d %.9f", end.Verdict, end.Served, end.Up, q)
			for range set {
				engine.Undo()
			}
			if ends[key] == "" {
				ends[key] = text
			}
			require.Equal(t, ends[key], text, "seed %d: %v", seed, fleet.Names(ids(f, set)))
		})
		var last []int32
		for set := range f.Sets(size) {
			require.Negative(t, slices.Compare(last, set), "in order")
			last = slices.Clone(set)
			require.Equal(t, counted[fmt.Sprint(set)], f.Ways(set).Int64(), "seed %d: %v", seed, set)
			delete(counted, fmt.Sprint(set))
			cases++
		}
		require.Empty(t, counted, "seed %d", seed)
		n, ok := f.Count(size, 1e6)
		require.True(t, ok)
		require.Equal(t, int64(len(ends)), n, "seed %d", seed)
		_, ok = f.Count(size, n-1)
		require.False(t, ok)
	}
	require.Greater(t, fleets, 1400)
	require.Less(t, 2*cases, sets)
}

func ids(f *Fleet, set []int32) []topology.ID {
	var all []topology.ID
	for _, place := range set {
		all = append(all, f.IDs[place])
	}
	return all
}

// every calls do with each set of 1 to a size of n places.
func every(n, size int, do func(set []int32)) {
	var add func(set []int32, from int)
	add = func(set []int32, from int) {
		for i := from; i < n && len(set) < size; i++ {
			do(append(slices.Clone(set), int32(i)))
			add(append(slices.Clone(set), int32(i)), i+1)
		}
	}
	add(nil, 0)
}

func TestKnown(t *testing.T) {
	users := func(members string) topology.Component {
		return topology.Component{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{members}}}}
	}
	web := topology.Component{Kind: "web", Name: "web-[001-100]", Capacity: 1}
	feeds := []topology.Component{{Name: "ups-[a,b]"}, {Name: "feed-[a,b]-[01-10]", Needs: topology.Names{"ups-{1}"}},
		{Kind: "web", Name: "web-[01-10]-[1-5]", Capacity: 1, Needs: topology.Names{"1 of feed-[a,b]-{1}"}}, users("web")}
	for _, test := range []struct {
		name  string
		all   []topology.Component
		size  int
		cases int64
	}{
		{"one pool", []topology.Component{web, users("web")}, 100, 100},
		// 1: a board, a server. 2: two boards; a board and a server, its own or not; two servers, of one board or not.
		{"boards", []topology.Component{{Name: "board-[01-20]"}, {Kind: "web", Name: "web-[01-20]-[1-5]", Capacity: 1, Needs: topology.Names{"board-{1}"}}, users("web")}, 2, 7},
		// 1: a UPS, which is told from the other; a feed of either; a server.
		{"two feeds each", feeds, 1, 5},
	} {
		fleet := topology.Must(topology.New(topology.Spec{Components: test.all}))
		f, err := Of(t.Context(), fleet, func(id topology.ID) bool { return fleet.Demand(id) == 0 })
		require.NoError(t, err)
		n, ok := f.Count(test.size, 1e6)
		require.True(t, ok)
		require.Equal(t, test.cases, n, test.name)
		sum := new(big.Int)
		for set := range f.Sets(test.size) {
			sum.Add(sum, f.Ways(set))
		}
		all := new(big.Int)
		for size := range test.size {
			all.Add(all, new(big.Int).Binomial(int64(len(f.IDs)), int64(size+1)))
		}
		require.Equal(t, all, sum, test.name)
	}
}

// Nested deeper than pieces are cut, or crosswise, what is alike is told apart, and soon.
func TestCrosswise(t *testing.T) {
	var all []topology.Component
	members := topology.Names{}
	for i := range 100 {
		all = append(all, topology.Component{Name: fmt.Sprint("feed-", i)})
		for j := range i {
			rack := topology.Component{Name: fmt.Sprintf("rack-%d-%d", i, j), Kind: "rack", Capacity: 1, Needs: topology.Names{fmt.Sprintf("1 of feed-[%d,%d]", i, j)}}
			all = append(all, rack)
			members = append(members, rack.Name)
		}
	}
	all = append(all, topology.Component{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: members}}})
	fleet := topology.Must(topology.New(topology.Spec{Components: all}))
	f, err := Of(t.Context(), fleet, func(topology.ID) bool { return true })
	require.NoError(t, err)
	n, ok := f.Count(1, 1e6)
	require.True(t, ok)
	require.Greater(t, n, int64(2)) // feeds are alike, and racks are
	require.LessOrEqual(t, n, int64(5051))
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(f.IDs))), fleet.Len())
}

func TestEnds(t *testing.T) {
	fleet := topology.Must(topology.New(random(rand.New(rand.NewPCG(1, 1)))))
	f, err := Of(t.Context(), fleet, func(topology.ID) bool { return false })
	require.NoError(t, err)
	n, ok := f.Count(3, 10)
	require.True(t, ok)
	require.Zero(t, n)
	for set := range f.Sets(3) {
		t.Fatal(set)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Of(ctx, fleet, func(topology.ID) bool { return true })
	require.ErrorIs(t, err, context.Canceled)
}

// Two servers a board, boards that do not fail: of s servers d pairs may stand together, from none to half of s.
func TestCountOfLarge(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-3000]"}, {Name: "web-[1-3000]-[1-2]", Kind: "web", Capacity: 1, Needs: topology.Names{"board-{1}"}},
		{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"web"}}}},
	}}))
	f, err := Of(t.Context(), fleet, func(id topology.ID) bool { return fleet.Kind(id) == "web" })
	require.NoError(t, err)
	want := int64(0)
	for s := range int64(3000) {
		want += (s+1)/2 + 1
	}
	n, ok := f.Count(3000, 1e7)
	require.True(t, ok)
	require.Equal(t, want, n)
	_, ok = f.Count(6000, 1e8)
	require.False(t, ok, "a table too large")
}

// Whatever the end of a cascade depends on tells two servers apart.
func TestTells(t *testing.T) {
	count := func(first, change func(server *topology.Component)) int64 {
		server := func(n string) topology.Component {
			return topology.Component{Name: "web-" + n, Kind: "web", Capacity: 100, Needs: topology.Names{"1 of db-[1-3]"}, Supplies: []topology.Supply{
				{Members: topology.Names{"feed-" + n + "-[1-2]", "feed-" + n + "-[3-4]"}, Share: topology.Tiered, Base: 1}}}
		}
		one, other := server("1"), server("2")
		first(&one)
		change(&other)
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "db-[1-3]"}, {Name: "feed-[1-2]-[1-4]", Capacity: 10}, one, other,
			{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"web"}}}}}}))
		f, err := Of(t.Context(), fleet, func(id topology.ID) bool { return fleet.Name(id) != "users" })
		require.NoError(t, err)
		n, ok := f.Count(1, 100)
		require.True(t, ok)
		return n
	}
	same := func(*topology.Component) {}
	require.Equal(t, int64(4), count(same, same), "a database, a feed of either tier, a server")
	for name, change := range map[string]func(server *topology.Component){
		"capacity":    func(s *topology.Component) { s.Capacity = 101 },
		"demand":      func(s *topology.Component) { s.Demand = 1 },
		"shed":        func(s *topology.Component) { s.Overload.Shed = true },
		"probability": func(s *topology.Component) { s.Failing.Unavailability = .1 },
		"k of n":      func(s *topology.Component) { s.Needs = topology.Names{"2 of db-[1-3]"} },
		"need":        func(s *topology.Component) { s.Needs = nil },
		"base":        func(s *topology.Component) { s.Supplies[0].Base = 2 },
		"rate":        func(s *topology.Component) { s.Supplies[0].PerUnit = 2 },
		"optional":    func(s *topology.Component) { s.Supplies[0].Optional = true },
		"factor":      func(s *topology.Component) { s.Supplies[0].Overprovision = 2 },
		"weights": func(s *topology.Component) {
			s.Supplies[0].Share, s.Supplies[0].Weights = topology.Weighted, []float64{1, 2}
		},
	} {
		require.Equal(t, int64(7), count(same, change), name)
	}
	share := func(share topology.Share) func(*topology.Component) {
		return func(s *topology.Component) { s.Supplies[0].Share = share }
	}
	require.Equal(t, int64(3), count(share(topology.Each), share(topology.Each)))
	require.Equal(t, int64(5), count(share(topology.Each), share(topology.Proportional)))
	for name, change := range map[string]func(server *topology.Component){
		"labels":        func(s *topology.Component) { s.Labels = map[string]string{"hall": "a"} },
		"what starts":   func(s *topology.Component) { s.StartNeeds = topology.Names{"db-1"}; s.Start.Boot = time.Minute },
		"delay of trip": func(s *topology.Component) { s.Overload.After = time.Minute },
	} {
		require.Equal(t, int64(4), count(same, change), name)
	}
}
