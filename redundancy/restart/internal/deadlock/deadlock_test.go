package deadlock_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/deadlock"
)

// random makes a graph of up to n nodes; plain if each need is for all of its set.
func random(r *rand.Rand, n int, plain bool) *deadlock.Graph {
	g := &deadlock.Graph{Nodes: 1 + r.IntN(n)}
	for range 1 + r.IntN(2*g.Nodes) {
		set := []int32{}
		for node := range int32(g.Nodes) {
			if r.IntN(g.Nodes) < 2 {
				set = append(set, node)
			}
		}
		r.Shuffle(len(set), func(i, j int) { set[i], set[j] = set[j], set[i] })
		g.Sets = append(g.Sets, set)
	}
	for range r.IntN(3 * g.Nodes) {
		s := r.IntN(len(g.Sets))
		need := deadlock.Need{Owner: int32(r.IntN(g.Nodes)), Set: int32(s), Of: int32(len(g.Sets[s])), Cost: 1, Last: r.IntN(3) == 0}
		if !plain {
			need.Of = int32(r.IntN(len(g.Sets[s]) + 1))
		}
		if r.IntN(12) == 0 {
			need.Of = int32(len(g.Sets[s]) + 1)
		}
		switch r.IntN(6) {
		case 0:
			need.Cost = float64(r.IntN(4))
		case 1:
			need.Cost = .1 * float64(1+r.IntN(5))
		case 2:
			need.Cost = float64(r.IntN(3) - 1)
		}
		g.Needs = append(g.Needs, need)
	}
	return g
}

// running starts nodes again and again, without some needs, until nothing changes.
func running(g *deadlock.Graph, runs []bool, without func(i int) bool) []bool {
	runs = slices.Clone(runs)
	for again := true; again; {
		again = false
		for node := range int32(g.Nodes) {
			if runs[node] {
				continue
			}
			can := true
			for i, need := range g.Needs {
				if need.Owner == node && !without(i) {
					n := int32(0)
					for _, m := range g.Sets[need.Set] {
						if runs[m] {
							n++
						}
					}
					can = can && n >= need.Of
				}
			}
			if can {
				runs[node], again = true, true
			}
		}
	}
	return runs
}

func forced(g *deadlock.Graph) func(i int) bool {
	return func(i int) bool { return int(g.Needs[i].Of) > len(g.Sets[g.Needs[i].Set]) }
}

// isDeadlock is the definition: all others run, and none of these can start.
func isDeadlock(g *deadlock.Graph, in func(node int32) bool) bool {
	runs := make([]bool, g.Nodes)
	for node := range runs {
		runs[node] = !in(int32(node))
	}
	return slices.Equal(running(g, runs, forced(g)), runs)
}

func TestStuck(t *testing.T) {
	for seed := range uint64(2000) {
		g := random(rand.New(rand.NewPCG(seed, 1)), 9, seed%3 == 0)
		runs := running(g, make([]bool, g.Nodes), func(int) bool { return false })
		got := g.Stuck()
		for node := range int32(g.Nodes) {
			require.Equal(t, !runs[node], slices.Contains(got, node), "seed %d, node %d", seed, node)
		}
	}
}

func TestOpens(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 4))
		g := random(r, 8, seed%3 == 0)
		var lists [][]int32
		for range 4 {
			var needs []int32
			for i := range int32(len(g.Needs)) {
				if r.IntN(4) == 0 {
					needs = append(needs, i)
				}
			}
			lists = append(lists, needs)
		}
		count := func(needs []int32) (n int) {
			for _, runs := range running(g, make([]bool, g.Nodes), func(i int) bool { return slices.Contains(needs, int32(i)) }) {
				if runs {
					n++
				}
			}
			return n
		}
		for i, opens := range g.Opens(lists) {
			require.Equal(t, count(lists[i])-count(nil), opens, "seed %d", seed)
		}
	}
}

func TestSmallest(t *testing.T) {
	found, cycles := 0, 0
	for seed := range uint64(6000) {
		g := random(rand.New(rand.NewPCG(seed, 2)), 9, seed%3 == 0)
		least := 0
		for subset := 1; subset < 1<<g.Nodes; subset++ {
			size := 0
			for node := range g.Nodes {
				size += subset >> node & 1
			}
			if (least == 0 || size < least) && isDeadlock(g, func(node int32) bool { return subset>>node&1 > 0 }) {
				least = size
			}
		}
		all, more := g.Deadlocks(100)
		require.False(t, more)
		if least == 0 {
			require.Empty(t, all, "seed %d", seed)
			continue
		}
		require.Len(t, all[0].Nodes, least, "seed %d: %+v", seed, all)
		require.Equal(t, least, all[0].Least, "seed %d", seed)
		seen := map[int32]bool{}
		for _, d := range all {
			require.True(t, isDeadlock(g, func(node int32) bool { return slices.Contains(d.Nodes, node) }), "seed %d: %v", seed, d)
			for k, node := range d.Nodes {
				require.False(t, seen[node])
				seen[node] = true
				if d.Cycle {
					require.True(t, waitsFor(g, node, d.Nodes[(k+1)%len(d.Nodes)]), "seed %d: %v", seed, d)
				}
			}
			if found++; d.Cycle {
				cycles++
			}
		}
		others := make([]bool, g.Nodes)
		for node := range others {
			others[node] = seen[int32(node)]
		}
		require.NotContains(t, running(g, others, forced(g)), false, "seed %d", seed)
	}
	t.Log(found, "deadlocks,", cycles, "of them cycles")
	require.Greater(t, found-cycles, 300)
	require.Greater(t, cycles, 300)
}

