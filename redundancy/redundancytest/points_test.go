package redundancytest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// onOneRegion is three servers, of which users need two, each in a zone of one region; a database; and what the users need to start.
func onOneRegion(change ...func(*topology.Spec)) *topology.Topology {
	spec := topology.Spec{
		Kinds: map[string]topology.Component{"zone": {Needs: names{"region"}}, "server": {Capacity: 100}},
		Components: []topology.Component{
			{Name: "region"}, {Name: "seed"},
			{Name: "zone-[1-3]", Kind: "zone"},
			{Name: "web-[1-3]", Kind: "server", Needs: names{"zone-{1}"}},
			{Name: "users", Demand: 100, StartNeeds: names{"seed"}, Supplies: []topology.Supply{{Members: names{"server"}, Need: 2}}},
		},
	}
	for _, f := range change {
		f(&spec)
	}
	return topology.Must(topology.New(spec))
}

// twoZones puts two of the three servers into one zone.
func twoZones(spec *topology.Spec) {
	spec.Components[3].Name = "web-[1-2]"
	spec.Components = append(spec.Components, topology.Component{Name: "web-3", Kind: "server", Needs: names{"zone-1"}})
}

func TestNoSinglePoint(t *testing.T) {
	run := func(fleet *topology.Topology, pattern string, except ...string) []string {
		r := &recorder{}
		NoSinglePoint(r, fleet, pattern, except...)
		require.Equal(t, 1, r.helpers)
		return r.errors
	}
	expect(t, `single points of failure of "users" (1 found), by what it needs:`+"\n  region takes users", run(onOneRegion(), "users"))
	expect(t, "", run(onOneRegion(), "users", "region"))
	expect(t, "", run(onOneRegion(), "users", "region", "zone-3", "server"))
	expect(t, "(1 found), by what it needs:\n  zone-1 takes users", run(onOneRegion(twoZones), "users", "region"))
	expect(t, "", run(onOneRegion(twoZones), "users", "region", "zone"))
	expect(t, "each of zone-[1-3] takes 1 component", run(onOneRegion(), "server", "region"))
	expect(t, "points of failure of the fleet (4 found)", run(onOneRegion(), ""))

	expect(t, `"users" rests on nothing that may fail but zone, server, region, so nothing is tested`, run(onOneRegion(), "users", "zone", "server", "region"))
	expect(t, `"region" rests on nothing that may fail, so nothing is tested`, run(onOneRegion(), "region"))
	expect(t, `did you mean "users"?`, run(onOneRegion(), "user"))
	expect(t, `except: `, run(onOneRegion(), "users", "regoin"))
	expect(t, "there is no fleet", run(nil, "users"))
}

// Long lists are cut.
func TestManySinglePoints(t *testing.T) {
	spec := topology.Spec{}
	for i := range 30 {
		letter := string(rune('a'+i/5)) + string(rune('a'+i%5))
		spec.Components = append(spec.Components, topology.Component{Name: letter + "-board"}, topology.Component{Name: letter, Needs: names{letter + "-board"}})
	}
	r := &recorder{}
	NoSinglePoint(r, topology.Must(topology.New(spec)), "")
	expect(t, "\n  and 10 more", r.errors)
}

// A point is what takes down, when it is lost, another that was asked about.
func TestNoSinglePointAgainstLosingEach(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	passed, failed := 0, 0
	for range 3_000 {
		var spec topology.Spec
		for i := range 12 {
			c := topology.Component{Name: fmt.Sprintf("c-%d", i)}
			if i > 3 {
				from := rng.IntN(i - 1)
				c.Needs = names{fmt.Sprintf("1 of c-[%d-%d]", from, min(i-1, from+1+rng.IntN(2)))}
			}
			spec.Components = append(spec.Components, c)
		}
		fleet := topology.Must(topology.New(spec))
		except := fmt.Sprintf("c-[0-%d]", rng.IntN(5))
		spared, err := fleet.Select(except)
		require.NoError(t, err)
		want := !above(fleet, 11, topology.ID(len(spared))) // then nothing would be tested
		for x := range topology.ID(11) {
			for _, l := range fleet.Closure().Fail(x) {
				want = want || l.ID == 11 && int(x) >= len(spared)
			}
		}
		r := &recorder{}
		NoSinglePoint(r, fleet, "c-11", except)
		require.Equal(t, want, len(r.errors) > 0, "%v", r.errors)
		if want {
			failed++
		} else {
			passed++
		}
	}
	require.Greater(t, passed, 300)
	require.Greater(t, failed, 300)
}

// above reports whether a component needs, directly or further up, one from some number on.
func above(fleet *topology.Topology, id, from topology.ID) bool {
	for _, l := range fleet.Links(id) {
		for _, m := range l.Members {
			if m >= from || above(fleet, m, from) {
				return true
			}
		}
	}
	return false
}
