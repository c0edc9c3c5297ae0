package restart_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// An everyPlan tries every plan of a small fleet in which nothing spills, nor surges if it can be held back: at every tick, which is what all
// returns, boots and the grid are multiples of, every set of what can be powered on and of what can enter rotation. Ticks are
// enough: once it is settled which event comes before which, what is left to choose are times of which differences are
// bounded by sums of boots, returns and times of the grid, and of which the cost is linear: such a program has a solution in
// whole ticks, and events that meet in it do no harm that they did not do one after the other.
//
// Between two times of the grid what is admitted is constant. As nothing of it lasts, it is best chosen by itself, for what
// is powered on and enters rotation in between: a linear program, of which every vertex is tried.
type everyPlan struct {
	dark
	t       *topology.Topology
	made    *restart.Plan
	tick    time.Duration
	perGrid int
	begin   []topology.Status
	back    []int // ticks by ID; -1 is never
	last    int   // return
	boot    []int
	limited map[int][]topology.ID // by how many may boot
	limits  []int
	rotates []bool
	source  []bool
	asked   []everyDemand
	worth   float64 // of all
	fades   []int   // by ID: ticks until it is warm, or its surge makes no difference any more
	gates   int
	runners int
	started []bool // by ID, in the plan that was made

	known map[string]everyConfig
	looks int // at a state with what is done in it
}

type everyDemand struct {
	id          topology.ID
	full, worth float64
	gated, open bool
}

// newEveryPlan says nothing of fleets that are too large, or not of the kind.
func newEveryPlan(d dark, made *restart.Plan, most int) *everyPlan {
	t := d.fleet
	e := &everyPlan{dark: d, t: t, made: made, tick: made.Grid, known: map[string]everyConfig{}, begin: make([]topology.Status, t.Len()),
		back: make([]int, t.Len()), boot: make([]int, t.Len()), rotates: make([]bool, t.Len()), source: make([]bool, t.Len()),
		started: make([]bool, t.Len()), fades: make([]int, t.Len())}
	outcome, err := cascade.Run(t, d.scenario)
	if err != nil {
		return nil
	}
	drained, _ := t.Select(d.scenario.Drain...)
	for _, id := range drained {
		e.begin[id] = topology.Ready
	}
	for _, f := range outcome.Failures {
		id, _ := t.Lookup(f.Component)
		e.begin[id] = topology.Down
	}
	for _, s := range made.Steps {
		ids, _ := t.Select(s.What...)
		for _, id := range ids {
			e.started[id] = e.started[id] || s.Do == restart.PowerOn && e.begin[id] == topology.Down
		}
	}
	at := make([]time.Duration, t.Len())
	for pattern, back := range d.options.Return {
		ids, _ := t.Select(pattern)
		for _, id := range ids {
			if back < 0 || at[id] < 0 {
				at[id] = -1
			} else {
				at[id] = max(at[id], back)
			}
		}
	}
	for id := range topology.ID(t.Len()) {
		if e.begin[id] == topology.Down && at[id] >= 0 {
			e.tick = gcd(e.tick, gcd(at[id], t.Start(id).Boot))
		}
	}
	if e.varies() {
		e.tick /= 2
	}
	e.perGrid = int(made.Grid / e.tick)
	for id := range topology.ID(t.Len()) {
		start := t.Start(id)
		e.boot[id] = int(start.Boot / e.tick)
		if e.back[id] = int(at[id] / e.tick); at[id] < 0 {
			e.back[id] = -1
		}
		if e.begin[id] == topology.Down && at[id] >= 0 {
			e.last = max(e.last, e.back[id])
		}
		if e.begin[id] != topology.Up {
			e.runners++
			if start.WarmUp > 0 && start.Cold < 1 {
				e.fades[id] = int((start.WarmUp + e.tick - 1) / e.tick)
			}
		}
		if t.Demand(id) == 0 {
			continue
		}
		c := t.Component(id)
		if c.Reopen.Surge > 0 && c.Gated || e.fades[id] > 0 {
			return nil
		}
		if c.Reopen.Surge > 0 && e.begin[id] == topology.Down {
			e.fades[id] = int(30 * c.Reopen.Decay / e.tick)
		}
		if c.Gated {
			e.gates++
		}
		e.ask(&c, id, outcome)
	}
	for pattern, most := range d.options.AtOnce {
		ids, _ := t.Select(pattern)
		if e.limited == nil {
			e.limited = map[int][]topology.ID{}
		}
		e.limited[len(e.limits)] = ids
		e.limits = append(e.limits, most)
	}
	spills := slices.ContainsFunc(t.Pools(), func(p topology.Pool) bool { return p.Share == topology.Waterfall })
	if spills || e.gates > 2 || e.runners > most || e.perGrid > 4 || e.last > 16 {
		return nil
	}
	return e
}

