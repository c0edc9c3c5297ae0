package restart

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
	"github.com/ridethrough/ridethrough/topology"
)

// A timetable says when to power on what is to start, so that the last of it is ready as early as can be: boots are jobs that
// share the capacities of what they draw on, and the limits on how many boot at once.
type timetable struct {
	*compass
	ids     []topology.ID // the jobs
	place   []int         // by ID: which job it is; -1: none
	problem schedule.Problem
}

// An amount is what a job takes of a resource: while it boots, and after that.
type amount struct {
	job             int
	during, forGood float64
}

// newTimetable makes jobs of components that are down. Likely is what is drawn once all of them are up, and which members
// of "any k of n" are ready first; else whatever a plan does draws as much, and waits for it: then no plan finishes before the jobs do.
func (c *compass) newTimetable(ids []topology.ID, likely bool) *timetable {
	s := &timetable{compass: c, ids: ids, place: slices.Repeat([]int{-1}, c.t.Len())}
	for j, id := range ids {
		s.place[id] = j
	}
	for _, id := range ids {
		job := schedule.Job{Duration: int64(c.bootTime[id]), Release: int64(c.from[id])}
		for i := range c.linksOf[id] {
			job.After = append(job.After, s.waitsFor(&c.linksOf[id][i], likely)...)
		}
		slices.Sort(job.After)
		job.After = slices.Compact(job.After)
		s.problem.Jobs = append(s.problem.Jobs, job)
	}
	s.limit()
	s.supply(likely)
	return s
}

// waitsFor returns the jobs that have to have ended for a link.
func (s *timetable) waitsFor(l *topology.Link, likely bool) []int {
	need := l.Need
	var dead []topology.ID
	for _, m := range l.Members {
		switch {
		case s.status[m] != topology.Down:
			need--
		case s.soon[m] >= 0:
			dead = append(dead, m)
		}
	}
	if need <= 0 || need < len(dead) && !likely {
		return nil
	}
	slices.SortStableFunc(dead, func(a, b topology.ID) int { return int(max(-1, min(1, s.soon[a]-s.soon[b]))) })
	var jobs []int
	for _, m := range dead[:min(need, len(dead))] {
		if s.place[m] >= 0 {
			jobs = append(jobs, s.place[m])
		}
	}
	return jobs
}

// limit makes each limit on how many boot at once a resource.
func (s *timetable) limit() {
	for _, l := range s.limits {
		var uses []amount
		for _, id := range l.ids {
			if j := s.place[id]; j >= 0 && s.bootTime[id] > 0 {
				uses = append(uses, amount{j, 1, 0})
			}
		}
		s.share(float64(l.most), uses)
	}
}

// supply makes each capacity that is drawn on a resource.
func (s *timetable) supply(likely bool) {
	r := s.leastDraws(s.rotates)
	if likely {
		up := *s.fleet
		up.status = slices.Clone(s.status)
		for _, id := range s.ids {
			up.status[id] = topology.Up
		}
		r = up.leastDraws(nil)
	}
	n := s.t.Len() + len(s.t.Pools())
	room, uses := make([]float64, n), make([][]amount, n)
	for on := range room {
		room[on] = r.capacity(topology.ID(on))
	}
	for id := range topology.ID(s.t.Len()) {
		if s.status[id] == topology.Down && s.place[id] < 0 {
			continue
		}
		for _, d := range r.draws(s.linksOf[id]) {
			if s.status[id] == topology.Down {
				uses[d.on] = append(uses[d.on], amount{s.place[id], d.boot, d.run})
			} else {
				room[d.on] -= d.run
			}
		}
	}
	for on, uses := range uses {
		s.share(room[on]+float64(r.capacity(topology.ID(on))*topology.Tolerance), uses)
	}
}

// share adds a resource, in whole numbers: what is there is never less than it is, and what is taken never more.
func (s *timetable) share(room float64, uses []amount) {
	most := 0.
	for _, u := range uses {
		most += u.during
	}
	if most <= room || math.IsInf(room, 1) {
		return // there is enough for all of them together
	}
	const digits = 36 // so that sums of a million stay below 2^57
	_, exponent := math.Frexp(max(room, 0))
	whole := func(x float64) int64 { return int64(min(math.Ldexp(x, digits-exponent), 1<<(digits+1))) }
	r := len(s.problem.Capacity)
	s.problem.Capacity = append(s.problem.Capacity, whole(max(room, 0)))
	for _, u := range uses {
		use := schedule.Use{Resource: r, During: whole(u.during), Then: whole(u.forGood)}
		if use.During > 0 {
			s.problem.Jobs[u.job].Uses = append(s.problem.Jobs[u.job].Uses, use)
		}
	}
}
