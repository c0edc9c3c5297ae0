package spare

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
	"github.com/ridethrough/ridethrough/topology"
)

// plan finds the cheapest purchase.
func (w *work) plan(ctx context.Context) (*Plan, error) {
	if w.options.Risk > 0 {
		return w.risk(ctx)
	}
	if err := w.compile(); err != nil {
		return undetermined("%v", err), nil
	}
	if err := w.begin(ctx); err != nil {
		return w.stopped(err)
	}
	s := w.search(ctx, nil)
	if s.best == nil && !s.proven && s.err == nil {
		if err := w.settle(ctx, &s); err != nil {
			return w.stopped(err)
		}
	}
	if s.best == nil {
		return w.none(ctx, s)
	}
	x := s.best
	if s.proven {
		x = w.favourFirst(ctx, s)
	}
	p := w.priced(s, x)
	if len(p.Buy) == 0 {
		p.Certainty, p.Fleet = cascade.Exact, w.t
		return p, nil
	}
	if s.proven {
		w.patience = maxPatience
		p.Binding = w.binding(ctx, s)
	}
	if !w.options.Survive {
		p.Traps = w.traps(ctx, x)
	}
	return p, ctx.Err()
}

// settle looks for some purchase where a search was not finished: one with which all hold.
func (w *work) settle(ctx context.Context, s *found) error {
	var x []int
	switch {
	case w.options.Survive:
		x = w.holding().search(ctx, nil).best
	case s.last != nil:
		x = w.repair(ctx, s.last)
	}
	if x == nil {
		return nil
	}
	end, err := w.screen(ctx, x)
	if err == nil && end.holds {
		s.best, s.cost = x, w.price(x)
	}
	return err
}

// holding is the same work for what holds instead of what survives.
func (w *work) holding() *work {
	hold := *w
	hold.options.Survive = false
	hold.plates = !w.options.TrueDraw && w.fleet.Plated()
	hold.screened, hold.programs = nil, 0
	hold.forget()
	return &hold
}

// stopped is the plan where a family could not be run.
func (w *work) stopped(err error) (*Plan, error) {
	var sampled errSampled
	var named sizes.NamedError
	switch {
	case errors.As(err, &sampled), errors.As(err, &named), errors.Is(err, errTooMany):
		return undetermined("%v", err), nil
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return undetermined("the time was up"), err
	default:
		return nil, err
	}
}

// none is the plan where no purchase was found.
func (w *work) none(ctx context.Context, s found) (*Plan, error) {
	if s.err != nil {
		p, err := w.stopped(s.err)
		if p != nil && s.bound != nil {
			p.Bound = number(s.bound)
		}
		return p, err
	}
	if !s.proven {
		p := undetermined("no purchase was found within the limits of the search, and none was ruled out")
		if s.bound != nil {
			p.Bound = number(s.bound)
		}
		return p, ctx.Err()
	}
	p := w.conflict(ctx, s)
	p.Certainty = cascade.Proven
	return p, ctx.Err()
}

// priced is the plan for a purchase.
func (w *work) priced(s found, x []int) *Plan {
	run := w.screened[fmt.Sprint(x)]
	p := &Plan{Certainty: cascade.Bounded, Survive: w.options.Survive, Nameplate: w.kept, Fleet: run.fleet}
	if run.timing {
		p.Reason = "how some scenarios end may depend on what trips first; all that is overloaded together was taken to trip together."
	}
	p.Buy = w.purchases(x)
	p.Cost = number(w.price(x))
	if s.bound != nil {
		p.Bound = number(s.bound)
	}
	if s.proven {
		p.Certainty = cascade.Proven
	}
	return p
}

func (w *work) purchases(x []int) (all []Purchase) {
	for j, n := range x {
		if c := &w.columns[j]; n > 0 {
			all = append(all, Purchase{Offer: c.offer, Count: n, On: c.on})
		}
	}
	return all
}

// A Plan is what to buy, and why less will not do. It prints as that.
type Plan struct {
	Certainty  cascade.Certainty  `json:"certainty"`            // Exact: nothing needs to be bought; Proven: nothing cheaper will do; Bounded: nothing below Bound will
	Reason     string             `json:"reason,omitempty"`     // why it is not determined, or why nothing helps
	Infeasible bool               `json:"infeasible,omitempty"` // whatever of the offers is bought, some scenario does not hold
	Buy        []Purchase         `json:"buy,omitempty"`        // in order of the offers; none if all hold as they are
	Cost       float64            `json:"cost"`
	Bound      float64            `json:"bound"`               // nothing cheaper than this holds
	Survive    bool               `json:"survive,omitempty"`   // scenarios need not hold, but must not collapse
	Risk       float64            `json:"risk,omitempty"`      // as in [Options]
	Left       float64            `json:"left,omitempty"`      // Risk: the probability that is left, with the purchase
	Nameplate  bool               `json:"nameplate,omitempty"` // power is reserved by nameplate, and that rules something out; else nothing cheaper will do at true draws either
	Binding    []Binding          `json:"binding,omitempty"`   // scenarios each of which alone proves Bound; if none of the first 64 does, those that prove it together; if Infeasible, a set that no purchase meets, a smallest one as far as the limits of the search reach (of many, the first)
	Traps      []Trap             `json:"traps,omitempty"`     // what must not be bought on top of it, of few more of one offer
	Most       []Purchase         `json:"most,omitempty"`      // Infeasible: offers of which there are too few
	Limits     topology.Names     `json:"limits,omitempty"`    // Infeasible: components whose capacity is in the way
	Fleet      *topology.Topology `json:"fleet,omitempty"`     // with the purchase; nil if there is none
}

