package schedule

import (
	"errors"
	"fmt"
	"math"
)

// A Problem is jobs, named by their place in Jobs, and how much there is of each resource. Times and amounts are whole numbers
// of any unit.
type Problem struct {
	Capacity []int64
	Jobs     []Job
}

// A Job runs in [start, start+Duration), for a Duration of 0 in no instant at all; then it takes only what it keeps.
type Job struct {
	Duration int64
	Release  int64 // it does not start before
	After    []int // the jobs that have to have ended, at the latest when it starts; in a circle none starts
	Uses     []Use // of each resource at most one
}

// A Use is what a job takes of a resource: During while it runs, Then from its end on. Then is at most During; whoever takes
// more after the end than before counts it from the start.
type Use struct {
	Resource     int
	During, Then int64
}

// limit is what sums of durations and of amounts stay below, so that sums of a few of them do not overflow.
const limit = math.MaxInt64 / 64

// validate returns all that is wrong with a problem, joined.
func (p *Problem) validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for r, c := range p.Capacity {
		if c < 0 || c >= limit {
			fault("schedule: capacity %d of resource %d is not in [0, %d)", c, r, int64(limit))
		}
	}
	taken, time := make([]int64, len(p.Capacity)), int64(0)
	add := func(sum *int64, n int64, what string, j int) {
		switch {
		case n < 0:
			fault("schedule: %s of job %d is negative: %d", what, j, n)
		case n >= limit-*sum:
			fault("schedule: with %s of job %d the sum is %d or more", what, j, int64(limit))
		default:
			*sum += n
		}
	}
	last := int64(0)
	for j := range p.Jobs {
		job := &p.Jobs[j]
		add(&time, job.Duration, "the duration", j)
		var release int64
		if add(&release, job.Release, "the release", j); release > last {
			last = release
		}
		for _, i := range job.After {
			if i < 0 || i >= len(p.Jobs) {
				fault("schedule: job %d comes after job %d of %d", j, i, len(p.Jobs))
			}
		}
		used := make(map[int]bool, len(job.Uses))
		for _, u := range job.Uses {
			if u.Resource < 0 || u.Resource >= len(p.Capacity) {
				fault("schedule: job %d uses resource %d of %d", j, u.Resource, len(p.Capacity))
				continue
			}
			if used[u.Resource] {
				fault("schedule: job %d uses resource %d twice", j, u.Resource)
			}
			used[u.Resource] = true
			add(&taken[u.Resource], u.During, "the use", j)
			if u.Then < 0 || u.Then > u.During {
				fault("schedule: job %d keeps %d of the %d it takes of resource %d", j, u.Then, u.During, u.Resource)
			}
		}
	}
	if time >= limit-last {
		fault("schedule: the durations and the last release sum up to %d or more", int64(limit))
	}
	return errors.Join(faults...)
}

// Check returns what forbids to start jobs at these times; nil if nothing does. O(n²) for each resource.
func Check(p Problem, start []int64) error {
	if len(start) != len(p.Jobs) {
		return fmt.Errorf("schedule: %d starts of %d jobs", len(start), len(p.Jobs))
	}
	for j, job := range p.Jobs {
		if start[j] < job.Release {
			return fmt.Errorf("schedule: job %d starts at %d, before its release at %d", j, start[j], job.Release)
		}
		for _, i := range job.After {
			if start[j] < start[i]+p.Jobs[i].Duration {
				return fmt.Errorf("schedule: job %d starts at %d, before job %d has ended", j, start[j], i)
			}
		}
		// What is taken grows only where a job starts.
		for r, c := range p.Capacity {
			if sum := p.taken(r, start, start[j]); sum > c {
				return fmt.Errorf("schedule: at %d jobs take %d of resource %d, of which there is %d", start[j], sum, r, c)
			}
		}
	}
	return nil
}

// taken returns what is taken of a resource at an instant.
func (p *Problem) taken(r int, start []int64, at int64) (sum int64) {
	for j, job := range p.Jobs {
		for _, u := range job.Uses {
			switch {
			case u.Resource != r || at < start[j]:
			case at < start[j]+job.Duration:
				sum += u.During
			default:
				sum += u.Then
			}
		}
	}
	return sum
}

// Path returns the length of the critical path: the longest chain of jobs, whatever they use. 0 if the problem is not valid or
// some of it is stuck.
func (p *Problem) Path() int64 {
	if p.validate() != nil {
		return 0
	}
	q, _ := compile(p)
	if q == nil {
		return 0
	}
	return q.chain() * q.unit
}
