package zdd

import (
	"math"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// Sum returns for each node the sum over its sets of the products of their members' weights, which are given by level.
// With probabilities it is the rare-event sum, with ones the number of sets.
func Sum(d dd.Diagram, weight []float64) []float64 {
	sum := make([]float64, len(d.Nodes))
	sum[dd.One] = 1
	for r := 2; r < len(sum); r++ {
		n := d.Nodes[r]
		sum[r] = float64(weight[n.Level]*sum[n.Hi]) + sum[n.Lo]
	}
	return sum
}

// LogSum is [Sum] for what no float64 holds: of weights and of sums it takes and returns the logarithms to the base 2.
func LogSum(d dd.Diagram, weight []float64) []float64 {
	log := make([]float64, len(d.Nodes))
	log[dd.Zero] = math.Inf(-1)
	for r := 2; r < len(log); r++ {
		n := d.Nodes[r]
		log[r] = logAdd(weight[n.Level]+log[n.Hi], log[n.Lo])
	}
	return log
}

// logAdd returns the logarithm of the sum of two numbers, given theirs.
func logAdd(x, y float64) float64 {
	x, y = max(x, y), min(x, y)
	if math.IsInf(y, -1) {
		return x
	}
	return x + math.Log1p(math.Exp2(y-x))/math.Ln2
}

// Derivative returns by level the derivative of the diagram's sum by the weight: the sum over the sets with that variable,
// leaving out its own weight. sum is what [Sum] returned for the same weights. It takes one pass down the nodes.
func Derivative(d dd.Diagram, weight, sum []float64) []float64 {
	reach, by := make([]float64, len(d.Nodes)), make([]float64, len(weight))
	reach[d.Root] = 1
	for r := len(d.Nodes) - 1; r > 1; r-- {
		n := d.Nodes[r]
		by[n.Level] += float64(reach[r] * sum[n.Hi])
		reach[n.Hi] += float64(weight[n.Level] * reach[r])
		reach[n.Lo] += reach[r]
	}
	return by
}

// Best returns for each node the largest of these products; 0 if there is no set.
func Best(d dd.Diagram, weight []float64) []float64 {
	best := make([]float64, len(d.Nodes))
	best[dd.One] = 1
	for r := 2; r < len(best); r++ {
		n := d.Nodes[r]
		best[r] = max(weight[n.Level]*best[n.Hi], best[n.Lo])
	}
	return best
}
