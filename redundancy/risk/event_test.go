package risk

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// A common cause is the same as one more component that all of its members need, and that takes a part of what makes them fail.
func TestCommonCauseTwin(t *testing.T) {
	compared := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 19))
		plain := random(r)
		rated(r, plain)
		q, beta, other := r.Float64(), r.Float64()/2, r.Float64()/2
		for i := range plain[:3] {
			plain[i].Failing = topology.Failing{Unavailability: q}
		}
		f, err := topology.New(topology.Spec{Components: plain})
		if err != nil {
			continue
		}
		top := f.Name(topology.ID(r.IntN(f.Len())))
		written := slices.Clone(plain)
		common := []CommonCause{{Of: topology.Names{plain[0].Name, plain[1].Name, plain[2].Name}, Beta: beta}, {Of: topology.Names{plain[1].Name, plain[2].Name}, Beta: other}}
		for i, c := range common {
			of := reached(t, f, top, c.Of)
			if len(of) < 2 {
				continue
			}
			name := fmt.Sprintf("cause-%d", i+1)
			for _, id := range of {
				written[id].Needs = append(slices.Clone(written[id].Needs), name)
				written[id].Failing.Unavailability -= c.Beta * q
			}
			written = append(written, topology.Component{Name: name, Failing: topology.Failing{Unavailability: c.Beta * q}})
		}
		twin := topology.Must(topology.New(topology.Spec{Components: written}))
		a, err := Analyze(t.Context(), f, top, Options{Common: common})
		require.NoError(t, err)
		b, err := Analyze(t.Context(), twin, top, Options{})
		require.NoError(t, err)
		near(t, b.Unavailability.High, a.Unavailability.High)
		near(t, b.Frequency, a.Frequency)
		require.Equal(t, fmt.Sprint(b.Count), fmt.Sprint(a.Count), "seed %d", seed)
		compared += len(b.Count)
	}
	require.Greater(t, compared, 1000)
}

// reached returns which of some components a top depends on.
func reached(t *testing.T, f *topology.Topology, top string, names topology.Names) []topology.ID {
	a, err := Analyze(t.Context(), f, top, Options{})
	require.NoError(t, err)
	ids, err := f.Select(names...)
	require.NoError(t, err)
	return slices.DeleteFunc(ids, func(id topology.ID) bool {
		return !slices.ContainsFunc(a.events, func(e event) bool { return e.name == f.Name(id) })
	})
}

// A cause that could take only one component of those that matter, or may fail, leaves it as it is.
func TestCommonCauseOfOne(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-2]", Failing: topology.Failing{Unavailability: .1}}, {Name: "rack", Needs: topology.Names{"board-1"}}}}))
	a, err := Analyze(t.Context(), f, "rack", Options{Common: []CommonCause{{Of: topology.Names{"board-[1-2]"}, Beta: .5}}})
	require.NoError(t, err)
	near(t, .1, a.Unavailability.High)
	var groups []string
	for g := range a.Groups() {
		groups = append(groups, g.String())
	}
	require.Equal(t, []string{"board-1", "rack"}, groups)
}

func TestCommonCauseFaults(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[1-2]", Failing: topology.Failing{Unavailability: .01}},
		{Name: "ups", Failing: topology.Failing{Unavailability: .02}},
		{Name: "rack", Needs: topology.Names{"1 of feed-[1-2]", "ups"}},
	}}))
	for _, c := range []struct {
		common []CommonCause
		want   string
	}{
		{[]CommonCause{{topology.Names{"feed-[1-2]"}, 1.5}}, "common[0]: beta: 1.5: give a fraction from 0 to 1"},
		{[]CommonCause{{topology.Names{"feet"}, .1}}, "common[0]: of: "},
		{[]CommonCause{{topology.Names{"feed-[1-2]", "ups"}, .1}}, "common[0]: of: ups does not fail as feed-1 does: a common cause is of components with the same MTBF and MTTR, unavailability and onDemand"},
		{[]CommonCause{{topology.Names{"feed-[1-2]"}, .6}, {topology.Names{"feed-[1-2]"}, .6}}, "common[1]: of: the beta factors of feed-1 are above 1 together"},
	} {
		_, err := Analyze(t.Context(), f, "rack", Options{Common: c.common})
		require.ErrorContains(t, err, c.want)
	}
	a, err := Analyze(t.Context(), f, "rack", Options{Failing: topology.Names{"feed-[1-2]"}, Common: []CommonCause{{topology.Names{"feed-[1-2]"}, .1}}})
	require.NoError(t, err)
	var groups []string
	for g := range a.Groups() {
		groups = append(groups, g.String())
	}
	require.Equal(t, "common cause of feed-[1-2]; feed-1 + feed-2", strings.Join(groups, "; "))
	near(t, 1-(1-.001)*(1-.009*.009), a.Unavailability.High)
	require.Contains(t, a.String(), "  alone              common cause of feed-[1-2]\n")
}

