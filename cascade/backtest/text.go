package backtest

import (
	"fmt"
	"math"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// String returns the table and what it comes to, for people. Of more than 30 rows it has those that differ most.
func (r *Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the prediction is that it %s; %d are up and %d down as predicted", r.Outcome.Scenario, r.Outcome.Verdict,
		len(r.in(Up)), len(r.in(Lost)))
	if wrong := len(r.in(Survived)) + len(r.in(Gone)); wrong > 0 {
		fmt.Fprintf(&b, ", and %d otherwise", wrong)
	}
	fmt.Fprintf(&b, ".\n\n%s\n", r.table())
	for _, line := range []string{
		r.fitBefore(), r.fitAfter(), r.demand(), r.survived(), r.gone(), r.over(),
		about("Not measured: %s.", r.Unmeasured),
		about("Not in the fleet, but measured: %s.", r.Strange),
		r.timing(),
	} {
		if line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// in returns the components of a state.
func (r *Result) in(state State) []string {
	var names []string
	for _, row := range r.Rows {
		if row.After.State() == state {
			names = append(names, row.Component)
		}
	}
	return names
}

// about says something of components; nothing of none.
func about(format string, names topology.Names) string {
	const shown = 5
	switch {
	case len(names) == 0:
		return ""
	case len(names) > shown:
		names = append(names[:shown:shown], "…")
	}
	return fmt.Sprintf(format, strings.Join(names, ", "))
}

// String returns "1.2 % on average, most +3.1 % (chat-04), over 7 components".
func (f Fit) String() string {
	switch f.Components {
	case 0:
		return "nothing to compare"
	case 1:
		return fmt.Sprintf("%s (%s)", percent(f.Most), f.Worst)
	}
	return fmt.Sprintf("%.1f %% on average, most %s (%s), over %d components", 100*f.Mean, percent(f.Most), f.Worst, f.Components)
}

func (r *Result) fitBefore() string {
	return fmt.Sprintf("Before the loss the model is off by: %s.", r.Before)
}

func (r *Result) fitAfter() string {
	return fmt.Sprintf("After it the prediction is off by: %s.", r.After)
}

func (r *Result) demand() string {
	if r.Scaled == nil {
		return fmt.Sprintf("How the demand changed is not known (%s), so what is off may be that.", r.Unknown)
	}
	if !r.changed() {
		return "The demand after is that before: the totals that were measured agree."
	}
	text := fmt.Sprintf("The demand after is %s times that before, if all of it was served; predicted with that it is off by: %s.",
		figure(r.Ratio), r.AfterScaled)
	if r.Scaled.Verdict != r.Outcome.Verdict {
		text += fmt.Sprintf(" And the verdict is another: %s.", r.Scaled.Verdict)
	}
	return text
}

// changed reports whether the demand did, by more than is printed.
func (r *Result) changed() bool { return r.Scaled != nil && figure(r.Ratio) != "1" }

func (r *Result) survived() string {
	return about("Predicted down, and measured with load: %s.", topology.Fold(r.in(Survived)))
}

func (r *Result) gone() string {
	return about("Predicted up, and measured with no load or not at all: %s. It failed otherwise, or only its measurement did.", topology.Fold(r.in(Gone)))
}

// over names what carries more than its capacity.
func (r *Result) over() string {
	var names []string
	example := ""
	for _, row := range r.Rows {
		if math.IsNaN(row.After.Measured) || !topology.Overloaded(row.After.Measured, row.Capacity) {
			continue
		}
		if names = append(names, row.Component); example == "" {
			example = topology.LoadOf(row.After.Measured, row.Capacity, row.Unit)
		}
	}
	text := about("Measured above its capacity: %s", topology.Fold(names))
	if text != "" {
		text += " (" + example + "). Is the capacity set too low?"
	}
	return text
}

func (r *Result) timing() string {
	if !r.Outcome.Timing && (r.Scaled == nil || !r.Scaled.Timing) {
		return ""
	}
	return "The end may depend on which component trips first: the prediction is right for the trip times given."
}

func percent(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return fmt.Sprintf("%+.1f %%", 100*x)
}

func figure(x float64) string { return fmt.Sprintf("%.3g", x) }
