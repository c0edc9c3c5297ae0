package schedule

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFaults(t *testing.T) {
	for name, p := range map[string]Problem{
		"capacity":      {Capacity: []int64{-1}},
		"duration":      {Jobs: []Job{{Duration: -1}}},
		"release":       {Jobs: []Job{{Release: -1}}},
		"after":         {Jobs: []Job{{After: []int{1}}}},
		"resource":      {Jobs: []Job{{Uses: []Use{{Resource: 0}}}}},
		"twice":         {Capacity: []int64{1}, Jobs: []Job{{Uses: []Use{{During: 1}, {During: 1}}}}},
		"negative use":  {Capacity: []int64{1}, Jobs: []Job{{Uses: []Use{{During: -1, Then: -1}}}}},
		"keeps more":    {Capacity: []int64{9}, Jobs: []Job{{Uses: []Use{{During: 1, Then: 2}}}}},
		"long":          {Jobs: []Job{{Duration: math.MaxInt64}, {Duration: math.MaxInt64}}},
		"late":          {Jobs: []Job{{Release: math.MaxInt64}}},
		"much":          {Capacity: []int64{1}, Jobs: []Job{{Uses: []Use{{During: math.MaxInt64}}}}},
		"all of it":     {Capacity: []int64{math.MaxInt64}},
		"sum":           {Jobs: []Job{{Duration: limit - 1}, {Release: limit - 1}}},
		"sum of amount": {Capacity: []int64{1}, Jobs: []Job{{Uses: []Use{{During: limit - 1}}}, {Uses: []Use{{During: 1}}}}},
	} {
		_, err := Solve(context.Background(), p, small)
		require.Error(t, err, name)
	}
}

func TestEdges(t *testing.T) {
	solve := func(p Problem) Result {
		r, err := Solve(context.Background(), p, small)
		require.NoError(t, err)
		require.True(t, r.Proven)
		if !r.Infeasible {
			require.NoError(t, Check(p, r.Start))
		}
		return r
	}
	require.Zero(t, solve(Problem{}).Finish)
	require.Zero(t, solve(Problem{Jobs: []Job{{}}}).Finish)
	require.Equal(t, []int{0}, solve(Problem{Jobs: []Job{{After: []int{0}}}}).Stuck)
	require.Equal(t, []int{0, 1}, solve(Problem{Jobs: []Job{{After: []int{1}}, {After: []int{0}}, {Duration: 1}}}).Stuck)
	require.Equal(t, []int{1}, solve(Problem{Capacity: []int64{1}, Jobs: []Job{{}, {Duration: 1, Uses: []Use{{During: 2}}}}}).Stuck)

	// Two of 3 and 2 kept, of 7: with the peaks of 5 and 4 the greater peak has to come first.
	first := Job{Duration: 4, Uses: []Use{{During: 7, Then: 3}}}
	second := Job{Duration: 3, Uses: []Use{{During: 4, Then: 2}}}
	r := solve(Problem{Capacity: []int64{7}, Jobs: []Job{second, first}})
	require.Equal(t, []int64{4, 0}, r.Start)
	require.True(t, solve(Problem{Capacity: []int64{6}, Jobs: []Job{second, first}}).Infeasible)

	// Numbers of nanoseconds and milliwatts, up to the limit.
	const long = int64(limit / 8)
	var p Problem
	p.Capacity = []int64{limit - 1}
	for j := range int64(5) {
		p.Jobs = append(p.Jobs, Job{Duration: long - j, Uses: []Use{{During: limit / 6, Then: limit / 7}}})
	}
	p.Capacity[0] = limit / 6 * 5
	require.Equal(t, 1*long, solve(p).Finish)
	p.Capacity[0] = limit/7*4 + limit/6
	require.Less(t, long, solve(p).Finish)
}

// Many jobs of one kind: 20 of what is taken beside each other, less and less as more is kept.
func TestFleet(t *testing.T) {
	p := Problem{Capacity: []int64{3000, 40}}
	for range 1000 {
		p.Jobs = append(p.Jobs, Job{Duration: 60, Uses: []Use{{0, 20, 2}, {1, 1, 0}}})
	}
	from := time.Now()
	r, err := Solve(context.Background(), p, Options{Schedules: 5, Conflicts: 20})
	require.NoError(t, err)
	require.NoError(t, Check(p, r.Start))
	t.Logf("finish %d, bound %d, %v", r.Finish, r.Bound, time.Since(from))
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := Problem{Capacity: []int64{1}}
	for range 50 {
		p.Jobs = append(p.Jobs, Job{Duration: 3, Uses: []Use{{During: 1}}}, Job{Duration: 2})
	}
	r, err := Solve(ctx, p, Options{Schedules: 1000, Conflicts: 1000})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, Check(p, r.Start))
	require.LessOrEqual(t, r.Schedules, 1)
}

// Many jobs are left when the time is over, whatever is being done then.
func TestTime(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	p := Problem{Capacity: []int64{4000, 30}}
	for j := range scaled(2000) {
		job := Job{Duration: 1 + r.Int64N(1e9), Release: r.Int64N(1e9), Uses: []Use{{0, 10 + r.Int64N(200), r.Int64N(3)}, {1, r.Int64N(9), 0}}}
		if j > 0 && r.IntN(2) == 0 {
			job.After = []int{r.IntN(j)}
		}
		p.Jobs = append(p.Jobs, job)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	from := time.Now()
	got, err := Solve(ctx, p, Options{Schedules: 10, Conflicts: 1e9})
	require.Less(t, time.Since(from), 10*time.Second)
	if !got.Proven {
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
	require.NoError(t, Check(p, got.Start))
	t.Logf("%d schedules, %d conflicts, finish %d, bound %d, %v", got.Schedules, got.Conflicts, got.Finish, got.Bound, time.Since(from))
}
