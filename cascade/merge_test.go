package cascade_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A job is a screening that is done in parts.
type job struct {
	name    string
	fleet   *topology.Topology
	family  cascade.Family
	options cascade.Options
}

// jobs are a list of all cases, one with probabilities, and one of samples.
func jobs() []job {
	uneven := slices.Concat(different(40), []float64{150, 150, 150, 150, 150})
	spec := pool(4_000, uneven...).Spec()
	for i := range spec.Components[1:] {
		spec.Components[i+1].Failing.Unavailability = 1 / float64(3+i%7)
	}
	frail := topology.Must(topology.New(spec))
	return []job{
		{"exhaustive", pool(5_000, uneven...), cascade.Join(cascade.UpTo(3, "server"), cascade.Only(cascade.Scenario{Load: 1.3}), cascade.Product(cascade.Each("s-[1-9]"), cascade.Each("server"))), cascade.Options{Worst: 7}},
		{"independent", frail, cascade.Independent("s-[1-8,41-45]"), cascade.Options{Serve: .9}},
		{"sampled", frail, cascade.Any(20, "server"), cascade.Options{Samples: 3_000, Seed: 5, Worst: 25}},
		{"holds", frail, cascade.Any(2, "server"), cascade.Options{OnlyHolds: true}},
	}
}

func bytesOf(t testing.TB, s *cascade.Screening) string {
	t.Helper()
	data, err := json.Marshal(s)
	require.NoError(t, err)
	return string(data)
}

// readBack returns a screening as another process would have it.
func readBack(t testing.TB, s *cascade.Screening) *cascade.Screening {
	t.Helper()
	var back cascade.Screening
	require.NoError(t, json.Unmarshal([]byte(bytesOf(t, s)), &back))
	require.Equal(t, bytesOf(t, s), bytesOf(t, &back))
	require.Equal(t, s.String(), back.String())
	return &back
}

func shardOf(t testing.TB, fleet *topology.Topology, f cascade.Family, o cascade.Options, i, of int) *cascade.Screening {
	plan, err := cascade.NewPlan(fleet, f, o)
	require.NoError(t, err)
	s, err := plan.Screen(context.Background(), i, of)
	require.NoError(t, err)
	return s
}

func (j job) shard(t testing.TB, i, of, workers int) *cascade.Screening {
	o := j.options
	o.Workers = workers
	return shardOf(t, j.fleet, j.family, o, i, of)
}

func TestWorkersChangeNothing(t *testing.T) {
	for _, j := range jobs() {
		want := bytesOf(t, j.shard(t, 0, 1, 1))
		for _, workers := range []int{2, 3, 16} {
			require.Equal(t, want, bytesOf(t, j.shard(t, 0, 1, workers)), j.name)
		}
	}
}