// waitsFor reports whether a node cannot start without another one, though all others run.
func waitsFor(g *deadlock.Graph, node, other int32) bool {
	return slices.ContainsFunc(g.Needs, func(n deadlock.Need) bool {
		return n.Owner == node && int(n.Of) == len(g.Sets[n.Set]) && slices.Contains(g.Sets[n.Set], other)
	})
}

// cheapest tries all sets of needs; nil if none suffices.
func cheapest(g *deadlock.Graph, enough func(runs []bool) bool) *big.Rat {
	var best *big.Rat
	for subset := range 1 << len(g.Needs) {
		cost, ok := new(big.Rat), true
		for i, need := range g.Needs {
			if subset>>i&1 > 0 {
				ok = ok && need.Cost >= 0
				cost.Add(cost, new(big.Rat).SetFloat64(need.Cost))
			}
		}
		if !ok || best != nil && cost.Cmp(best) >= 0 {
			continue
		}
		if enough(running(g, make([]bool, g.Nodes), func(i int) bool { return subset>>i&1 > 0 })) {
			best = cost
		}
	}
	return best
}

func TestCheapest(t *testing.T) {
	broken, none := 0, 0
	for seed := range uint64(3000) {
		g := random(rand.New(rand.NewPCG(seed, 3)), 6, seed%3 == 0)
		g.Needs = g.Needs[:min(len(g.Needs), 10)]
		want := cheapest(g, func(runs []bool) bool { return !slices.Contains(runs, false) })
		got, ok := g.Cheapest(t.Context())
		require.Equal(t, want != nil, ok, "seed %d", seed)
		if none++; ok {
			none--
			require.Zero(t, want.Cmp(got.Cost), "seed %d: %v, not %v", seed, got.Cost, want)
			require.True(t, got.Proven(), "seed %d", seed)
			checkBreaks(t, g, got, func(runs []bool) bool { return !slices.Contains(runs, false) })
			broken += len(got.Needs)
		}
		want = cheapest(g, func(runs []bool) bool { return runs[0] })
		got, ok = g.CheapestFor(t.Context(), 0)
		require.Equal(t, want != nil, ok, "seed %d", seed)
		if ok {
			require.Zero(t, want.Cmp(got.Cost), "seed %d: %v, not %v", seed, got.Cost, want)
			require.True(t, got.Proven(), "seed %d", seed)
			checkBreaks(t, g, got, func(runs []bool) bool { return runs[0] })
		}
	}
	t.Log(broken, "broken; none suffice", none, "times")
	require.Greater(t, broken, 1000)
	require.Greater(t, none, 100)
}

// checkBreaks checks that breaks suffice, and cost what they say.
func checkBreaks(t *testing.T, g *deadlock.Graph, b deadlock.Breaks, enough func(runs []bool) bool) {
	sum := new(big.Rat)
	for _, i := range b.Needs {
		sum.Add(sum, new(big.Rat).SetFloat64(g.Needs[i].Cost))
	}
	require.Zero(t, sum.Cmp(b.Cost))
	require.True(t, slices.IsSorted(b.Needs))
	require.True(t, enough(running(g, make([]bool, g.Nodes), func(i int) bool { return slices.Contains(b.Needs, int32(i)) })))
}

// Of two needs of one cost, each of which ends a deadlock, the one that does not come last is broken, wherever it stands.
func TestCheapestLast(t *testing.T) {
	for last := range 2 {
		g := &deadlock.Graph{Nodes: 2, Sets: [][]int32{{1}, {0}}, Needs: []deadlock.Need{{Owner: 0, Set: 0, Of: 1, Cost: 2}, {Owner: 1, Set: 1, Of: 1, Cost: 2}}}
		g.Needs[last].Last = true
		b, ok := g.Cheapest(t.Context())
		require.True(t, ok)
		require.Equal(t, []int32{int32(1 - last)}, b.Needs)
	}
}

// ring is n nodes that need one of n others to start, each of which needs all of the first.
func ring(n int) *deadlock.Graph {
	g := &deadlock.Graph{Nodes: 2 * n, Sets: make([][]int32, 2)}
	for node := range int32(n) {
		g.Sets[0], g.Sets[1] = append(g.Sets[0], node), append(g.Sets[1], int32(n)+node)
		g.Needs = append(g.Needs, deadlock.Need{Owner: node, Set: 1, Of: 1, Cost: 2}, deadlock.Need{Owner: int32(n) + node, Set: 0, Of: int32(n), Cost: 3})
	}
	return g
}

// With one of the second kind all can start; the second kind waits for each of the first. So all of the second wait together, with
// one of the first; and one need of the second broken is enough.
func TestMany(t *testing.T) {
	for _, n := range []int{3, 40, 20_000} {
		g := ring(n)
		all, more := g.Deadlocks(10)
		require.Len(t, all, 1)
		require.False(t, more)
		require.Len(t, all[0].Nodes, n+1)
		require.Equal(t, n+1, all[0].Least)
		b, ok := g.Cheapest(t.Context())
		require.True(t, ok)
		require.True(t, n > 100 || b.Proven(), "%v", b.Bound) // it takes n cuts to prove
		require.Equal(t, big.NewRat(3, 1), b.Cost)
	}
}