// Components that are down as much, but not as often, or not in the same way, have no common cause.
func TestCommonCauseOfUnlike(t *testing.T) {
	rare := topology.Failing{MTBF: 99_900 * time.Hour, MTTR: 100 * time.Hour}
	often := topology.Failing{MTBF: 999 * time.Hour, MTTR: time.Hour}
	for _, unlike := range [][2]topology.Failing{{rare, often}, {often, rare}, {rare, {Unavailability: .001}}, {{OnDemand: .001}, often}, {{Unavailability: .5}, {}}} {
		f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "feed-1", Failing: unlike[0]}, {Name: "feed-2", Failing: unlike[1]}, {Name: "rack", Needs: topology.Names{"1 of feed-[1-2]"}},
		}}))
		_, err := Analyze(t.Context(), f, "rack", Options{Common: []CommonCause{{topology.Names{"feed-[1-2]"}, .1}}})
		require.EqualError(t, err, "common[0]: of: feed-2 does not fail as feed-1 does: a common cause is of components with the same MTBF and MTTR, unavailability and onDemand")
	}
}

// A common cause is one thing among others by its name, and is not called as another.
func TestCommonCauseNames(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[a,b]", Failing: topology.Failing{Unavailability: .1}}, {Name: "line-[1-2]", Failing: topology.Failing{Unavailability: .1}},
		{Name: "rack", Needs: topology.Names{"1 of feed-[a,b]", "1 of line-[1-2]"}},
	}}))
	of := func(beta float64, names ...string) CommonCause { return CommonCause{names, beta} }
	a, err := Analyze(t.Context(), f, "rack", Options{Failing: topology.Names{"feed-[a,b]", "line-[1-2]"}, Common: []CommonCause{
		of(.1, "line-[1-2]"), of(.2, "feed-[a,b]"), of(.3, "line-2", "line-1"), of(.3, "line-[1-2]"), of(.2, "feed-a", "line-1"),
	}})
	require.NoError(t, err)
	require.Equal(t, topology.Names{
		"common cause of line-[1-2]", "common cause of feed-a + feed-b", "common cause 2 of line-[1-2]", "common cause 3 of line-[1-2]",
	}, a.Alone())
	require.Contains(t, a.String(), "  alone              common cause of line-[1-2], common cause of feed-a + feed-b, common cause 2")
	var groups []string
	for g := range a.Groups() {
		groups = append(groups, g.String())
	}
	require.Contains(t, groups, "feed-b + common cause of feed-a + line-1")
}

// A part of nothing never happens, and is in no group.
func TestCommonCauseOfNoPart(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[1-2]", Failing: topology.Failing{Unavailability: .1}}, {Name: "rack", Needs: topology.Names{"1 of feed-[1-2]"}}}}))
	without, err := Analyze(t.Context(), f, "rack", Options{})
	require.NoError(t, err)
	with, err := Analyze(t.Context(), f, "rack", Options{Common: []CommonCause{{topology.Names{"feed-[1-2]"}, 0}}})
	require.NoError(t, err)
	require.Equal(t, without.String(), with.String())
}

// To fail on demand is the same as to need one more component that is never repaired and makes no outages.
func TestOnDemandTwin(t *testing.T) {
	compared := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 23))
		plain := random(r)
		rated(r, plain)
		written := slices.Clone(plain)
		for i, c := range plain {
			if c.Failing.OnDemand == 0 {
				continue
			}
			written[i].Needs = append(slices.Clone(c.Needs), "start-of-"+c.Name)
			written[i].Failing.OnDemand = 0
			written = append(written, topology.Component{Name: "start-of-" + c.Name, Failing: topology.Failing{OnDemand: c.Failing.OnDemand}})
		}
		f, err := topology.New(topology.Spec{Components: plain})
		if err != nil {
			continue
		}
		twin := topology.Must(topology.New(topology.Spec{Components: written}))
		top := f.Name(topology.ID(r.IntN(f.Len())))
		a, err := Analyze(t.Context(), f, top, Options{})
		require.NoError(t, err)
		b, err := Analyze(t.Context(), twin, top, Options{})
		require.NoError(t, err)
		near(t, b.Unavailability.High, a.Unavailability.High)
		near(t, b.Frequency, a.Frequency)
		require.InDelta(t, b.Lasts.Hours(), a.Lasts.Hours(), 1e-9*b.Lasts.Hours()+1e-6, "a difference of probabilities")
		if len(written) > len(plain) && a.Frequency > 0 {
			compared++
		}
	}
	require.Greater(t, compared, 300)
}

// The mains fail twice a year for two hours; the generator does not start one time in fifty, and is away for maintenance one
// part in a hundred.
func TestGenerator(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "mains", Kind: "hall-power", Failing: topology.Failing{MTBF: 4383 * time.Hour, MTTR: 2 * time.Hour}},
		{Name: "generator", Kind: "hall-power", Failing: topology.Failing{Unavailability: .01, OnDemand: .02}},
		{Name: "hall", Needs: topology.Names{"1 of hall-power"}},
	}}))
	a, err := Analyze(t.Context(), f, "hall", Options{Failing: topology.Names{"mains", "generator"}})
	require.NoError(t, err)
	missing := 1 - .99*.98
	near(t, 2./4385*missing, a.Unavailability.High)
	near(t, 8766./4385*missing, a.Frequency)
	near(t, 2, a.Lasts.Hours())
	require.Equal(t, topology.Names{"generator"}, a.Untimed)
}
