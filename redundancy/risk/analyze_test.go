package risk

import (
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A world is a small fleet in all of its states: which of what may fail has failed, as bits, and whether the top is down.
type world struct {
	f    *topology.Topology
	may  []topology.ID
	down []bool
}

func newWorld(f *topology.Topology, top topology.ID, may []topology.ID) *world {
	w := &world{f: f, may: may}
	for state := range 1 << len(may) {
		w.down = append(w.down, naiveClosure(f, w.ids(state)...)[top])
	}
	return w
}

func (w *world) ids(state int) []topology.ID {
	var ids []topology.ID
	for i, id := range w.may {
		if state>>i&1 == 1 {
			ids = append(ids, id)
		}
	}
	return ids
}

func (w *world) group(ids []topology.ID) Group {
	g := Group{Probability: 1}
	for _, id := range ids {
		g.Components = append(g.Components, w.f.Name(id))
		g.Probability *= w.f.Unavailability(id)
	}
	return g
}

// minimal returns the states in which the top is down, and is not with any one component less.
func (w *world) minimal() []int {
	var all []int
	for state, down := range w.down {
		for i := range w.may {
			down = down && (state>>i&1 == 0 || !w.down[state&^(1<<i)])
		}
		if down {
			all = append(all, state)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return len(w.ids(a)) - len(w.ids(b)) })
	return all
}

// chance sums the probabilities of the states in which the top is down.
func (w *world) chance(q []float64) float64 {
	sum := 0.0
	for state, down := range w.down {
		if !down {
			continue
		}
		p := 1.0
		for i := range w.may {
			if state>>i&1 == 1 {
				p *= q[i]
			} else {
				p *= 1 - q[i]
			}
		}
		sum += p
	}
	return sum
}

func with(q []float64, i int, x float64) []float64 {
	q = slices.Clone(q)
	q[i] = x
	return q
}

// rated gives components chances: some an unavailability, some an MTBF, some none.
func rated(r *rand.Rand, all []topology.Component) {
	for i := range all {
		switch r.IntN(4) {
		case 0:
			all[i].Failing.Unavailability = r.Float64()
		case 1:
			all[i].Failing.Unavailability = math.Pow(10, -6*r.Float64())
		case 2:
			all[i].Failing = topology.Failing{MTBF: time.Duration(1+r.IntN(1000)) * time.Hour, MTTR: time.Duration(1+r.IntN(50)) * time.Hour}
		}
		if r.IntN(4) == 0 {
			all[i].Failing.OnDemand = r.Float64()
		}
	}
}

func TestAnalyzeTwin(t *testing.T) {
	groups := 0
	for seed := range uint64(6000) {
		r := rand.New(rand.NewPCG(seed, 11))
		all := random(r)
		rated(r, all)
		f, err := topology.New(topology.Spec{Components: all})
		if err != nil {
			continue
		}
		var may []topology.ID
		var names topology.Names
		for id := range topology.ID(f.Len()) {
			if r.IntN(6) > 0 || id == 0 {
				may, names = append(may, id), append(names, f.Name(id))
			}
		}
		top := topology.ID(r.IntN(f.Len()))
		a, err := Analyze(t.Context(), f, f.Name(top), Options{Failing: names})
		require.NoError(t, err)
		w := newWorld(f, top, may)
		groups += checkGroups(t, w, a)
		checkFigures(t, w, a)
	}
	require.Greater(t, groups, 5000)
}

// checkGroups holds the groups against all states, and returns how many there are.
func checkGroups(t *testing.T, w *world, a *Analysis) int {
	want := map[string]float64{}
	sizes := map[int]int64{}
	for _, state := range w.minimal() {
		g := w.group(w.ids(state))
		want[g.String()] = g.Probability
		sizes[len(g.Components)]++
	}
	got := map[string]float64{}
	last := 0
	for g := range a.Groups() {
		require.GreaterOrEqual(t, len(g.Components), last)
		last = len(g.Components)
		got[g.String()] = g.Probability
	}
	require.Equal(t, want, got)
	for size, n := range a.Count {
		require.Zero(t, big.NewInt(sizes[size]).Cmp(n), "size %d: %v", size, n)
	}
	before := math.Inf(1)
	for _, g := range a.Likeliest(1 << 20) {
		require.LessOrEqual(t, g.Probability, before*(1+1e-12))
		before = g.Probability
		delete(want, g.String())
	}
	for g, p := range want {
		require.Zero(t, p, "%s is not among the likeliest", g)
	}
	return len(got)
}

func checkFigures(t *testing.T, w *world, a *Analysis) {
	q, still := make([]float64, len(w.may)), make([]float64, len(w.may))
	perHour, none, sum := 0.0, 1.0, 0.0
	contains := make([]float64, len(w.may))
	for i, id := range w.may {
		q[i] = w.f.Unavailability(id)
		still[i] = q[i]
	}
	for _, state := range w.minimal() {
		p := 1.0
		for i := range w.may {
			if state>>i&1 == 1 {
				p *= q[i]
			}
		}
		none, sum = none*(1-p), sum+p
		for rest := uint(state); rest != 0; rest &= rest - 1 {
			contains[bits.TrailingZeros(rest)] += p
		}
	}
	total := w.chance(q)
	near(t, total, a.Unavailability.Low)
	near(t, total, a.Unavailability.High)
	near(t, sum, a.RareEvents)
	near(t, 1-none, a.MinCut)
	half := slices.Repeat([]float64{.5}, len(q))
	found := map[string]Importance{}
	for _, i := range a.Importance() {
		found[i.Component] = i
	}
	for i, id := range w.may {
		failed, never := w.chance(with(q, i, 1)), w.chance(with(q, i, 0))
		if f := w.f.Component(id).Failing; f.MTBF > 0 {
			perHour += (1 - f.OnDemand) * (failed - never) / (f.MTBF + f.MTTR).Hours()
			still[i] = f.OnDemand
		}
		m, ok := found[w.f.Name(id)]
		structural := w.chance(with(half, i, 1)) - w.chance(with(half, i, 0))
		require.Equal(t, structural > 0, ok)
		if !ok {
			continue
		}
		near(t, q[i], m.Q)
		near(t, structural, m.Structural)
		near(t, failed-never, m.Birnbaum)
		if total == 0 {
			require.Zero(t, m.Criticality+m.FussellVesely+m.RAW+m.RRW)
			continue
		}
		near(t, q[i]*(failed-never)/total, m.Criticality)
		near(t, contains[i]/sum, m.FussellVesely)
		near(t, failed/total, m.RAW)
		if never == 0 {
			require.Zero(t, m.RRW)
		} else {
			near(t, total/never, m.RRW)
		}
	}
	near(t, perHour*8766, a.Frequency)
	if perHour > 0 {
		want := min((total-w.chance(still))/perHour, time.Duration(math.MaxInt64).Hours())
		require.InDelta(t, want, a.Lasts.Hours(), 1e-9*want+1e-13+1e-13*total/perHour, "a difference of probabilities")
	}
}

// near compares to 1e-9 of the value, or 1e-13 where differences of probabilities leave no more.
func near(t *testing.T, want, got float64) {
	t.Helper()
	require.InDelta(t, want, got, 1e-9*math.Abs(want)+1e-13)
}

// Where not all can be had, all groups up to a size are right, and the bounds hold.
func TestAnalyzeUpToTwin(t *testing.T) {
	bounded, open := 0, 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 17))
		all := random(r)
		rated(r, all)
		f, err := topology.New(topology.Spec{Components: all})
		if err != nil {
			continue
		}
		top := topology.ID(r.IntN(f.Len()))
		o := Options{Size: 1 + r.IntN(3)}
		if r.IntN(3) == 0 {
			o = Options{Nodes: 2 + r.IntN(12)}
		}
		a, err := Analyze(t.Context(), f, f.Name(top), o)
		if err != nil {
			require.ErrorContains(t, err, "nodes")
			continue
		}
		may, _ := selected(f, nil)
		w := newWorld(f, top, may)
		if o.Size > 0 && a.UpTo == 0 { // there are no larger ones
			require.LessOrEqual(t, len(a.Count), o.Size+1)
		}
		if a.UpTo > 0 {
			checkUpTo(t, w, a)
			bounded++
		} else {
			checkGroups(t, w, a)
		}
		q := make([]float64, len(may))
		for i, id := range may {
			q[i] = f.Unavailability(id)
		}
		down := w.chance(q)
		require.LessOrEqual(t, a.Unavailability.Low, down*(1+1e-9))
		require.GreaterOrEqual(t, a.Unavailability.High, down*(1-1e-9))
		if a.Unavailability.Low < down*.99 {
			open++
		}
	}
	require.Greater(t, bounded, 30)
	require.Positive(t, open)
}

func checkUpTo(t *testing.T, w *world, a *Analysis) {
	var want, got []string
	for _, state := range w.minimal() {
		if ids := w.ids(state); len(ids) <= a.UpTo {
			want = append(want, w.group(ids).String())
		}
	}
	for g := range a.Groups() {
		got = append(got, g.String())
	}
	require.ElementsMatch(t, want, got)
	if a.Certainty != cascade.Exact {
		checkRanking(t, a)
	}
}

// checkRanking holds the importance of components against the groups that are told.
func checkRanking(t *testing.T, a *Analysis) {
	want, sum := map[string]float64{}, 0.0
	for g := range a.Groups() {
		for _, c := range g.Components {
			want[c] += g.Probability
		}
		sum += g.Probability
	}
	near(t, sum, a.RareEvents)
	got := map[string]float64{}
	for _, i := range a.Importance() {
		got[i.Component] = i.FussellVesely
		require.Zero(t, i.Structural+i.Birnbaum+i.Criticality+i.RAW+i.RRW)
	}
	require.Len(t, got, len(want))
	for c := range want {
		require.Contains(t, got, c)
		if sum > 0 {
			near(t, want[c]/sum, got[c])
		}
	}
}
