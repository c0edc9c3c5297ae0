package restart_test

import (
	"context"
	"errors"
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

// A walk is the definition of the package comment, second by second, and slow: it knows no events, keeps every part of a
// surge by itself and looks at everything every second.
type walk struct {
	t        *topology.Topology
	plan     *restart.Plan
	began    []time.Duration // by ID: when it was powered on; 0 if it ran; -1 if it is down
	ran      []bool          // it has run from the beginning
	turned   []time.Duration // when it entered rotation; -1 if it has not
	waits    []bool
	admitted map[topology.ID]float64
	parts    map[topology.ID][]surgePart
	open     map[topology.ID]bool
}

type surgePart struct {
	of float64
	at time.Duration
}

func newWalk(t *topology.Topology, p *restart.Plan) *walk {
	n := t.Len()
	w := &walk{t: t, plan: p, began: make([]time.Duration, n), ran: make([]bool, n), turned: make([]time.Duration, n), waits: make([]bool, n),
		admitted: map[topology.ID]float64{}, parts: map[topology.ID][]surgePart{}, open: map[topology.ID]bool{}}
	o, err := cascade.Run(t, p.Scenario)
	if err != nil {
		panic(err)
	}
	dead := map[string]bool{}
	for _, f := range o.Failures {
		dead[f.Component] = true
	}
	drained, _ := t.Select(p.Scenario.Drain...)
	for id := range topology.ID(n) {
		w.ran[id] = !dead[t.Name(id)]
		w.turned[id] = 0
		if !w.ran[id] {
			w.began[id], w.turned[id] = -1, -1
		} else if slices.Contains(drained, id) {
			w.turned[id] = -1
		}
		if t.Demand(id) > 0 {
			w.open[id] = w.ran[id]
			if w.ran[id] || !t.Component(id).Gated {
				w.admitted[id] = 1
			}
			for _, l := range t.Links(id) {
				if l.Supply != nil {
					for _, m := range l.Members {
						w.waits[m] = true
					}
				}
			}
		}
	}
	return w
}

func (w *walk) ready(id topology.ID, now time.Duration) bool {
	return w.began[id] >= 0 && (w.ran[id] || now >= w.began[id]+w.t.Component(id).Start.Boot)
}

func (w *walk) mayStart(id topology.ID, now time.Duration) bool {
	for _, l := range w.t.Links(id) {
		n := 0
		for _, m := range l.Members {
			if w.ready(m, now) {
				n++
			}
		}
		if n < l.Need {
			return false
		}
	}
	return true
}

func (w *walk) back(id topology.ID) time.Duration {
	at, isNever := time.Duration(0), false
	for pattern, d := range w.plan.Return {
		ids, _ := w.t.Select(pattern)
		if slices.Contains(ids, id) {
			at, isNever = max(at, d), isNever || d < 0
		}
	}
	if isNever {
		return math.MaxInt64
	}
	return at
}

// second does one second; it returns what goes wrong in it.
func (w *walk) second(now time.Duration) (restart.Reason, string) {
	var steps []restart.Step
	for _, s := range w.plan.Steps {
		if s.At == now {
			steps = append(steps, s)
		}
	}
	wanted := map[topology.ID]bool{}
	for _, s := range steps {
		ids, _ := w.t.Select(s.What...)
		for _, id := range ids {
			if s.Do == restart.PowerOn && w.began[id] < 0 {
				if w.back(id) > now {
					return restart.TooEarly, w.t.Name(id)
				}
				wanted[id] = true
			}
		}
	}
	for again := true; again; {
		again = false
		for id := range topology.ID(w.t.Len()) {
			source := w.t.Demand(id) > 0 && len(w.t.PoolsOf(id)) == 0 && w.back(id) <= now
			if w.began[id] < 0 && (wanted[id] || source) && w.mayStart(id, now) {
				w.began[id], again = now, true
			}
			if w.ready(id, now) && w.turned[id] < 0 && !w.waits[id] && !w.ran[id] {
				w.turned[id], again = now, true
			}
		}
	}
	for _, s := range steps {
		ids, _ := w.t.Select(s.What...)
		for _, id := range ids {
			switch {
			case s.Do == restart.PowerOn && w.began[id] < 0:
				return restart.NeedNotMet, w.t.Name(id)
			case s.Do == restart.Rotate && !w.ready(id, now):
				return restart.NotReady, w.t.Name(id)
			case s.Do == restart.Rotate && w.turned[id] < 0:
				w.turned[id] = now
			}
		}
	}
	for id := range topology.ID(w.t.Len()) {
		if w.t.Demand(id) == 0 {
			continue
		}
		last, was := w.admitted[id], w.admitted[id]
		for _, s := range steps {
			if ids, _ := w.t.Select(s.What...); s.Do == restart.Admit && slices.Contains(ids, id) {
				last = s.Admit
			}
		}
		w.admitted[id] = last
		if w.open[id] && last > was {
			w.parts[id] = append(w.parts[id], surgePart{last - was, now})
		}
		if !w.open[id] && w.ready(id, now) && (w.t.Component(id).Gated || w.carried(id)) {
			w.open[id] = true
			w.parts[id] = append(w.parts[id], surgePart{last, now})
		}
	}
	for pattern, most := range w.plan.AtOnce {
		ids, _ := w.t.Select(pattern)
		n := 0
		for _, id := range ids {
			if w.began[id] >= 0 && !w.ready(id, now) {
				n++
			}
		}
		if n > most {
			return restart.TooMany, pattern
		}
	}
	if id, over := w.overloaded(now); over {
		return restart.Overload, w.t.Name(id)
	}
	return "", ""
}

func (w *walk) carried(id topology.ID) bool {
	for _, l := range w.t.Links(id) {
		if l.Supply != nil && !slices.ContainsFunc(l.Members, func(m topology.ID) bool { return w.turned[m] >= 0 }) {
			return false
		}
	}
	return true
}

// state is that of a time at or after the latest second.
func (w *walk) state(now time.Duration) topology.State {
	n := w.t.Len()
	s := topology.State{Status: make([]topology.Status, n), Demand: make([]float64, n), Capacity: make([]float64, n)}
	load := w.plan.Scenario.Load
	if load == 0 {
		load = 1
	}
	for id := range topology.ID(n) {
		c := w.t.Component(id)
		s.Capacity[id] = w.t.Capacity(id)
		switch {
		case w.began[id] < 0:
			s.Status[id] = topology.Down
		case !w.ready(id, now):
			s.Status[id] = topology.Booting
		case w.turned[id] < 0:
			s.Status[id] = topology.Ready
		case c.Start.WarmUp > 0 && now < w.turned[id]+c.Start.WarmUp && !(w.ran[id] && w.turned[id] == 0 && !w.drained(id)):
			s.Capacity[id] *= max(1e-9, c.Start.Cold+(1-c.Start.Cold)*float64(now-w.turned[id])/float64(c.Start.WarmUp))
		}
		if w.open[id] {
			s.Demand[id] = w.admitted[id]
			for _, p := range w.parts[id] {
				if c.Reopen.Surge > 0 {
					s.Demand[id] += p.of * c.Reopen.Surge * math.Exp(-float64(now-p.at)/float64(c.Reopen.Decay))
				}
			}
			s.Demand[id] *= load * c.Demand
		}
	}
	return s
}

func (w *walk) drained(id topology.ID) bool {
	ids, _ := w.t.Select(w.plan.Scenario.Drain...)
	return slices.Contains(ids, id)
}

func (w *walk) overloaded(now time.Duration) (topology.ID, bool) {
	s := w.state(now)
	flow := w.t.Flow(s)
	for id, status := range s.Status {
		if status != topology.Down && topology.Overloaded(flow.Load[id], s.Capacity[id]) {
			return topology.ID(id), true
		}
	}
	return 0, false
}

const horizon = 60 // seconds

// follow walks a whole plan.
func follow(t *topology.Topology, p *restart.Plan) (restart.Reason, string, time.Duration, *walk) {
	w := newWalk(t, p)
	for s := range horizon {
		now := time.Duration(s) * time.Second
		if reason, name := w.second(now); reason != "" {
			return reason, name, now, w
		}
	}
	return "", "", 0, w
}

// randomFleet is a few servers on one or two boards, now and then with feeds in front, a second demand, and every share.
func randomFleet(r *rand.Rand) *topology.Topology {
	pick := func(n int) int { return r.IntN(n) }
	seconds := func(n int) time.Duration { return time.Duration(pick(n)) * time.Second }
	servers, boards := 2+pick(3), 1+pick(2)
	share := []topology.Share{topology.Equal, topology.Equal, topology.Proportional, topology.Waterfall, topology.Tiered, topology.Each}[pick(6)]
	power := topology.Supply{Members: []string{"board"}, Base: float64(pick(4)), PerUnit: float64(pick(3)) / 10, Inrush: float64(pick(5))}
	if pick(2) == 0 {
		power.Members = []string{"board-1"}
	}
	server := topology.Component{Name: fmt.Sprintf("s-[1-%d]", servers), Kind: "server", Capacity: 10,
		Start: topology.Start{Boot: seconds(5)}}
	if pick(2) == 0 {
		server.Start.WarmUp = seconds(9) + time.Second
		server.Start.Cold = float64(pick(4)) / 4
	}
	if pick(4) == 0 {
		server.Needs = []string{"board-1"}
	}
	if pick(6) > 0 {
		server.Supplies = []topology.Supply{power}
	}
	server.Overload.Shed = pick(6) == 0
	board := topology.Component{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board", Capacity: 4 + float64(pick(20)), Start: topology.Start{Boot: seconds(3)}}
	users := topology.Component{Name: "users", Demand: float64(5 * (1 + pick(8))), Gated: pick(3) > 0,
		Supplies: []topology.Supply{{Members: []string{"server"}, Share: share, Need: pick(servers + 1)}}}
	if share == topology.Tiered || share == topology.Waterfall {
		users.Supplies[0].Members = []string{"s-1", fmt.Sprintf("s-[2-%d]", servers)}
	}
	if pick(2) == 0 {
		users.Reopen = topology.Reopen{Surge: float64(pick(5)) / 4, Decay: seconds(9) + time.Second}
	}
	spec := topology.Spec{Components: []topology.Component{board, server, users}}
	if pick(5) == 0 {
		spec.Components = append(spec.Components, topology.Component{Name: "more", Demand: 5, Gated: true,
			Supplies: []topology.Supply{{Members: []string{"server"}}}})
	}
	if pick(5) == 0 {
		spec.Components[1].Needs = append(spec.Components[1].Needs, "1 of dns-[1-2]")
		spec.Components = append(spec.Components, topology.Component{Name: "dns-[1-2]", Start: topology.Start{Boot: seconds(3)}})
	}
	return topology.Must(topology.New(spec))
}

// randomPlan is what an operator with little patience might try.
func randomPlan(r *rand.Rand, t *topology.Topology) *restart.Plan {
	p := &restart.Plan{Return: map[string]time.Duration{}}
	for range r.IntN(3) {
		p.Scenario.Lose = append(p.Scenario.Lose, t.Name(topology.ID(r.IntN(t.Len()))))
	}
	if r.IntN(3) == 0 {
		p.Scenario.Drain = topology.Names{fmt.Sprintf("s-%d", 1+r.IntN(2))}
	}
	if r.IntN(4) == 0 {
		p.Return["board-1"] = time.Duration(r.IntN(9)-1) * time.Second
	}
	if r.IntN(4) == 0 {
		p.Return["server"] = time.Duration(r.IntN(4)) * time.Second
	}
	if r.IntN(3) == 0 {
		p.AtOnce = map[string]int{"server": 1 + r.IntN(2)}
	}
	at := time.Duration(0)
	add := func(do restart.Action, what string, admit float64) {
		p.Steps = append(p.Steps, restart.Step{At: at, Do: do, What: topology.Names{what}, Admit: admit})
	}
	wait := func(n int) { at += time.Duration(r.IntN(n)) * time.Second }
	if r.IntN(2) == 0 {
		at = max(0, p.Return["board-1"])
	}
	if ids, err := t.Select("dns-[1-2]"); err == nil && len(ids) > 0 {
		add(restart.PowerOn, "dns-[1-2]", 0)
	}
	add(restart.PowerOn, "board", 0)
	wait(5)
	servers, _ := t.Select("server")
	for _, id := range servers {
		if r.IntN(5) > 0 {
			add(restart.PowerOn, t.Name(id), 0)
			wait(4)
		}
	}
	wait(5)
	gated := t.Component(func() topology.ID { id, _ := t.Lookup("users"); return id }()).Gated
	for _, id := range servers {
		if r.IntN(4) > 0 {
			add(restart.Rotate, t.Name(id), 0)
			if r.IntN(2) == 0 {
				wait(5)
			}
		}
		if gated && r.IntN(2) == 0 {
			add(restart.Admit, "users", float64(r.IntN(9))/8*float64(1+r.IntN(2))/2)
		}
	}
	if gated {
		wait(9)
		add(restart.Admit, "users", float64(r.IntN(9))/8)
	}
	return p
}

func TestVerifyAgainstWalk(t *testing.T) {
	seen := map[restart.Reason]int{}
	for seed := range uint64(4_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		fleet := randomFleet(r)
		p := randomPlan(r, fleet)
		uneven := fleet.Pools()[len(fleet.Pools())-1].Share
		for _, pool := range fleet.Pools() {
			if pool.Share == topology.Proportional || pool.Share == topology.Waterfall {
				uneven = pool.Share
			}
		}
		between := uneven == topology.Proportional || uneven == topology.Waterfall
		reason, name, at, w := follow(fleet, p)
		err := restart.Verify(context.Background(), fleet, p)
		var v *restart.Violation
		if err != nil {
			require.True(t, errors.As(err, &v), "seed %d: %v", seed, err)
		}
		seen[reason]++
		switch {
		case v == nil:
			require.Empty(t, reason, "seed %d: %s at %v", seed, name, at)
		case between && v.Reason == restart.Overload && v.At%time.Second != 0:
			// Between two seconds: what the walk finds is not before it, and the load is as it says.
			require.True(t, reason == "" || at > v.At, "seed %d: %v, but %s %s at %v", seed, v, reason, name, at)
			early := newWalk(fleet, p)
			for s := time.Duration(0); s <= v.At; s += time.Second {
				early.second(s)
			}
			id, over := early.overloaded(v.At)
			require.True(t, over, "seed %d: %v", seed, v)
			require.Equal(t, v.Failure.Component, fleet.Name(id), "seed %d", seed)
		default:
			require.Equal(t, reason, v.Reason, "seed %d: %v, walk: %s at %v", seed, v, name, at)
			require.Equal(t, at, v.At, "seed %d: %v", seed, v)
			require.Equal(t, name, v.Failure.Component, "seed %d: %v", seed, v)
		}
		_ = w
	}
	t.Log(seen)
	for _, reason := range []restart.Reason{"", restart.Overload, restart.TooEarly, restart.NeedNotMet, restart.NotReady, restart.TooMany} {
		require.Greater(t, seen[reason], 50, "%q", reason)
	}
}
