package risk

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/topology"
)

// An event is what may happen: a component fails of itself, or several do by a common cause.
type event struct {
	name string
	ids  []topology.ID // what fails
	q    float64       // unavailability
	mttr time.Duration // 0 if none is known

	// How often it happens in an hour, in the long run: time up and time down are one round. The frequency of the top is the sum of
	// these, each times the probability that the event alone decides (Vesely 1970, doi:10.1016/0029-5493(70)90132-6).
	perHour float64
	still   float64 // the part of q that makes no outages: all of it if it is not known how often it happens
}

func eventOf(t *topology.Topology, id topology.ID) event {
	f := t.Component(id).Failing
	e := event{name: t.Name(id), ids: []topology.ID{id}, q: t.Unavailability(id), mttr: f.MTTR}
	e.still = e.q
	if f.MTBF > 0 {
		e.perHour, e.still = (1-f.OnDemand)/(f.MTBF+f.MTTR).Hours(), f.OnDemand
	}
	return e
}

// part returns an event that is a part of it.
func (e event) part(beta float64) event {
	e.q, e.perHour, e.still = beta*e.q, beta*e.perHour, beta*e.still
	return e
}

// failsLike reports whether an event is as likely as another, as often, and lets as much happen without an outage.
func (e event) failsLike(other event) bool {
	same := func(x, y float64) bool { return math.Abs(x-y) <= 1e-12*max(x, y) }
	return same(e.q, other.q) && same(e.perHour, other.perHour) && same(e.still, other.still)
}

// rate notes the events of a tree, those by common causes after the components, and how likely they are.
func (a *Analysis) rate(f *tree.Forest, common []CommonCause) error {
	var unrated, untimed []topology.ID
	number := map[topology.ID]int32{}
	for i, id := range f.Components {
		e := eventOf(a.t, id)
		number[id] = int32(i)
		if e.q == 0 {
			unrated = append(unrated, id)
		}
		if a.t.Component(id).Failing.Unavailability > 0 {
			untimed = append(untimed, id)
		}
		a.events = append(a.events, e)
	}
	a.Unrated, a.Untimed = a.t.Names(unrated), a.t.Names(untimed)
	var together [][]int32
	left := make([]float64, len(a.events)) // of the unavailability of each, what no common cause has taken
	for i := range left {
		left[i] = 1
	}
	for i, c := range common {
		members, err := a.common(c, number, left)
		if err != nil {
			return fmt.Errorf("common[%d]: %w", i, err)
		}
		if len(members) > 0 {
			together = append(together, members)
		}
	}
	for i, part := range left {
		a.events[i] = a.events[i].part(part)
	}
	for _, e := range a.events {
		a.q = append(a.q, e.q)
	}
	a.tree = f.Share(together)
	return nil
}

// common adds the event of a common cause, and returns which events it stands beside; none if it could take only one,
// or never happens.
func (a *Analysis) common(c CommonCause, number map[topology.ID]int32, left []float64) ([]int32, error) {
	if !(c.Beta >= 0 && c.Beta <= 1) {
		return nil, fmt.Errorf("beta: %v: give a fraction from 0 to 1", c.Beta)
	}
	if len(c.Of) == 0 {
		return nil, errors.New("of: give patterns of the components")
	}
	ids, err := a.t.Select(c.Of...)
	if err != nil {
		return nil, fmt.Errorf("of: %w", err)
	}
	ids = slices.DeleteFunc(ids, func(id topology.ID) bool {
		_, reached := number[id]
		return !reached // what does not matter to the top, or does not fail of itself
	})
	if len(ids) < 2 || c.Beta == 0 {
		return nil, nil // one alone fails as likely by whatever cause
	}
	cause := eventOf(a.t, ids[0])
	var members []int32
	for _, id := range ids {
		i := number[id]
		e := eventOf(a.t, id)
		if !e.failsLike(cause) {
			return nil, fmt.Errorf("of: %s does not fail as %s does: a common cause is of components with the same MTBF and MTTR, unavailability and onDemand", e.name, cause.name)
		}
		if left[i] -= c.Beta; left[i] < -1e-12 {
			return nil, fmt.Errorf("of: the beta factors of %s are above 1 together", e.name)
		}
		left[i] = max(0, left[i])
		members = append(members, i)
	}
	cause = cause.part(c.Beta)
	cause.ids = ids
	cause.name = a.nameCause(ids)
	a.events = append(a.events, cause)
	return members, nil
}

// nameCause returns "common cause of feed-[1-2]" or, with a number, that of another one of the same components.
func (a *Analysis) nameCause(ids []topology.ID) string {
	nth := 1
	for _, e := range a.events {
		if slices.Equal(e.ids, ids) {
			nth++
		}
	}
	of := strings.Join(a.t.Names(ids), " + ")
	if nth > 1 {
		return fmt.Sprintf("common cause %d of %s", nth, of)
	}
	return "common cause of " + of
}
