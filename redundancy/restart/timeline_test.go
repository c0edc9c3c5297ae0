package restart_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// What a timeline says of each moment is what a walk through every tick finds then, and what it says of the time between
// holds there.
func TestTimelineAgainstWalk(t *testing.T) {
	t.Parallel()
	n := uint64(250)
	if testing.Short() {
		n = 150
	}
	moments, steps, spare, moved := 0, 0, 0, 0
	for seed := range n {
		d := newDark(seed + 5_000_000)
		p, err := restart.Make(context.Background(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if p.Certainty == cascade.Undetermined {
			continue
		}
		r := rand.New(rand.NewPCG(seed, 3))
		also := []time.Duration{time.Duration(r.IntN(600)) * time.Second, tick / 2}
		line, err := p.Timeline(context.Background(), d.fleet, also...)
		require.NoError(t, err)
		c := &checker{t: t, seed: seed, fleet: d.fleet, line: line, plan: p, r: r}
		c.follow()
		moments, spare, moved = moments+len(line.Moments), spare+c.spare, moved+c.moved
		for _, m := range line.Moments {
			steps += len(m.Steps)
		}
	}
	t.Log(moments, "moments", steps, "steps", spare, "with some to spare", moved, "that move")
	require.Greater(t, spare, int(n/10))
}

// A checker holds a timeline against a walk.
type checker struct {
	t     *testing.T
	seed  uint64
	fleet *topology.Topology
	line  *restart.Timeline
	plan  *restart.Plan
	r     *rand.Rand

	spare, moved int
}

func (c *checker) follow() {
	w := newWalk(c.fleet, c.plan)
	c.moment(c.line.Moments[0], w.state(0), w.waits, false)
	taken, now := []int{}, time.Duration(0)
	for i, m := range c.line.Moments[1:] {
		for ; now < m.At; now += tick {
			reason, name := w.second(now) // where it has been already, nothing is left to do
			require.Empty(c.t, reason, "seed %d: %s", c.seed, name)
		}
		before := c.fleet.Flow(w.state(m.At - 1)).Load
		for _, s := range m.Steps {
			require.Equal(c.t, m.At, c.plan.Steps[s].At, "seed %d", c.seed)
		}
		taken = append(taken, m.Steps...)
		w.second(m.At)
		c.moment(m, w.state(m.At), w.waits, true)
		if m.At > 0 {
			c.risen(m, w.state(m.At), before)
		}
		until := m.At + 10*time.Minute
		if i+2 < len(c.line.Moments) {
			until = c.line.Moments[i+2].At
		}
		c.between(m, until, w)
	}
	slices.Sort(taken)
	for i := range c.plan.Steps {
		require.Equal(c.t, i, taken[i], "each step is taken once")
	}
	require.Len(c.t, taken, len(c.plan.Steps))
}

// groupOf names the group of a component; none if it only brings demand, without a limit.
func (c *checker) groupOf(id topology.ID) (string, bool) {
	kind := c.fleet.Kind(id)
	return kind, c.fleet.Demand(id) == 0 || len(c.fleet.PoolsOf(id)) > 0 || !math.IsInf(c.fleet.Capacity(id), 1)
}

func (c *checker) moment(m restart.Moment, s topology.State, waits []bool, safe bool) {
	flow, at := c.fleet.Flow(s), fmt.Sprintf("seed %d at %v", c.seed, m.At)
	for g, group := range c.line.Groups {
		var want restart.Standing
		used, count := -1., 0
		for id := range topology.ID(c.fleet.Len()) {
			if name, ok := c.groupOf(id); !ok || name != group.Name {
				continue
			}
			count++
			switch s.Status[id] {
			case topology.Down:
				continue
			case topology.Booting:
				want.Booting++
			case topology.Ready:
				want.Ready++
			default:
				want.Rotating++
				want.Capacity += s.Capacity[id]
			}
			want.Load += flow.Load[id]
			if u := utilization(flow.Load[id], s.Capacity[id]); !math.IsInf(s.Capacity[id], 1) {
				used = max(used, u)
			}
		}
		if math.IsInf(want.Capacity, 1) {
			want.Capacity = 0
		}
		got := m.Groups[g]
		counts := [4]int{want.Booting, want.Ready, want.Rotating, count}
		require.Equal(c.t, counts, [4]int{got.Booting, got.Ready, got.Rotating, group.Count}, "%s: %s", at, group.Name)
		near(c.t, want.Load, got.Load, at)
		if want.Rotating == count {
			near(c.t, want.Capacity, got.Capacity, at)
		}
		if !m.Moves {
			near(c.t, max(0, used), got.Busiest.Utilization(), at)
		}
		require.GreaterOrEqual(c.t, got.Busiest.Utilization()+1e-7, used, at)
	}
	rotation := []topology.ID{}
	for id := range topology.ID(c.fleet.Len()) {
		if s.Status[id] == topology.Up && waits[id] {
			rotation = append(rotation, id)
		}
	}
	require.Equal(c.t, len(rotation), m.Rotation, at)
	c.traffic(m, s, flow)
	if safe {
		c.missing(m, s, rotation)
	}
}

func (c *checker) traffic(m restart.Moment, s topology.State, flow *topology.Flow) {
	i := 0
	for id := range topology.ID(c.fleet.Len()) {
		if c.fleet.Demand(id) == 0 {
			continue
		}
		got, at := m.Demands[i], fmt.Sprintf("seed %d at %v", c.seed, m.At)
		require.Equal(c.t, c.fleet.Name(id), c.line.Demands[i].Name)
		near(c.t, s.Demand[id], got.Admitted+got.Surge, at)
		near(c.t, s.Demand[id]*flow.Served[id], got.Served, at)
		require.LessOrEqual(c.t, got.Admitted, c.line.Demands[i].Asked*(1+1e-9))
		i++
	}
	require.Len(c.t, c.line.Demands, i)
}

// missing takes out of rotation as many as may be, in a few ways.
func (c *checker) missing(m restart.Moment, s topology.State, rotation []topology.ID) {
	n := m.Rotation - m.Enough
	require.GreaterOrEqual(c.t, n, 0)
	if n == 0 {
		return
	}
	c.spare++
	for range 4 {
		c.r.Shuffle(len(rotation), func(i, j int) { rotation[i], rotation[j] = rotation[j], rotation[i] })
		without := s
		without.Status = slices.Clone(s.Status)
		for _, id := range rotation[:1+c.r.IntN(n)] {
			without.Status[id] = []topology.Status{topology.Down, topology.Ready}[c.r.IntN(2)]
		}
		flow := c.fleet.Flow(without)
		for id, status := range without.Status {
			require.False(c.t, status != topology.Down && flow.Load[id] > s.Capacity[id]*(1+3e-9),
				"seed %d at %v: %s has %v of %v", c.seed, m.At, c.fleet.Name(topology.ID(id)), flow.Load[id], s.Capacity[id])
		}
	}
}

// risen looks for what has more load than a nanosecond before.
func (c *checker) risen(m restart.Moment, s topology.State, before []float64) {
	flow := c.fleet.Flow(s)
	for g, group := range c.line.Groups {
		used := 0.
		for id := range topology.ID(c.fleet.Len()) {
			name, ok := c.groupOf(id)
			if ok && name == group.Name && s.Status[id] != topology.Down && flow.Load[id] > before[id]*(1+1e-6)+1e-6 {
				used = max(used, utilization(flow.Load[id], s.Capacity[id]))
			}
		}
		require.LessOrEqual(c.t, used, m.Groups[g].Risen.Utilization()+1e-6, "seed %d at %v: %s", c.seed, m.At, group.Name)
		require.LessOrEqual(c.t, m.Groups[g].Risen.Utilization(), m.Groups[g].Busiest.Utilization()+1e-9)
	}
}

// between looks at random times before the next moment.
func (c *checker) between(m restart.Moment, until time.Duration, w *walk) {
	if m.Moves {
		c.moved++
		return
	}
	if until <= m.At {
		return
	}
	s := w.state(m.At + time.Duration(c.r.Int64N(int64(until-m.At))))
	flow := c.fleet.Flow(s)
	for g, group := range c.line.Groups {
		for id := range topology.ID(c.fleet.Len()) {
			if name, ok := c.groupOf(id); ok && name == group.Name && s.Status[id] != topology.Down {
				busiest := m.Groups[g].Busiest.Utilization() + 1e-7
				require.False(c.t, utilization(flow.Load[id], s.Capacity[id]) > busiest, "seed %d after %v: %s", c.seed, m.At, c.fleet.Name(id))
			}
		}
	}
}

func utilization(load, capacity float64) float64 {
	if load == 0 || math.IsInf(capacity, 1) {
		return 0
	}
	return load / capacity
}

func near(t *testing.T, want, got float64, at string) {
	t.Helper()
	require.InDelta(t, want, got, 1e-6*(1+math.Abs(want)), at)
}

// Any so many servers may be missing, of fleets on which something can be claimed; where all are alike, no more.
func TestEnough(t *testing.T) {
	t.Parallel()
	exact := 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 8))
		n, boards, alike, power := 2+r.IntN(12), 1+r.IntN(3), r.IntN(2) == 0, 6000.
		if !alike {
			power = float64(100 + r.IntN(200))
		}
		spec := topology.Spec{Components: []topology.Component{
			{Name: "main", Kind: "main"},
			{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board", Capacity: power, Needs: topology.Names{"main"}},
			{Name: "db-[1-2]", Kind: "db", Capacity: float64(20 + r.IntN(100)), Needs: topology.Names{"main"}},
		}}
		share := []topology.Share{topology.Equal, topology.Proportional, topology.Tiered}[r.IntN(3)]
		for i := range n {
			c := topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: 10, Supplies: []topology.Supply{
				{Members: topology.Names{fmt.Sprintf("board-%d", 1+i%boards)}, Base: 10, PerUnit: 1, Inrush: 5},
			}}
			if !alike {
				c.Capacity = float64(5 + r.IntN(10))
				c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{"db-1", "db-2"}, Share: share})
			}
			spec.Components = append(spec.Components, c)
		}
		spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: float64(1 + r.IntN(10*n)), Gated: true,
			Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
		fleet := topology.Must(topology.New(spec))
		p := plan(t, fleet, cascade.Lose("main"), restart.Options{AtOnce: map[string]int{"server": 1 + r.IntN(n)}})
		line, err := p.Timeline(context.Background(), fleet)
		require.NoError(t, err)
		c := &checker{t: t, seed: seed, fleet: fleet, line: line, plan: p, r: r}
		c.follow()
		last := line.Moments[len(line.Moments)-1]
		if load := last.Demands[0].Served; alike && load > 0 {
			exact++
			require.Equal(t, int(math.Ceil(load/10*(1-1e-9))), last.Enough, "seed %d", seed)
		}
	}
	require.Greater(t, exact, 50)
}

