package restart_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A puzzle is a small fleet of the shape that Make plans for; tick is half of the grid.
type puzzle struct {
	fleet    *topology.Topology
	scenario cascade.Scenario
	options  restart.Options
	outcome  *cascade.Outcome
	users    topology.Component
	n        int // servers
	all      []topology.Component
	back     []int // by ID, in ticks
}

const tick = 30 * time.Second

func randomPuzzle(r *rand.Rand, servers int) puzzle {
	pick := func(n int) int { return r.IntN(n) }
	ticks := func(n int) time.Duration { return time.Duration(pick(n)) * tick }
	server := topology.Component{Name: fmt.Sprintf("s-[1-%d]", servers), Kind: "server", Capacity: 10, Start: topology.Start{Boot: ticks(4)}}
	if pick(3) == 0 {
		server.Start.WarmUp, server.Start.Cold = 2*ticks(4)+2*tick, float64(1+pick(3))/4
	}
	if pick(2) == 0 {
		server.Needs = []string{"board-1"}
	}
	if pick(3) > 0 {
		power := topology.Supply{Members: []string{"board"}, Base: float64(pick(4)), PerUnit: float64(pick(3)) / 10, Inrush: float64(pick(6))}
		if pick(2) == 0 {
			power.Members = []string{"board-2"}
		}
		server.Supplies = []topology.Supply{power}
	}
	board := topology.Component{Name: "board-[1-2]", Kind: "board", Capacity: 5 + float64(pick(20)), Start: topology.Start{Boot: ticks(2)}}
	users := topology.Component{Name: "users", Demand: float64(servers) * []float64{4, 8, 10, 9.5, 12}[pick(5)], Gated: pick(3) > 0,
		Supplies: []topology.Supply{{Members: []string{"server"}, Need: pick(servers + 1)}}}
	if pick(3) == 0 {
		users.Reopen = topology.Reopen{Surge: float64(1+pick(4)) / 4, Decay: time.Minute}
	}
	p := puzzle{fleet: topology.Must(topology.New(topology.Spec{Components: []topology.Component{board, server, users}})), n: servers}
	if pick(8) == 0 {
		users.Supplies[0].Need, users.Supplies[0].Optional = 0, true
		p.fleet = topology.Must(topology.New(topology.Spec{Components: []topology.Component{board, server, users}}))
	}
	p.scenario = []cascade.Scenario{cascade.Lose("board"), cascade.Lose("server"), cascade.Lose("s-1"), {Lose: topology.Names{"board-1"}}, {Lose: topology.Names{"s-1"}, Drain: topology.Names{"s-2"}}}[pick(5)]
	p.options.Return = map[string]time.Duration{}
	for _, pattern := range []string{"board-1", "board-2", "s-1", "s-2", "server"} {
		if pick(3) == 0 {
			p.options.Return[pattern] = ticks(5)
		}
	}
	if pick(3) == 0 {
		p.options.AtOnce = map[string]int{"server": 1 + pick(2)}
	}
	p.options.Soonest = pick(4) == 0
	p.users = users
	p.outcome, _ = cascade.Run(p.fleet, p.scenario)
	for id := range topology.ID(p.fleet.Len()) {
		p.all = append(p.all, p.fleet.Component(id))
		at := time.Duration(0)
		for pattern, d := range p.options.Return {
			ids, _ := p.fleet.Select(pattern)
			for _, m := range ids {
				if m == id {
					at = max(at, d)
				}
			}
		}
		p.back = append(p.back, int(at/tick))
	}
	return p
}

// need is how many servers must be ready for the users.
func (p *puzzle) need() int {
	if s := p.users.Supplies[0]; s.Need > 0 || s.Optional {
		return s.Need
	}
	return 1
}

// A try is one way back: when each server starts and enters rotation, in ticks; -1 for never.
type try struct{ start, turn []int }

// A score is what a try is worth; ok if it is safe.
type score struct {
	ok       bool
	level    float64
	unserved float64
	finish   time.Duration
	started  int
}

const lastTick = 7

