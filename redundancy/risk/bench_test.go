package risk

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// dualFeeds returns racks with two feeds each, on 16 UPSs of two switchgears; the feeds of every hundredth rack end in
// one UPS.
func dualFeeds(t testing.TB, racks int) *topology.Topology {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "gear-[0-1]"},
		{Name: "ups-[00-07]", Needs: topology.Names{"gear-0"}},
		{Name: "ups-[08-15]", Needs: topology.Names{"gear-1"}},
	}}
	for i := range racks {
		a := i % 8
		b := 8 + i/8%8
		if i%100 == 99 {
			b = a
		}
		spec.Components = append(spec.Components,
			needs(fmt.Sprintf("feed-a-%d", i), fmt.Sprintf("ups-%02d", a)),
			needs(fmt.Sprintf("feed-b-%d", i), fmt.Sprintf("ups-%02d", b)),
			needs(fmt.Sprintf("rack-%d", i), fmt.Sprintf("1 of feed-[a,b]-%d", i)))
	}
	f, err := topology.New(spec)
	require.NoError(t, err)
	return f
}

func TestDualFeeds(t *testing.T) {
	all := shared(t, dualFeeds(t, 1000), "")
	require.Len(t, all, 10)
	require.Equal(t, "rack-99 needs 1 of feed-[a,b]-99; all of them need gear-0, ups-03", all[0].String())
}

func BenchmarkShared100000(b *testing.B) {
	f := dualFeeds(b, 33_333)
	for b.Loop() {
		if all := shared(b, f, ""); len(all) != 333 {
			b.Fatal(len(all))
		}
	}
}

// One site under all of it: every rack is found.
func BenchmarkSharedSite100000(b *testing.B) {
	f := dualFeeds(b, 33_333)
	spec := f.Spec()
	spec.Components[0].Needs = topology.Names{"site"}
	spec.Components = append(spec.Components, needs("site"))
	f, err := topology.New(spec)
	require.NoError(b, err)
	for b.Loop() {
		if all := shared(b, f, ""); len(all) != 33_333 {
			b.Fatal(len(all))
		}
	}
}

// hall returns servers of four a rack, racks with two feeds each, on 16 UPSs of two switchgears, in three zones; databases of
// which two of three must be up, one in each zone; and users of the servers, of which 70 % must be up.
func hall(t testing.TB, racks int) *topology.Topology {
	spec := topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 10}},
		Components: []topology.Component{
			{Name: "site"},
			{Name: "gear-[0-1]", Needs: topology.Names{"site"}},
			{Name: "ups-[00-07]", Kind: "ups", Needs: topology.Names{"gear-0"}},
			{Name: "ups-[08-15]", Kind: "ups", Needs: topology.Names{"gear-1"}},
			{Name: "zone-[0-2]", Kind: "zone"},
			{Name: "db-[0-2]", Kind: "db", Needs: topology.Names{"zone-{1}"}},
		}}
	for i := range racks {
		feed := i / 5
		a, b := feed%8, 8+feed/8%8
		if i%5 == 0 {
			spec.Components = append(spec.Components,
				topology.Component{Name: fmt.Sprintf("feed-a-%d", feed), Kind: "feed", Needs: topology.Names{fmt.Sprintf("ups-%02d", a)}},
				topology.Component{Name: fmt.Sprintf("feed-b-%d", feed), Kind: "feed", Needs: topology.Names{fmt.Sprintf("ups-%02d", b)}})
		}
		spec.Components = append(spec.Components,
			topology.Component{Name: fmt.Sprintf("rack-%d", i), Kind: "rack", Needs: topology.Names{fmt.Sprintf("1 of feed-[a,b]-%d", feed), fmt.Sprintf("zone-%d", i%3)}},
			topology.Component{Name: fmt.Sprintf("server-%d-[0-3]", i), Kind: "server", Needs: topology.Names{fmt.Sprintf("rack-%d", i), "2 of db-[0-2]"}})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Need: racks * 4 * 7 / 10}}})
	f, err := topology.New(spec)
	require.NoError(t, err)
	return f
}

func BenchmarkScan100000(b *testing.B) {
	f := hall(b, 25_000)
	for b.Loop() {
		points, err := Scan(b.Context(), f, nil, Options{})
		require.NoError(b, err)
		b.ReportMetric(float64(len(points)), "points")
	}
}