// varies reports whether something warms up or surges: then plans between ticks may be better.
func (e *everyPlan) varies() bool {
	for id := range topology.ID(e.t.Len()) {
		start := e.t.Start(id)
		if e.begin[id] != topology.Up && (start.WarmUp > 0 && start.Cold < 1 || e.t.Component(id).Reopen.Surge > 0) {
			return true
		}
	}
	return false
}

func (e *everyPlan) ask(c *topology.Component, id topology.ID, outcome *cascade.Outcome) {
	full := c.Demand
	if e.scenario.Load != 0 {
		full *= e.scenario.Load
	}
	d := everyDemand{id: id, full: full, gated: c.Gated, open: e.begin[id] != topology.Down}
	if slices.ContainsFunc(outcome.Served, func(s cascade.Served) bool { return s.Demand == c.Name }) {
		d.worth = full
		for _, pattern := range slices.Sorted(maps.Keys(e.options.Value)) {
			if ids, _ := e.t.Select(pattern); slices.Contains(ids, id) {
				d.worth = e.options.Value[pattern] * full
			}
		}
	}
	e.worth += d.worth
	e.asked = append(e.asked, d)
	for _, l := range e.t.Links(id) {
		for _, m := range l.Members {
			e.rotates[m] = e.rotates[m] || l.Supply != nil
		}
	}
	e.source[id] = e.begin[id] == topology.Down && len(e.t.PoolsOf(id)) == 0
}

