package restart_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// An everyNode is a state before what is done at a tick.
type everyNode struct {
	state everyState
	cost  float64 // until then, in worth × ticks
	steps []restart.Step
}

// maxEveryLooks is how much one fleet may cost.
const maxEveryLooks = 30_000

// when tells apart what time makes different: until all has returned it does.
func (e *everyPlan) when(s everyState, tick int) string {
	return fmt.Sprint(min(tick, (e.last/e.perGrid+1)*e.perGrid+tick%e.perGrid), s.key())
}

// An everyReach is what can be come by at all.
type everyReach struct {
	any     bool    // something is safe
	worth   float64 // the most that can be served in the end
	started int     // the most that can be
	finish  int     // the earliest tick at which all is ready that was made to start
}

// reach looks at all that can be come by. What is admitted only stands in the way, so nothing is. It reports whether it came to an
// end.
func (e *everyPlan) reach() (r everyReach, ok bool) {
	r.worth, r.finish = -1, -1
	layer, seen := []everyState{e.begins()}, map[string]bool{}
	for tick := 0; len(layer) > 0; tick++ {
		var next []everyState
		for _, s := range layer {
			e.choices(s, tick, func(s everyState, _ []restart.Step) {
				e.looks++
				c := e.look(s)
				if !c.safe {
					return
				}
				if after, ok := e.stays(s, tick, c); ok {
					if more, at := e.admits(append(after, c.rows...), e.worthOf(c, 1), nil, 0); at != nil {
						r.worth = max(r.worth, c.fixed+more)
					}
				}
				if n, all, booting := e.progress(s, tick); e.lasts(s, tick) {
					r.any, r.started = true, max(r.started, n)
					if all && !booting && r.finish < 0 {
						r.finish = tick
					}
				}
				if key := e.when(s, tick+1); !seen[key] {
					seen[key] = true
					next = append(next, s.clone())
				}
			})
			if e.looks > maxEveryLooks {
				return r, false
			}
		}
		layer = next
	}
	return r, true
}

// progress counts what has been started by steps, and reports whether all is that was made to, and whether any boots, or will by itself.
func (e *everyPlan) progress(s everyState, tick int) (n int, all, booting bool) {
	all = true
	for id := range s.status {
		id := topology.ID(id)
		if s.status[id] != topology.Down && e.begin[id] == topology.Down && !e.source[id] {
			n++
		}
		all = all && (s.status[id] != topology.Down || !e.started[id])
		booting = booting || s.left[id] > 0
	}
	for then := s; !booting && e.moves(then, tick); tick++ {
		then = e.forced(then, tick+1)
		booting = !slices.Equal(then.status, s.status)
	}
	return n, all, booting
}

// lasts reports whether what comes by itself is safe if nothing more is done.
func (e *everyPlan) lasts(s everyState, tick int) bool {
	for e.moves(s, tick) {
		tick++
		if s = e.forced(s, tick); e.crowded(s) || !e.look(s).safe {
			return false
		}
	}
	return true
}

// worthOf is what all of each demand is worth if it is admitted for so many ticks.
func (e *everyPlan) worthOf(c everyConfig, ticks float64) []float64 {
	worth := make([]float64, len(e.asked))
	for i, d := range e.asked {
		worth[i] = d.worth * c.served[i] * ticks
	}
	return worth
}

// cheapest finds the plan that leaves least unserved of those that serve so much worth in the end; nil if there is none, and whether
// it came to an end.
func (e *everyPlan) cheapest(target float64) (best *everyNode, ok bool) {
	e.looks = 0
	seen := map[string]float64{}
	layer := []everyNode{{state: e.begins()}}
	for tick := 0; len(layer) > 0; tick += e.perGrid {
		next := map[string]everyNode{}
		var order []string
		for _, n := range layer {
			if best != nil && n.cost >= best.cost {
				continue
			}
			e.interval(n, tick, target, func(n everyNode) {
				if best == nil || n.cost < best.cost {
					best = &n
				}
			}, func(n everyNode) {
				key := e.when(n.state, tick+e.perGrid)
				if cost, known := seen[key]; known && cost <= n.cost {
					return
				}
				seen[key] = n.cost
				if _, known := next[key]; !known {
					order = append(order, key)
				}
				next[key] = n
			})
			if e.looks > maxEveryLooks {
				return nil, false
			}
		}
		layer = layer[:0]
		for _, key := range order {
			layer = append(layer, next[key])
		}
	}
	return best, true
}

