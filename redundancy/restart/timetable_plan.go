package restart

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
	"github.com/ridethrough/ridethrough/topology"
)

// Of a timetable:
const (
	efforts   = 1000       // schedules, if the options do not say
	conflicts = 6000       // for each schedule, of one job: the more jobs there are, the longer each takes
	maxJobs   = 20_000     // of more there is none
	maxPlaced = 20_000_000 // jobs in all schedules
)

// timetables are how users are served while a timetable is kept.
var timetables = []policy{{first: hold, lately: true}, {first: boot}, {first: serve}}

// A booking is what cannot all be ready before a time.
type booking struct {
	ids []topology.ID
	end time.Duration
}

// keepTimetable makes journeys that power on each of these components not before the time that the best timetable says.
func (x *explorer) keepTimetable(ctx context.Context, ids []topology.ID, effort int) error {
	if len(ids) == 0 || len(ids) > maxJobs {
		return nil
	}
	start, bound := x.schedule(ctx, ids, min(cmp.Or(effort, efforts), maxPlaced/len(ids)))
	if bound > 0 {
		x.bounds.booked = append(x.bounds.booked, booking{ids, bound})
	}
	if start == nil {
		return ctx.Err()
	}
	late := x.delayed(ids, start)
	defer func() { x.work = late.work }()
	for _, policy := range timetables {
		if x.take(late.journeyBy(context.WithoutCancel(ctx), x.like, policy, &x.known)); ctx.Err() != nil {
			break
		}
	}
	return ctx.Err()
}

// schedule looks for the earliest finish, and returns when to power on what then, nil if not all of it can be started together, and a
// time before which no plan has all of it ready.
func (c *compass) schedule(ctx context.Context, ids []topology.ID, effort int) (start []int64, bound time.Duration) {
	o := schedule.Options{Schedules: effort, Conflicts: effort * conflicts / len(ids)}
	surely, likely := c.newTimetable(ids, false).problem, c.newTimetable(ids, true).problem
	r, err := schedule.Solve(ctx, surely, o)
	if r.Start == nil && err != nil || r.Infeasible {
		return nil, 0
	}
	start, bound = r.Start, time.Duration(r.Bound)
	if !reflect.DeepEqual(surely, likely) {
		if r, _ = schedule.Solve(ctx, likely, o); r.Start != nil {
			start = r.Start
		}
	}
	return start, bound
}

// delayed returns the compass of a fleet of which nothing can be started before a time.
func (c *compass) delayed(ids []topology.ID, start []int64) *compass {
	f, with := *c.fleet, *c
	f.back, f.from = slices.Clone(f.back), slices.Clone(f.from)
	for j, id := range ids {
		if !c.source[id] {
			f.back[id], f.from[id] = time.Duration(start[j]), time.Duration(start[j])
		}
	}
	with.fleet, with.uneven = &f, true
	return &with
}
