package prom

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ridethrough/ridethrough/topology"
)

// 100,000 pods of two containers each.
func BenchmarkJoin100kPods(b *testing.B) {
	var text strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&text, "cpu{namespace=\"shop\",pod=\"web-%d\",container=\"%c\"} 0.5\n", i/2, 'a'+i%2)
	}
	spec := topology.Spec{Components: []topology.Component{{Name: "shop/web-[0-99999]", Kind: "pod", Capacity: 2}}}
	for b.Loop() {
		series, _, err := Read(strings.NewReader(text.String()))
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := Join(spec, nil, series, Rule{Component: "{namespace}/{pod}", Field: Demand}); err != nil {
			b.Fatal(err)
		}
	}
}