// interval yields where a node ends, and what becomes of it until the next time of the grid.
func (e *everyPlan) interval(from everyNode, first int, target float64, end, next func(everyNode)) {
	var rows [][]float64
	gain, fixed := make([]float64, len(e.asked)), 0.
	steps := slices.Clone(from.steps)
	admits := func(x []float64) (all []restart.Step) {
		for _, d := range e.asked {
			if d.gated {
				all = append(all, restart.Step{At: time.Duration(first) * e.tick, Do: restart.Admit, What: topology.Names{e.t.Name(d.id)}, Admit: max(0, min(1, x[0]))})
				x = x[1:]
			}
		}
		return append(all, steps...)
	}
	var visit func(s everyState, tick int)
	visit = func(s everyState, tick int) {
		e.choices(s, tick, func(s everyState, did []restart.Step) {
			e.looks++
			c := e.look(s)
			if !c.safe || e.looks > maxEveryLooks {
				return
			}
			nRows, nSteps, wasGain, wasFixed := len(rows), len(steps), slices.Clone(gain), fixed
			rows, steps = append(rows, c.rows...), append(steps, did...)
			past := float64(tick - first)
			keeps := e.worthOf(c, 1)
			if after, ok := e.stays(s, tick, c); ok {
				if served, x := e.admits(append(slices.Clone(rows), after...), gain, keeps, target*(1-1e-10)-c.fixed-1e-10); x != nil {
					end(everyNode{s.clone(), from.cost + e.worth*past - fixed - served, admits(x)})
				}
			}
			for i, w := range keeps {
				gain[i] += w
			}
			fixed += c.fixed
			if tick+1 < first+e.perGrid {
				visit(s.clone(), tick+1)
			} else if served, x := e.admits(rows, gain, nil, 0); x != nil {
				next(everyNode{s.clone(), from.cost + e.worth*(past+1) - fixed - served, admits(x)})
			}
			rows, steps, fixed = rows[:nRows], steps[:nSteps], wasFixed
			copy(gain, wasGain)
		})
	}
	visit(from.state, first)
}

// stays returns what has to be kept while, without steps, what is under way comes to its end, and reports whether all demands
// are served as before then.
func (e *everyPlan) stays(s everyState, tick int, c everyConfig) (rows [][]float64, ok bool) {
	for e.moves(s, tick) {
		tick++
		s = e.forced(s, tick)
		then := e.look(s)
		if e.crowded(s) || !then.safe || then.fixed != c.fixed {
			return nil, false
		}
		rows = append(rows, then.rows...)
		n := 0
		for i, d := range e.asked {
			if d.gated {
				if n++; then.served[i] != c.served[i] {
					none := make([]float64, 1+e.gates)
					none[n-1] = 1
					rows = append(rows, none) // or what is served of it would change
				}
			}
		}
	}
	return rows, true
}

// plan is what a node did, with its figures from a replay.
func (e *everyPlan) plan(t *testing.T, n *everyNode) *restart.Plan {
	p := *e.made
	p.Steps = slices.Clone(n.steps)
	slices.SortStableFunc(p.Steps, func(a, b restart.Step) int { return int(a.At - b.At) })
	require.NoError(t, p.Measure(context.Background(), e.t), "%v", &p)
	return &p
}

// value is the worth of what a plan serves in the end.
func (e *everyPlan) value(p *restart.Plan) (sum float64) {
	for _, s := range p.Served {
		for _, d := range e.asked {
			if e.t.Name(d.id) == s.Demand {
				sum += d.worth * s.Fraction
			}
		}
	}
	return sum
}

// plainDark is a dark in which nothing surges or warms up.
func plainDark(seed uint64) dark { return shapedDark(seed, 17, (*maker).calm) }

func (m *maker) calm() {
	for i := range m.spec.Components {
		c := &m.spec.Components[i]
		c.Reopen, c.Start.WarmUp, c.Start.Cold = topology.Reopen{}, 0, 0
	}
}

// oddDark is one of which users take capacity and power themselves, and need more than they draw on, and of which the grid is no
// multiple of the boots.
func oddDark(seed uint64) dark {
	d := shapedDark(seed, 19, func(m *maker) {
		m.calm()
		for i := range m.spec.Components {
			c := &m.spec.Components[i]
			if c.Kind != "users" {
				continue
			}
			c.Supplies[0].Base, c.Supplies[0].PerUnit, c.Supplies[0].Inrush = float64(m.IntN(4)), .5+float64(m.IntN(3))/4, float64(m.IntN(4))
			if m.chance(3) {
				c.Capacity = 10 + float64(m.IntN(50))
			}
			if m.chance(3) {
				c.Needs = topology.Names{"1 of " + m.layers[m.IntN(len(m.layers))].kind}
			}
			if m.chance(3) {
				c.Start.Boot = m.ticks(4)
			}
		}
	})
	if seed%2 == 0 {
		d.options.Grid = 45 * time.Second
	}
	if seed%3 == 0 {
		d.options.Value = map[string]float64{"users": 2, "users-1": float64(seed % 2)}
		if _, err := d.fleet.Select("users-1"); err != nil {
			d.options.Value = nil
		}
	}
	return d
}

// No plan is better than one that is proven, and none below a bound, of all that there are. Where nobody found one, there is none.
func TestMakeAgainstEveryPlan(t *testing.T) {
	t.Parallel()
	fleets := uint64(60)
	if testing.Short() {
		fleets = 20
	}
	t.Run("plain", func(t *testing.T) { t.Parallel(); againstEveryPlan(t, fleets, .9, 7, plainDark) })
	t.Run("odd", func(t *testing.T) { t.Parallel(); againstEveryPlan(t, fleets, .9, 7, oddDark) })
	t.Run("counted", func(t *testing.T) { t.Parallel(); againstEveryPlan(t, fleets, .9, 7, countedDark) })
	t.Run("cold", func(t *testing.T) { t.Parallel(); againstEveryPlan(t, 4*fleets, .8, 4, coldDark) })
}

