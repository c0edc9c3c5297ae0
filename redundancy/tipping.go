package redundancy

import (
	"context"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
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
	if crew, _ := pool.Find(t); crew != nil {
		if losses := crew.LossesOf(ids); losses != nil {
			return p, p.follow(ctx, t, losses)
		}
	}
	return p, p.try(ctx, t, ids)
}

// follow asks a closed form, and runs the choices that it names.
func (p *Tipping) follow(ctx context.Context, t *topology.Topology, losses pool.Losses) error {
	for k := 0; k <= losses.Size(); k++ {
		if worst, breaks := losses.Breaking(k); breaks {
			p.Worst = cascade.Scenario{Lose: t.Names(worst)}
			p.expect(t, p.Worst, false)
			break
		}
		p.Any = k
		if err := ctx.Err(); err != nil {
			p.Certainty, p.Reason = cascade.Bounded, "the time was up."
			return err
		}
	}
	lucky, bears, err := losses.Bearing(ctx)
	if err != nil {
		p.Certainty, p.Reason, p.Some = cascade.Bounded, err.Error()+".", max(p.Some, p.Any)
		return ctx.Err()
	}
	if bears {
		p.Some = len(lucky)
		p.expect(t, cascade.Scenario{Lose: t.Names(lucky)}, true)
	}
	return nil
}

// expect takes the answer back if a scenario does not end as it says.
func (p *Tipping) expect(t *topology.Topology, s cascade.Scenario, holds bool) {
	o, err := cascade.Run(t, s)
	if err != nil || (o.Judge(1) == cascade.Holds) != holds {
		p.Certainty, p.Reason = cascade.Undetermined, fmt.Sprintf("%v does not end as was worked out.", s)
	}
}

const (
	maxTried = 100_000     // choices that are tried
	maxWork  = 200_000_000 // of them, times the components of the fleet
)

// try takes every choice of none, of one, of two and so on.
func (p *Tipping) try(ctx context.Context, t *topology.Topology, ids []topology.ID) error {
	l := &losing{t: t, closure: t.Closure(), flow: t.Flow(topology.State{}), status: make([]topology.Status, t.Len())}
	left, broken := min(maxTried, maxWork/t.Len()+1), false
	for k := 0; k <= len(ids); k++ {
		all, few := choices(len(ids), k, left)
		if !few {
			p.Certainty, p.Reason = cascade.Bounded, fmt.Sprintf("more than %d at once are too many choices to try.", k-1)
			return nil
		}
		left -= all
		err := combinations(ctx, ids, k, func(lost []topology.ID) {
			switch holds := l.holds(lost); {
			case holds:
				p.Some = k
			case !broken:
				broken, p.Worst = true, cascade.Scenario{Lose: t.Names(lost)}
				p.expect(t, p.Worst, false)
			}
		})
		if err != nil {
			p.Certainty, p.Reason = cascade.Bounded, "the time was up."
			return err
		}
		if !broken {
			p.Any = k
		}
	}
	return nil
}

// choices returns how many there are of k out of n, and whether these are at most so many.
func choices(n, k, most int) (int, bool) {
	c := int64(1)
	for i := 1; i <= min(k, n-k); i++ {
		if c = c * int64(n-i+1) / int64(i); c > int64(most) {
			return most, false
		}
	}
	return int(c), true
}

// combinations yields each k of ids, in order of declaration.
func combinations(ctx context.Context, ids []topology.ID, k int, yield func([]topology.ID)) error {
	picked := make([]topology.ID, 0, k)
	var from func(i int) error
	from = func(i int) error {
		if len(picked) == k {
			yield(picked)
			return ctx.Err()
		}
		for ; i <= len(ids)-(k-len(picked)); i++ {
			picked = append(picked, ids[i])
			if err := from(i + 1); err != nil {
				return err
			}
			picked = picked[:len(picked)-1]
		}
		return nil
	}
	return from(0)
}

// A losing is a fleet with some components lost, which says only whether it holds.
type losing struct {
	t       *topology.Topology
	closure *topology.Closure
	flow    *topology.Flow
	status  []topology.Status
}

func (l *losing) holds(ids []topology.ID) bool {
	lost := l.closure.Fail(ids...)
	for _, x := range lost {
		l.status[x.ID] = topology.Down
	}
	l.flow.Update(topology.State{Status: l.status})
	holds := l.serves(lost)
	for _, x := range lost {
		l.status[x.ID] = topology.Up
	}
	l.closure.Undo(lost)
	return holds
}

// serves reports whether nothing is overloaded, and every demand is served that was not lost itself.
func (l *losing) serves(lost []topology.Loss) bool {
	for _, x := range lost {
		if x.Link != nil && l.t.Demand(x.ID) > 0 {
			return false
		}
	}
	for id, status := range l.status {
		id := topology.ID(id)
		if status == topology.Down {
			continue
		}
		if topology.Overloaded(l.flow.Load[id], l.t.Capacity(id)) || l.t.Demand(id) > 0 && l.flow.Served[id] < 1-topology.Tolerance {
			return false
		}
	}
	return true
}

// String returns one line: "server: any 20 of 100 may be lost, 21 may not (not chat-[001-021]); with luck 20."
func (p *Tipping) String() string {
	var text string
	switch {
	case p.Certainty == cascade.Undetermined:
		return fmt.Sprintf("%s: how many of %d may be lost is %s: %s", p.Of, p.Count, p.Certainty, p.Reason)
	case p.Any < 0:
		text = fmt.Sprintf("%s: none of %d may be lost: the fleet does not hold as it is", p.Of, p.Count)
	case p.Any == p.Count:
		text = fmt.Sprintf("%s: all %d may be lost", p.Of, p.Count)
	case len(p.Worst.Lose) == 0:
		text = fmt.Sprintf("%s: any %d of %d may be lost, perhaps more", p.Of, p.Any, p.Count)
	case p.Any == 0:
		text = fmt.Sprintf("%s: not any 1 of %d may be lost (not %s)", p.Of, p.Count, cut(p.Worst.Lose))
	default:
		text = fmt.Sprintf("%s: any %d of %d may be lost, %d may not (not %s)", p.Of, p.Any, p.Count, p.Any+1, cut(p.Worst.Lose))
	}
	switch {
	case p.Any == p.Count || p.Some < 0:
		return text + "."
	case p.Certainty == cascade.Bounded:
		return text + fmt.Sprintf("; with luck %d, perhaps more: %s", p.Some, p.Reason)
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
