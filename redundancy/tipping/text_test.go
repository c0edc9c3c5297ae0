package tipping

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
)

func TestLimitsInWords(t *testing.T) {
	worst := cascade.Lose("a-[1-3]")
	for want, l := range map[string]Limit{
		"none of 9 may be lost: the fleet does not hold as it is.":                                    {Any: -1, AnyMost: -1, Some: -1, SomeMost: -1, Certainty: cascade.Exact},
		"none of 9 may be lost: the fleet does not hold as it is; with luck 4.":                       {Any: -1, AnyMost: -1, Some: 4, SomeMost: 4, Certainty: cascade.Exact},
		"none of 9 may be lost: the fleet does not hold as it is; with luck none, perhaps more: why.": {Any: -1, AnyMost: -1, Some: -1, SomeMost: 9, Reason: "why.", Certainty: cascade.Bounded},
		"it is not known how many of 9 may be lost: why.":                                             {Any: -1, AnyMost: 9, Some: -1, SomeMost: 9, Reason: "why.", Certainty: cascade.Bounded},
		"all 9 may be lost.": {Any: 9, AnyMost: 9, Some: 9, SomeMost: 9, Certainty: cascade.Exact},
		"not any 1 of 9 may be lost (not a-[1-3]); not even with luck.":                                        {Worst: worst, Certainty: cascade.Exact},
		"any 1 of 9 may be lost, perhaps more; with luck 2, perhaps more: why.":                                {Any: 1, AnyMost: 9, Some: 2, SomeMost: 9, Reason: "why.", Certainty: cascade.Bounded},
		"any 1 of 9 may be lost, perhaps up to 2, 3 may not (not a-[1-3]); with luck 2, perhaps up to 4: why.": {Any: 1, AnyMost: 2, Worst: worst, Some: 2, SomeMost: 4, Reason: "why.", Certainty: cascade.Bounded},
		"any 1 of 9 may be lost, perhaps up to 2, 3 may not (not a-[1-3]); with luck 4: why.":                  {Any: 1, AnyMost: 2, Worst: worst, Some: 4, SomeMost: 4, Reason: "why.", Certainty: cascade.Bounded},
		"how many of 9 may be lost is not determined: why.":                                                    {Reason: "why.", Certainty: cascade.Undetermined},
	} {
		require.Equal(t, want, l.text(9, "hold"))
	}
	require.Equal(t, "of random losses 4 to 5 with 95 %, no with 50 % (sampled)", chances([]Odds{{.95, cascade.Sampled, 4, 5}, {.5, cascade.Exact, -1, -1}}))
	require.Equal(t, "any load", Flip{Factor: math.Inf(1), Certainty: cascade.Exact}.text("load to ", "any load", "no load"))
	require.Equal(t, "no load", Flip{Certainty: cascade.Exact}.text("load to ", "any load", "no load"))
}

func TestInfiniteFlipsInJSON(t *testing.T) {
	for _, f := range []Flip{{Factor: math.Inf(1), Certainty: cascade.Exact}, {Factor: 2, Certainty: cascade.Bounded, Reason: firstFlip}, {Certainty: cascade.Exact}} {
		data, err := json.Marshal(f)
		require.NoError(t, err)
		var read Flip
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, f, read)
	}
	c := Collapse{Scenario: cascade.Lose("a"), After: 90 * time.Second}
	data, err := json.Marshal(&c)
	require.NoError(t, err)
	require.JSONEq(t, `{"scenario": {"lose": "a"}, "after": "1m30s"}`, string(data))
	require.Error(t, json.Unmarshal([]byte(`{"after": "soon"}`), &c))
}
