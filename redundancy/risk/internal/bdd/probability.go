package bdd

import "github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"

// Probability returns for each node the probability that its function holds, where q is that of the variables, by level,
// independent of each other. All terms are positive: the relative error is some 1e-16 a level.
func Probability(d dd.Diagram, q []float64) []float64 {
	p := make([]float64, len(d.Nodes))
	p[dd.One] = 1
	for r := 2; r < len(p); r++ {
		n := d.Nodes[r]
		p[r] = float64(q[n.Level]*p[n.Hi]) + float64((1-q[n.Level])*p[n.Lo])
	}
	return p
}

// Birnbaum returns by level the derivative of the diagram's probability by that of the variable: the probability that it
// alone decides (Birnbaum 1969). p is what [Probability] returned for the same q. One pass down the nodes: a node is
// reached with the probability of all ways to it.
func Birnbaum(d dd.Diagram, q, p []float64) []float64 {
	reach, b := make([]float64, len(d.Nodes)), make([]float64, len(q))
	reach[d.Root] = 1
	for r := len(d.Nodes) - 1; r > 1; r-- {
		n := d.Nodes[r]
		b[n.Level] += float64(reach[r] * (p[n.Hi] - p[n.Lo]))
		reach[n.Hi] += float64(q[n.Level] * reach[r])
		reach[n.Lo] += float64((1 - q[n.Level]) * reach[r])
	}
	return b
}
