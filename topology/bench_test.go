package topology_test

import (
	"fmt"
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