// play follows a try tick by tick and admits the most that is safe at every second tick. Boards start as soon as they return.
func (p *puzzle) play(a try) score {
	t := p.fleet
	id := func(name string) topology.ID { x, _ := t.Lookup(name); return x }
	down := map[topology.ID]bool{}
	for _, f := range p.outcome.Failures {
		down[id(f.Component)] = true
	}
	drained, _ := t.Select(p.scenario.Drain...)
	back := func(x topology.ID) int { return p.back[x] }
	from, ready := make([]int, t.Len()), make([]int, t.Len()) // ticks of power on and readiness; -1 is from the beginning
	s := topology.State{Status: make([]topology.Status, t.Len()), Demand: make([]float64, t.Len()), Capacity: make([]float64, t.Len())}
	for x := range from {
		from[x], ready[x] = -1, -1
		if down[topology.ID(x)] {
			from[x], ready[x] = math.MaxInt, math.MaxInt
		}
	}
	res := score{}
	for _, b := range []string{"board-1", "board-2"} {
		if x := id(b); down[x] {
			from[x] = back(x)
			ready[x] = from[x] + int(p.all[x].Start.Boot/tick)
			res.finish = max(res.finish, time.Duration(ready[x])*tick)
		}
	}
	server := p.all[id("s-1")]
	boot := int(server.Start.Boot / tick)
	turned := make([]int, t.Len())
	for i := range p.n {
		x := id(fmt.Sprintf("s-%d", i+1))
		if down[x] && a.start[i] >= 0 {
			if a.start[i] < back(x) {
				return score{}
			}
			for _, l := range t.Links(x) {
				n := 0
				for _, m := range l.Members {
					if ready[m] <= a.start[i] {
						n++
					}
				}
				if n < l.Need {
					return score{}
				}
			}
			from[x], ready[x] = a.start[i], a.start[i]+boot
			res.started++
			res.finish = max(res.finish, time.Duration(ready[x])*tick)
		}
		turned[x] = -1 // from the beginning
		isDrained := false
		for _, d := range drained {
			isDrained = isDrained || d == x
		}
		if down[x] || isDrained {
			turned[x] = math.MaxInt
			if a.turn[i] >= 0 {
				if ready[x] > a.turn[i] {
					return score{}
				}
				turned[x] = a.turn[i]
			}
		}
	}
	u := id("users")
	open := !down[u]
	fraction := 0.0
	var parts []surgePart
	if open || !p.users.Gated {
		fraction = 1
	}
	flow := t.Flow(s)
	load := func(demand float64) []float64 {
		s.Demand[u] = demand
		flow.Update(s)
		return append([]float64(nil), flow.Load...)
	}
	type point struct {
		at       int
		fraction float64
	}
	var curve []point
	var zero, one []float64 // loads without demand and with 1, of the latest
	var status []topology.Status
	var capacity []float64
	for k := 0; ; k++ {
		now := time.Duration(k) * tick
		runs, in := 0, 0
		for x := range s.Status {
			c := &p.all[x]
			s.Capacity[x] = t.Capacity(topology.ID(x))
			isServer := c.Kind == "server"
			switch {
			case topology.ID(x) == u:
				continue
			case from[x] > k:
				s.Status[x] = topology.Down
			case ready[x] > k:
				s.Status[x] = topology.Booting
			case isServer && turned[x] > k:
				s.Status[x] = topology.Ready
			default:
				s.Status[x] = topology.Up
				if age := time.Duration(k-turned[x]) * tick; isServer && turned[x] >= 0 && age < c.Start.WarmUp {
					s.Capacity[x] *= c.Start.Cold + (1-c.Start.Cold)*float64(age)/float64(c.Start.WarmUp)
				}
			}
			if isServer && ready[x] <= k {
				runs++
				if turned[x] <= k {
					in++
				}
			}
		}
		s.Status[u] = topology.Up
		if !open && (runs < max(0, p.need()) || !p.users.Gated && in == 0) {
			s.Status[u] = topology.Down
		} else if !open {
			open = true
			parts = append(parts, surgePart{fraction, now})
		}
		booting := 0
		for x := range s.Status {
			if s.Status[x] == topology.Booting && t.Kind(topology.ID(x)) == "server" {
				booting++
			}
		}
		if most, ok := p.options.AtOnce["server"]; ok && booting > most {
			return score{}
		}
		surge := 0.0
		for _, q := range parts {
			surge += q.of * p.users.Reopen.Surge * math.Exp(-float64(now-q.at)/float64(max(p.users.Reopen.Decay, 1)))
		}
		if k == 0 || !slices.Equal(s.Status, status) || !slices.Equal(s.Capacity, capacity) {
			zero, one = load(0), load(1)
			status, capacity = append(status[:0], s.Status...), append(capacity[:0], s.Capacity...)
		}
		most := math.Inf(1)
		for x := range zero {
			if s.Status[x] == topology.Down {
				continue
			}
			if topology.Overloaded(zero[x], s.Capacity[x]) {
				return score{}
			}
			if slope := one[x] - zero[x]; slope > 0 {
				most = min(most, (s.Capacity[x]-zero[x])/slope)
			}
		}
		limit := most / p.users.Demand
		settled := true
		if p.users.Gated && k%2 == 0 && open {
			was := fraction
			switch {
			case in == 0:
				fraction = 0
			case fraction+surge > limit:
				fraction = max(0, limit-surge)
			default:
				fraction = min(1, fraction+(limit-fraction-surge)/(1+p.users.Reopen.Surge))
				if goal := min(1, limit); goal-fraction < 1e-10*goal/(1+p.users.Reopen.Surge) {
					fraction = goal // as near as Make goes before it takes the last step
				}
			}
			if fraction > was {
				parts = append(parts, surgePart{fraction - was, now})
				surge += (fraction - was) * p.users.Reopen.Surge
			}
			settled = in == 0 || fraction >= min(1, limit)
		}
		served := 0.0
		if open && in > 0 {
			served = fraction
			if fraction+surge > limit*(1+1e-9) {
				return score{}
			}
		}
		curve = append(curve, point{k, served})
		if k > lastTick+boot+12 && k%2 == 0 && settled || k > 400 {
			break
		}
	}
	res.ok = true
	res.level = curve[len(curve)-1].fraction
	for _, q := range curve {
		if q.fraction >= res.level-1e-13 {
			rest := true // until the level is reached for good
			for _, later := range curve[q.at:] {
				rest = rest && later.fraction >= res.level-1e-13
			}
			if rest {
				break
			}
		}
		res.unserved += (1 - q.fraction) * p.users.Demand * tick.Minutes()
	}
	return res
}

