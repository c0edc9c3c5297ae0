package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func drawn(t testing.TB, f *topology.Topology, o *cascade.Outcome) *diagram {
	d, err := draw(f, o)
	require.NoError(t, err)
	return d
}

// label returns the label of the node that begins with a name.
func (d *diagram) label(name string) string {
	for _, n := range d.nodes {
		if n.lines[0] == name {
			return strings.Join(n.lines[1:], "; ")
		}
	}
	return "no such node"
}

// apart returns components of a kind each, so that no two are drawn as one.
func apart(n int) []topology.Component {
	var all []topology.Component
	for i := range n {
		all = append(all, topology.Component{Name: fmt.Sprintf("c%d", i), Kind: fmt.Sprintf("k%d", i), Capacity: 1})
	}
	return all
}

func TestNodesThreshold(t *testing.T) {
	whole := drawn(t, fleet(t, topology.Spec{Components: apart(MaxNodes)}), nil)
	require.Len(t, whole.nodes, MaxNodes)
	require.NotContains(t, whole.title, ", by kind")

	more := apart(MaxNodes + 1)
	more[MaxNodes].Kind, more[MaxNodes].Needs = "k0", names{"c1"} // unlike c0
	kinds := drawn(t, fleet(t, topology.Spec{Components: more}), nil)
	require.Len(t, kinds.nodes, MaxNodes, "by kind, and of these there are as many as may be")
	require.Contains(t, kinds.title, ", by kind")
	require.Equal(t, "2 components; at 0 %", kinds.label("k0"))

	few := drawn(t, fleet(t, topology.Spec{Components: apart(MaxNodes + 1)}), nil)
	require.Len(t, few.nodes, maxKinds+1)
	require.Equal(t, "75 components; at 0 %", few.label("75 more kinds"))
}

func TestEdgesThreshold(t *testing.T) {
	components := apart(36)
	for i := range 25 {
		for j := range 10 {
			components[i].Needs = append(components[i].Needs, fmt.Sprintf("c%d", 25+j))
		}
	}
	require.Len(t, drawn(t, fleet(t, topology.Spec{Components: components}), nil).edges, MaxEdges)
	components[35].Needs = names{"c34"}
	require.Len(t, drawn(t, fleet(t, topology.Spec{Components: components}), nil).nodes, maxKinds+1)
}

// Exactly as many kinds as fit are not summed up; the last one keeps its name.
func TestKindsThreshold(t *testing.T) {
	for kinds, want := range map[int]string{maxKinds: "kind 5", maxKinds + 1: "kind 6", maxKinds + 2: "2 more kinds"} {
		var components []topology.Component
		for i := range kinds * 20 { // all linked differently
			components = append(components, topology.Component{Name: fmt.Sprintf("c%d", i), Kind: fmt.Sprintf("kind %d", i%kinds)})
		}
		f := fleet(t, topology.Spec{Components: components})
		p := painter{t: f}
		p.fates, _ = fatesOf(f, nil)
		g := p.byKind()
		require.Equal(t, want, g.names[len(g.names)-1])
	}
}

func TestTextLimit(t *testing.T) {
	components := apart(MaxNodes)
	for i := range components {
		components[i].Name = strings.Repeat("🙂", 70) + fmt.Sprint(i)
		components[i].Kind = strings.Repeat("🙂", 70) + fmt.Sprint(i)
	}
	for i := range components[1:] {
		components[i].Needs = names{components[i+1].Name}
	}
	d := drawn(t, fleet(t, topology.Spec{Components: components}), nil)
	require.Contains(t, d.title, ", by kind", "as a whole it would have more than 80,000 bytes")
	require.LessOrEqual(t, len(d.mermaid()), maxText)
}

func TestFatesOfWhatIsUp(t *testing.T) {
	f := fleet(t, topology.Spec{Components: []topology.Component{
		{Name: "s-[1-4]", Kind: "server", Capacity: 10, Overload: topology.Overload{Shed: true}},
		{Name: "users", Demand: 36, Supplies: []topology.Supply{{Members: names{"server"}}}},
	}})
	require.Equal(t, "4 server; at 90 %", drawn(t, f, nil).label("s-[1-4]"))
	lost := drawn(t, f, run(t, f, cascade.Scenario{Lose: names{"s-1"}, Drain: names{"s-2"}, Load: .5}))
	require.Equal(t, "server; down in round 0", lost.label("s-1"))
	require.Equal(t, "server; out of rotation, at 0 %", lost.label("s-2"))
	require.Equal(t, "2 server; up, at 90 %", lost.label("s-[3-4]"))
	for lose, want := range map[string]string{"s-1": "3 server; overloaded, at 120 %", "users": "no such node"} {
		require.Equal(t, want, drawn(t, f, run(t, f, cascade.Lose(lose))).label("s-[2-4]"))
	}

	// Overloaded on a good day: the one colour there is without an outcome.
	spec := f.Spec()
	spec.Components[1].Demand = 40.1
	overloaded := drawn(t, fleet(t, spec), nil)
	require.Equal(t, "4 server; overloaded, at 100.2 %", overloaded.label("s-[1-4]"))
	require.Contains(t, overloaded.mermaid(), "class n0,c0 over\n")
	require.NotContains(t, overloaded.mermaid(), "classDef up")
}

