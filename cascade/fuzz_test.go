package cascade_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// What is read and written once stays as it is. It finds the same components, or the same fault.
func FuzzParseFamily(f *testing.F) {
	for _, text := range []string{
		"", "each", "nothing", "none", "none; b-1", "each board", "any 2 of board", "up to 3 of board", "random 30 of server", "independent server",
		"each board + each ups + load 1.1", `"fire; \"all\"": b-1 + u-2`, "b-1 + drain s-[1-3]; load 1.2", `\load`, `\each x`,
		`a\;b`, `a \+ b`, `\"x": y`, `each \; + b`, `each "x" + "y"`, `"": b-1`, "up to 2 of feed; up 2", "nothing + b-1", `each nothing`,
		`any 2 of "a + b"`, `drain each x`, `load 1e50 + b`, "2 of etcd-[1-3]", "\\", `"a`, `\\;b`, "each b\\",
	} {
		f.Add(text)
	}
	fleet := town()
	f.Fuzz(func(t *testing.T, text string) {
		family, err := cascade.ParseFamily(text)
		if err != nil {
			return
		}
		again, err := cascade.ParseFamily(family.String())
		require.NoError(t, err, "%q, from %q", family, text)
		require.Equal(t, family.String(), again.String(), text)
		third, err := cascade.ParseFamily(again.String())
		require.NoError(t, err)
		require.Equal(t, again, third, text)
		count, err := family.Count(fleet)
		same, fault := again.Count(fleet)
		require.Equal(t, err == nil, fault == nil, "%v and %v of %q, from %q", err, fault, family, text)
		require.Equal(t, count, same)
	})
}

// A family made of patterns is read back as one of the same scenarios, whatever names have in them.
func FuzzFamilyOfPatterns(f *testing.F) {
	for _, name := range []string{"b-1", "each", "none", "each x", "nothing", "a;b", "a + b", `"q": x`, "up to 2 of b", "load 2", "drain x", "independent", "random 3 of x", "+ a", "a +", " a", "any", `"`, "a;", `";"`} {
		f.Add(name, name, name+"'")
		f.Add(name, "x+", name)
	}
	f.Fuzz(func(t *testing.T, title, one, other string) {
		if !utf8.ValidString(title+one+other) || one == "" || other == "" {
			return
		}
		a, b := topology.Fold([]string{one})[0], topology.Fold([]string{other})[0]
		fleet, err := topology.New(topology.Spec{Components: []topology.Component{{Name: a}, {Name: b}}})
		if err != nil {
			return
		}
		scenario := cascade.Scenario{Name: title, Lose: topology.Names{a}, Drain: topology.Names{b}, Load: 1.5}
		family := cascade.Join(
			cascade.Each(a), cascade.UpTo(1, b), cascade.Random(1, a), cascade.Only(scenario, cascade.Lose(b)),
			cascade.Product(cascade.Each(b), cascade.Only(cascade.Lose(a)), cascade.Each(a)),
		)
		again, err := cascade.ParseFamily(family.String())
		require.NoError(t, err)
		require.Equal(t, lost(t, fleet, family), lost(t, fleet, again), family)
		require.Equal(t, family.String(), again.String())
	})
}
