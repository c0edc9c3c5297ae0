package report

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A hundred thousand servers in racks on two feeds each, drawn by kind.
func BenchmarkMermaid100000(b *testing.B) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "ups-[1-8]", Kind: "ups"},
		{Name: "feed-[1-8]-[1-1000]", Kind: "feed", Needs: names{"ups-{1}"}},
		{Name: "users", Demand: 7e6, Supplies: []topology.Supply{{Members: names{"server"}}}},
	}}
	for rack := 1; rack <= 4000; rack++ {
		first := 1 + rack%7
		name := fmt.Sprintf("rack-%d", rack)
		spec.Components = append(spec.Components,
			topology.Component{Name: name, Kind: "rack", Needs: names{fmt.Sprintf("1 of feed-[%d-%d]-%d", first, first+1, 1+rack%1000)}},
			topology.Component{Name: fmt.Sprintf("s-%d-[1-25]", rack), Kind: "server", Capacity: 100, Needs: names{name}})
	}
	f := fleet(b, spec)
	o, err := cascade.Run(f, cascade.Lose("ups-1"))
	require.NoError(b, err)
	for b.Loop() {
		require.NoError(b, Mermaid(io.Discard, f, o))
	}
}
