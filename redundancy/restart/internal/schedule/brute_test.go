package schedule

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// draw draws a small problem, with everything a problem may have; some have no schedule.
func draw(r *rand.Rand, jobs int, longest int64) Problem {
	var p Problem
	for range 1 + r.IntN(3) {
		p.Capacity = append(p.Capacity, 1+r.Int64N(8))
	}
	keeps, scale := r.IntN(3), 1+r.Int64N(2)
	for j := range jobs {
		job := Job{Duration: scale * r.Int64N(longest+1)}
		if r.IntN(3) == 0 {
			job.Release = scale * r.Int64N(longest+1)
		}
		for i := range j {
			if r.IntN(jobs+1) == 0 {
				job.After = append(job.After, i)
			}
		}
		if r.IntN(40) == 0 && job.Duration > 0 { // a circle of jobs that take no time is none to Check
			job.After = append(job.After, r.IntN(jobs))
		}
		for k, c := range p.Capacity {
			if r.IntN(5) == 0 {
				continue
			}
			u := Use{Resource: k, During: r.Int64N(min(c, 6) + 1)}
			if r.IntN(40) == 0 {
				u.During += c
			}
			if keeps > 0 && r.IntN(keeps+1) > 0 {
				u.Then = r.Int64N(1 + min(u.During, max(1, 2*c/int64(jobs))))
			}
			job.Uses = append(job.Uses, u)
		}
		p.Jobs = append(p.Jobs, job)
	}
	shuffled := Problem{Capacity: p.Capacity, Jobs: make([]Job, jobs)}
	name := r.Perm(jobs)
	for j, job := range p.Jobs {
		for i := range job.After {
			job.After[i] = name[job.After[i]]
		}
		shuffled.Jobs[name[j]] = job
	}
	return shuffled
}

// enumerate returns the earliest finish by trying all starts up to the horizon; -1 if there is none.
func enumerate(p Problem) int64 {
	last := int64(0)
	for _, job := range p.Jobs {
		last = max(last, job.Release)
	}
	for _, job := range p.Jobs {
		last += job.Duration
	}
	best, start := int64(-1), make([]int64, len(p.Jobs))
	var try func(j int)
	try = func(j int) {
		if j == len(p.Jobs) {
			if end := p.finish(start); (best < 0 || end < best) && Check(p, start) == nil {
				best = end
			}
			return
		}
		for s := p.Jobs[j].Release; s+p.Jobs[j].Duration <= last && (best < 0 || s+p.Jobs[j].Duration < best); s++ {
			start[j] = s
			try(j + 1)
		}
	}
	try(0)
	return best
}

// permute returns the earliest finish of all orders in which jobs can be placed one after another, each as early as it fits;
// -1 if there is none. Where jobs keep no more than they take, one of these is the best of all schedules: in the order of
// their starts each job fits where it was.
func permute(p Problem) int64 {
	best, start, placed := int64(-1), make([]int64, len(p.Jobs)), make([]bool, len(p.Jobs))
	horizon := int64(0)
	for _, job := range p.Jobs {
		horizon = max(horizon, job.Release)
	}
	for _, job := range p.Jobs {
		horizon += job.Duration
	}
	level := make([][]int64, len(p.Capacity)) // by time
	for r := range level {
		level[r] = make([]int64, horizon+1)
	}
	fits := func(job Job, s int64) bool {
		for _, u := range job.Uses {
			for t := s; t <= horizon; t++ {
				need := u.Then
				if t < s+job.Duration {
					need = u.During
				}
				if need > 0 && level[u.Resource][t]+need > p.Capacity[u.Resource] {
					return false
				}
			}
		}
		return true
	}
	add := func(job Job, s, sign int64) {
		for _, u := range job.Uses {
			for t := s; t <= horizon; t++ {
				need := u.Then
				if t < s+job.Duration {
					need = u.During
				}
				level[u.Resource][t] += sign * need
			}
		}
	}
	var try func(n int, end int64)
	try = func(n int, end int64) {
		if best >= 0 && end >= best {
			return
		}
		if n == len(p.Jobs) {
			best = end
			return
		}
	jobs:
		for j, job := range p.Jobs {
			if placed[j] {
				continue
			}
			s := job.Release
			for _, i := range job.After {
				if !placed[i] {
					continue jobs
				}
				s = max(s, start[i]+p.Jobs[i].Duration)
			}
			for s <= horizon && !fits(job, s) {
				s++
			}
			if s > horizon || s+job.Duration > horizon {
				continue
			}
			start[j], placed[j] = s, true
			add(job, s, 1)
			try(n+1, max(end, s+job.Duration))
			add(job, s, -1)
			placed[j] = false
		}
	}
	try(0, 0)
	return best
}

func TestSolveSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	infeasible, proven, tight := 0, 0, 0
	for n := range scaled(6000) {
		p := draw(r, 1+r.IntN(4), 3)
		if n%3 == 0 {
			p = draw(r, 1+r.IntN(6), 5)
		}
		want := permute(p)
		if horizon := int64(0); n%3 != 0 {
			for _, job := range p.Jobs {
				horizon += job.Duration + job.Release
			}
			if horizon < 14 {
				require.Equal(t, enumerate(p), want, "case %d: %+v", n, p)
			}
		}
		got, err := Solve(context.Background(), p, small)
		require.NoError(t, err)
		if want < 0 {
			infeasible++
			require.True(t, got.Infeasible && got.Proven && got.Start == nil, "case %d: %+v", n, p)
			requireStuck(t, p, got.Stuck)
			continue
		}
		require.False(t, got.Infeasible, "case %d: %+v", n, p)
		if got, err := Solve(context.Background(), p, Options{}); true { // one schedule, and the bounds
			require.NoError(t, err)
			require.NoError(t, Check(p, got.Start))
			require.LessOrEqual(t, got.Bound, want, "case %d: %+v", n, p)
			require.GreaterOrEqual(t, got.Finish, want, "case %d: %+v", n, p)
		}
		if got, err := Solve(context.Background(), p, Options{Conflicts: small.Conflicts}); true { // the solver alone
			require.NoError(t, err)
			require.NoError(t, Check(p, got.Start))
			require.True(t, got.Proven, "case %d: %+v", n, p)
			require.Equal(t, want, got.Finish, "case %d: %+v", n, p)
		}
		require.NoError(t, Check(p, got.Start), "case %d: %+v", n, p)
		require.Equal(t, p.finish(got.Start), got.Finish)
		require.LessOrEqual(t, got.Bound, want, "case %d: %+v", n, p)
		require.GreaterOrEqual(t, got.Finish, want)
		require.Equal(t, got.Finish == got.Bound, got.Proven)
		if got.Proven {
			proven++
			require.Equal(t, want, got.Finish, "case %d: %+v", n, p)
		}
		if want > p.Path() {
			tight++
		}
	}
	t.Logf("%d infeasible, %d proven, %d above the critical path", infeasible, proven, tight)
}

// requireStuck checks that whichever of the jobs is started last of them does not fit.
func requireStuck(t *testing.T, p Problem, stuck []int) {
	t.Helper()
	require.NotEmpty(t, stuck)
	in := make(map[int]bool)
	for _, j := range stuck {
		in[j] = true
	}
	first := make(map[int]bool) // one of the stuck comes after it
	for _, j := range stuck {
		for _, i := range p.Jobs[j].After {
			first[i] = true
		}
	}
	for _, j := range stuck {
		fits := !first[j]
		for _, u := range p.Jobs[j].Uses {
			sum := u.During
			if p.Jobs[j].Duration == 0 {
				sum = u.Then
			}
			if sum == 0 {
				continue
			}
			for i := range in {
				if i != j {
					for _, v := range p.Jobs[i].Uses {
						if v.Resource == u.Resource {
							sum += v.Then
						}
					}
				}
			}
			fits = fits && sum <= p.Capacity[u.Resource]
		}
		require.False(t, fits, "job %d of %v, %+v", j, stuck, p)
	}
}

// scaled returns how many cases are drawn.
func scaled(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

var small = Options{Schedules: 50, Conflicts: 100_000}

// finish returns when the last job ends; 0 if there is none.
func (p *Problem) finish(start []int64) (end int64) {
	for j, s := range start {
		end = max(end, s+p.Jobs[j].Duration)
	}
	return end
}
