package risk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

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
	all, err := Shared(f, pattern)
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
	_, err := Shared(fleet(t, needs("rack-1")), "rak-1")
	require.EqualError(t, err, `owners "rak-1": not found: no component and no kind is named "rak-1"; did you mean "rack-1"?`)
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