// Shards may be done anywhere, by any number of workers, twice, or again after they were killed; and put together in any
// order, some of them before others.
func TestShardsChangeNothing(t *testing.T) {
	for _, j := range jobs() {
		want := j.shard(t, 0, 1, 2)
		for _, shards := range []int{1, 7, 40} {
			r := rand.New(rand.NewPCG(uint64(shards), 12))
			var parts []*cascade.Screening
			for i := range shards {
				part := j.shard(t, i, shards, 1+r.IntN(3))
				if r.IntN(3) == 0 {
					again := j.shard(t, i, shards, 1+r.IntN(3))
					require.Equal(t, bytesOf(t, part), bytesOf(t, again))
					parts = append(parts, again)
				}
				parts = append(parts, readBack(t, part))
			}
			r.Shuffle(len(parts), func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
			all, err := cascade.Merge(parts...)
			require.NoError(t, err)
			require.Equal(t, bytesOf(t, want), bytesOf(t, all), j.name)
			require.Equal(t, want.String(), all.String())
			require.Equal(t, want.Holds(), all.Holds())
			require.Equal(t, bytesOf(t, want), bytesOf(t, inTree(t, r, parts)), j.name)
		}
	}
}

// inTree merges what is merged of some with what is merged of the others.
func inTree(t *testing.T, r *rand.Rand, parts []*cascade.Screening) *cascade.Screening {
	distinct := map[string]*cascade.Screening{}
	for _, part := range parts {
		distinct[bytesOf(t, part)] = part
	}
	if len(distinct) < len(parts) { // what is there twice is in one branch
		parts = nil
		for _, part := range distinct {
			parts = append(parts, part)
		}
		slices.SortFunc(parts, func(a, b *cascade.Screening) int { return strings.Compare(bytesOf(t, a), bytesOf(t, b)) })
		r.Shuffle(len(parts), func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
	}
	if len(parts) == 1 {
		return parts[0]
	}
	cut := 1 + r.IntN(len(parts)-1)
	all, err := cascade.Merge(inTree(t, r, parts[:cut]), inTree(t, r, parts[cut:]))
	if err != nil {
		var incomplete *cascade.Incomplete
		require.ErrorAs(t, err, &incomplete)
	}
	return readBack(t, all)
}

// A plan is made once, and its parts may be done at the same time.
func TestPlan(t *testing.T) {
	for _, j := range jobs() {
		plan, err := cascade.NewPlan(j.fleet, j.family, j.options)
		require.NoError(t, err)
		parts := make([]*cascade.Screening, 9)
		var done sync.WaitGroup
		for i := range parts {
			done.Go(func() { parts[i], _ = plan.Screen(context.Background(), i, len(parts)) })
		}
		done.Wait()
		for i, part := range parts {
			require.Equal(t, bytesOf(t, j.shard(t, i, 9, 1)), bytesOf(t, part))
			require.NoError(t, plan.Check(part))
			require.NoError(t, plan.Check(readBack(t, part)))
			require.Equal(t, []cascade.Span{cascade.Shard(plan.Items(), i, 9)}, part.Done())
			finer := cascade.Shard(plan.Items(), 5*i, 45)
			require.Equal(t, part.Done()[0].From, finer.From)
		}
		all, err := cascade.Merge(parts...)
		require.NoError(t, err)
		require.Equal(t, bytesOf(t, j.shard(t, 0, 1, 2)), bytesOf(t, all))
		require.Equal(t, []cascade.Span{{From: 0, To: plan.Items()}}, all.Done())
		require.Equal(t, plan.Items(), all.Items())
		require.EqualError(t, plan.Check(screen(t, j.fleet, cascade.Each("server"), j.options)), fmt.Sprintf(`it screens "each server", not %q`, j.family))
	}
	plan, err := cascade.NewPlan(town(), cascade.Each("board"), cascade.Options{})
	require.NoError(t, err)
	for want, shard := range map[string][2]int{
		"shard 3 of 3: shards are counted from 0": {3, 3}, "shard -1 of 3: shards are counted from 0": {-1, 3},
		"shard 0 of 0: shards are counted from 0": {0, 0}, "shard 0 of -3: shards are counted from 0": {0, -3},
	} {
		_, err = plan.Screen(context.Background(), shard[0], shard[1])
		require.EqualError(t, err, want)
	}
}

// A shard that was killed is known in part; what is missing is named, and done anew it is as if it had not been killed.
func TestKilledShards(t *testing.T) {
	for _, j := range jobs() {
		want := bytesOf(t, j.shard(t, 0, 1, 1))
		o := j.options
		ctx, cancel := context.WithCancel(context.Background())
		o.Workers = 2
		o.Progress = func(cascade.Progress) { cancel() }
		plan, err := cascade.NewPlan(j.fleet, j.family, o)
		require.NoError(t, err)
		killed, err := plan.Screen(ctx, 1, 3)
		cancel()
		require.ErrorIs(t, err, context.Canceled)
		parts := []*cascade.Screening{j.shard(t, 2, 3, 1), readBack(t, killed), j.shard(t, 0, 3, 2)}
		part, err := cascade.Merge(parts...)
		if killed.Run < j.shard(t, 1, 3, 1).Run {
			var incomplete *cascade.Incomplete
			require.ErrorAs(t, err, &incomplete)
			require.Equal(t, parts[0].Run+parts[1].Run+parts[2].Run, part.Run)
			missing := int64(0)
			for _, span := range incomplete.Missing {
				missing += span.To - span.From
				require.Contains(t, err.Error(), span.String())
			}
			require.Equal(t, incomplete.Items, part.Run+missing)
			require.False(t, part.Holds())
		}
		parts[1] = j.shard(t, 1, 3, 1)
		all, err := cascade.Merge(parts...)
		require.NoError(t, err)
		require.Equal(t, want, bytesOf(t, all), j.name)
	}
}

func TestMergeFaults(t *testing.T) {
	j := jobs()[2]
	part := func(change func(*job)) *cascade.Screening {
		other := j
		change(&other)
		return other.shard(t, 1, 3, 1)
	}
	first := j.shard(t, 0, 3, 1)
	for name, c := range map[string]struct {
		part *cascade.Screening
		want string
	}{
		"fleet":    {part(func(j *job) { j.fleet = pool(4_000, different(45)...) }), "merge: part 1 does not go with part 0: it is of another fleet: its hash is "},
		"family":   {part(func(j *job) { j.family = cascade.Any(21, "server") }), `merge: part 1 does not go with part 0: it screens "any 21 of server", not "any 20 of server"`},
		"question": {part(func(j *job) { j.options.OnlyHolds = true }), "merge: part 1 does not go with part 0: it asks what holds, not what collapses below 1"},
		"serve":    {part(func(j *job) { j.options.Serve = .5 }), "merge: part 1 does not go with part 0: it asks what collapses below 0.5, not what collapses below 1"},
		"seed":     {part(func(j *job) { j.options.Seed = 6 }), "merge: part 1 does not go with part 0: it is of 3000 samples of seed 6, not 3000 of seed 5"},
		"samples":  {part(func(j *job) { j.options.Samples = 6_000 }), "merge: part 1 does not go with part 0: it is of 6000 samples of seed 5, not 3000 of seed 5"},
		"kept":     {part(func(j *job) { j.options.Worst = 3 }), "merge: part 1 does not go with part 0: it keeps 3 cases, not 25"},
		"overlap":  {j.shard(t, 1, 4, 1), "merge: part 1 does not go with part 0: both have done items 750 to 999"},
		"nil":      {nil, "merge: part 1 is nil"},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := cascade.Merge(first, c.part)
			require.ErrorContains(t, err, c.want)
			require.Nil(t, all)
		})
	}
	_, err := cascade.Merge(nil, first)
	require.EqualError(t, err, "merge: part 0 is nil")
	_, err = cascade.Merge()
	require.EqualError(t, err, "merge: there are no parts")
	_, err = cascade.Merge(first, j.shard(t, 2, 3, 1))
	require.EqualError(t, err, "merge: of items 0 to 2999 are missing 1000 to 1999")
	_, err = cascade.Merge(j.shard(t, 1, 40, 1), j.shard(t, 5, 40, 1), j.shard(t, 7, 40, 1), j.shard(t, 9, 40, 1), j.shard(t, 11, 40, 1), j.shard(t, 13, 40, 1))
	require.EqualError(t, err, "merge: of items 0 to 2999 are missing 0 to 74, 150 to 374, 450 to 524, 600 to 674, 750 to 824, and 2 more")
}

