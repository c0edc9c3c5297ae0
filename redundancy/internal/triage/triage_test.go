package triage_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
	"github.com/ridethrough/ridethrough/topology"
)

// servers is what triage.Servers is, as its comment says it.
func servers(t *topology.Topology) []bool {
	is := make([]bool, t.Len())
	for range t.Len() {
		for id := range topology.ID(t.Len()) {
			if t.Demand(id) == 0 && !is[id] {
				continue
			}
			for _, l := range t.Links(id) {
				for _, m := range l.Members {
					same := t.Unit(id) != "" && t.Unit(id) == t.Unit(m)
					as := l.Supply != nil && l.Supply.Base == 0 && l.Supply.PerUnit == 0
					if l.Supply != nil && t.Demand(m) == 0 && (t.Demand(id) > 0 || same || as) {
						is[m] = true
					}
				}
			}
		}
	}
	return is
}

// problem is a random state of a random fleet; false if it cannot be built.
func problem(seed uint64, waterfall bool) (triage.Problem, bool) {
	r := rand.New(rand.NewPCG(seed, 77))
	t, err := topology.New(layers(r, waterfall))
	if err != nil {
		return triage.Problem{}, false
	}
	p := triage.Problem{Topology: t, Status: make([]topology.Status, t.Len()), Demand: make([]float64, t.Len()), Worth: make([]float64, t.Len())}
	closure := t.Closure()
	for id := range topology.ID(t.Len()) {
		p.Demand[id] = t.Demand(id)
		if t.Demand(id) > 0 {
			p.Worth[id] = []float64{1, 1, 2, 5, 0}[r.IntN(5)]
		}
		switch r.IntN(8) {
		case 0:
			if t.Demand(id) == 0 {
				closure.Fail(id)
			}
		case 1:
			p.Status[id] = topology.Ready
		}
	}
	for id := range topology.ID(t.Len()) {
		if closure.Down(id) {
			p.Status[id] = topology.Down
		}
	}
	return p, true
}

func about(t *testing.T, seed uint64, p triage.Problem, a *triage.Answer) string {
	data, err := json.Marshal(p.Topology)
	require.NoError(t, err)
	return fmt.Sprintf("seed %d: %+v\nstatus %v demand %v worth %v\n%s", seed, *a, p.Status, p.Demand, p.Worth, data)
}

func check(t *testing.T, count map[string]int, seed uint64, waterfall bool) {
	p, ok := problem(seed, waterfall)
	if !ok {
		return
	}
	if n := howMany(servers(p.Topology)); n > 5 || waterfall && n > 4 {
		return // it would take too long
	}
	b := every(p)
	a, err := triage.Search(t.Context(), p)
	require.NoError(t, err)
	text := about(t, seed, p, a)
	compare(t, count, a, b, text)
	if !b.spills {
		if a.Fits == (b.value >= 0) && b.value <= a.Value+1e-6*max(a.Total, 1) {
			count["search: best"]++
			if a.Live == b.live {
				count["search: and most servers"]++
			}
		}
		if a.Proven() {
			count["search: proven"]++
		}
	}
	for levels := range 3 {
		most, hopeless := triage.Most(t.Context(), p, levels)
		require.GreaterOrEqual(t, most+1e-6*max(a.Total, 1), b.value, text)
		require.False(t, hopeless && b.value >= 0, text)
	}
	a, err = triage.Solve(t.Context(), p)
	require.NoError(t, err)
	text = about(t, seed, p, a)
	compare(t, count, a, b, text)
	near := 1e-6 * max(a.Total, 1)
	count["all"]++
	if !a.Hopeless {
		require.Equal(t, a.Fits, b.value >= 0, text)
	}
	if a.Every {
		count["every"]++
		if !b.spills || len(b.demands) == 1 {
			require.LessOrEqual(t, b.value, a.Value+near, text)
			require.True(t, a.Proven() || !a.Fits, text)
			require.Equal(t, b.live, a.Live, text)
			require.Len(t, a.Off, b.off, text)
		}
	}
	if a.Proven() {
		count["proven"]++
	}
}

// compare holds an answer against all ways.
func compare(t *testing.T, count map[string]int, a *triage.Answer, b *brute, text string) {
	near := 1e-6 * max(a.Total, 1)
	if a.Fits {
		f := make([]float64, len(b.demands))
		for k, id := range b.demands {
			f[k] = a.Admit[id]
		}
		require.True(t, b.holds(a.Status, f), text)
		require.InDelta(t, b.valueOf(f), a.Value, near, text)
	}
	require.GreaterOrEqual(t, a.Most+near, b.value, text)
	if a.Hopeless {
		count["hopeless"]++
		require.Negative(t, b.value, text)
		return
	}
	if !a.Fits {
		count["nothing fits"]++
		return
	}
	require.GreaterOrEqual(t, a.Most, a.Value, text)
	if !b.spills {
		require.LessOrEqual(t, a.Value, b.value+near, text)
	}
	if b.value > a.Value+near {
		require.False(t, a.Proven(), text)
	}
}

func howMany(is []bool) (n int) {
	for _, yes := range is {
		if yes {
			n++
		}
	}
	return n
}

var fleets = flag.Int("fleets", 1, "how many times as many random fleets to try")

func TestNoWayIsBetter(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(1800 * *fleets) {
		check(t, count, seed, false)
	}
	t.Log(count)
	all := count["all"]
	require.Greater(t, all, 700)
	require.Greater(t, count["search: best"], all*98/100)
	require.Greater(t, count["search: proven"], all*70/100)
	require.Greater(t, count["proven"], all*99/100)
	require.Greater(t, count["hopeless"], 5)
}

func TestNoWayIsBetterWithWaterfalls(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(150 * *fleets) {
		check(t, count, seed+10000, true)
	}
	t.Log(count)
}

// The order of declaration changes neither what is found nor what is proven.
func TestOrderOfDeclarationDoesNotMatter(t *testing.T) {
	for seed := range uint64(300) {
		p, ok := problem(seed, false)
		if !ok {
			continue
		}
		spec := p.Topology.Spec()
		slices.Reverse(spec.Components)
		q := p
		var err error
		q.Topology, err = topology.New(spec)
		require.NoError(t, err)
		q.Status, q.Demand, q.Worth = slices.Clone(p.Status), slices.Clone(p.Demand), slices.Clone(p.Worth)
		slices.Reverse(q.Status)
		slices.Reverse(q.Demand)
		slices.Reverse(q.Worth)
		a, err := triage.Solve(t.Context(), p)
		require.NoError(t, err)
		b, err := triage.Solve(t.Context(), q)
		require.NoError(t, err)
		near := 1e-6 * max(a.Total, 1)
		text := about(t, seed, p, a)
		require.Equal(t, a.Fits, b.Fits, text)
		require.Equal(t, a.Hopeless, b.Hopeless, text)
		require.InDelta(t, a.Value, b.Value, near, text)
		require.InDelta(t, a.Stay, b.Stay, near, text)
		if a.Proven() && a.Every {
			require.Equal(t, a.Live, b.Live, text)
			require.Len(t, b.Off, len(a.Off), text)
		}
	}
}
