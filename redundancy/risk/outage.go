package risk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// An Outage is what a group brings about: it lasts its repair, and then the restart.
type Outage struct {
	Group     Group         `json:"group"`
	Frequency float64       `json:"frequency"`         // a year: how often the last of them goes down while the others are
	Repair    time.Duration `json:"repair"`            // in the mean, until the first of them is repaired
	Restart   time.Duration `json:"restart"`           // from then on, until all is served that can be, but for Uncounted
	Plan      *restart.Plan `json:"plan,omitempty"`    // of the restart; it says how sure that is
	Unrated   bool          `json:"unrated,omitempty"` // some of them have no MTTR, so Repair is that of the others

	Uncounted topology.Names `json:"uncounted,omitempty"` // demands among them: whether these are served does not count for Restart
}

// Outages tells of the n likeliest groups how long an outage by them lasts. Repairs are independent of each other, and as likely to
// end at any time as at any other, so the first of several ends after 1/Σ(1/MTTR) in the mean. The restart is planned with
// restart.Make from the cascade that the loss of the group leaves: that of the group which is repaired soonest in the mean returns at
// time 0, the others never; what else Options.Return says is kept to.
//
// The error is that of restart.Make, or says that the analysis was read from JSON, and has no fleet. When ctx ends, it comes with the outages that are known by then.
func (a *Analysis) Outages(ctx context.Context, n int, o restart.Options) ([]Outage, error) {
	if a.fleet == nil {
		return nil, errors.New("the analysis has no fleet, for it was read from JSON or made by hand: ask one that Analyze returned")
	}
	var all []Outage
	for _, events := range a.likeliest(n) {
		one := a.outage(events)
		plan, err := restart.Make(ctx, a.fleet, a.losing(events), a.returning(events, o))
		if err != nil {
			return all, fmt.Errorf("restart after %s: %w", one.Group, err)
		}
		one.Plan, one.Restart = plan, plan.Full
		all = append(all, one)
	}
	return all, nil
}

// outage works out how often a group is down, and how long.
func (a *Analysis) outage(events []int32) Outage {
	o := Outage{Group: a.group(events), Uncounted: a.demands(events)}
	repairs := 0.0 // an hour
	for _, e := range events {
		event := &a.events[e]
		if event.mttr == 0 {
			o.Unrated = true
			continue
		}
		repairs += 1 / event.mttr.Hours()
		o.Frequency += float64(event.perHour*o.Group.Probability/event.q) * year.Hours()
	}
	if repairs > 0 {
		o.Repair = hours(1 / repairs)
	}
	return o
}

// demands returns the components with a demand among those that events take down.
func (a *Analysis) demands(events []int32) topology.Names {
	ids := slices.DeleteFunc(a.lost(events), func(id topology.ID) bool { return a.fleet.Demand(id) == 0 })
	return a.fleet.Names(ids)
}

// losing returns the scenario in which events have happened.
func (a *Analysis) losing(events []int32) cascade.Scenario {
	return cascade.Scenario{Lose: a.fleet.Names(a.lost(events))}
}

// lost returns the components that events take down, in order of declaration.
func (a *Analysis) lost(events []int32) []topology.ID {
	var ids []topology.ID
	for _, e := range events {
		ids = append(ids, a.events[e].ids...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// returning returns the options of a restart after the first of the events is repaired.
func (a *Analysis) returning(events []int32, o restart.Options) restart.Options {
	first := slices.MinFunc(events, func(x, y int32) int {
		return cmp.Compare(cmp.Or(a.events[x].mttr, math.MaxInt64), cmp.Or(a.events[y].mttr, math.MaxInt64))
	})
	back := map[string]time.Duration{}
	maps.Copy(back, o.Return)
	for _, e := range events {
		if e == first {
			continue
		}
		for _, id := range a.events[e].ids {
			back[a.fleet.Name(id)] = -1
		}
	}
	o.Return = back
	return o
}

// String returns "board-2: once in 5.704 years, for 4h until it is repaired, and then 12m until all is served that can be".
func (o Outage) String() string {
	which := "the first"
	if len(o.Group.Components) == 1 {
		which = "it"
	}
	return fmt.Sprintf("%s: %s, %s", o.Group, o.repaired(which), o.back())
}

// repaired says how often it happens, and how long it takes to repair.
func (o Outage) repaired(which string) string {
	frequency := "it is not known how often"
	if o.Frequency > 0 {
		frequency = often(o.Frequency)
	}
	if o.Repair == 0 {
		return fmt.Sprintf("%s, nor how long until %s is repaired", frequency, which)
	}
	if o.Unrated {
		which += " with a known time to repair"
	}
	return fmt.Sprintf("%s, for %s until %s is repaired", frequency, clock.About(o.Repair), which)
}

// back says how long the restart takes, and what it leaves out.
func (o Outage) back() string {
	if o.Plan == nil || o.Plan.Certainty == cascade.Undetermined {
		return "and no safe restart is known"
	}
	text := "and then all is served at once that can be"
	switch {
	case len(o.Plan.Served) == 0:
		text = "and nobody else asks to be served"
	case o.Restart > 0:
		text = fmt.Sprintf("and then %s until all is served that can be", clock.About(o.Restart))
	}
	if short := phrase.Short(o.Plan.Served, 3); short != "" {
		text += ": " + short
	}
	if len(o.Uncounted) > 0 {
		text += fmt.Sprintf(" (not counting %s)", phrase.List(o.Uncounted, 3))
	}
	return text
}
