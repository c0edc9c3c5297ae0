package redundancy

import (
	"context"
	"errors"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/needs"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// How likely a demand is down is told in passing: of services of a usual size, and in little time for any fleet. A pool of
// thousands, or what is meshed rather than doubled, is a question of its own.
const (
	reachOfOne = 128     // components that a demand may rest on
	reachOfAll = 512     // those of all demands that are looked at
	riskNodes  = 1 << 14 // of a decision diagram
)

// needs finds what takes demands down by what they need, whatever the load, and how likely that is.
func (r *Report) needs(ctx context.Context, _ Options) (err error) {
	demands := r.demands()
	if len(demands) == 0 {
		return nil
	}
	r.Points, err = risk.Scan(ctx, r.Fleet, r.Fleet.Names(demands), risk.Options{Size: 1})
	if err != nil && !errors.Is(err, risk.ErrTooMany) { // which is told as not determined
		return err
	}
	if !r.rated() {
		return nil
	}
	left := reachOfAll
	for _, id := range demands {
		n := reach(r.Fleet, id, min(left, reachOfOne))
		if n > min(left, reachOfOne) {
			continue
		}
		left -= n
		a, err := risk.Analyze(ctx, r.Fleet, r.Fleet.Name(id), risk.Options{Size: 1, Nodes: riskNodes})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && a.Certainty == cascade.Exact {
			r.Risks = append(r.Risks, a)
		} else {
			left -= reachOfAll / 2 // it took long, and others may do so, too
		}
	}
	return nil
}

// rated reports whether anything has an unavailability.
func (r *Report) rated() bool {
	for id := range topology.ID(r.Fleet.Len()) {
		if r.Fleet.Unavailability(id) > 0 {
			return true
		}
	}
	return false
}

// reach counts the other components that a component is up by. Above most it is one more.
func reach(t *topology.Topology, id topology.ID, most int) int {
	n := 0
	for m := range needs.Reach(t, id) {
		if m == id {
			continue
		}
		if n++; n > most {
			return most + 1
		}
	}
	return n
}