// Without x, which is in two pools of which one is behind the other, s would carry not twice but four times as much.
func TestEnoughWherePoolsAreBehindPools(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "g", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"x", "s"}}}},
		{Name: "x", Capacity: 100},
		{Name: "s", Capacity: 40},
		{Name: "users", Demand: 60, Supplies: []topology.Supply{{Members: topology.Names{"g", "x"}}}},
	}}))
	line, err := (&restart.Plan{}).Timeline(context.Background(), fleet)
	require.NoError(t, err)
	require.Equal(t, 45., line.Moments[1].Groups[1].Load)
	require.Equal(t, [2]int{2, 2}, [2]int{line.Moments[1].Rotation, line.Moments[1].Enough})
}

// Only so many groups and demands are told apart; what has no kind is grouped as it was declared.
func TestTimelineOfManyKinds(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "web-[1-3]", Capacity: 100, Unit: "W"},
		{Name: "main", Unit: "VA", Capacity: 50},
	}}
	for i := range 40 {
		spec.Components = append(spec.Components,
			topology.Component{Name: fmt.Sprintf("c-%d", i), Kind: fmt.Sprintf("kind-%d", i), Capacity: 2, Unit: "x"},
			topology.Component{Name: fmt.Sprintf("u-%d", i), Kind: "users", Demand: 1, Gated: i == 3, Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("c-%d", i)}, PerUnit: 1}}})
	}
	fleet := topology.Must(topology.New(spec))
	line, err := (&restart.Plan{Scenario: cascade.Lose("web")}).Timeline(context.Background(), fleet)
	require.Error(t, err)
	require.Nil(t, line)
	line, err = (&restart.Plan{Scenario: cascade.Lose("web-1")}).Timeline(context.Background(), fleet)
	require.NoError(t, err)
	require.Len(t, line.Groups, 32)
	require.Equal(t, []restart.Group{{Name: "web-[1-3]", Unit: "W", Count: 3}, {Name: "main", Unit: "VA", Count: 1}}, line.Groups[:2])
	require.Equal(t, restart.Group{Name: "11 more groups", Count: 11, Rotates: true}, line.Groups[31])
	require.Equal(t, []restart.Demand{{Name: "users", Gated: true, Asked: 40}}, line.Demands)
	m := line.Moments[0]
	require.Equal(t, restart.Standing{Rotating: 2, Capacity: 200, Busiest: restart.Peak{Component: "web-2", Capacity: 100, Alike: 2}}, m.Groups[0])
	require.Equal(t, restart.Standing{Rotating: 11, Busiest: restart.Peak{Component: "c-29", Load: 1, Capacity: 2, Alike: 11}}, m.Groups[31])
	require.Equal(t, []restart.Traffic{{Admitted: 40, Served: 40}}, m.Demands)
}

