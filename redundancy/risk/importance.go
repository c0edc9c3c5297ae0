package risk

import (
	"cmp"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
)

// An Importance is how much one component has to do with the top's being down. With q the component's unavailability and Q the
// top's, Q₁ if the component has failed for certain and Q₀ if it never fails:
type Importance struct {
	Component     string  `json:"component"`
	Q             float64 `json:"q"`
	Structural    float64 `json:"structural"`    // part of all states of the others in which it decides: Birnbaum with every q a half
	Birnbaum      float64 `json:"birnbaum"`      // Q₁ − Q₀: the probability that it decides
	Criticality   float64 `json:"criticality"`   // q · Birnbaum / Q: that it has failed and decides, if the top is down
	FussellVesely float64 `json:"fussellVesely"` // part of the groups with it in the sum of the probabilities of all
	RAW           float64 `json:"raw"`           // risk achievement worth, Q₁ / Q: so much worse if it fails
	RRW           float64 `json:"rrw,omitempty"` // risk reduction worth, Q / Q₀: so much better if it never fails; 0 stands for "without end"
}

// Importance ranks the components that are in any group: the largest Fussell–Vesely importance first, then Birnbaum's, then
// the structural one, then in order of declaration. Where nothing has an unavailability only the structural one tells them apart;
// where the top is never down, RAW and RRW are 0. Unless the analysis is exact, what is ranked are the components in the groups
// that are known, as of Likeliest, by Fussell–Vesely importance among these; the other figures are 0.
//
// It takes some passes over the diagrams, and one more for each component that is in most of what is likely.
func (a *Analysis) Importance() []Importance {
	half := slices.Repeat([]float64{.5}, len(a.q))
	with, some := a.solution.With(a.q), a.solution.With(half)
	structural, birnbaum := make([]float64, len(a.q)), make([]float64, len(a.q))
	if a.Certainty == cascade.Exact {
		structural, birnbaum = a.solution.Birnbaum(half), a.solution.Birnbaum(a.q)
	}
	var all []Importance
	for e, event := range a.events {
		if some[e] == 0 && structural[e] == 0 {
			continue
		}
		i := Importance{Component: event.name, Q: a.q[e], Structural: structural[e], Birnbaum: max(0, birnbaum[e])} // a difference, which rounding may take below 0
		if a.RareEvents > 0 {
			i.FussellVesely = min(1, with[e]/a.RareEvents)
		}
		if total := a.Unavailability.High; total > 0 && a.Certainty == cascade.Exact {
			i.Criticality = min(1, i.Q*i.Birnbaum/total)
			i.RAW = 1 + (1-i.Q)*i.Birnbaum/total
			i.RRW = a.reduction(int32(e), i.Criticality)
		}
		all = append(all, i)
	}
	slices.SortStableFunc(all, func(x, y Importance) int {
		return cmp.Or(compare(y.FussellVesely, x.FussellVesely), compare(y.Birnbaum, x.Birnbaum), compare(y.Structural, x.Structural))
	})
	return all
}

// compare takes numbers for equal that begin with the same bits: rounding is not to rank what is alike.
func compare(x, y float64) int {
	const some = 1 << 30
	coarse := func(x float64) float64 {
		fraction, exponent := math.Frexp(x)
		return math.Ldexp(math.Round(fraction*some)/some, exponent)
	}
	return cmp.Compare(coarse(x), coarse(y))
}

// reduction returns Q / Q₀. The difference of nearly equal numbers would tell nothing, so where little is left it is worked out anew.
func (a *Analysis) reduction(event int32, criticality float64) float64 {
	if criticality < .9 {
		return 1 / (1 - criticality)
	}
	q := slices.Clone(a.q)
	q[event] = 0
	without, total := a.solution.Probability(q), a.Unavailability.High
	if without == 0 || math.IsInf(total/without, 0) {
		return 0
	}
	return total / without
}
