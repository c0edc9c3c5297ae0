package redundancy

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// hall returns 40 servers a rack, racks with two feeds each, feeds on ten UPSs, services that share the servers and ask for need
// of their own. Everything has an unavailability.
func hall(t testing.TB, racks, services int, need float64) *topology.Topology {
	failing := topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}
	spec := topology.Spec{
		Kinds: map[string]topology.Component{
			"ups": {Failing: failing}, "feed": {Failing: failing}, "rack": {Failing: failing}, "server": {Capacity: 100, Failing: failing},
		},
		Components: []topology.Component{{Name: "ups-[0-9]", Kind: "ups"}},
	}
	for i := range racks {
		if i%5 == 0 {
			a, b := i/5%5, 5+i/25%5
			spec.Components = append(spec.Components,
				topology.Component{Name: fmt.Sprintf("feed-a-%d", i/5), Kind: "feed", Needs: topology.Names{fmt.Sprintf("ups-%d", a)}},
				topology.Component{Name: fmt.Sprintf("feed-b-%d", i/5), Kind: "feed", Needs: topology.Names{fmt.Sprintf("ups-%d", b)}})
		}
		spec.Components = append(spec.Components,
			topology.Component{Name: fmt.Sprintf("rack-%d", i), Kind: "rack", Needs: topology.Names{fmt.Sprintf("1 of feed-[a,b]-%d", i/5)}},
			topology.Component{Name: fmt.Sprintf("server-%d-[01-40]", i), Kind: "server", Labels: map[string]string{"service": fmt.Sprint(i % services)}, Needs: topology.Names{fmt.Sprintf("rack-%d", i)}})
	}
	for s := range services {
		n := 40 * ((racks-s-1)/services + 1)
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprintf("service-%d", s), Demand: float64(n) * 60,
			Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("service=%d", s)}, Need: max(1, int(need*float64(n)))}}})
	}
	f, err := topology.New(spec)
	require.NoError(t, err)
	return f
}

// What the needs take beside the whole, of services of which some are told.
func BenchmarkAnalyze100000(b *testing.B) {
	f := hall(b, 2500, 1000, .7)
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			_, err := Analyze(b.Context(), f, Options{Scenarios: cascade.Each("feed"), Workers: 1})
			require.NoError(b, err)
		}
	})
	b.Run("needs", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, (&Report{Fleet: f}).needs(b.Context(), Options{}))
		}
	})
}
