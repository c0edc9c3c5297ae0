package redundancytest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
)

// Without a board there are five servers of 10; with one of these out as well, four.
func TestSafeToTake(t *testing.T) {
	for _, c := range []struct {
		demand  float64
		what    []string
		problem string
	}{
		{40, []string{"s-0"}, ""},
		{40.1, []string{"s-0"}, "Taking out s-0 is not safe"},
		{40, []string{"board-1"}, "what fails: "},
		{30, []string{"s-[0-1]"}, ""},
		{60, []string{"s-0"}, "fails already"},
		{40, []string{"nobody"}, "what: "},
		{40, nil, "what: nothing is named"},
	} {
		r := &recorder{}
		SafeToTake(r, pool(c.demand), cascade.Each("board"), c.what...)
		if c.problem == "" {
			require.Empty(t, r.errors)
			continue
		}
		require.Len(t, r.errors, 1)
		require.Contains(t, r.errors[0], c.problem)
	}
}

func TestSafeToTakeSaysNothing(t *testing.T) {
	for problem, f := range map[string]func(TB){
		"there is no fleet": func(t TB) { SafeToTake(t, nil, cascade.Each("board"), "s-0") },
		"no scenario":       func(t TB) { SafeToTake(t, pool(40), cascade.Only(), "s-0") },
		"not found":         func(t TB) { SafeToTake(t, pool(40), cascade.Each("rack"), "s-0") },
	} {
		r := &recorder{}
		f(r)
		require.Len(t, r.errors, 1)
		require.Contains(t, r.errors[0], problem)
		require.Positive(t, r.helpers)
	}
}