func gcd(a, b time.Duration) time.Duration {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// An everyState is how a fleet stands at a tick: by ID its status, how many ticks it still boots, and how many it still warms up, or
// its demand surges.
type everyState struct {
	status []topology.Status
	left   []int
	fades  []int
	came   []bool
}

// begins is how the cascade leaves it.
func (e *everyPlan) begins() everyState {
	return everyState{slices.Clone(e.begin), make([]int, e.t.Len()), make([]int, e.t.Len()), make([]bool, e.t.Len())}
}

func (s everyState) clone() everyState {
	return everyState{slices.Clone(s.status), slices.Clone(s.left), slices.Clone(s.fades), slices.Clone(s.came)}
}

func (s everyState) key() string { return fmt.Sprint(s.status, s.left, s.fades, s.came) }

// turn puts one in rotation.
func (e *everyPlan) turn(s everyState, id topology.ID) {
	if s.status[id] = topology.Up; e.t.Demand(id) == 0 {
		s.fades[id] = e.fades[id]
	}
}

// comes reports whether a demand is there.
func (e *everyPlan) comes(s everyState, d *everyDemand) bool {
	up := s.status[d.id] == topology.Up || s.status[d.id] == topology.Ready
	carried := true
	for _, l := range e.t.Links(d.id) {
		carried = carried && (l.Supply == nil || slices.ContainsFunc(l.Members, func(m topology.ID) bool { return s.status[m] == topology.Up }))
	}
	return d.open || up && (d.gated || carried)
}

// come lets what comes surge.
func (e *everyPlan) come(s everyState) {
	for i := range e.asked {
		if d := &e.asked[i]; !s.came[d.id] && !d.gated && !d.open && e.comes(s, d) {
			s.came[d.id], s.fades[d.id] = true, e.fades[d.id]
		}
	}
}

// capacity returns what a component has.
func (e *everyPlan) capacity(s everyState, id topology.ID) float64 {
	start, full := e.t.Start(id), e.t.Capacity(id)
	if s.fades[id] == 0 || e.t.Demand(id) > 0 {
		return full
	}
	age := time.Duration(e.fades[id]-s.fades[id]) * e.tick
	return full * max(1e-9, min(1, start.Cold+(1-start.Cold)*float64(age)/float64(start.WarmUp)))
}

// amount returns how much of a demand that cannot be held back is there, in parts of it.
func (e *everyPlan) amount(s everyState, id topology.ID) float64 {
	r := e.t.Component(id).Reopen
	if s.fades[id] == 0 {
		return 1
	}
	age := time.Duration(e.fades[id]-s.fades[id]) * e.tick
	return 1 + r.Surge*math.Exp(-float64(age)/float64(r.Decay))
}

func (e *everyPlan) met(s everyState, id topology.ID) bool {
	for _, l := range e.t.Links(id) {
		n := 0
		for _, m := range l.Members {
			if s.status[m] == topology.Up || s.status[m] == topology.Ready {
				n++
			}
		}
		if n < l.Need {
			return false
		}
	}
	return true
}

func (e *everyPlan) on(s everyState, id topology.ID) {
	if s.left[id] = e.boot[id]; s.left[id] > 0 {
		s.status[id] = topology.Booting
	} else {
		e.runs(s, id)
	}
}

func (e *everyPlan) runs(s everyState, id topology.ID) {
	if s.status[id] = topology.Ready; !e.rotates[id] {
		e.turn(s, id)
	}
}

// forced is what becomes of a state by a tick without steps.
func (e *everyPlan) forced(s everyState, tick int) everyState {
	s = s.clone()
	for id := range s.left {
		s.fades[id] = max(0, s.fades[id]-1)
		if s.left[id] > 0 {
			if s.left[id]--; s.left[id] == 0 {
				e.runs(s, topology.ID(id))
			}
		}
	}
	e.sources(s, tick)
	e.come(s)
	return s
}

// sources start by themselves.
func (e *everyPlan) sources(s everyState, tick int) {
	for again := true; again; {
		again = false
		for id := range topology.ID(e.t.Len()) {
			if e.source[id] && s.status[id] == topology.Down && e.back[id] >= 0 && e.back[id] <= tick && e.met(s, id) {
				e.on(s, id)
				again = true
			}
		}
	}
}

// moves reports whether something will happen without a step.
func (e *everyPlan) moves(s everyState, tick int) bool {
	return tick < e.last || slices.ContainsFunc(s.left, func(left int) bool { return left > 0 })
}

// choices yields every state that can be made of one at a tick, and what was done for it.
func (e *everyPlan) choices(s everyState, tick int, yield func(everyState, []restart.Step)) {
	at := time.Duration(tick) * e.tick
	refused := make([]bool, e.t.Len())
	var steps []restart.Step
	var power, turn func(s everyState)
	power = func(s everyState) {
		e.sources(s, tick)
		for id := range topology.ID(e.t.Len()) {
			if s.status[id] != topology.Down || refused[id] || e.source[id] || e.back[id] < 0 || e.back[id] > tick || !e.met(s, id) {
				continue
			}
			with := s.clone()
			e.on(with, id)
			steps = append(steps, on(at, e.t.Name(id)))
			power(with)
			steps = steps[:len(steps)-1]
			refused[id] = true
			power(s.clone())
			refused[id] = false
			return
		}
		if e.crowded(s) {
			return
		}
		turn(s)
	}
	turn = func(s everyState) {
		for id := range topology.ID(e.t.Len()) {
			if s.status[id] != topology.Ready || refused[id] {
				continue
			}
			with := s.clone()
			e.turn(with, id)
			steps = append(steps, in(at, e.t.Name(id)))
			turn(with)
			steps = steps[:len(steps)-1]
			refused[id] = true
			turn(s)
			refused[id] = false
			return
		}
		s = s.clone()
		e.come(s)
		yield(s, steps)
	}
	power(e.forced(s, tick))
}

func (e *everyPlan) crowded(s everyState) bool {
	for i, most := range e.limits {
		n := 0
		for _, id := range e.limited[i] {
			if s.status[id] == topology.Booting {
				n++
			}
		}
		if n > most {
			return true
		}
	}
	return false
}

// An everyConfig is what statuses allow: rows of what is admitted, and what is served of it.
type everyConfig struct {
	safe   bool
	rows   [][]float64 // a · x ≤ the last
	served []float64   // by demand, for all of it
	fixed  float64     // worth of what cannot be held back
}

// look computes the loads of statuses, with nothing and with a little admitted.
func (e *everyPlan) look(s everyState) everyConfig {
	key := fmt.Sprint(s.status, s.fades)
	if c, ok := e.known[key]; ok {
		return c
	}
	n := len(e.asked)
	c := everyConfig{safe: true, served: make([]float64, n)}
	state := topology.State{Status: s.status, Demand: make([]float64, e.t.Len()), Capacity: make([]float64, e.t.Len())}
	for id := range state.Capacity {
		state.Capacity[id] = e.capacity(s, topology.ID(id))
	}
	comes := make([]bool, n)
	for i, d := range e.asked {
		comes[i] = e.comes(s, &d)
		if comes[i] && !d.gated {
			state.Demand[d.id] = d.full * e.amount(s, d.id)
		}
	}
	base := e.t.Flow(state)
	for id, status := range s.status {
		if status != topology.Down && topology.Overloaded(base.Load[id], state.Capacity[id]) {
			c.safe = false
		}
	}
	const part = 1. / 1024
	slope := make([][]float64, n)
	for i, d := range e.asked {
		if slope[i] = make([]float64, e.t.Len()); !comes[i] {
			continue
		}
		if !d.gated {
			c.fixed += d.worth * base.Served[d.id]
			continue
		}
		state.Demand[d.id] = d.full * part
		flow := e.t.Flow(state)
		for id := range slope[i] {
			slope[i][id] = (flow.Load[id] - base.Load[id]) / part
		}
		c.served[i] = flow.Served[d.id]
		state.Demand[d.id] = 0
	}
	for id, status := range s.status {
		room := state.Capacity[id] - base.Load[id]
		if status == topology.Down || math.IsInf(room, 1) {
			continue
		}
		row := []float64{}
		for i, d := range e.asked {
			if d.gated {
				row = append(row, slope[i][id])
			}
		}
		if slices.Max(append([]float64{0}, row...)) > 1e-12 {
			c.rows = append(c.rows, append(row, max(0, room)))
		}
	}
	e.known[key] = c
	return c
}

// admits returns the most worth that can be admitted under rows, of so much for all of each demand; with least, while
// that keeps so much of another worth. It returns nil if nothing does.
func (e *everyPlan) admits(rows [][]float64, gain, keeps []float64, least float64) (float64, []float64) {
	var g, k []float64
	for i, d := range e.asked {
		if d.gated {
			g = append(g, gain[i])
			if keeps != nil {
				k = append(k, keeps[i])
			}
		}
	}
	n := len(g)
	all := slices.Clone(rows)
	for i := range n {
		low, high := make([]float64, n+1), make([]float64, n+1)
		low[i], high[i], high[n] = -1, 1, 1
		all = append(all, low, high)
	}
	if keeps != nil {
		row := make([]float64, n+1)
		for i := range k {
			row[i] = -k[i]
		}
		row[n] = -least
		all = append(all, row)
	}
	best, at := -1., []float64(nil)
	try := func(x ...float64) {
		sum := 0.
		for i := range x {
			sum += g[i] * x[i]
		}
		for _, r := range all {
			load := -r[n]
			for i := range x {
				load += r[i] * x[i]
			}
			if !(load <= 1e-11*(1+math.Abs(r[n]))) {
				return
			}
		}
		if sum > best {
			best, at = sum, append([]float64{}, x...)
		}
	}
	switch n {
	case 0:
		try()
	case 1:
		for _, r := range all {
			if r[0] != 0 {
				try(r[1] / r[0])
			}
		}
	case 2:
		for i, a := range all {
			for _, b := range all[:i] {
				if d := a[0]*b[1] - a[1]*b[0]; math.Abs(d) > 1e-12 {
					try((a[2]*b[1]-a[1]*b[2])/d, (a[0]*b[2]-a[2]*b[0])/d)
				}
			}
		}
	}
	return best, at
}
