package calls_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
)

// randomShop returns a fleet of services on pods on nodes, some of them in one pattern or with values from their kind,
// and calls among them, in circles too.
func randomShop(seed uint64) (topology.Spec, []calls.Call) {
	r := rand.New(rand.NewPCG(seed, 2))
	n := 2 + r.IntN(7)
	spec := topology.Spec{
		Kinds: map[string]topology.Component{"service": {Unit: "cores"}, "node": {Capacity: 100, Unit: "cores", Overload: topology.Overload{Shed: r.IntN(3) == 0}}},
		Components: []topology.Component{
			{Name: "node-[1-3]", Kind: "node"},
			{Name: "users", Demand: 7, Supplies: draws("s0")},
		},
	}
	if r.IntN(2) == 0 {
		spec.Kinds["service"] = topology.Component{Unit: "cores", Demand: 5, Needs: topology.Names{"node-1"}, Supplies: draws("node-[1-3]")}
	}
	for i := 0; i < n; i++ {
		c := topology.Component{Name: fmt.Sprintf("s%d", i), Kind: "service", Capacity: float64(r.IntN(3) * 10), Overload: topology.Overload{Shed: r.IntN(3) == 0}}
		if r.IntN(4) == 0 && i < n-1 {
			c.Name = fmt.Sprintf("s[%d-%d]", i, i+1)
			i++
		}
		if r.IntN(6) > 0 {
			c.Demand = float64(1+r.IntN(100)) / 7
		}
		for range r.IntN(3) {
			c.Needs = append(c.Needs, []string{"s%d", "1 of s[%d,0]", "1 of s%d", "s[%d,1]"}[r.IntN(4)])
			c.Needs[len(c.Needs)-1] = fmt.Sprintf(c.Needs[len(c.Needs)-1], r.IntN(n))
		}
		if r.IntN(2) == 0 {
			c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{fmt.Sprintf("node-%d", 1+r.IntN(3))}, Base: 1, PerUnit: 2})
		}
		if i < n-1 && r.IntN(4) == 0 {
			c.Supplies = append(c.Supplies, draws(fmt.Sprintf("s%d", i+1+r.IntN(n-i-1)))...)
		}
		spec.Components = append(spec.Components, c)
	}
	return spec, randomCalls(r, n)
}

func randomCalls(r *rand.Rand, n int) []calls.Call {
	rated := make([]bool, n)
	for i := range rated {
		rated[i] = r.IntN(3) > 0
	}
	var all []calls.Call
	for range r.IntN(3 * n) {
		to := r.IntN(n)
		c := calls.Call{From: []string{"", "stranger", "users"}[r.IntN(3)], To: fmt.Sprintf("s%d", to)}
		if r.IntN(6) > 0 {
			c.From = fmt.Sprintf("s%d", r.IntN(n))
		}
		if rated[to] {
			c.Rate = float64(1+r.IntN(5)) / 3
		}
		all = append(all, c)
	}
	return all
}

func onlyNeedCycles(t require.TestingT, err error) bool {
	var faults topology.Faults
	if !errors.As(err, &faults) {
		require.NoError(t, err)
	}
	for _, fault := range faults {
		require.Equal(t, topology.NeedCycle, fault.Reason, "%v", err)
	}
	return len(faults) > 0
}

// With nothing lost, all loads are what they were; and the order of the calls, and writing a rate in parts, change nothing.
func TestLoadsStay(t *testing.T) {
	joined, attributed, cut, common, standby := 0, 0, 0, 0, 0
	for seed := range uint64(4000) {
		spec, all := randomShop(seed)
		if _, err := topology.New(spec); err != nil {
			continue
		}
		after, findings, err := calls.Join(spec, all)
		require.NoError(t, err, "%d", seed)
		if _, err := topology.New(after); onlyNeedCycles(t, err) {
			continue
		}
		joined++
		sameLoads(t, spec, after)
		if text := fmt.Sprint(findings); strings.Contains(text, "circle") {
			cut++
		}
		for _, c := range after.Components {
			for _, s := range c.Supplies {
				if s.PerUnit > 0 && s.Base == 0 {
					attributed++
				}
				switch s.Share {
				case topology.Weighted:
					common++
				case topology.Tiered:
					standby++
				}
			}
		}

		r := rand.New(rand.NewPCG(seed, 3))
		mixed := slices.Clone(all)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		again, findingsAgain, err := calls.Join(spec, mixed)
		require.NoError(t, err)
		require.Equal(t, after, again)
		require.Equal(t, findings, findingsAgain)
	}
	t.Logf("%d fleets, %d calls attributed, %d fleets with a cut, %d common draws, %d with a standby", joined, attributed, cut, common, standby)
	require.Greater(t, joined, 1000)
	require.Greater(t, attributed, 1000)
	require.Greater(t, cut, 100)
	require.Greater(t, common+standby, 20)
}
