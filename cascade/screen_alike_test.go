package cascade_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Of fleets in which much is alike, most scenarios are not looked at; and all are counted right.
func TestScreenOfAlikeFleets(t *testing.T) {
	looked, all := int64(0), int64(0)
	for seed := range uint64(cases(30)) {
		spec, fleet := alikeFleet(seed)
		r := rand.New(rand.NewPCG(seed, 13))
		pattern := func() string { return []string{"k0", "k1", "k2", "board-[1-9]", "rack-[1-9]", "ups-[1-2]"}[r.IntN(3)] }
		f := []cascade.Family{
			cascade.Any(2, pattern()), cascade.UpTo(2, pattern()), cascade.Each(pattern()),
			cascade.Product(cascade.Each("board-1"), cascade.Any(2, pattern())),
			cascade.Product(cascade.Each(pattern()), cascade.Each(pattern())),
			cascade.Product(cascade.Any(2, pattern()), cascade.Only(cascade.Scenario{Load: 1.1, Drain: topology.Names{pattern()}})),
			cascade.Product(cascade.Each(pattern()), cascade.Only(cascade.Lose("rack-1"))),
		}[r.IntN(7)]
		if count, err := f.Count(fleet); err != nil || count.Int64() > 1000 {
			continue
		}
		s, slow := screen(t, fleet, f, cascade.Options{Worst: 4}), slowly(t, fleet, f)
		where := func() string { return f.String() + " of " + text(t, seed, spec) }
		require.Equal(t, slow.tally(), tally(s), where())
		compareWorst(t, slow, s, where)
		looked, all = looked+s.Run, all+s.Scenarios.Int64()
	}
	require.Less(t, looked, all/2)
}
