package topology

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMarshal(t *testing.T) {
	spec := Spec{
		Kinds: map[string]Component{"server": {Capacity: 0.1, Unit: "W", Overload: Overload{After: 90 * time.Second}}},
		Components: []Component{
			{Name: "a-[1-2]", Kind: "server", Needs: Names{"b"}, Start: Start{Boot: 26 * time.Minute, Cold: 0.5}},
			{Name: "b", Needs: Names{"c", "d"}, Reopen: Reopen{Decay: time.Millisecond}, Failing: Failing{MTBF: time.Hour, MTTR: time.Second}},
			{Name: "c", Supplies: []Supply{{}}},
		},
	}
	text, err := json.Marshal(spec)
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(`{"kinds":{"server":{"capacity":0.1,"unit":"W","overload":{"after":"1m30s"}}},
		"components":[
		{"name":"a-[1-2]","kind":"server","needs":"b","start":{"cold":0.5,"boot":"26m0s"}},
		{"name":"b","needs":["c","d"],"reopen":{"decay":"1ms"},"failing":{"mtbf":"1h0m0s","mttr":"1s"}},
		{"name":"c","supplies":[{"members":[]}]}]}`, "\n\t\t", ""), string(text))

	empty, err := json.Marshal(Spec{})
	require.NoError(t, err)
	require.Equal(t, `{"components":[]}`, string(empty))
	_, err = json.Marshal(Spec{Components: []Component{{Capacity: math.NaN()}}})
	require.Error(t, err)
}

// What is written is read as the same, and what is read and written again stays as it is.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := anySpec().Draw(t, "spec")
		text, err := json.Marshal(spec)
		require.NoError(t, err)
		var again Spec
		require.NoError(t, json.Unmarshal(text, &again), string(text))
		require.Equal(t, withoutEmpty(spec), withoutEmpty(again))
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(text), string(twice))
	})
}

func anySpec() *rapid.Generator[Spec] {
	return rapid.Custom(func(t *rapid.T) Spec {
		return Spec{
			Name:       rapid.String().Draw(t, "name"),
			Kinds:      rapid.MapOfN(rapid.String(), anyComponent(), 0, 2).Draw(t, "kinds"),
			Components: rapid.SliceOfN(anyComponent(), 0, 4).Draw(t, "components"),
		}
	})
}

func anyComponent() *rapid.Generator[Component] {
	return rapid.Custom(func(t *rapid.T) Component {
		return Component{
			Name:       rapid.StringN(1, 8, -1).Draw(t, "name"),
			Kind:       rapid.String().Draw(t, "kind"),
			Labels:     rapid.MapOfN(rapid.String(), rapid.String(), 0, 2).Draw(t, "labels"),
			Capacity:   anyFloat().Draw(t, "capacity"),
			Demand:     anyFloat().Draw(t, "demand"),
			Unit:       rapid.SampledFrom([]string{"", "W", "B/s", "requests/s", "kkW", "m", "<&>"}).Draw(t, "unit"),
			Overload:   Overload{Shed: rapid.Bool().Draw(t, "shed"), After: anyDuration().Draw(t, "after"), Curve: Curve(rapid.String().Draw(t, "curve")), TMS: anyFloat().Draw(t, "tms")},
			Needs:      anyNames().Draw(t, "needs"),
			StartNeeds: anyNames().Draw(t, "startNeeds"),
			Supplies:   rapid.SliceOfN(anySupply(), 0, 2).Draw(t, "supplies"),
			Start:      Start{Boot: anyDuration().Draw(t, "boot"), WarmUp: anyDuration().Draw(t, "warmUp"), Cold: anyFloat().Draw(t, "cold")},
			Gated:      rapid.Bool().Draw(t, "gated"),
			Reopen:     Reopen{Surge: anyFloat().Draw(t, "surge"), Decay: anyDuration().Draw(t, "decay")},
			Failing:    Failing{Unavailability: anyFloat().Draw(t, "q"), MTBF: anyDuration().Draw(t, "mtbf"), MTTR: anyDuration().Draw(t, "mttr"), OnDemand: anyFloat().Draw(t, "onDemand")},
		}
	})
}

func anySupply() *rapid.Generator[Supply] {
	return rapid.Custom(func(t *rapid.T) Supply {
		return Supply{
			Members:       anyNames().Draw(t, "members"),
			Need:          int(rapid.Int32().Draw(t, "need")),
			Optional:      rapid.Bool().Draw(t, "optional"),
			Share:         Share(rapid.String().Draw(t, "share")),
			Weights:       rapid.SliceOfN(anyFloat(), 0, 3).Draw(t, "weights"),
			Overprovision: anyFloat().Draw(t, "overprovision"),
			Limit:         anyFloat().Draw(t, "limit"),
			Base:          anyFloat().Draw(t, "base"),
			PerUnit:       anyFloat().Draw(t, "perUnit"),
			Inrush:        anyFloat().Draw(t, "inrush"),
		}
	})
}

func anyNames() *rapid.Generator[Names] {
	return rapid.Custom(func(t *rapid.T) Names { return rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "patterns") })
}

func anyFloat() *rapid.Generator[float64] {
	return rapid.Float64().Filter(func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) })
}

func anyDuration() *rapid.Generator[time.Duration] {
	return rapid.Custom(func(t *rapid.T) time.Duration { return time.Duration(rapid.Int64().Draw(t, "ns")) })
}

// withoutEmpty makes empty lists and maps nil.
func withoutEmpty(s Spec) Spec {
	s = clone(s)
	if len(s.Components) == 0 {
		s.Components = nil
	}
	if len(s.Kinds) == 0 {
		s.Kinds = nil
	}
	for i := range s.Components {
		componentWithoutEmpty(&s.Components[i])
	}
	for name, kind := range s.Kinds {
		componentWithoutEmpty(&kind)
		s.Kinds[name] = kind
	}
	return s
}

func componentWithoutEmpty(c *Component) {
	if len(c.Labels) == 0 {
		c.Labels = nil
	}
	for _, names := range []*Names{&c.Needs, &c.StartNeeds} {
		if len(*names) == 0 {
			*names = nil
		}
	}
	if len(c.Supplies) == 0 {
		c.Supplies = nil
	}
	for i := range c.Supplies {
		if len(c.Supplies[i].Members) == 0 {
			c.Supplies[i].Members = nil
		}
		if len(c.Supplies[i].Weights) == 0 {
			c.Supplies[i].Weights = nil
		}
	}
}