// What was not written as it is is not read.
func TestScreeningsThatAreNotRead(t *testing.T) {
	for _, j := range jobs() {
		whole := bytesOf(t, j.shard(t, 1, 3, 1))
		var s cascade.Screening
		for i := range 40 {
			require.Error(t, json.Unmarshal([]byte(whole[:i*len(whole)/40]), &s))
		}
		for from, to := range map[string]string{
			`"version":1`: `"version":2`, `"run":`: `"run":1`, `"from":`: `"from":1`, `"holding":`: `"held":`, `"items":`: `"items":-`,
			`"scenarios":`: `"scenarios":null,"x":`, `"spans":[`: `"spans":[{"from":5,"to":4},`, `,"items":`: `,"items":9000000000000`,
		} {
			require.Contains(t, whole, from)
			err := json.Unmarshal([]byte(strings.Replace(whole, from, to, 1)), &s)
			require.Error(t, err, to)
			require.NotContains(t, err.Error(), "panic")
		}
	}
}

// No text makes reading, printing or merging panic.
func FuzzScreening(f *testing.F) {
	for _, j := range jobs() {
		f.Add([]byte(bytesOf(f, j.shard(f, 1, 50, 1))))
	}
	f.Add([]byte(`{"plan":{"version":1},"scenarios":1,"holding":1,"failing":0,"unasked":0,"run":1,"items":1,"spans":[{"from":0,"to":1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s cascade.Screening
		if json.Unmarshal(data, &s) != nil {
			return
		}
		_ = fmt.Sprint(&s, s.Holds())
		_, err := json.Marshal(&s)
		require.NoError(t, err)
		all, err := cascade.Merge(&s, &s)
		if err == nil {
			_ = all.String()
		}
	})
}
