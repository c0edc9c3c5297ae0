package calls

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// A twin puts in calls one at a time, and walks the whole graph for each.
type twin map[topology.ID][]topology.ID

func (g twin) reaches(from, to topology.ID, seen map[topology.ID]bool) bool {
	if from == to {
		return true
	}
	seen[from] = true
	return slices.ContainsFunc(g[from], func(next topology.ID) bool { return !seen[next] && g.reaches(next, to, seen) })
}

// randomGraph returns services with supplies among later ones, and calls of all directions between any.
func randomGraph(r *rand.Rand) (topology.Spec, []Call) {
	n := 2 + r.IntN(12)
	var spec topology.Spec
	for i := range n {
		c := topology.Component{Name: fmt.Sprintf("s%d", i), Demand: 1}
		for to := i + 1; to < n; to++ {
			if r.IntN(2*n) == 0 {
				c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{fmt.Sprintf("s%d", to)}})
			}
		}
		spec.Components = append(spec.Components, c)
	}
	r.Shuffle(n, func(i, j int) { spec.Components[i], spec.Components[j] = spec.Components[j], spec.Components[i] })
	var calls []Call
	for range r.IntN(3 * n) {
		calls = append(calls, Call{From: fmt.Sprintf("s%d", r.IntN(n)), To: fmt.Sprintf("s%d", r.IntN(n)), Rate: float64(1 + r.IntN(4))})
	}
	return spec, calls
}

// The calls that are cut are those that a slow twin cuts; each is the lowest of the circle that is reported.
func TestCutsLikeTwin(t *testing.T) {
	cuts := 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 1))
		spec, calls := randomGraph(r)
		calls, err := tidy(calls)
		require.NoError(t, err)
		j, err := newJoiner(spec, calls)
		require.NoError(t, err)
		j.lookUp(calls)
		if len(j.calls) == 0 {
			continue
		}
		j.attribute()
		slow := twin{}
		for id := range topology.ID(j.fleet.Len()) {
			for _, l := range j.fleet.Links(id) {
				slow[id] = append(slow[id], l.Members...)
			}
		}
		sorted := slices.Clone(j.calls)
		slices.SortStableFunc(sorted, func(a, b call) int { return int(b.rate - a.rate) })
		var want []call
		for _, c := range sorted {
			if slow.reaches(c.to, c.from, map[topology.ID]bool{}) {
				want = append(want, c)
			} else {
				slow[c.from] = append(slow[c.from], c.to)
			}
		}
		j.cut()
		var got []call
		for _, c := range j.calls {
			if c.load == 0 {
				got = append(got, c)
			}
		}
		slices.SortStableFunc(got, func(a, b call) int { return int(b.rate - a.rate) })
		require.Equal(t, ends(want), ends(got), "seed %d", seed)
		cuts += len(got)
		checkCircles(t, j, got)
	}
	require.Greater(t, cuts, 1000)
}

func ends(calls []call) (all [][2]topology.ID) {
	for _, c := range calls {
		all = append(all, [2]topology.ID{c.from, c.to})
	}
	return all
}

// checkCircles checks that each circle is one of calls and supplies, closed by the one that is cut, the lowest of them.
func checkCircles(t *testing.T, j *joiner, cut []call) {
	n := 0
	for _, f := range j.findings {
		if f.Reason != Circular || n == maxCycles {
			continue
		}
		var ids []topology.ID
		for _, name := range f.About {
			id, _ := j.fleet.Lookup(name)
			ids = append(ids, id)
		}
		require.Equal(t, [2]topology.ID{ids[len(ids)-1], ids[0]}, [2]topology.ID{cut[n].from, cut[n].to})
		for i := range ids[1:] {
			from, to := ids[i], ids[i+1]
			at := slices.IndexFunc(j.calls, func(c call) bool { return c.from == from && c.to == to && c.load > 0 })
			drawn := slices.ContainsFunc(j.fleet.Links(from), func(l topology.Link) bool { return slices.Contains(l.Members, to) })
			require.True(t, drawn || at >= 0 && j.calls[at].rate >= cut[n].rate)
		}
		n++
	}
	require.Equal(t, min(len(cut), maxCycles), n)
}

// Large graphs: random ones, which are nearly all one circle; a few circles; and orders that are all wrong.
func TestLarge(t *testing.T) {
	const n, m = 5000, 50_000
	r := rand.New(rand.NewPCG(1, 1))
	spec := topology.Spec{Components: []topology.Component{{Name: fmt.Sprintf("s[0-%d]", n-1), Demand: 1, Capacity: 2}}}
	for name, next := range map[string]func(i int) (from, to int){
		"random":    func(int) (int, int) { return r.IntN(n), r.IntN(n) },
		"layers":    func(int) (int, int) { a := r.IntN(n - 1); return a, a + 1 + r.IntN(n-a-1) },
		"backwards": func(int) (int, int) { a := r.IntN(n - 1); return a + 1 + r.IntN(n-a-1), a },
		"chain":     func(i int) (int, int) { return n - 1 - i%n, (2*n - 2 - i%n) % n },
		"star":      func(i int) (int, int) { return i % n, (i/n + i%2*7) % n },
		"near":      func(int) (int, int) { a := r.IntN(n); return a, (a + n - 5 + r.IntN(10)) % n },
	} {
		var calls []Call
		for i := range m {
			from, to := next(i)
			calls = append(calls, Call{From: fmt.Sprintf("s%d", from), To: fmt.Sprintf("s%d", to), Rate: 1 + r.Float64()})
		}
		start := time.Now()
		joined, findings, err := Join(spec, calls)
		require.NoError(t, err)
		t.Log(name, time.Since(start), len(findings))
		_, err = topology.New(joined)
		require.NoError(t, err)
	}
}
