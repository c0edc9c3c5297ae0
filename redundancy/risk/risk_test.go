package risk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func fleet(t testing.TB, components ...topology.Component) *topology.Topology {
	built, err := topology.New(topology.Spec{Components: components})
	require.NoError(t, err)
	return built
}

func needs(name string, needs ...string) topology.Component {
	return topology.Component{Name: name, Needs: needs}
}

func draws(name string, need int, members ...string) topology.Component {
	return topology.Component{Name: name, Supplies: []topology.Supply{{Members: members, Need: need}}}
}

func shared(t testing.TB, f *topology.Topology, pattern string) []Sharing {
	var owners topology.Names
	if pattern != "" {
		owners = topology.Names{pattern}
	}
	all, err := Shared(t.Context(), f, owners)
	require.NoError(t, err)
	return all
}

func TestBothFeedsOfARackEndInOneUPS(t *testing.T) {
	f := fleet(t,
		needs("ups-[1-2]"), needs("feed-a-[06,08]", "ups-1"), needs("feed-b-[06,08]", "ups-2"), needs("feed-[a,b]-07", "ups-1"),
		draws("rack-06", 0, "feed-[a,b]-06"), draws("rack-07", 0, "feed-[a,b]-07"), draws("rack-08", 0, "feed-[a,b]-08"))
	require.Equal(t, []Sharing{{
		Owners: topology.Names{"rack-07"}, Members: topology.Names{"feed-[a,b]-07"}, Need: 1, Through: []string{"ups-1"},
	}}, shared(t, f, ""))
	require.Equal(t, "rack-07 needs 1 of feed-[a,b]-07; all of them need ups-1", shared(t, f, "")[0].String())
	require.Empty(t, shared(t, f, "rack-06"), "its feeds are apart")
}

// Three etcds in three zones, of which one zone holds two: losing it leaves 1, at need 1 enough, at need 2 too few.
func TestThreshold(t *testing.T) {
	for need, want := range map[int]string{
		1: "",
		2: "api needs 2 of etcd-[1-3]; without zone-a only 1 would be left",
		3: "", // no redundancy on paper
	} {
		f := fleet(t, needs("zone-[a,b]"), needs("etcd-[1-2]", "zone-a"), needs("etcd-3", "zone-b"),
			needs("api", fmt.Sprintf("%d of etcd-[1-3]", need)))
		var text []string
		for _, s := range shared(t, f, "") {
			text = append(text, s.String())
		}
		require.Equal(t, want, strings.Join(text, "\n"), "need %d", need)
	}
}

