package redundancy

import (
	"context"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Tipping is how many components of a pattern may be lost together: so many that the fleet holds, with nothing
// overloaded and every demand served in full. It prints as that.
type Tipping struct {
	Of        string            `json:"of"`    // the pattern
	Count     int               `json:"count"` // components of it
	Certainty cascade.Certainty `json:"certainty"`
	Reason    string            `json:"reason,omitempty"` // why it is not exact
	Any       int               `json:"any"`              // any so many may be lost, and any fewer; -1 if the fleet does not hold with nothing lost
	Worst     cascade.Scenario  `json:"worst,omitzero"`   // but not these, one more; empty if all may be lost, or if it is not known
	Some      int               `json:"some"`             // with luck, so many: some choice of so many may be lost; -1 for none
}

// tippingPoint finds how many components of a pattern may be lost. The error names what the topology does not have.
// When ctx ends, it returns what is known by then together with ctx's error.
//
// Where the fleet is one equally loaded pool it is exact by closed forms, for the servers themselves and for failure
// domains that have no server in common; otherwise the choices are tried, all of one, all of two and so on, as long as
// they are few enough.
func tippingPoint(ctx context.Context, t *topology.Topology, pattern string) (*Tipping, error) {
	ids, err := t.Select(pattern)
	if err != nil {
		return nil, fmt.Errorf("tipping point: %w", err)
	}
	p := &Tipping{Of: pattern, Count: len(ids), Certainty: cascade.Exact, Any: -1, Some: -1}
	f := tippingForm(t, ids)
	if f == nil {
		return p, p.try(ctx, t, ids)
	}
	if err := p.follow(ctx, f); err != nil {
		p.Certainty, p.Reason = cascade.Undetermined, "the time was up."
		return p, err
	}
	return p, p.check(t, f)
}

// A form answers for a number of losses without trying each choice of them. The chosen are nil where there is no such
// choice.
type form interface {
	size() int
	breaking(k int) []topology.ID // k losses with which the fleet does not hold
	bearing(k int) []topology.ID  // k losses with which it does; for k = 0 not nil
}

// tippingForm returns the closed form that covers these losses; nil if none does.
func tippingForm(t *topology.Topology, ids []topology.ID) form {
	c := newCrew(t)
	if c == nil || len(ids) == 0 {
		return nil
	}
	if f := c.servers(ids); f != nil {
		return f
	}
	if f := c.domains(ids); f != nil {
		return f
	}
	return nil
}

// follow asks a form for each number of losses.
func (p *Tipping) follow(ctx context.Context, f form) error {
	for k := 0; k <= f.size(); k++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if f.breaking(k) != nil {
			break
		}
		p.Any = k
	}
	for k := f.size(); k >= 0; k-- {
		if err := ctx.Err(); err != nil {
			return err
		}
		if f.bearing(k) != nil {
			p.Some = k
			break
		}
	}
	return nil
}

// check runs the choices that a form names, and takes the answer back if they end otherwise.
func (p *Tipping) check(t *topology.Topology, f form) error {
	if worst := p.Any + 1; worst <= f.size() {
		p.Worst = cascade.Scenario{Lose: t.Names(f.breaking(worst))}
		o, err := cascade.Run(t, p.Worst)
		if err != nil || o.Judge(1) == cascade.Holds {
			p.Certainty, p.Reason = cascade.Undetermined, "the choice found does not pass its check."
			return err
		}
	}
	if p.Some >= 0 {
		o, err := cascade.Run(t, cascade.Scenario{Lose: t.Names(f.bearing(p.Some))})
		if err != nil || o.Judge(1) != cascade.Holds {
			p.Certainty, p.Reason = cascade.Undetermined, "the choice found does not pass its check."
			return err
		}
	}
	return nil
}

// String returns one line: "Any 20 of 100 server may be lost, 21 may not (chat-[001-021]); with luck 20."
func (p *Tipping) String() string {
	var text string
	switch {
	case p.Certainty == cascade.Undetermined:
		return fmt.Sprintf("How many of %d %s may be lost is %s: %s", p.Count, p.Of, p.Certainty, p.Reason)
	case p.Any < 0:
		text = fmt.Sprintf("No %s may be lost: the fleet does not hold as it is", p.Of)
	case p.Any == p.Count:
		text = fmt.Sprintf("All %d %s may be lost", p.Count, p.Of)
	case len(p.Worst.Lose) == 0:
		text = fmt.Sprintf("Any %d of %d %s may be lost, perhaps more", p.Any, p.Count, p.Of)
	case p.Any == 0:
		text = fmt.Sprintf("Not any %s of %d may be lost (%s)", p.Of, p.Count, cut(p.Worst.Lose))
	default:
		text = fmt.Sprintf("Any %d of %d %s may be lost, %d may not (%s)", p.Any, p.Count, p.Of, p.Any+1, cut(p.Worst.Lose))
	}
	switch {
	case p.Any == p.Count || p.Some < 0:
		return text + "."
	case p.Certainty == cascade.Bounded:
		return text + fmt.Sprintf("; with luck %d, perhaps more.", p.Some)
	case p.Some == 0:
		return text + "; not even with luck."
	default:
		return text + fmt.Sprintf("; with luck %d.", p.Some)
	}
}

// cut writes patterns, the first of them where they are many.
func cut(names topology.Names) string {
	if len(names) > 4 {
		return strings.Join(names[:3], ", ") + fmt.Sprintf(" and %d more", len(names)-3)
	}
	return strings.Join(names, ", ")
}