// domino is pairs of servers that fall one pair a round: each trip leaves more for the next.
func domino(t testing.TB, n int) *topology.Topology {
	spec := topology.Spec{Components: []topology.Component{{Name: "s-0", Kind: "server", Capacity: 100}}}
	left := n
	for i := 1; i <= n; i++ { // with i down, each carries 100/(n+1-i)
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: 100/float64(left) - .001})
		left--
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: names{"server"}}}})
	return fleet(t, spec)
}

func TestManyRounds(t *testing.T) {
	f := domino(t, 6)
	o := run(t, f, cascade.Lose("s-0"))
	require.Len(t, o.Rounds, 7)
	whole := drawn(t, f, o)
	for round := 1; round <= 6; round++ {
		require.Equal(t, fmt.Sprintf("server; down in round %d", round), whole.label(fmt.Sprintf("s-%d", round)))
	}
	require.Contains(t, whole.mermaid(), `["down in round 4 or later"]`)

	f = domino(t, 90)
	kinds := drawn(t, f, run(t, f, cascade.Lose("s-0")))
	require.Contains(t, kinds.title, ", by kind")
	require.Contains(t, kinds.mermaid(), `["server<br/>87 components<br/>down in rounds 4 to 90"]`)
	require.Contains(t, kinds.mermaid(), `["server<br/>1 component<br/>down in round 3"]`)
}

// In the coarsest picture a node has several fates, and the colour of the first that went down.
func TestMixedFates(t *testing.T) {
	components := append(apart(90), topology.Component{Name: "s-[1-9]", Kind: "k1"})
	f := fleet(t, topology.Spec{Components: components})
	d := drawn(t, f, run(t, f, cascade.Lose("s-[1-2]")))
	require.Equal(t, "10 components; 8 up, 2 down in round 0", d.label("k1"))
	require.Equal(t, round0, d.nodes[1].class)
}

// randomFleet has few kinds and many links that are alike.
func randomFleet(r *rand.Rand) topology.Spec {
	n := 3 + r.IntN(12)
	var spec topology.Spec
	patterns := []string{"c0"}
	for i := range n {
		c := topology.Component{Name: fmt.Sprintf("c%d", i), Kind: []string{"", "x", "y"}[r.IntN(3)]}
		if r.IntN(2) == 0 {
			c.Capacity = float64(1 + r.IntN(3))
		}
		for range r.IntN(3) {
			if i == 0 {
				break
			}
			pattern := patterns[r.IntN(len(patterns))]
			switch r.IntN(4) {
			case 0:
				c.Needs = append(c.Needs, pattern)
			case 1:
				c.StartNeeds = append(c.StartNeeds, pattern)
			default:
				share := []topology.Share{"", topology.Each, topology.Tiered}[r.IntN(3)]
				c.Supplies = append(c.Supplies, topology.Supply{Members: names{pattern}, Share: share, Optional: r.IntN(4) == 0})
			}
		}
		spec.Components = append(spec.Components, c)
		patterns = append(patterns, c.Name)
		if i > 1 {
			from := r.IntN(i)
			patterns = append(patterns, fmt.Sprintf("c[%d-%d]", from, i), fmt.Sprintf("c[%d-%d]", from, i))
		}
	}
	return spec
}

// Of random fleets, components are in one node if and only if a look at each two of them finds no difference, and there
// is an edge if and only if there is a link.
func TestAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	built, folded := 0, 0
	for range 3000 {
		f, err := topology.New(randomFleet(r))
		if err != nil {
			continue
		}
		built++
		o := run(t, f, cascade.Lose(f.Name(topology.ID(r.IntN(f.Len())))))
		p := painter{t: f}
		p.fates, err = fatesOf(f, o)
		require.NoError(t, err)
		g := p.alike()
		for a := range topology.ID(f.Len()) {
			for b := range a {
				same := p.naivelyAlike(a, b)
				require.Equal(t, same, g.of[a] == g.of[b], "%s %s of %v", f.Name(a), f.Name(b), f.Spec().Components)
				if same {
					folded++
				}
			}
		}
		for _, g := range []grouping{g, p.byKindAndFate(), p.byKind()} {
			checkNodes(t, p, g)
			checkEdges(t, p, g)
		}
	}
	require.Greater(t, built, 1500)
	require.Greater(t, folded, 500)
}

