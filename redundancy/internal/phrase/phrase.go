// Package phrase puts lists and counts into sentences.
package phrase

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// List joins patterns, and cuts where they are more than most: "a, b and 7 more".
func List(names topology.Names, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), len(names)-most+1)
}

// Plural counts things: "1 step", "1,000 steps".
func Plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return topology.Quantity(float64(n), what)
}

// Whole writes a whole number, however large: "30", "16,722,960", "1.268e+30", "some 10^1000". None is 0.
func Whole(n *big.Int) string {
	if n == nil {
		return "0"
	}
	x, _ := new(big.Float).SetInt(n).Float64()
	if math.IsInf(x, 0) {
		return fmt.Sprintf("some 10^%d", len(n.String())-1)
	}
	return topology.Quantity(x, "")
}

// Short lists the demands that are not served in full, most of them at most: "99 % of users, 0 % of batch".
func Short(served []cascade.Served, most int) string {
	var short topology.Names
	for _, s := range served {
		if s.Fraction < 1-topology.Tolerance {
			short = append(short, topology.Quantity(100*s.Fraction, "%")+" of "+s.Demand)
		}
	}
	return List(short, most)
}

// Rest says what comes after full service, which all is, or all that can be.
func Rest(all bool) string {
	if all {
		return "from here on everybody is served; the rest follows"
	}
	return "from here on all is served that can be; the rest follows"
}

// Expand returns the names that patterns stand for; a pattern that cannot be read stands for itself.
func Expand(patterns topology.Names) (names []string) {
	for _, p := range patterns {
		some, err := topology.Expand(p)
		if err != nil {
			some = []string{p}
		}
		names = append(names, some...)
	}
	return names
}
