package risk

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// crew returns servers on boards, each of which has two feeds of its own on two UPSs, and users for whom three quarters of the servers
// are enough; without boards, just these.
func crew(servers, boards int) *topology.Topology {
	rated := topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}
	web := topology.Component{Name: fmt.Sprintf("web-[1-%d]", servers), Kind: "web", Capacity: 100, Failing: rated}
	spec := topology.Spec{}
	if boards > 0 {
		web.Name, web.Needs = fmt.Sprintf("web-[1-%d]-[1-%d]", boards, servers/boards), topology.Names{"board-{1}"}
		spec.Components = []topology.Component{
			{Name: "ups-[a,b]", Failing: rated},
			{Name: fmt.Sprintf("feed-[a,b]-[1-%d]", boards), Needs: topology.Names{"ups-{1}"}, Failing: rated},
			{Name: fmt.Sprintf("board-[1-%d]", boards), Needs: topology.Names{"1 of feed-[a,b]-{1}"}, Failing: rated},
		}
	}
	spec.Components = append(spec.Components, web,
		topology.Component{Name: "users", Demand: 70 * float64(servers), Supplies: []topology.Supply{{Members: topology.Names{"web"}}}})
	return topology.Must(topology.New(spec))
}

var crews = []struct{ servers, boards, size int }{{100, 0, 31}, {10_000, 200, 3}, {100_000, 5_000, 2}}

func BenchmarkCollapse(b *testing.B) {
	for _, c := range crews {
		b.Run(fmt.Sprintf("%d-%d-%d", c.servers, c.boards, c.size), func(b *testing.B) {
			fleet := crew(c.servers, c.boards)
			for b.Loop() {
				found, err := Collapse(b.Context(), fleet, Options{Size: c.size})
				require.NoError(b, err)
				b.ReportMetric(float64(found.Cases), "cases")
			}
		})
	}
}