// countedDark is one of which the servers are alike, of equal shares, and of which few may boot at once.
func countedDark(seed uint64) dark {
	d := shapedDark(seed, 41, func(m *maker) {
		m.calm()
		var first *topology.Component
		for i := range m.spec.Components {
			c := &m.spec.Components[i]
			if c.Kind != "server" {
				continue
			}
			if first == nil {
				c.Demand, c.Gated, first = 0, false, c
			}
			name := c.Name
			*c = *first
			c.Name = name
		}
	})
	d.options.AtOnce = map[string]int{"server": 1 + int(seed%3)}
	return d
}

// coldDark is one in which things warm up, and demands that cannot be held back surge.
func coldDark(seed uint64) dark {
	return shapedDark(seed, 37, func(m *maker) {
		for i := range m.spec.Components {
			c := &m.spec.Components[i]
			if c.Start.WarmUp = 0; c.Kind != "users" && m.chance(3) {
				c.Start.WarmUp, c.Start.Cold = m.ticks(3)+tick, float64(m.IntN(4))/4
			}
			if c.Reopen = (topology.Reopen{}); !c.Gated && c.Demand > 0 && m.chance(2) {
				c.Reopen = topology.Reopen{Surge: float64(1+m.IntN(4)) / 4, Decay: time.Minute}
			}
		}
	})
}

// againstEveryPlan wants some part of fleets of so many components to start proven.
func againstEveryPlan(t *testing.T, fleets uint64, part float64, most int, next func(seed uint64) dark) {
	tried, proven, best, soonest, none := 0, 0, 0, 0, 0
	for seed := range fleets {
		d := next(seed)
		made, err := restart.Make(context.Background(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		e := newEveryPlan(d, made, most)
		if e == nil {
			continue
		}
		reached, ok := e.reach()
		where := fmt.Sprintf("seed %d: %+v\n%v", seed, d.options, made)
		switch {
		case !ok: // there are too many
		case made.Certainty == cascade.Undetermined:
			if none++; strings.HasPrefix(made.Reason, "no plan is safe") {
				require.False(t, reached.any, where)
			}
		case made.Soonest:
			require.LessOrEqual(t, e.value(made), reached.worth+1e-6*e.worth, where)
			e.holdSoonest(t, reached, where)
			soonest++
		default:
			n, ok := e.cheapest(reached.worth)
			if !ok {
				continue
			}
			tried++
			was, is := e.hold(t, n, reached.worth, where)
			if was {
				proven++
			}
			if is {
				best++
			}
		}
	}
	t.Log(tried, "tried,", proven, "proven,", best, "best,", soonest, "for the earliest finish,", none, "without a plan")
	require.GreaterOrEqual(t, float64(proven), float64(tried)*part)
}

// hold compares what was made with the best plan of all; it reports whether it is proven, and whether it is the best.
func (e *everyPlan) hold(t *testing.T, n *everyNode, most float64, where string) (proven, best bool) {
	made, value := e.made, e.value(e.made)
	require.NotNil(t, n, where)
	require.LessOrEqual(t, value, most+1e-6*e.worth, where)
	p := e.plan(t, n)
	where += fmt.Sprint("\nthe best is: ", p)
	require.InDelta(t, most, e.value(p), 1e-6*(1+e.worth), where)
	best = value >= most-1e-6*e.worth && made.Unserved <= p.Unserved*(1+1e-8)+1e-8
	if proven = made.Certainty == cascade.Proven; proven {
		require.True(t, best, where)
	}
	if e.asMuch(p) {
		require.LessOrEqual(t, made.LeastPossible, p.Unserved*(1+1e-8)+1e-8, where)
	}
	return proven, best
}

// asMuch reports whether a plan serves as much of each demand as the one that was made.
func (e *everyPlan) asMuch(p *restart.Plan) bool {
	for i, s := range p.Served {
		if s.Fraction < e.made.Served[i].Fraction-1e-9 {
			return false
		}
	}
	return true
}

// holdSoonest compares the finish with the earliest of what starts as much.
func (e *everyPlan) holdSoonest(t *testing.T, reached everyReach, where string) {
	n := 0
	for id, yes := range e.started {
		if yes && !e.source[id] {
			n++
		}
	}
	require.LessOrEqual(t, n, reached.started, where)
	at := time.Duration(reached.finish) * e.tick
	require.LessOrEqual(t, e.made.Earliest, at, where)
	require.LessOrEqual(t, at, e.made.Finish, where)
	if e.made.Certainty == cascade.Proven {
		require.Equal(t, reached.started, n, where)
		require.Equal(t, at, e.made.Finish, where)
	}
}
