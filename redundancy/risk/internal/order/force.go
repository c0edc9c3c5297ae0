package order

import (
	"cmp"
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// forceRounds is the number of times that all nodes move.
const forceRounds = 50

// force returns an order in which gates and their children are closer together, if it finds one: FORCE of Aloul, Markov &
// Sakallah 2003 (doi:10.1145/764808.764839). Nodes stand in a line; again and again each gate draws itself and its children to
// their middle, and each node goes to the mean of where it is drawn. The line in which gates span least is taken.
func force(ctx context.Context, t *tree.Tree, order []int32) []int32 {
	l := newLine(t, order)
	best, least := order, l.span()
	for range forceRounds {
		if ctx.Err() != nil {
			break
		}
		l.draw()
		l.lineUp()
		if s := l.span(); s < least {
			least = s
			best = slices.DeleteFunc(slices.Clone(l.nodes), func(n int32) bool { return !t.IsEvent(n) })
		}
	}
	return best
}

// A line is the nodes that the top reaches in a row.
type line struct {
	*tree.Tree
	nodes []int32   // in the line
	gates []int32   // of these
	place []float64 // by node
	drawn []float64 // by node: sum of the middles that draw it
	draws []float64 // number of these
}

// newLine places the events in an order, and gates in the middle of their children.
func newLine(t *tree.Tree, order []int32) *line {
	n := t.Len()
	l := &line{Tree: t, nodes: slices.Clone(order), place: make([]float64, n), drawn: make([]float64, n), draws: make([]float64, n)}
	for i, e := range order {
		l.place[e] = float64(i)
	}
	reached := t.Reached()
	for gate := int32(t.Events); int(gate) < n; gate++ {
		if reached[gate] {
			l.gates, l.nodes = append(l.gates, gate), append(l.nodes, gate)
			_, children := t.Gate(gate)
			l.place[gate] = l.sum(children) / float64(len(children))
		}
	}
	l.lineUp()
	return l
}

func (l *line) sum(nodes []int32) float64 {
	sum := 0.0
	for _, n := range nodes {
		sum += l.place[n]
	}
	return sum
}

// draw moves each node to the mean of the middles that draw it.
func (l *line) draw() {
	clear(l.drawn)
	clear(l.draws)
	for _, gate := range l.gates {
		_, children := l.Gate(gate)
		middle := (l.place[gate] + l.sum(children)) / float64(1+len(children))
		l.pull(gate, middle)
		for _, c := range children {
			l.pull(c, middle)
		}
	}
	for _, n := range l.nodes {
		if l.draws[n] > 0 {
			l.place[n] = l.drawn[n] / l.draws[n]
		}
	}
}

func (l *line) pull(node int32, to float64) {
	l.drawn[node] += to
	l.draws[node]++
}

// lineUp puts the nodes in a row, one step apart.
func (l *line) lineUp() {
	slices.SortStableFunc(l.nodes, func(x, y int32) int { return cmp.Compare(l.place[x], l.place[y]) })
	for i, n := range l.nodes {
		l.place[n] = float64(i)
	}
}

// span returns the sum of the lengths over which gates and their children are spread.
func (l *line) span() float64 {
	sum := 0.0
	for _, gate := range l.gates {
		first, last := l.place[gate], l.place[gate]
		_, children := l.Gate(gate)
		for _, c := range children {
			first, last = min(first, l.place[c]), max(last, l.place[c])
		}
		sum += last - first
	}
	return sum
}