// sign is all that is drawn of a link.
func (p painter) sign(l topology.Link) string {
	share := topology.Share("none")
	if l.Pool >= 0 {
		share = p.t.Pools()[l.Pool].Share
	}
	return fmt.Sprint(strings.Join(l.Names, "\x00"), l.Need, l.Start, share)
}

func (p painter) naivelyAlike(a, b topology.ID) bool {
	if p.t.Kind(a) != p.t.Kind(b) || p.fates.fate[a] != p.fates.fate[b] {
		return false
	}
	signs := func(id topology.ID) (all []string) {
		for _, l := range p.t.Links(id) {
			all = append(all, p.sign(l))
		}
		return all
	}
	if !slices.Equal(signs(a), signs(b)) {
		return false
	}
	for owner := range topology.ID(p.t.Len()) {
		for _, l := range p.t.Links(owner) {
			if slices.Contains(l.Members, a) != slices.Contains(l.Members, b) {
				return false
			}
		}
	}
	return true
}

func checkNodes(t *testing.T, p painter, g grouping) {
	total := 0
	for group, ids := range g.ids {
		require.True(t, slices.IsSorted(ids))
		for _, id := range ids {
			require.Equal(t, int32(group), g.of[id])
			total++
		}
	}
	require.Equal(t, p.t.Len(), total)
}

func checkEdges(t *testing.T, p painter, g grouping) {
	want := map[edge]map[string]int{} // the links of each edge, by text
	for owner := range topology.ID(p.t.Len()) {
		for _, l := range p.t.Links(owner) {
			touched := map[int32]bool{}
			for _, m := range l.Members {
				touched[g.of[m]] = true
			}
			for to := range touched {
				e := edge{from: int(g.of[owner]), to: int(to), line: p.tie(&l).line}
				if want[e] == nil {
					want[e] = map[string]int{}
				}
				want[e][p.tie(&l).text()]++
			}
		}
	}
	for _, e := range p.edges(g) {
		key := edge{from: e.from, to: e.to, line: e.line}
		require.Contains(t, want, key)
		if !g.fine && len(want[key]) <= 2 && !strings.HasSuffix(e.label, "…") {
			for text, links := range want[key] {
				require.Contains(t, e.label, wording{text, links}.label(false))
			}
		}
		delete(want, key)
	}
	require.Empty(t, want, "no link without an edge, no edge twice")
}

// A standby is not drawn as one with what it stands by for.
func TestTiersAreApart(t *testing.T) {
	for share, nodes := range map[topology.Share]int{topology.Equal: 2, topology.Tiered: 3, topology.Waterfall: 3} {
		f := fleet(t, topology.Spec{Components: []topology.Component{
			{Name: "db-[1-2]", Kind: "db", Capacity: 1},
			{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: names{"db-1", "db-2"}, Share: share}}},
		}})
		require.Len(t, drawn(t, f, nil).nodes, nodes, share)
	}
}

// However large and odd, the diagram stays within what can be drawn.
func TestAlwaysWithinTheLimits(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 60 {
		n := 20 + r.IntN(400)
		kinds := 1 + r.IntN(120)
		var spec topology.Spec
		for i := range n {
			c := topology.Component{Name: fmt.Sprintf("%s-%d", strings.Repeat("é#", r.IntN(20)), i), Kind: strings.Repeat("<", r.IntN(20)) + fmt.Sprint(r.IntN(kinds))}
			for range r.IntN(1 + r.IntN(8)) {
				if i > 0 {
					c.Needs = append(c.Needs, spec.Components[r.IntN(i)].Name)
				}
			}
			spec.Components = append(spec.Components, c)
		}
		f := fleet(t, spec)
		d := drawn(t, f, run(t, f, cascade.Lose(f.Name(0))))
		require.LessOrEqual(t, len(d.nodes), MaxNodes)
		require.LessOrEqual(t, len(d.edges), MaxEdges)
		require.LessOrEqual(t, len(d.mermaid()), maxText)
		checkMermaid(t, d)
	}
}
