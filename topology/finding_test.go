package topology_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

const unknownLoad topology.Reason = "load unknown"

func assumedLoad(about ...string) topology.Finding {
	return topology.Finding{Class: topology.Assumed, Reason: unknownLoad, About: about, Field: "demand", Text: "taken as 60 % of capacity"}
}

func TestFindingString(t *testing.T) {
	for want, f := range map[string]topology.Finding{
		"assumed: demand: taken as 60 % of capacity":                                  assumedLoad(),
		"assumed: a, b: demand: taken as 60 % of capacity":                            assumedLoad("a", "b"),
		"assumed: web-[1-4]: demand: taken as 60 % of capacity":                       assumedLoad("web-1", "web-2", "web-3", "web-4"),
		"assumed: web-[1-2], api, cart and 2 more: demand: taken as 60 % of capacity": assumedLoad("web-1", "web-2", "api", "cart", "mail", "ads"),
		"looks wrong: shop: two of it":                                                {Class: topology.Suspect, About: []string{"shop"}, Text: "two of it"},
	} {
		require.Equal(t, want, f.String())
	}
}

// A pattern that stands for many scattered numbers is cut, with how many they are.
func TestFindingAboutMany(t *testing.T) {
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprintf("rack-%d", i*i))
	}
	require.Equal(t, "assumed: rack-[0-1,4,9,16,25,36,49,64,81,100,121,144,169,196,225,256,… (100): demand: taken as 60 % of capacity", assumedLoad(names...).String())
}

func TestFindingsPrintWhatLooksWrongFirst(t *testing.T) {
	f := topology.Findings{
		assumedLoad("a"),
		{Class: topology.Missing, Text: "one"},
		{Class: topology.Suspect, Text: "two"},
		{Class: topology.Missing, Text: "three"},
	}
	require.Equal(t, "looks wrong: two\nmissing: one\nmissing: three\nassumed: a: demand: taken as 60 % of capacity", f.String())
	require.Empty(t, topology.Findings{}.String())
}

func TestStrict(t *testing.T) {
	require.NoError(t, topology.Findings{{Class: topology.Missing, Text: "x"}, {Class: topology.Suspect, Text: "y"}}.Strict())
	require.NoError(t, topology.Findings(nil).Strict())
	err := topology.Findings{{Class: topology.Missing, Text: "x"}, assumedLoad("a", "b")}.Strict()
	var faults topology.Faults
	require.True(t, errors.As(err, &faults))
	require.Equal(t, topology.Faults{{Component: "a, b", Field: "demand", Reason: unknownLoad, Text: "taken as 60 % of capacity"}}, faults)
	require.EqualError(t, err, "a, b: demand: load unknown: taken as 60 % of capacity")
}

func TestSettle(t *testing.T) {
	first := topology.Findings{
		assumedLoad("a", "b"),
		assumedLoad("b"),
		{Class: topology.Suspect, About: []string{"b"}, Field: "demand", Text: "uneven"},
		{Class: topology.Assumed, About: []string{"b"}, Field: "capacity", Text: "its limit"},
		{Class: topology.Assumed, Field: "demand", Text: "of the whole"},
	}
	left := first.Settle("demand", "b", "c")
	require.Equal(t, topology.Findings{assumedLoad("a"), first[2], first[3], first[4]}, left)
	require.Equal(t, []string{"a", "b"}, first[0].About, "the findings settled are not changed")
}

func ExampleFindings_Strict() {
	findings := topology.Findings{
		{Class: topology.Suspect, Reason: "one zone", About: []string{"shop/web"}, Text: "all 3 replicas are in zone/a"},
		{Class: topology.Assumed, Reason: "load unknown", About: []string{"shop/web"}, Field: "demand", Text: "taken as what it requests"},
	}
	fmt.Println(findings)
	fmt.Println(strings.Repeat("-", 9))
	fmt.Println(findings.Strict())
	// Output:
	// looks wrong: shop/web: all 3 replicas are in zone/a
	// assumed: shop/web: demand: taken as what it requests
	// ---------
	// shop/web: demand: load unknown: taken as what it requests
}
