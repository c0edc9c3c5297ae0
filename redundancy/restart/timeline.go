package restart

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A Timeline is how a fleet comes back by a plan, moment by moment: plain data to draw, or to save as JSON. Its numbers are
// those of the replay of [Verify]. Components are counted and summed up by groups, so that it has a few numbers for each
// moment, however large the fleet.
type Timeline struct {
	Groups  []Group  `json:"groups"`  // in order of declaration
	Demands []Demand `json:"demands"` // the same
	Moments []Moment `json:"moments"` // in order of time; the first, at 0, is what the cascade leaves, without any step
}

// A Group is the components of one kind that have the same unit; those without a kind are grouped as they were declared.
// Components that only bring demand, have no capacity, and that nothing draws on, are in none. Beyond 31 groups, all others are one.
type Group struct {
	Name    string `json:"name"` // the kind, or the pattern of what has none
	Unit    string `json:"unit,omitempty"`
	Count   int    `json:"count"`             // components
	Rotates bool   `json:"rotates,omitempty"` // some wait to be put in rotation
}

// A Demand is the demand of one component, or, where there are more than 16, of those of one group and unit.
type Demand struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit,omitempty"`
	Gated bool    `json:"gated,omitempty"` // it can be held back: of several, one can be
	Asked float64 `json:"asked"`           // all of it, with the scenario's factor
}

// A Moment is one at which something happened, and how things stood from then on until the next.
type Moment struct {
	At      time.Duration `json:"at"`
	Steps   []int         `json:"steps,omitempty"` // whose turn it was, by their place in the plan, from 0; an If may have left some out
	Groups  []Standing    `json:"groups"`          // as in [Timeline].Groups
	Demands []Traffic     `json:"demands"`         // as in [Timeline].Demands

	// Rotation counts the components in rotation that demands draw on. Enough of these, whichever they are, would carry as much
	// until the next moment without an overload; that is proven. Fewer may do: where shares are not equal nothing is claimed, and
	// where parts of a load do not grow with the demand, less than holds.
	Rotation int `json:"rotation"`
	Enough   int `json:"enough"`

	// Moves is set where shares by capacity moved until the next moment: then Busiest is the highest of 16 looks at the time
	// until then, and may have been higher in between. Else it is exact.
	Moves bool `json:"moves,omitempty"`
}

// A Standing is what a group does.
type Standing struct {
	Booting  int     `json:"booting"`
	Ready    int     `json:"ready"`    // out of rotation
	Rotating int     `json:"rotating"` // in rotation; the rest is down
	Load     float64 `json:"load"`     // of all, at this moment; 0 where components of several groups are one
	Capacity float64 `json:"capacity"` // of those in rotation, at this moment; 0 if one has no limit, or as above

	Busiest Peak `json:"busiest,omitzero"` // that with the highest utilization until the next moment
	Risen   Peak `json:"risen,omitzero"`   // the same at this moment, of those whose load rose by what happened
}

// A Peak is a component's load beside its capacity; none of its fields is set if there is no such component. Of those with
// the same utilization it is the first.
type Peak struct {
	Component string  `json:"component"`
	Load      float64 `json:"load"`
	Capacity  float64 `json:"capacity"` // less while it warms up
	Alike     int     `json:"alike"`    // components with that load and capacity, it included
}

// Utilization returns load by capacity.
func (p Peak) Utilization() float64 {
	if p.Load == 0 {
		return 0
	}
	return p.Load / p.Capacity
}

// Traffic is what becomes of a demand.
type Traffic struct {
	Admitted float64 `json:"admitted"` // what is let in; of what is not gated all, once it comes
	Surge    float64 `json:"surge"`    // on top of it, at this moment; it decays
	Served   float64 `json:"served"`   // of both
}

// Timeline replays a plan and returns what happened. There is a moment for each time at which a step is taken, a boot ends or
// something comes up by itself, and one for each time in also: for those who draw curves, since surges decay and
// components warm up between events. If the plan is not safe the error is the *[Violation] that [Verify] returns, and
// the timeline ends there. Other errors are those of Verify, with no timeline, or say that a time in also is before 0.
//
// It takes as long as Verify, up to three times as long where surges decay and where shares by capacity move, and there
// twenty times. It keeps at most 32 groups and 48 demands for each moment.
func (p *Plan) Timeline(ctx context.Context, t *topology.Topology, also ...time.Duration) (*Timeline, error) {
	r, err := newReplay(t, p)
	if err != nil {
		return nil, err
	}
	for _, at := range also {
		if at < 0 {
			return nil, fmt.Errorf("also: %v: time begins at 0, when the cascade is over", at)
		}
		r.events.Push(event{at: at, kind: looked})
	}
	r.watch = newWatcher(r)
	err = r.run(ctx)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return r.watch.line, err
}
