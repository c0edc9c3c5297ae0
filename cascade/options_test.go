package cascade_test

import (
	"context"
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func TestOptionsThatCannotBe(t *testing.T) {
	for want, o := range map[string]cascade.Options{
		"serve: -1: give the fraction of every demand that is enough, from 0 to 1":  {Serve: -1},
		"serve: 1.5: give the fraction of every demand that is enough, from 0 to 1": {Serve: 1.5},
		"serve: NaN: give the fraction of every demand that is enough, from 0 to 1": {Serve: math.NaN()},
		"cases: -1: give from 1 to 100000000; 0 is as many":                         {Cases: -1},
		"cases: 100000001: give from 1 to 100000000; 0 is as many":                  {Cases: 100_000_001},
		"samples: -1: give from 1 to 1000000000000; 0 is a million":                 {Samples: -1},
		"samples: 1000000000001: give from 1 to 1000000000000; 0 is a million":      {Samples: 1e12 + 1},
		"worst: -1: give from 1 to 100000; 0 is ten":                                {Worst: -1},
		"worst: 100001: give from 1 to 100000; 0 is ten":                            {Worst: 100_001},
		"workers: -1: give how many; 0 is as many as there are cores":               {Workers: -1},
	} {
		s, err := cascade.Screen(context.Background(), town(), cascade.Family{}, o)
		require.EqualError(t, err, want)
		require.Nil(t, s)
	}
}

// Workers may be more than there are items.
func TestMoreWorkersThanItems(t *testing.T) {
	want := bytesOf(t, screen(t, town(), cascade.Each("board"), cascade.Options{Workers: 1}))
	for _, workers := range []int{9, math.MaxInt/4 + 1, math.MaxInt} {
		require.Equal(t, want, bytesOf(t, screen(t, town(), cascade.Each("board"), cascade.Options{Workers: workers})))
	}
}

// Shards may be more than there are items: those without any are done at once.
func TestMoreShardsThanItems(t *testing.T) {
	whole := screen(t, town(), cascade.Each("board"), cascade.Options{})
	var parts []*cascade.Screening
	for i := range 9 {
		parts = append(parts, readBack(t, shardOf(t, town(), cascade.Each("board"), cascade.Options{}, i, 9)))
	}
	all, err := cascade.Merge(parts...)
	require.NoError(t, err)
	require.Equal(t, bytesOf(t, whole), bytesOf(t, all))

	none := screen(t, town(), cascade.Only(), cascade.Options{})
	require.Zero(t, none.Run)
	require.Equal(t, cascade.Exact, none.Certainty)
	require.False(t, none.Holds())
	all, err = cascade.Merge(readBack(t, none), none)
	require.NoError(t, err)
	require.Equal(t, bytesOf(t, none), bytesOf(t, all))
}

// A family of too many sizes is refused before its scenarios are counted, which would take hours.
func TestTooManyGroups(t *testing.T) {
	if race {
		t.Skip("three million servers, and nothing runs beside anything")
	}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{{Name: "s-[1-3000000]", Kind: "server"}}}))
	for _, f := range []cascade.Family{
		cascade.UpTo(3_000_000, "server"),
		cascade.Product(cascade.UpTo(1_000, "server"), cascade.UpTo(101, "server")),
		cascade.Only(make([]cascade.Scenario, 100_001)...),
	} {
		_, err := cascade.NewPlan(fleet, f, cascade.Options{})
		require.ErrorContains(t, err, "there are more than 100000 groups of them: choose fewer at once, or a narrower pattern")
	}
}

// Numbers beyond those of a float64 are written all the same.
func TestVeryManyScenariosAreWritten(t *testing.T) {
	s := screen(t, pool(5_000, different(5_000)...), cascade.Any(2_000, "server"), cascade.Options{Samples: 1})
	require.Contains(t, s.String(), "of 3.073e+1459 scenarios")
}

// Progress rises to the end, and is told by one at a time.
func TestProgress(t *testing.T) {
	fleet := pool(5_000, different(60)...)
	for _, o := range []cascade.Options{{}, {Workers: 1}, {Workers: 8}} {
		var told []cascade.Progress
		var busy atomic.Bool
		o.Progress = func(p cascade.Progress) {
			require.False(t, busy.Swap(true), "at once")
			told = append(told, p)
			time.Sleep(time.Millisecond)
			busy.Store(false)
		}
		s := screen(t, fleet, cascade.Any(4, "server"), o)
		for i, p := range told {
			require.Equal(t, float64(s.Run), p.Total)
			require.LessOrEqual(t, p.Done, p.Total)
			if i > 0 {
				require.GreaterOrEqual(t, p.Done, told[i-1].Done)
				require.GreaterOrEqual(t, p.Elapsed, told[i-1].Elapsed)
			}
		}
		require.GreaterOrEqual(t, len(told), 2)
		require.Equal(t, float64(s.Run), told[len(told)-1].Done)
		require.Zero(t, told[len(told)-1].Left)
	}
}

// Where a context ends, work ends, also between the items of a long list.
func TestCancelIsPrompt(t *testing.T) {
	for name, f := range map[string]cascade.Family{"listed": cascade.Any(4, "server"), "sampled": cascade.Any(50, "server")} {
		ctx, cancel := context.WithCancel(context.Background())
		var at time.Time
		time.AfterFunc(30*time.Millisecond, func() { at = time.Now(); cancel() })
		s, err := cascade.Screen(ctx, pool(9_000, different(200)...), f, cascade.Options{Samples: 1e9})
		require.ErrorIs(t, err, context.Canceled)
		require.Less(t, time.Since(at), time.Second, name)
		require.Positive(t, s.Run)
		require.Equal(t, s.Run, s.Holding.Int64()+s.Failing.Int64())
		readBack(t, s)
	}
}

// spent returns the allocations of a screening.
func spent(t *testing.T, j job) (objects, size uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	j.shard(t, 0, 1, 1)
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc
}

// No item has memory of its own, but for counts that a word does not hold: twice as many take hardly more.
func TestItemsTakeNoMemory(t *testing.T) {
	if race {
		t.Skip("counts differ")
	}
	steep := pool(30_000, different(600)...)
	for _, c := range []struct {
		name       string
		once, more job
	}{
		{"listed", job{fleet: steep, family: cascade.Any(2, "s-[1-316]")}, job{fleet: steep, family: cascade.Any(2, "s-[1-450]")}},
		{"pairs", job{fleet: steep, family: cascade.Any(2, "s-[1-316]"), options: cascade.Options{Worst: 1}}, job{fleet: steep, family: cascade.Any(2, "s-[1-450]"), options: cascade.Options{Worst: 1}}},
		{"sampled", job{fleet: steep, family: cascade.Any(30, "server"), options: cascade.Options{Samples: 50_000}}, job{fleet: steep, family: cascade.Any(30, "server"), options: cascade.Options{Samples: 100_000}}},
	} {
		onceObjects, onceSize := spent(t, c.once)
		moreObjects, moreSize := spent(t, c.more)
		t.Logf("%s: %d objects, %d bytes; twice as many %d objects, %d bytes", c.name, onceObjects, onceSize, moreObjects, moreSize)
		require.Less(t, moreObjects, onceObjects+1_000, c.name)
		require.Less(t, moreSize, onceSize+200_000, c.name)
	}
}