// tries yields every try.
func (p *puzzle) tries(yield func(try)) {
	a := try{start: make([]int, p.n), turn: make([]int, p.n)}
	dead := make([]bool, p.n)
	for i := range dead {
		for _, f := range p.outcome.Failures {
			dead[i] = dead[i] || f.Component == fmt.Sprintf("s-%d", i+1)
		}
	}
	boot := int(p.fleet.Component(2).Start.Boot / tick)
	var server func(i int)
	server = func(i int) {
		if i == p.n {
			yield(a)
			return
		}
		for start := -1; start <= lastTick; start++ {
			a.start[i] = start
			first := start + boot
			if !dead[i] {
				first = 0
				if start >= 0 {
					break
				}
			}
			a.turn[i] = -1
			server(i + 1)
			if dead[i] && start < 0 {
				continue
			}
			for turn := first; turn <= first+3; turn++ {
				a.turn[i] = turn
				server(i + 1)
			}
		}
	}
	server(0)
}

func TestMakeAgainstEveryWayBack(t *testing.T) {
	made, proven := againstEveryWayBack(t, 2, 0, 100)
	require.Greater(t, proven, made/3)
	againstEveryWayBack(t, 3, 0, 2)
}

// againstEveryWayBack plans for puzzles, and finds no safe way back that a plan or a bound says cannot be.
func againstEveryWayBack(t *testing.T, servers int, first, last uint64) (int, int) {
	made, proven, best := 0, 0, 0
	for seed := first; seed < last; seed++ {
		r := rand.New(rand.NewPCG(seed, 7))
		p := randomPuzzle(r, servers)
		got := plan(t, p.fleet, p.scenario, p.options)
		if got.Certainty == cascade.Undetermined {
			continue
		}
		made++
		level := got.Served[0].Fraction
		least, finest, top := math.Inf(1), time.Duration(math.MaxInt64), 0.0
		all := 0
		var how try
		p.tries(func(a try) {
			s := p.play(a)
			if !s.ok {
				return
			}
			if s.level > top {
				top = s.level
			}
			if s.level >= level-1e-12 && s.unserved < least {
				least = s.unserved
				how = try{append([]int(nil), a.start...), append([]int(nil), a.turn...)}
			}
			if s.started > all || s.started == all && s.finish < finest {
				all, finest = s.started, s.finish
			}
		})
		started, inTime := 0, true // in time for tries to do the same
		for _, s := range got.Steps {
			if s.Do == restart.PowerOn {
				inTime = inTime && s.At <= lastTick*tick
				ids, _ := p.fleet.Select(s.What...)
				for _, id := range ids {
					if p.fleet.Kind(id) == "server" {
						started++
					}
				}
			}
		}
		where := fmt.Sprintf("seed %d: %v\n%+v\nbest %v %v", seed, got, p.options, least, how)
		require.LessOrEqual(t, got.LeastPossible, least*(1+1e-7)+1e-6, where)
		if got.Certainty == cascade.Proven && !p.options.Soonest {
			proven++
			require.LessOrEqual(t, top, level+1e-6, where)
			require.LessOrEqual(t, got.Unserved, least*(1+1e-7)+1e-6, where)
		}
		if got.Unserved <= least*(1+1e-7)+1e-6 && level >= top-1e-6 {
			best++
		}
		if all == started {
			require.LessOrEqual(t, got.Earliest, finest, where)
		}
		if got.Certainty == cascade.Proven && p.options.Soonest && inTime {
			require.Equal(t, all, started, where)
			require.LessOrEqual(t, got.Finish, finest, where)
		}
	}
	t.Log(made, "made", proven, "proven", best, "best")
	return made, proven
}
