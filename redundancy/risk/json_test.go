package risk

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// What was read from JSON tells its figures, and has no groups; nothing of it panics.
func TestAnalysisFromJSON(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Failing: topology.Failing{Unavailability: .001}},
		{Name: "feed-[1-3]", Failing: topology.Failing{Unavailability: .1}},
		{Name: "rack", Needs: topology.Names{"board", "1 of feed-[1-3]"}},
	}}))
	a, err := Analyze(t.Context(), f, "rack", Options{})
	require.NoError(t, err)
	text, err := json.Marshal(a)
	require.NoError(t, err)
	read := new(Analysis)
	require.NoError(t, json.Unmarshal(text, read))
	again, err := json.Marshal(read)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))

	require.Equal(t, a.Summary(), read.Summary())
	require.Contains(t, read.String(), "rack goes down, by needs alone, with 2 groups of 1 and 1 of 3.\n")
	require.Contains(t, read.String(), "  unavailability     0.001999: 2.7 nines")
	silent(t, read)
}

// silent holds that an analysis without groups says so, in whatever way it is asked.
func silent(t *testing.T, a *Analysis) {
	t.Helper()
	for g := range a.Groups() {
		require.Empty(t, g)
	}
	require.Empty(t, a.Likeliest(5))
	require.Empty(t, a.Importance())
	require.Empty(t, a.Alone())
	_, err := a.Outages(t.Context(), 3, restart.Options{})
	require.ErrorContains(t, err, "the analysis has no fleet")
}

func TestNothingAnalyzed(t *testing.T) {
	for _, text := range []string{`{}`, `{"count": [null, 3, null, -1], "rareEvents": 1}`, `{"upTo": 4, "unavailability": {"low": 0, "high": 1}, "certainty": "exact"}`} {
		a := new(Analysis)
		require.NoError(t, json.Unmarshal([]byte(text), a))
		require.NotEmpty(t, a.String())
		require.NotEmpty(t, a.Summary())
		silent(t, a)
	}
	require.Equal(t, " goes down, by needs alone, with no failure of what may fail.", new(Analysis).String())
}

func TestNothingCollapses(t *testing.T) {
	require.Equal(t, "Every set of up to 0 losses was followed to its end, 0 sets.\n  fail by overload   none\n  fail by needs      none\n  unavailability     0\n"+
		"  A larger loss might hold, or what trips first decide: told is what collapses if all that is overloaded trips at once.", new(Collapses).String())
	require.Empty(t, Alike{}.String())
	require.Equal(t, "all of ", Alike{Count: new(big.Int), Of: []Choice{{}}}.String())
	c := Collapses{ByNeeds: []Alike{{}, {Count: big.NewInt(2)}}}
	require.Contains(t, c.String(), "  fail by needs      \n")
}
