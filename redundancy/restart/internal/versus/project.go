package main

import (
	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
)

// A project is an instance as the other sides read it. Jobs and resources are counted from 1.
type project struct {
	Jobs      int       `json:"jobs"`
	Resources int       `json:"resources"`
	Pairs     int       `json:"pairs"`
	Latest    int64     `json:"latest"` // one job after another
	Duration  []int64   `json:"duration"`
	Capacity  []int64   `json:"capacity"`
	Use       [][]int64 `json:"use"` // by resource and job
	Before    []int     `json:"before"`
	After     []int     `json:"after"`
}

func newProject(q schedule.Problem) project {
	p := project{Jobs: len(q.Jobs), Resources: len(q.Capacity), Capacity: q.Capacity, Before: []int{}, After: []int{}}
	for range q.Capacity {
		p.Use = append(p.Use, make([]int64, p.Jobs))
	}
	for j, job := range q.Jobs {
		p.Latest += job.Duration
		p.Duration = append(p.Duration, job.Duration)
		for _, i := range job.After {
			p.Before, p.After = append(p.Before, i+1), append(p.After, j+1)
		}
		for _, u := range job.Uses {
			p.Use[u.Resource][j] = u.During
		}
	}
	p.Pairs = len(p.Before)
	return p
}
