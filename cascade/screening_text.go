package cascade

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// String summarises the screening.
func (s *Screening) String() string {
	text := fmt.Sprintf("%s: of %s %s (%s).", s.Family, many(s.Scenarios, "scenario"), s.counts(), s.Certainty)
	if s.Certainty != Exact {
		what := "were looked at"
		if s.Certainty == Sampled {
			what = "were drawn"
		}
		text = fmt.Sprintf("%s: of %s %s %s: %s (%s).", s.Family, many(s.Scenarios, "scenario"), number(sum(s.Holding, s.Failing)), what, s.counts(), s.Certainty)
	}
	if s.Intact.Verdict != Holds {
		text += fmt.Sprintf("\n  With nothing lost the fleet %s already: %s served.", s.Intact.Verdict, percent(s.Intact.Served))
	}
	if s.Certainty == Sampled || s.likely.all.Int != nil {
		text += "\n  " + s.chances()
	}
	if some(s.Unasked) {
		text += fmt.Sprintf("\n  In %s of those that hold no demand is left to judge by.", number(s.Unasked))
	}
	if some(s.Timing) {
		text += fmt.Sprintf("\n  The end of %s may depend on which component trips first; in some order up to %s may collapse.", number(s.Timing), number(s.AtRisk))
	}
	for _, c := range s.Worst {
		text += "\n  " + c.String()
	}
	if rest := s.untold(); some(rest) {
		text += fmt.Sprintf("\n  and %s more that do not hold", number(rest))
	}
	return text + s.smallest()
}

// untold counts the scenarios that do not hold and are in none of the lines; nil where not all were looked at.
func (s *Screening) untold() *big.Int {
	if s.Certainty != Exact || len(s.Worst) == 0 {
		return nil
	}
	rest := new(big.Int).Set(s.Failing)
	for _, c := range s.Worst {
		if c.Alike != nil {
			rest.Sub(rest, c.Alike)
		} else {
			rest.Sub(rest, big.NewInt(1))
		}
	}
	return rest
}

// smallest names the first of the smallest cases, if they are smaller than the worst.
func (s *Screening) smallest() string {
	if len(s.Minimal) == 0 || len(s.Worst) == 0 || s.Minimal[0].Lost >= s.Worst[0].Lost {
		return ""
	}
	var names []string
	for i, c := range s.Minimal {
		if i == 3 {
			names = append(names, "…")
			break
		}
		names = append(names, c.Scenario.String())
	}
	return "\n  Fewer are enough: " + strings.Join(names, "; ")
}

// counts writes "2 hold, 1 degrade, 1 collapse".
func (s *Screening) counts() string {
	if s.Collapsing == nil {
		return fmt.Sprintf("%s hold, %s do not", number(s.Holding), number(s.Failing))
	}
	return fmt.Sprintf("%s hold, %s degrade, %s collapse", number(s.Holding), number(s.Degrading), number(s.Collapsing))
}

// chances writes how likely it is not to hold, and to collapse.
func (s *Screening) chances() string {
	text := fmt.Sprintf("It does not hold with a probability of %v", s.Fail)
	if s.Collapsing != nil {
		text += fmt.Sprintf(", and collapses with %v", s.Collapse)
	}
	if s.Certainty == Sampled {
		text += " (95 % confidence)"
	}
	return text + "."
}

// String returns one line: "board-1 collapses: 0 % served, 74 up".
func (c Case) String() string {
	text := fmt.Sprintf("%s %s: ", c.Scenario, c.Verdict)
	if c.Verdict != Fails {
		text += percent(c.Served) + " served, "
	}
	text += fmt.Sprintf("%d up", c.Up)
	if c.Alike != nil && c.Alike.Cmp(big.NewInt(1)) > 0 {
		text += fmt.Sprintf(" (one of %s alike)", number(c.Alike))
	}
	return text
}

// some reports whether a count that was made is more than none.
func some(n *big.Int) bool { return n != nil && n.Sign() > 0 }

// number writes a count: in full up to 15 digits.
func number(n *big.Int) string {
	f := new(big.Float).SetPrec(64).SetInt(n)
	x, _ := f.Float64()
	if math.IsInf(x, 1) {
		return f.Text('g', 4)
	}
	return topology.Quantity(x, "")
}

func many(n *big.Int, what string) string {
	if n.IsInt64() && n.Int64() == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}
