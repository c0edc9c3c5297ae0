package main

import (
	"math"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A draw is what stands at a time, all its steps taken.
type draw struct {
	at       time.Duration
	admitted float64
	megawatt float64 // of the first line; all are alike
}

// draws follows a plan of this fleet from minute to minute: what is on, what fills, and who is let in, each part with its surge.
func draws(t *topology.Topology, p *restart.Plan) []draw {
	users, _ := t.Lookup("users")
	line, _ := t.Lookup("line-1")
	caches, _ := t.Select("cache")
	began := map[topology.ID]time.Duration{}
	var admissions []restart.Step
	for _, s := range p.Steps {
		ids, _ := t.Select(s.What...)
		for _, id := range ids {
			if s.Do == restart.PowerOn {
				began[id] = s.At
			}
		}
		if s.Do == restart.Admit {
			admissions = append(admissions, s)
		}
	}
	state := topology.State{Status: make([]topology.Status, t.Len()), Demand: make([]float64, t.Len())}
	var all []draw
	for at := time.Duration(0); at <= max(p.Full, p.Finish); at += time.Minute {
		for _, id := range caches {
			state.Status[id] = status(at, began[id])
		}
		fraction, asked := admitted(admissions, at)
		state.Demand[users] = asked * t.Demand(users)
		all = append(all, draw{at, fraction, t.Flow(state).Load[line]})
	}
	return all
}

// status of a cache that was powered on at a time.
func status(at, began time.Duration) topology.Status {
	switch {
	case at < began:
		return topology.Down
	case at < began+fill:
		return topology.Booting
	}
	return topology.Up
}

// admitted returns the fraction that is let in, and what they ask for, in parts of the demand.
func admitted(steps []restart.Step, at time.Duration) (fraction, asked float64) {
	for _, s := range steps {
		if s.At > at {
			break
		}
		more := s.Admit - fraction
		asked += float64(more * (1 + float64(surge*math.Exp(-(at-s.At).Minutes()/decay.Minutes()))))
		fraction = s.Admit
	}
	return fraction, asked
}