func TestWhatIsReported(t *testing.T) {
	for _, c := range []struct {
		name  string
		fleet []topology.Component
		want  []string
	}{
		{"all the way up, in order of declaration", []topology.Component{
			needs("grid"), needs("ups", "board"), needs("board", "grid"), needs("feed-[1-2]", "ups"), needs("rack", "1 of feed-[1-2]"),
		}, []string{"rack needs 1 of feed-[1-2]; all of them need grid, ups, board"}},
		{"through any of two, which are real", []topology.Component{
			needs("ups-[1-2]"), needs("feed-[1-2]", "1 of ups-[1-2]"), needs("rack", "1 of feed-[1-2]"),
		}, nil},
		{"through any of two that are not", []topology.Component{
			needs("grid"), needs("ups-[1-2]", "grid"), needs("feed-[1-2]", "1 of ups-[1-2]"), needs("rack", "1 of feed-[1-2]"),
		}, []string{"feed-[1-2] each need 1 of ups-[1-2]; all of them need grid", "rack needs 1 of feed-[1-2]; all of them need grid"}},
		{"a member that the others need", []topology.Component{
			needs("main"), needs("replica-[1-2]", "main"), needs("site", "1 of [main,replica-1,replica-2]"),
		}, []string{"site needs 1 of [main,replica-1,replica-2]; all of them need main"}},
		{"a supply over a member that the others need", []topology.Component{
			needs("main"), needs("replica-[1-2]", "main"), draws("site", 0, "main", "replica-[1-2]"),
		}, []string{"site needs 1 of main, replica-[1-2]; all of them need main"}},
		{"owners with the same members, however written, once", []topology.Component{
			needs("ups"), needs("feed-[1-2]", "ups"), draws("rack-1", 0, "feed-[1-2]"), draws("rack-2", 0, "feed-2", "feed-1"), needs("rack-3", "1 of feed-[1-2]"),
		}, []string{"rack-[1-3] each need 1 of feed-[1-2]; all of them need ups"}},
		{"two links of one owner, once", []topology.Component{
			needs("ups"), needs("feed-[1-2]", "ups"), needs("rack", "1 of feed-[1-2]", "1 of feed-[1-2]"),
		}, []string{"rack needs 1 of feed-[1-2]; all of them need ups"}},
		{"owners that need different numbers, apart", []topology.Component{
			needs("ups"), needs("feed-[1-3]", "ups"), needs("rack-1", "1 of feed-[1-3]"), needs("rack-2", "2 of feed-[1-3]"),
		}, []string{"rack-1 needs 1 of feed-[1-3]; all of them need ups", "rack-2 needs 2 of feed-[1-3]; all of them need ups"}},
		{"an owner that needs what its members need", []topology.Component{
			needs("room"), needs("feed-[1-2]", "room"), needs("rack", "room", "1 of feed-[1-2]"),
		}, []string{"rack needs 1 of feed-[1-2]; all of them need room"}},
		{"several that leave different numbers", []topology.Component{
			needs("site"), needs("zone", "site"), needs("etcd-[1-2]", "zone"), needs("etcd-3", "site"), needs("api", "2 of etcd-[1-3]"),
		}, []string{"api needs 2 of etcd-[1-3]; without any one of site, zone at most 1 would be left"}},
		{"neither optional nor only to start", []topology.Component{
			needs("ups"), needs("feed-[1-2]", "ups"),
			{Name: "rack", StartNeeds: topology.Names{"1 of feed-[1-2]"}, Supplies: []topology.Supply{{Members: topology.Names{"feed-[1-2]"}, Optional: true}}},
		}, nil},
		{"through components that need each other", []topology.Component{
			needs("dns", "auth"), needs("auth", "dns"), needs("web-[1-2]", "auth"), draws("users", 0, "web-[1-2]"),
		}, []string{"users needs 1 of web-[1-2]; all of them need dns, auth"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range shared(t, fleet(t, c.fleet...), "") {
				got = append(got, s.String())
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestOnlyOwnersOfThePattern(t *testing.T) {
	f := fleet(t, needs("grid"), needs("ups-[1-2]", "grid"), needs("feed-[1-2]", "1 of ups-[1-2]"), needs("rack", "1 of feed-[1-2]"))
	require.Len(t, shared(t, f, ""), 2)
	require.Equal(t, topology.Names{"rack"}, shared(t, f, "rack")[0].Owners)
	require.Equal(t, topology.Names{"feed-2"}, shared(t, f, "feed-2")[0].Owners)
	require.Empty(t, shared(t, f, "grid"))
}

func TestUnknownPattern(t *testing.T) {
	_, err := Shared(t.Context(), fleet(t, needs("rack-1")), topology.Names{"rak-1"})
	require.EqualError(t, err, `owners: not found: no component and no kind is named "rak-1"; did you mean "rack-1"?`)
	var fault topology.Fault
	require.ErrorAs(t, err, &fault)
}

func TestJSON(t *testing.T) {
	f := fleet(t, needs("ups"), needs("feed-[1-2]", "ups"), needs("rack", "1 of feed-[1-2]"))
	text, err := json.Marshal(shared(t, f, ""))
	require.NoError(t, err)
	require.JSONEq(t, `[{"owners":"rack","members":"feed-[1-2]","need":1,"through":["ups"],"left":0}]`, string(text))
}

// A name with a bracket stands in a pattern with a backslash, and stays one name.
func TestNamesThatLookLikePatterns(t *testing.T) {
	f := fleet(t, needs(`ups\[1\]`), needs("feed-[1-2]", `ups\[1\]`), needs("rack", "1 of feed-[1-2]"))
	require.Equal(t, []string{"ups[1]"}, shared(t, f, "")[0].Through)
	require.Equal(t, `rack needs 1 of feed-[1-2]; all of them need ups\[1\]`, shared(t, f, "")[0].String())
}

// A chain of which every other part has a pair of its own, one of which stands alone: all rests on the first, and only the rack at the
// end on nothing else.
func chain(n int) []topology.Component {
	var all []topology.Component
	for i := range n {
		part := fmt.Sprintf("part-%d", i)
		all = append(all, needs(part), needs(fmt.Sprintf("arm-%d", i), part), needs(fmt.Sprintf("pair-%d", i), fmt.Sprintf("1 of [arm-%d,alone]", i)))
		if i > 0 {
			all[3*i].Needs = topology.Names{fmt.Sprintf("part-%d", i-1)}
		}
	}
	return append(all, needs("alone"), needs("feed-[1-2]", fmt.Sprintf("part-%d", n-1)), needs("rack", "1 of feed-[1-2]"))
}

// What follows from one loss after the other is not looked at again for each: 30,000 parts take less than a second, not a minute.
func TestSharedOfAChain(t *testing.T) {
	for _, reversed := range []bool{false, true} {
		components := chain(30_000)
		if reversed {
			slices.Reverse(components)
		}
		f := fleet(t, components...)
		began := time.Now()
		all := shared(t, f, "")
		require.Less(t, time.Since(began), 10*time.Second) // on a machine that does other work
		require.Len(t, all, 1)
		require.Equal(t, topology.Names{"rack"}, all[0].Owners)
		require.Len(t, all[0].Through, 30_000)
	}
}

func TestSharedEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, f := range []*topology.Topology{fleet(t, chain(30_000)...), fleet(t, needs("rack"))} {
		_, err := Shared(ctx, f, nil)
		require.ErrorIs(t, err, context.Canceled)
	}
}

// 7,000 racks with feeds of their own, all at the end of a chain of 3,000: what to name is 21 million.
func TestSharedOfTooMany(t *testing.T) {
	components := append(chain(3_000), needs("line-[1-2]-[1-7000]", "part-2999"), needs("row-[1-7000]", "1 of line-[1-2]-{1}"))
	_, err := Shared(t.Context(), fleet(t, components...), nil)
	require.ErrorIs(t, err, ErrTooMany)
	require.ErrorContains(t, err, "ask about fewer components")
	all, err := Shared(t.Context(), fleet(t, components...), topology.Names{"row-7", "rack"})
	require.NoError(t, err)
	require.Len(t, all, 2)
}

// Zero values are nothing to tell.
func TestTextOfZeroValues(t *testing.T) {
	require.Empty(t, Points{{}, {}}.String())
	require.Empty(t, Sharings{{}, {}}.String())
	require.Equal(t, "1 takes 2", Points{{}, {Group: []string{"1"}, Takes: topology.Names{"2"}, Count: 1}, {}}.String())
	require.Equal(t, "1 needs 0 of ; all of them need ", Sharings{{}, {Owners: topology.Names{"1"}}, {}}.String())
	require.NotPanics(t, func() { _, _ = Point{}.String(), Sharing{}.String() })
}
