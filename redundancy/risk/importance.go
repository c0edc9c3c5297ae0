package risk

import (
	"cmp"
	"math"
	"slices"
)

// An Importance is how much one component has to do with the top's being down. With q the component's unavailability and Q the
// top's, Q₁ if the component has failed for certain and Q₀ if it never fails:
type Importance struct {
	Component     string  `json:"component"`
	Q             float64 `json:"q"`
	Structural    float64 `json:"structural"`    // part of all states of the others in which it decides: Birnbaum with every q a half
	Birnbaum      float64 `json:"birnbaum"`      // Q₁ − Q₀: the probability that it decides
	Criticality   float64 `json:"criticality"`   // q · Birnbaum / Q: that it has failed and decides, if the top is down
	FussellVesely float64 `json:"fussellVesely"` // part of the groups with it in the sum of the probabilities of all that are known
	RAW           float64 `json:"raw"`           // risk achievement worth, Q₁ / Q: so much worse if it fails
	RRW           float64 `json:"rrw,omitempty"` // risk reduction worth, Q / Q₀: so much better if it never fails; 0 stands for "without end"
}

// Importance ranks the components that are in any group: the largest Fussell–Vesely importance first, then Birnbaum's; then, of
// those in nothing likely, the structural one; then in order of declaration. Where nothing has an unavailability only the structural one
// tells them apart; where the top is never down, RAW and RRW are 0. Where not all groups are known, Fussell–Vesely importance is the part
// in the sum over those that are, be the analysis exact or not (see RareEvents). Unless it is exact, what is ranked are the components
// in the groups that are known, and the figures other than Q and Fussell–Vesely importance are 0.
//
// It takes some passes over the diagrams, and one more for each component that is in most of what is likely.
func (a *Analysis) Importance() []Importance {
	half := slices.Repeat([]float64{.5}, len(a.q))
	with, some := a.solution.With(a.q), a.solution.With(half)
	structural := make([]float64, len(a.q))
	if a.birnbaum != nil {
		structural = a.solution.Birnbaum(half)
	}
	events := a.rank(with, structural, func(e int32) bool { return some[e] > 0 || structural[e] > 0 })
	all := make([]Importance, len(events))
	for i, e := range events {
		all[i] = a.importance(e, with[e])
		all[i].Structural = structural[e]
	}
	return all
}

// fixFirst returns up to n of the components that are in a part of what is likely that is worth telling, as Importance ranks them,
// but for the structural importance, which costs most.
func (a *Analysis) fixFirst(n int) []Importance {
	with := a.solution.With(a.q)
	events := a.rank(with, make([]float64, len(a.q)), func(e int32) bool { return with[e] > 0 && with[e] >= told*a.RareEvents })
	var all []Importance
	for _, e := range first(events, n) {
		all = append(all, a.importance(e, with[e]))
	}
	return all
}

// rank returns some of the events, the most important first.
func (a *Analysis) rank(with, structural []float64, in func(e int32) bool) []int32 {
	var events []int32
	for e := range int32(len(a.events)) {
		if in(e) {
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(x, y int32) int {
		order := cmp.Or(compare(with[y], with[x]), compare(a.surely(y), a.surely(x)))
		if order == 0 && with[x] == 0 {
			return compare(structural[y], structural[x])
		}
		return order
	})
	return events
}

// surely returns the Birnbaum importance of an event, but for what may be rounding alone.
func (a *Analysis) surely(e int32) float64 {
	if a.birnbaum == nil || a.birnbaum[e] <= rounding*a.Unavailability.High {
		return 0
	}
	return a.birnbaum[e]
}

// importance tells of an event that is in groups of so much probability.
func (a *Analysis) importance(e int32, with float64) Importance {
	i := Importance{Component: a.events[e].name, Q: a.q[e]}
	if a.RareEvents > 0 {
		i.FussellVesely = min(1, with/a.RareEvents)
	}
	if a.birnbaum == nil {
		return i
	}
	i.Birnbaum = max(0, a.birnbaum[e]) // a difference, which rounding may take below 0
	if total := a.Unavailability.High; total > 0 {
		i.Criticality = min(1, i.Q*i.Birnbaum/total)
		i.RAW = 1 + (1-i.Q)*i.Birnbaum/total
		i.RRW = a.reduction(e, i.Criticality)
	}
	return i
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