// What warms up takes more and more of a share by capacity, so that what it draws on is busiest at the end.
func TestTimelineWhereSharesMove(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "big", Kind: "board", Capacity: 1000},
		{Name: "small", Kind: "board", Capacity: 100},
		{Name: "s-1", Kind: "server", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"big"}}}},
		{Name: "s-2", Kind: "server", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"small"}}},
			Start: topology.Start{WarmUp: 16 * minute}},
		{Name: "users", Demand: 90, Capacity: 200, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Share: topology.Proportional}}},
	}}))
	p := &restart.Plan{Scenario: cascade.Lose("s-2"), Steps: []restart.Step{
		{At: minute, Do: restart.PowerOn, What: topology.Names{"s-2"}}, {At: minute, Do: restart.Rotate, What: topology.Names{"s-2"}},
		{At: 17 * minute, Do: restart.PowerOn, What: topology.Names{"s-1"}},
	}}
	line, err := p.Timeline(context.Background(), fleet)
	require.NoError(t, err)
	require.Len(t, line.Moments, 4)
	m := line.Moments[2]
	require.True(t, m.Moves)
	require.Equal(t, 2, m.Enough, "nothing is claimed")
	require.Equal(t, "small", m.Groups[0].Busiest.Component)
	require.InDelta(t, 45, m.Groups[0].Busiest.Load, 1e-6)
	require.False(t, line.Moments[3].Moves)
	require.Equal(t, restart.Peak{Component: "users", Load: 90, Capacity: 200, Alike: 1}, m.Groups[2].Busiest, "they have a capacity too")
}