// A Purchase is an offer taken up.
type Purchase struct {
	Offer
	Count int            `json:"count"`
	On    topology.Names `json:"on,omitempty"` // what a server that is bought needs and draws on
}

// String returns one line: "10 like chat-061, on board-3".
func (p Purchase) String() string { return p.of(p.name(), "") }

// A Binding is a scenario that leaves no room: without a purchase, Component would carry Load with a capacity of Capacity.
type Binding struct {
	Scenario  cascade.Scenario `json:"scenario"`
	Alike     int              `json:"alike"`               // scenarios with the same consequences, this one included
	Component string           `json:"component,omitempty"` // what is overloaded most; "" if nothing is left to carry the load
	Load      float64          `json:"load"`
	Capacity  float64          `json:"capacity"`
	Unit      string           `json:"unit,omitempty"`
	Nameplate bool             `json:"nameplate,omitempty"` // Load is reserved by nameplate: it holds, but leaves too little for what others need
	Missing   int              `json:"missing,omitempty"`   // so many more are needed, if counting is all there is to it
	Down      *cascade.Failure `json:"down,omitempty"`      // why a demand finds nothing, if Component is ""
}

// String returns one line: "board-1: chat-031 would carry 114.3 of 100 requests/s, 10 more are needed".
func (b Binding) String() string {
	text := b.Scenario.String()
	if b.Alike > 1 {
		text += fmt.Sprintf(" and %d alike", b.Alike-1)
	}
	switch {
	case b.Component == "":
		if b.Down != nil {
			return text + fmt.Sprintf(": %s", b.Down)
		}
		text += ": nothing that is left serves all demand"
	case b.Nameplate:
		return text + fmt.Sprintf(": %s is at %s by nameplate already", b.Component, topology.LoadOf(b.Load, b.Capacity, b.Unit))
	default:
		text += fmt.Sprintf(": %s would carry %s", b.Component, topology.LoadOf(b.Load, b.Capacity, b.Unit))
	}
	switch b.Missing {
	case 0:
		return text
	case 1:
		return text + ", 1 more is needed"
	default:
		return text + fmt.Sprintf(", %d more are needed", b.Missing)
	}
}

func undetermined(format string, args ...any) *Plan {
	return &Plan{Certainty: cascade.Undetermined, Reason: strings.TrimSuffix(fmt.Sprintf(format, args...), ".") + "."}
}

// String says what to buy and why.
func (p *Plan) String() string {
	switch {
	case p.Certainty == cascade.Undetermined:
		text := fmt.Sprintf("The minimum spare is %s: %s", p.Certainty, p.Reason)
		if p.Bound > 0 {
			text += fmt.Sprintf(" Nothing below a cost of %s will do.", topology.Quantity(p.Bound, ""))
		}
		return text
	case p.Infeasible:
		return fmt.Sprintf("Nothing on offer helps (%s): %s", p.why(), p.Reason) + p.told()
	case len(p.Buy) == 0 && p.Risk > 0:
		return fmt.Sprintf("Nothing needs to be bought: %s (%s).", p.unlikely(), p.Certainty)
	case len(p.Buy) == 0:
		if p.Survive {
			return fmt.Sprintf("Nothing needs to be bought: no scenario collapses (%s).", p.Certainty)
		}
		return fmt.Sprintf("Nothing needs to be bought: every scenario holds (%s).", p.Certainty)
	}
	buy := purchases(p.Fleet, p.Buy)
	var text strings.Builder
	text.WriteString(fmt.Sprintf("Buy %s: cost %s (%s).", strings.Join(buy, "; "), topology.Quantity(p.Cost, ""), p.why()))
	if p.Risk > 0 {
		text.WriteString(" Then " + p.unlikely() + ".")
	}
	if len(p.Binding) > 0 {
		text.WriteString("\nLess will not do:" + p.told())
	}
	if len(p.Traps) > 0 {
		text.WriteString("\nDo not buy on top of it:")
	}
	for _, t := range p.Traps {
		text.WriteString("\n  " + t.String())
	}
	return text.String()
}

// told is a line for each of the first scenarios that leave no room.
func (p *Plan) told() string {
	var text strings.Builder
	for i, b := range p.Binding {
		if i == 8 && len(p.Binding) > 9 {
			fmt.Fprintf(&text, "\n  and %s", others(len(p.Binding), i))
			break
		}
		fmt.Fprintf(&text, "\n  %s", b)
	}
	return text.String()
}

// others says how many scenarios there are besides some, as far as that is known: no more than maxBinding are kept.
func others(kept, told int) string {
	if kept == maxBinding {
		return "others"
	}
	return fmt.Sprintf("%d more", kept-told)
}

func (p *Plan) why() string {
	text := string(p.Certainty)
	if p.Certainty == cascade.Bounded {
		text = fmt.Sprintf("nothing below %s will do", topology.Quantity(p.Bound, ""))
	}
	if p.Nameplate {
		text += ", with power reserved by nameplate"
	}
	return text
}
