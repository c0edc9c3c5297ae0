package risk

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// A finding is one link that one loss leaves with too few: what Shared folds.
type finding struct {
	owner, through string
	need           int
	members        string
}

// naive tries every component against every link, with a closure that looks at everything until nothing changes.
func naive(t *topology.Topology, owners []topology.ID) map[finding]int {
	found := map[finding]int{}
	for x := range topology.ID(t.Len()) {
		down := naiveClosure(t, x)
		for _, owner := range owners {
			for _, l := range t.Links(owner) {
				left := up(down, l.Members)
				if x != owner && !l.Start && l.Need > 0 && l.Need < len(l.Members) && left < l.Need {
					found[finding{t.Name(owner), t.Name(x), l.Need, sortedNames(t, l.Members)}] = left
				}
			}
		}
	}
	return found
}

func naiveClosure(t *topology.Topology, lost ...topology.ID) []bool {
	down := make([]bool, t.Len())
	for _, x := range lost {
		down[x] = true
	}
	for changed := true; changed; {
		changed = false
		for id := range topology.ID(t.Len()) {
			for _, l := range t.Links(id) {
				if !down[id] && !l.Start && up(down, l.Members) < l.Need {
					down[id], changed = true, true
				}
			}
		}
	}
	return down
}

func up(down []bool, members []topology.ID) int {
	n := 0
	for _, m := range members {
		if !down[m] {
			n++
		}
	}
	return n
}

func sortedNames(t *topology.Topology, ids []topology.ID) string {
	var names []string
	for _, id := range ids {
		names = append(names, t.Name(id))
	}
	slices.Sort(names)
	return fmt.Sprint(names)
}

// unfold writes Sharings as findings, and checks that none is told twice, and that the lists are in order.
func unfold(t testing.TB, f *topology.Topology, all []Sharing) map[finding]int {
	found := map[finding]int{}
	firstBefore := topology.ID(-1)
	for _, s := range all {
		owners, err := f.Select(s.Owners...)
		require.NoError(t, err)
		require.GreaterOrEqual(t, owners[0], firstBefore, "in order of declaration")
		firstBefore = owners[0]
		members, err := f.Select(s.Members...)
		require.NoError(t, err)
		before := topology.ID(-1)
		for _, through := range s.Through {
			id, _ := f.Lookup(through)
			require.Greater(t, id, before, "in order of declaration")
			before = id
			for _, owner := range owners {
				key := finding{f.Name(owner), through, s.Need, sortedNames(f, members)}
				require.NotContains(t, found, key, "told twice")
				found[key] = s.Left
			}
		}
	}
	return found
}

// random returns the components of a small fleet: most links point to earlier ones, some back, in any order of
// declaration.
func random(r *rand.Rand) []topology.Component {
	n := 3 + r.IntN(8)
	all := make([]topology.Component, n)
	for i := range all {
		all[i].Name = fmt.Sprintf("c%d", i)
		if i == 0 {
			continue
		}
		for range r.IntN(3) {
			if r.IntN(2) == 0 {
				members := pick(r, i)
				all[i].Supplies = append(all[i].Supplies, topology.Supply{Members: members, Need: r.IntN(len(members) + 1), Optional: r.IntN(8) == 0})
				continue
			}
			need := all[r.IntN(i)].Name
			if members := pick(r, i); r.IntN(2) == 0 && len(members) > 1 {
				need = fmt.Sprintf("%d of c[%s]", 1+r.IntN(len(members)), digits(members))
			}
			if r.IntN(8) == 0 {
				all[i].StartNeeds = append(all[i].StartNeeds, need)
			} else {
				all[i].Needs = append(all[i].Needs, need)
			}
		}
	}
	if r.IntN(4) == 0 { // a way back; where it is a fault, the fleet is not used
		i := r.IntN(n - 1)
		all[i].Needs = append(all[i].Needs, all[i+1+r.IntN(n-1-i)].Name)
	}
	r.Shuffle(n, func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func pick(r *rand.Rand, below int) topology.Names {
	var names topology.Names
	for _, i := range r.Perm(below)[:1+r.IntN(min(below, 4))] {
		names = append(names, fmt.Sprintf("c%d", i))
	}
	return names
}

func digits(names topology.Names) string {
	var text strings.Builder
	for i, name := range names {
		if i > 0 {
			text.WriteString(",")
		}
		text.WriteString(name[1:])
	}
	return text.String()
}

func TestAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	built, sharings, partial := 0, 0, 0
	for range 6000 {
		f, err := topology.New(topology.Spec{Components: random(r)})
		if err != nil {
			continue
		}
		built++
		pattern, patterns := "", topology.Names(nil)
		if r.IntN(3) == 0 {
			pattern = fmt.Sprintf("c[0-%d]", r.IntN(f.Len()))
			patterns = topology.Names{pattern}
		}
		owners, err := selected(f, patterns)
		require.NoError(t, err)
		all := shared(t, f, pattern)
		got, want := unfold(t, f, all), naive(f, owners)
		most := map[finding]int{} // Left is the most over all that is in one Sharing
		for key, left := range want {
			key.through = ""
			most[key] = max(most[key], left)
		}
		for key := range want {
			group := key
			group.through = ""
			want[key] = most[group]
		}
		require.Equal(t, want, got, "%s\n%v", pattern, f.Spec().Components)
		sharings += len(all)
		for _, s := range all {
			if s.Left > 0 {
				partial++
			}
		}
	}
	require.Greater(t, built, 3000, "the fleets are legal")
	require.Greater(t, sharings, 1000, "and some of their redundancy is only on paper")
	require.Greater(t, partial, 50)
}

// Another order of declaration finds the same.
func TestOrderOfDeclarationDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		components := random(r)
		f, err := topology.New(topology.Spec{Components: components})
		if err != nil {
			continue
		}
		slices.Reverse(components)
		again, err := topology.New(topology.Spec{Components: components})
		require.NoError(t, err)
		require.Equal(t, unfold(t, f, shared(t, f, "")), unfold(t, again, shared(t, again, "")))
	}
}
