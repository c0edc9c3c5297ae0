package psplib

import (
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Unit is how long the unit of a duration is in a fleet.
const Unit = time.Minute

// The kinds of a fleet.
const (
	activity = "activity"
	resource = "resource"
)

// Spec returns an instance as a fleet whose earliest way back from [Instance.Dark] is the earliest finish of the project.
//
// Each resource is a component with its capacity. Each job is a component that boots for its duration, drawing nothing but an in-rush on
// the resources that it uses; to start, and only for that, it needs the jobs that it comes after.
func (in Instance) Spec() topology.Spec {
	spec := topology.Spec{Name: in.Name}
	for r, c := range in.Problem.Capacity {
		spec.Components = append(spec.Components, topology.Component{Name: name(resource, r), Kind: resource, Capacity: float64(c)})
	}
	for j, job := range in.Problem.Jobs {
		c := topology.Component{Name: name(activity, j), Kind: activity, Start: topology.Start{Boot: time.Duration(job.Duration) * Unit}}
		for _, i := range job.After {
			c.StartNeeds = append(c.StartNeeds, name(activity, i))
		}
		for _, u := range job.Uses {
			c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{name(resource, u.Resource)}, Inrush: float64(u.During)})
		}
		spec.Components = append(spec.Components, c)
	}
	return spec
}

// Dark is what an instance as a fleet comes back from: no job is done.
func (in Instance) Dark() cascade.Scenario {
	return cascade.Lose(activity)
}

// name returns the name of a job or a resource: both are counted from 1 in PSPLIB.
func name(kind string, i int) string { return fmt.Sprintf("%s-%d", kind, i+1) }
