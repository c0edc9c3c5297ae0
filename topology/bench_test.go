package topology_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/ridethrough/ridethrough/topology"
)

// large is n servers on boards of a thousand, which share one load.
func large(n int) topology.Spec {
	return topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: fmt.Sprintf("board-[1-%d]", n/1000), Kind: "board"},
			{Name: fmt.Sprintf("s-[1-%d]-[1-1000]", n/1000), Kind: "server", Needs: topology.Names{"board-{1}"}},
			{Name: "users", Demand: 80 * float64(n), Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}
}

const million = 1_000_000

func BenchmarkNew(b *testing.B) {
	b.Run(fmt.Sprintf("N=%d", million), func(b *testing.B) {
		spec := large(million)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := topology.New(spec); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFlow(b *testing.B) {
	b.Run(fmt.Sprintf("N=%d", million), func(b *testing.B) {
		fleet := topology.Must(topology.New(large(million)))
		flow := fleet.Flow(topology.State{})
		state := topology.State{Status: make([]topology.Status, fleet.Len())}
		b.ReportAllocs()
		for b.Loop() {
			flow.Update(state)
		}
	})
}

func BenchmarkClosure(b *testing.B) {
	fleet := topology.Must(topology.New(large(million)))
	boards, err := fleet.Select("board")
	if err != nil {
		b.Fatal(err)
	}
	closure := fleet.Closure()
	b.Run("board/N=1000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			closure.Undo(closure.Fail(boards[0]))
		}
	})
	b.Run(fmt.Sprintf("all/N=%d", million), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			closure.Undo(closure.Fail(boards...))
		}
	})
}

const (
	racks   = 25_000
	perRack = million / racks
	feeds   = 5_000
	upses   = 40
)

// city is a million servers of five services, which fill racks in turn or are mixed over them. Every rack draws on two
// feeds, which are matched at random, and every feed on one of few UPSs.
func city(mixed bool) topology.Spec {
	spec := topology.Spec{Components: []topology.Component{
		{Name: fmt.Sprintf("ups-[01-%d]", upses), Kind: "ups", Capacity: 10e6},
	}}
	spec.Components = append(spec.Components, cityFeeds()...)
	spec.Components = append(spec.Components, cityRacks()...)
	for service := range 5 {
		spec.Components = append(spec.Components, cityService(service, mixed)...)
	}
	return spec
}

func cityFeeds() (all []topology.Component) {
	for i := range feeds {
		all = append(all, topology.Component{
			Name: fmt.Sprintf("feed-%04d", i), Kind: "feed", Capacity: 200e3,
			Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("ups-%02d", i%upses+1)}}},
		})
	}
	return all
}

// cityRacks deals every feed out to ten racks, two to each. Where both are the same, the second is the next feed.
func cityRacks() (all []topology.Component) {
	deck := rand.New(rand.NewPCG(1, 2)).Perm(2 * racks)
	for i := range racks {
		first, second := deck[2*i]%feeds, deck[2*i+1]%feeds
		if first == second {
			second = (first + 1) % feeds
		}
		all = append(all, topology.Component{
			Name: fmt.Sprintf("rack-%05d", i+1), Kind: "rack", Capacity: 40e3,
			Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("feed-%04d", first), fmt.Sprintf("feed-%04d", second)}}},
		})
	}
	return all
}

// cityService is a fifth of the servers, and their users.
func cityService(i int, mixed bool) []topology.Component {
	kind := fmt.Sprintf("svc-%d", i+1)
	name := fmt.Sprintf("s-[%05d-%05d]-[01-%02d]", i*racks/5+1, (i+1)*racks/5, perRack)
	if mixed {
		name = fmt.Sprintf("s-[00001-%05d]-[%02d-%02d]", racks, i*perRack/5+1, (i+1)*perRack/5)
	}
	return []topology.Component{
		{Name: name, Kind: kind, Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"rack-{1}"}, Base: 200, PerUnit: 3}}},
		{Name: fmt.Sprintf("users-%d", i+1), Demand: 60 * million / 5, Supplies: []topology.Supply{{Members: topology.Names{kind}}}},
	}
}

func BenchmarkNewCity(b *testing.B) {
	for _, mixed := range []bool{false, true} {
		b.Run(fmt.Sprintf("mixed=%t/N=%d", mixed, million), func(b *testing.B) {
			live := liveAfter(func() any { return topology.Must(topology.New(city(mixed))) })
			spec := city(mixed)
			b.ReportAllocs()
			for b.Loop() {
				topology.Must(topology.New(spec))
			}
			b.ReportMetric(float64(live)/million, "live-B/server")
		})
	}
}

// liveAfter returns the bytes that what build returns keeps.
func liveAfter(build func() any) uint64 {
	before := heap()
	built := build()
	after := heap()
	runtime.KeepAlive(built)
	return after - before
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
