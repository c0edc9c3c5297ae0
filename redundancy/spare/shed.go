package spare

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Shedding is what to do at once after a loss, before anything trips, and why less will not do. It prints as that.
type Shedding struct {
	Certainty cascade.Certainty `json:"certainty"` // Exact, or Undetermined
	Reason    string            `json:"reason,omitempty"`
	Scenario  cascade.Scenario  `json:"scenario"`
	Admit     []cascade.Served  `json:"admit"`           // fraction of each demand
	Drain     topology.Names    `json:"drain,omitempty"` // servers to take out of rotation
	Off       topology.Names    `json:"off,omitempty"`   // servers to switch off
	Live      int               `json:"live"`            // servers that stay in rotation then
	Lost      float64           `json:"lost"`            // value of what is refused
	Bound     float64           `json:"bound"`           // refusing less than this is not enough
	Stay      float64           `json:"stay"`            // fraction that is to be refused if every server that is left stays in rotation
	Binding   []Binding         `json:"binding,omitempty"`
}

// Shed finds the least load to refuse right after a scenario's losses so that what is left holds, when servers may be
// taken out of rotation and switched off as well: a weak server among strong ones, or one too many on a power board,
// costs more than it carries. Of the ways that refuse the least it keeps the most servers in rotation, and of these it
// switches the fewest off. What a scenario has drained stays drained.
//
// Value is what a unit of a demand is worth; 1 where missing. It is exact for the common shape (see the package), to the
// tolerance of [topology.Overloaded], and says that it is not determined outside of it. The result has been checked by
// running it. The error names what the topology does not have. When ctx ends, it returns what is known by then together
// with ctx's error.
//
// Without limits of power it takes time in proportion to the components. With them it solves an integer program over the
// sorts of servers for each number of servers that could stay.
func Shed(ctx context.Context, t *topology.Topology, s cascade.Scenario, value map[string]float64) (*Shedding, error) {
	e := &Shedding{Certainty: cascade.Undetermined, Scenario: s}
	for name, v := range value {
		if id, ok := t.Lookup(name); !ok || t.Demand(id) == 0 || !(v >= 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("value of %q: give a demand of the fleet, and a number that is not negative", name)
		}
	}
	outcome, err := cascade.Run(t, s)
	if err != nil {
		return nil, err
	}
	p, outside := shape(t)
	if outcome.Judge(1) == cascade.Holds {
		e.Certainty = cascade.Exact
		for _, served := range outcome.Served {
			e.Admit = append(e.Admit, cascade.Served{Demand: served.Demand, Fraction: 1})
		}
		if p != nil {
			st, err := p.After(s)
			if err != nil {
				return nil, err
			}
			e.Live = len(st.Rotating)
		}
		return e, nil
	}
	if outside != "" {
		e.Reason = outside
		return e, nil
	}
	r := &rescue{p: p, Shedding: e, worth: 1}
	if v, ok := value[t.Name(p.Demand)]; ok {
		r.worth = v
	}
	return e, r.run(ctx)
}

// String says what to do and why.
func (s *Shedding) String() string {
	if s.Certainty == cascade.Undetermined {
		return fmt.Sprintf("%s: what to refuse is %s: %s", s.Scenario, s.Certainty, s.Reason)
	}
	var do []string
	if len(s.Off) > 0 {
		do = append(do, "switch off "+strings.Join(s.Off, ", "))
	}
	if len(s.Drain) > 0 {
		do = append(do, "take "+strings.Join(s.Drain, ", ")+" out of rotation")
	}
	for _, a := range s.Admit {
		if a.Fraction < 1 {
			do = append(do, fmt.Sprintf("refuse %s of %s", percent(1-a.Fraction), a.Demand))
		}
	}
	if len(do) == 0 {
		return fmt.Sprintf("%s: nothing needs to be refused (%s).", s.Scenario, s.Certainty)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s%s (%s)", s.Scenario, strings.Join(do, "; "), live(s.Live), s.Certainty)
	if len(s.Drain)+len(s.Off) > 0 {
		fmt.Fprintf(&text, "; %s would have to be refused if every server stayed", percent(s.Stay))
	}
	text.WriteString(".")
	if s.Reason != "" {
		text.WriteString(" " + s.Reason)
	}
	for _, b := range s.Binding {
		fmt.Fprintf(&text, "\n  %s is at %s then", b.Component, topology.LoadOf(b.Load, b.Capacity, b.Unit))
	}
	return text.String()
}

func live(servers int) string {
	switch servers {
	case 0:
		return ""
	case 1:
		return ", and the one other server lives"
	default:
		return fmt.Sprintf(", and the other %d servers live", servers)
	}
}

func percent(x float64) string { return topology.Quantity(100*x, "%") }
