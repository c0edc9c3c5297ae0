// Package treetest makes small random fault trees, and solves them by looking at every state.
package treetest

import (
	"math/bits"
	"math/rand/v2"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// Random returns a tree of at most so many basic events, and their probabilities.
func Random(r *rand.Rand, most int) (*tree.Tree, []float64) {
	t := tree.New(1 + r.IntN(most))
	for range 1 + r.IntN(2*most) {
		top := addGate(r, t)
		if r.IntN(4) > 0 || t.Top == tree.None {
			t.Top = top
		}
	}
	q := make([]float64, t.Events)
	for e := range q {
		q[e] = []float64{r.Float64(), r.Float64() * r.Float64() * .1, .01, 0, 1}[r.IntN(5)*r.IntN(2)]
	}
	return t, q
}

// addGate adds a gate of children of which some may stand there twice, the latest more often than others.
func addGate(r *rand.Rand, t *tree.Tree) int32 {
	children := make([]int32, 1+r.IntN(5))
	for i := range children {
		children[i] = int32(r.IntN(t.Len()))
		if r.IntN(3) == 0 {
			children[i] = int32(t.Len() - 1 - r.IntN(min(t.Len(), 4)))
		}
	}
	least := []int{1, len(children), 1 + r.IntN(len(children))}[r.IntN(3)]
	gate, err := t.Add(least, children...)
	if err != nil {
		panic(err)
	}
	return gate
}

// Table tells by state whether the top fails. In state i the basic events of the bits of i fail.
func Table(t *tree.Tree) []bool {
	table := make([]bool, 1<<t.Events)
	if t.Top == tree.None {
		return table
	}
	for state := range table {
		table[state] = t.Fails(Events(state))[t.Top]
	}
	return table
}

// Events lists the basic events that fail in a state.
func Events(state int) []int32 {
	events := []int32{}
	for ; state != 0; state &= state - 1 {
		events = append(events, int32(bits.TrailingZeros(uint(state))))
	}
	return events
}

// Minimal returns the states in which the top fails, and no longer fails without any one of the failed.
func Minimal(table []bool) []int {
	var minimal []int
	for state, fails := range table {
		for _, e := range Events(state) {
			fails = fails && !table[state&^(1<<e)]
		}
		if fails {
			minimal = append(minimal, state)
		}
	}
	return minimal
}

// Chance is the probability of a state, or of all events of a set failing.
func Chance(q []float64, state int, set bool) float64 {
	p := 1.0
	for e, x := range q {
		if state&(1<<e) != 0 {
			p *= x
		} else if !set {
			p *= 1 - x
		}
	}
	return p
}

// Probability is the sum of the chances of all states in which the top fails.
func Probability(table []bool, q []float64) float64 {
	sum := 0.0
	for state, fails := range table {
		if fails {
			sum += Chance(q, state, false)
		}
	}
	return sum
}

// Sets lists the sets of a zero-suppressed diagram, each as the bits of its events, which are given by level.
func Sets(d dd.Diagram, events []int32) []int {
	all := make([][]int, len(d.Nodes))
	all[dd.One] = []int{0}
	for r := 2; r < len(all); r++ {
		n := d.Nodes[r]
		all[r] = append(all[r], all[n.Lo]...)
		for _, s := range all[n.Hi] {
			all[r] = append(all[r], s|1<<events[n.Level])
		}
	}
	return all[d.Root]
}