// What is not safe ends with what goes wrong; what was asked for is there.
func TestTimelineOfUnsafePlans(t *testing.T) {
	p := plan(t, hundred(nil), cascade.Lose("board-1"), restart.Options{})
	p.Steps[len(p.Steps)-1].At = 2 * minute
	line, err := p.Timeline(context.Background(), hundred(nil), minute, 5*minute)
	require.NoError(t, err)
	at := []time.Duration{}
	for _, m := range line.Moments {
		at = append(at, m.At)
	}
	require.Equal(t, []time.Duration{0, 0, minute, 2 * minute, 5 * minute}, at)

	p.Steps[1].What = topology.Names{"chat-[001-070]"}
	line, err = p.Timeline(context.Background(), hundred(nil))
	var v *restart.Violation
	require.ErrorAs(t, err, &v)
	last := line.Moments[len(line.Moments)-1]
	require.Equal(t, 2*minute, last.At)
	require.Equal(t, v.Failure.Load, last.Groups[1].Busiest.Load)

	_, err = p.Timeline(context.Background(), hundred(nil), -minute)
	require.ErrorContains(t, err, "also: -1m0s")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	line, err = p.Timeline(ctx, hundred(nil))
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, line)
}

// One hundred servers at 80 % on four boards, of which one returns after 26 minutes.
func TestTimelineHundred(t *testing.T) {
	p := plan(t, hundred(nil), cascade.Lose("board-1"), restart.Options{Return: map[string]time.Duration{"board-1": 26 * time.Minute}})
	line, err := p.Timeline(context.Background(), hundred(nil))
	require.NoError(t, err)
	data, err := json.MarshalIndent(line, "", "  ")
	require.NoError(t, err)
	golden(t, "testdata/timeline-hundred.json", append(data, '\n'))
	var back restart.Timeline
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, *line, back)
}

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(name, got, 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func BenchmarkTimeline(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		fleet := racks(n)
		p, err := restart.Make(context.Background(), fleet, cascade.Lose("main"), restart.Options{AtOnce: map[string]int{"server": n / 20}})
		require.NoError(b, err)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := p.Timeline(context.Background(), fleet)
				require.NoError(b, err)
			}
		})
		b.Run(fmt.Sprint(n, " verify"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, restart.Verify(context.Background(), fleet, p))
			}
		})
	}
}
