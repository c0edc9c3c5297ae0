// Package order puts the basic events of a fault tree in orders in which its decision diagram may be small.
//
// To find the best order is NP-hard, and a poor one can cost a thousand times the nodes; so several are made, by rules that
// keep events together that stand together in the tree, to be tried one after the other.
package order

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// drawn is the number of orders drawn at random.
const drawn = 4

// All returns orders of the events that the top reaches, those first that were best most often for published trees: walks
// through the tree, as each is and after [Force] has improved it. If the tree is one gate, all orders are as good.
func All(t *tree.Tree) [][]int32 {
	if t.Len() <= t.Events+1 {
		return [][]int32{DepthFirst(t, Written)}
	}
	walks := []func(x, y int32) int{Popular(t), Written, Lightest(t), Heaviest(t)}
	for seed := range uint64(drawn) {
		walks = append(walks, Random(t, seed))
	}
	var orders [][]int32
	for _, by := range walks {
		walked := DepthFirst(t, by)
		orders = append(orders, walked)
		if forced := Force(t, walked, 50); !slices.Equal(forced, walked) {
			orders = append(orders, forced)
		}
	}
	return orders
}

// DepthFirst returns the events that the top reaches in the order in which a walk meets them that goes depth first,
// through the children of a gate in the order of by, those that by finds equal as they stand.
func DepthFirst(t *tree.Tree, by func(x, y int32) int) []int32 {
	if t.Top == tree.None {
		return nil
	}
	seen := make([]bool, t.Len())
	stack := []int32{t.Top}
	var order []int32
	for len(stack) > 0 {
		node := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[node] {
			continue
		}
		seen[node] = true
		if t.IsEvent(node) {
			order = append(order, node)
			continue
		}
		_, children := t.Gate(node)
		children = slices.Clone(children)
		slices.SortStableFunc(children, by)
		slices.Reverse(children)
		stack = append(stack, children...)
	}
	return order
}

// Written leaves children as they stand.
func Written(_, _ int32) int { return 0 }

// Lightest puts the children with the fewest events below first, counted once for each way down.
func Lightest(t *tree.Tree) func(x, y int32) int {
	w := weights(t)
	return func(x, y int32) int { return cmp.Compare(w[x], w[y]) }
}

// Heaviest puts the children with most below first.
func Heaviest(t *tree.Tree) func(x, y int32) int {
	w := weights(t)
	return func(x, y int32) int { return cmp.Compare(w[y], w[x]) }
}

// Popular puts the children with most parents first.
func Popular(t *tree.Tree) func(x, y int32) int {
	p := t.Parents()
	return func(x, y int32) int { return cmp.Compare(p[y], p[x]) }
}

// Random puts children in an order drawn from a seed.
func Random(t *tree.Tree, seed uint64) func(x, y int32) int {
	r := rand.New(rand.NewPCG(seed, seed))
	w := make([]uint32, t.Len())
	for i := range w {
		w[i] = r.Uint32()
	}
	return func(x, y int32) int { return cmp.Compare(w[x], w[y]) }
}

// weights returns by node the number of ways down to events.
func weights(t *tree.Tree) []float64 {
	w := make([]float64, t.Len())
	for n := range int32(t.Len()) {
		if t.IsEvent(n) {
			w[n] = 1
			continue
		}
		_, children := t.Gate(n)
		for _, c := range children {
			w[n] += w[c]
		}
	}
	return w
}

// Force moves events towards the gates that they stand below: Aloul, Markov & Sakallah 2003 (doi:10.1145/764808.764839). Each gate
// pulls the events and gates it has as children to the middle of these and itself.
func Force(t *tree.Tree, order []int32, rounds int) []int32 {
	n := t.Len()
	pos := make([]float64, n)
	for i, e := range order {
		pos[e] = float64(i)
	}
	for g := int32(t.Events); int(g) < n; g++ {
		pos[g] = middle(t, g, pos)
	}
	best, bestSpan := slices.Clone(order), span(t, pos)
	cog := make([]float64, n)
	sum := make([]float64, n)
	count := make([]float64, n)
	nodes := make([]int32, n)
	for range rounds {
		clear(sum)
		clear(count)
		for g := int32(t.Events); int(g) < n; g++ {
			_, ch := t.Gate(g)
			c := pos[g]
			for _, x := range ch {
				c += pos[x]
			}
			cog[g] = c / float64(len(ch)+1)
			for _, x := range ch {
				sum[x] += cog[g]
				count[x]++
			}
			sum[g] += cog[g]
			count[g]++
		}
		for i := range nodes {
			nodes[i] = int32(i)
		}
		for i := range pos {
			if count[i] > 0 {
				pos[i] = sum[i] / count[i]
			}
		}
		slices.SortStableFunc(nodes, func(x, y int32) int { return cmp.Compare(pos[x], pos[y]) })
		for i, x := range nodes {
			pos[x] = float64(i)
		}
		if s := span(t, pos); s < bestSpan {
			bestSpan = s
			best = best[:0]
			for _, x := range nodes {
				if t.IsEvent(x) {
					best = append(best, x)
				}
			}
		}
	}
	return best
}

func middle(t *tree.Tree, g int32, pos []float64) float64 {
	_, ch := t.Gate(g)
	s := 0.0
	for _, c := range ch {
		s += pos[c]
	}
	return s / float64(len(ch))
}

func span(t *tree.Tree, pos []float64) float64 {
	total := 0.0
	for g := int32(t.Events); int(g) < t.Len(); g++ {
		_, ch := t.Gate(g)
		lo, hi := pos[g], pos[g]
		for _, c := range ch {
			lo, hi = min(lo, pos[c]), max(hi, pos[c])
		}
		total += hi - lo
	}
	return total
}
