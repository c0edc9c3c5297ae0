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
		written := slices.Clone(plain)
		for i := range written[:3] {
			left := 1 - beta
			written[i].Needs = append(slices.Clone(written[i].Needs), "cause-1")
			if i > 0 {
				written[i].Needs = append(written[i].Needs, "cause-2")
				left -= other
			}
			written[i].Failing.Unavailability = left * q
		}
		written = append(written,
			topology.Component{Name: "cause-1", Failing: topology.Failing{Unavailability: beta * q}},
			topology.Component{Name: "cause-2", Failing: topology.Failing{Unavailability: other * q}})
		f, err := topology.New(topology.Spec{Components: plain})
		if err != nil {
			continue
		}
		twin := topology.Must(topology.New(topology.Spec{Components: written}))
		top := f.Name(topology.ID(r.IntN(f.Len())))
		common := []CommonCause{{Of: topology.Names{plain[0].Name, plain[1].Name, plain[2].Name}, Beta: beta}, {Of: topology.Names{plain[1].Name, plain[2].Name}, Beta: other}}
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
		{[]CommonCause{{topology.Names{"feed-[1-2]", "ups"}, .1}}, "common[0]: of: feed-1 has an unavailability of 0.01, ups of 0.02: a common cause is of components with the same"},
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
}
