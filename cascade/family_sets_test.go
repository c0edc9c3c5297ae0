package cascade_test

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

// A slowChoice is a choice of a family, and the sets that it takes, by size, in order.
type slowChoice struct {
	family cascade.Family
	text   string
	sets   [][][]string
}

// randomChoice takes sets of one of some patterns, whose names are given.
func randomChoice(r *rand.Rand, groups map[string][]string, independent bool) slowChoice {
	patterns := make([]string, 0, len(groups))
	for pattern := range groups {
		patterns = append(patterns, pattern)
	}
	slices.Sort(patterns)
	pattern := patterns[r.IntN(len(patterns))]
	names := groups[pattern]
	k := 1 + r.IntN(min(3, len(names)))
	sizes := func(low, high int) (sets [][][]string) {
		for k := low; k <= high; k++ {
			sets = append(sets, choose(names, k))
		}
		return sets
	}
	switch r.IntN(5) {
	case 0:
		return slowChoice{cascade.UpTo(k, pattern), fmt.Sprintf("up to %d of %s", k, pattern), sizes(1, k)}
	case 1:
		return slowChoice{cascade.Random(k, pattern), fmt.Sprintf("random %d of %s", k, pattern), sizes(k, k)}
	case 2:
		if independent {
			return slowChoice{cascade.Independent(pattern), "independent " + pattern, sizes(0, len(names))}
		}
		return slowChoice{cascade.Each(pattern), "each " + pattern, sizes(1, 1)}
	case 3:
		return slowChoice{cascade.Only(cascade.Lose(pattern)), pattern, [][][]string{{names}}}
	default:
		return slowChoice{cascade.Any(k, pattern), (fmt.Sprintf("any %d of %s", k, pattern)), sizes(k, k)}
	}
}

// products returns what several choices lose together: sizes first, the last choice changing fastest.
func products(choices []slowChoice) (all [][]string) {
	if len(choices) == 0 {
		return [][]string{nil}
	}
	var pick func(i int, sets [][][]string)
	pick = func(i int, sets [][][]string) {
		if i == len(choices) {
			all = append(all, joint(sets)...)
			return
		}
		for _, some := range choices[i].sets {
			pick(i+1, append(slices.Clone(sets), some))
		}
	}
	pick(0, nil)
	return all
}

// joint returns one set of each list together, in every way.
func joint(lists [][][]string) [][]string {
	all := [][]string{nil}
	for _, sets := range lists {
		var next [][]string
		for _, one := range all {
			for _, other := range sets {
				both := slices.Concat(one, other)
				slices.Sort(both)
				next = append(next, both)
			}
		}
		all = next
	}
	return all
}

// randomSets returns a family made by functions, its text, and the names that each of its scenarios loses.
func randomSets(r *rand.Rand, groups map[string][]string, independent bool) (f cascade.Family, text string, all [][]string) {
	var families []cascade.Family
	var texts []string
	for range 1 + r.IntN(3) {
		var parts []cascade.Family
		var terms []string
		var choices []slowChoice
		for range 1 + r.IntN(2) {
			c := randomChoice(r, groups, independent)
			parts, terms, choices = append(parts, c.family), append(terms, c.text), append(choices, c)
		}
		families, texts = append(families, cascade.Product(parts...)), append(texts, strings.Join(terms, " + "))
		all = append(all, products(choices)...)
	}
	return cascade.Join(families...), strings.Join(texts, "; "), all
}

// frail is town, whose components of some kinds may be lost independently.
func frail() *topology.Topology {
	spec := town().Spec()
	for i, q := range []float64{.1, .5, 1e-6} {
		spec.Components[i].Failing.Unavailability = q
	}
	return topology.Must(topology.New(spec))
}

func TestFamiliesOfSets(t *testing.T) {
	fleet := frail()
	groups := map[string][]string{
		"board": {"b-1", "b-2", "b-3", "b-4"}, "u-[1-3]": {"u-1", "u-2", "u-3"}, "zone=a": {"s-1", "s-2", "s-3", "s-4", "s-5", "s-6"},
	}
	for seed := range uint64(cases(300)) {
		f, text, want := randomSets(rand.New(rand.NewPCG(seed, 2)), groups, true)
		parsed, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		require.Equal(t, want, lost(t, fleet, parsed), text)
		require.Equal(t, want, lost(t, fleet, f), text)
		again, err := cascade.ParseFamily(f.String())
		require.NoError(t, err)
		require.Equal(t, f, again, text)
		count, err := f.Count(fleet)
		require.NoError(t, err)
		require.Equal(t, int64(len(want)), count.Int64(), text)
	}
}

// A family may be far too large to list: its number is told all the same, and its first scenarios.
func TestFamiliesTooLargeToList(t *testing.T) {
	fleet := pool(1, slices.Repeat([]float64{1}, 2000)...)
	for text, digits := range map[string]int{"any 1000 of server": 601, "up to 1999 of server": 603, "any 3 of server + any 1000 of server": 610} {
		f, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		count, err := f.Count(fleet)
		require.NoError(t, err)
		require.Len(t, count.String(), digits, text)
		scenarios, err := f.All(fleet)
		require.NoError(t, err)
		for s := range scenarios {
			require.Contains(t, []string{"s-1", "s-[1-3]", "s-[1-1000]"}, s.Lose[0])
			break
		}
	}
}

// No scenario at all is a family as well, and its text is not that of another.
func TestFamilyOfNone(t *testing.T) {
	for _, f := range []cascade.Family{cascade.Only(), cascade.Join(), cascade.Product(cascade.Each("board"), cascade.Only())} {
		again, err := cascade.ParseFamily(f.String())
		require.NoError(t, err)
		require.Empty(t, lost(t, town(), again))
		require.Empty(t, lost(t, town(), f))
	}
	require.Equal(t, "nothing", cascade.Product().String())
	require.Equal(t, `\none`, cascade.Only(cascade.Lose("none")).String())
}

// A product takes what both have: names, factors, what is drained.
func TestProduct(t *testing.T) {
	fire := cascade.Scenario{Name: "fire", Lose: topology.Names{"b-1"}, Load: 1.5}
	rush := cascade.Scenario{Name: "rush", Drain: topology.Names{"s-1"}, Load: 2}
	both := cascade.Product(cascade.Only(fire), cascade.Only(rush), cascade.Each("ups"))
	require.Equal(t, `"fire + rush": each ups + b-1 + drain s-1 + load 3`, both.String())
	require.Equal(t, "each ups + load 2; each board + load 2", cascade.Product(cascade.Join(cascade.Each("ups"), cascade.Each("board")), cascade.Only(cascade.Scenario{Load: 2})).String())
	require.Equal(t, "each ups + each", cascade.Product(cascade.Each("ups"), cascade.Family{}).String())
	require.Equal(t, "each ups", cascade.Product(cascade.Each("ups"), cascade.Only(cascade.Scenario{Load: .5}), cascade.Only(cascade.Scenario{Load: 2})).String())
}
