package restart

import (
	"context"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A policy settles what the order of starting and admitting is where both want the same capacity.
type policy struct {
	first  whichFirst
	lately bool // what enters rotation cold, and makes room for less, waits until all that can start are ready
	enough bool // no more servers run than carry what can be carried: the others would draw power for nothing
}

type whichFirst uint8

const (
	serve whichFirst = iota // what is admitted stays admitted; starts take what is left
	boot                    // where admission can change, starts go before it
	hold                    // nothing is admitted before all that can start are ready
)

var policies = []policy{
	{first: serve}, {first: serve, lately: true}, {first: boot}, {first: boot, lately: true}, {first: hold}, {first: hold, lately: true},
	{first: serve, enough: true}, {first: boot, enough: true},
}

// maxInstants bounds a plan: a surge that decays over days on a grid of seconds would go on for long.
const maxInstants = 100_000

// A way is a plan being made, instant by instant.
type way struct {
	*fleet
	policy
	now    time.Duration
	times  events // at which something may happen
	ends   map[time.Duration][]batch
	status []topology.Status // of what powers the servers, and of the users
	crews  []crew
	boots  []int // by limit

	in      int // servers in rotation
	entered time.Duration
	mixed   bool // others than survivors are in rotation
	gate    gate
	before  gate // as it was when this instant began
	opened  bool
	spare   int // servers that may still be started

	wiring       *wiring
	fixed, slope []float64 // by ID: load without traffic, and for each unit of each server's

	plan            *Plan
	powered, turned []topology.ID // in this instant
}

// A crew is a group on its way: of its servers, in order, so many are started, of these so many ready, of these so many in
// rotation.
type crew struct {
	*group
	started, ready, in int
	draws              map[topology.ID]draw
	order              []topology.ID
}

// A batch boots together.
type batch struct {
	crew, n int
	power   topology.ID // if n is 0
}

// plan makes a plan by one policy.
func (f *fleet) plan(ctx context.Context, like *Plan, p policy) (*Plan, error) {
	w := f.setOut(like, p)
	for range maxInstants {
		at, ok := w.times.first()
		if !ok {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for next, more := at, true; more && next == at; next, more = w.times.first() {
			w.times.pop()
		}
		w.now = at
		w.instant()
	}
	return w.plan, nil
}

func (f *fleet) setOut(like *Plan, p policy) *way {
	n := f.t.Len()
	w := &way{fleet: f, policy: p, ends: map[time.Duration][]batch{}, status: slices.Clone(f.status), boots: make([]int, len(f.limits)),
		in: f.survivors, fixed: make([]float64, n), slope: make([]float64, n), opened: f.open}
	w.gate = gate{height: f.surge(), decay: f.reopen.Decay}
	if f.open || !f.gated {
		w.gate.fraction = 1
	}
	w.plan = &Plan{Scenario: like.Scenario, Return: like.Return, AtOnce: like.AtOnce, Value: like.Value,
		Soonest: like.Soonest, Grid: like.Grid,
		Steps: []Step{}, Deadlocks: like.Deadlocks, Certainty: cascade.Undetermined}
	for i := range f.groups {
		g := &f.groups[i]
		c := crew{group: g}
		switch n := len(g.ids); g.status {
		case topology.Up:
			c.started, c.ready, c.in = n, n, n
		case topology.Ready:
			c.started, c.ready = n, n
		default:
			w.at(g.back)
		}
		w.crews = append(w.crews, c)
	}
	if w.spare = n; p.enough {
		w.spare = f.enough()
	}
	for _, id := range append([]topology.ID{f.users}, f.power...) {
		if f.status[id] == topology.Down {
			w.at(f.back[id])
		}
	}
	w.at(0)
	w.wire()
	return w
}

// at notes that something may happen at a time.
func (w *way) at(at time.Duration) {
	if at >= 0 {
		w.times.add(event{at: at})
	}
}

// instant does all that can be done now.
func (w *way) instant() {
	for _, b := range w.ends[w.now] {
		w.finish(b)
	}
	delete(w.ends, w.now)
	w.weigh()
	w.before = w.gate
	for {
		power := w.startPower()
		w.up()
		w.turn()
		if w.first == serve {
			w.admit()
		}
		if servers := w.startServers(); !power && !servers {
			break
		}
	}
	w.turn()
	w.admit()
	w.record()
	w.comeBack()
}

// finish ends a boot.
func (w *way) finish(b batch) {
	if b.n == 0 {
		w.status[b.power] = topology.Up
		for i, l := range w.limits {
			if slices.Contains(l.ids, b.power) {
				w.boots[i]--
			}
		}
		w.wire()
		return
	}
	c := &w.crews[b.crew]
	c.ready += b.n
	for _, l := range c.limits {
		w.boots[l] -= b.n
	}
}

// onGrid reports whether admission can change now.
func (w *way) onGrid() bool { return w.gated && w.now%w.grid == 0 }

// ahead reports whether more servers may become ready.
func (w *way) ahead() bool {
	if len(w.ends) > 0 {
		return true
	}
	for i := range w.crews {
		c := &w.crews[i]
		if c.started < len(c.ids) && w.now < w.startable(c.ids[0]) {
			return true
		}
	}
	return false
}

// up reports whether the users' needs are met; those of servers by so many that are ready.
func (w *way) up() bool {
	if w.status[w.users] == topology.Up {
		return true
	}
	if w.back[w.users] < 0 || w.back[w.users] > w.now {
		return false
	}
	ready := 0
	for i := range w.crews {
		ready += w.crews[i].ready
	}
	if ready < w.need {
		return false
	}
	for _, l := range w.t.Links(w.users) {
		if l.Supply == nil && !w.met(&l) {
			return false
		}
	}
	w.status[w.users] = topology.Up
	return true
}

// met reports whether enough members of a link run.
func (w *way) met(l *topology.Link) bool {
	left := l.Need
	for _, m := range l.Members {
		if left <= 0 {
			break
		}
		if w.status[m] == topology.Up {
			left--
		}
	}
	return left <= 0
}

func (w *way) allMet(links []topology.Link) bool {
	for i := range links {
		if !w.met(&links[i]) {
			return false
		}
	}
	return true
}

// admit admits the most that is safe, in place of what this instant admitted before.
func (w *way) admit() {
	if !w.onGrid() || !w.up() {
		return
	}
	w.gate = w.before
	limit := w.most() / w.demand
	if w.in == 0 || w.first == hold && w.ahead() {
		limit = 0
	}
	if f := w.gate.most(limit, w.now); f != w.gate.fraction {
		w.gate.set(f, w.now)
	}
}

// record writes down the steps of this instant.
func (w *way) record() {
	step := func(do Action, ids []topology.ID) {
		if len(ids) > 0 {
			slices.Sort(ids)
			w.plan.Steps = append(w.plan.Steps, Step{At: w.now, Do: do, What: w.t.Names(ids)})
		}
	}
	step(PowerOn, w.powered)
	step(Rotate, w.turned)
	w.powered, w.turned = nil, nil
	if w.gated && w.gate.fraction != w.before.fraction {
		w.plan.Steps = append(w.plan.Steps, Step{At: w.now, Do: Admit, What: w.t.Names([]topology.ID{w.users}), Admit: w.gate.fraction})
	}
}

// comeBack notes when more can be admitted or put in rotation than now.
func (w *way) comeBack() {
	outside := 0
	for i := range w.crews {
		outside += w.crews[i].ready - w.crews[i].in
	}
	warming := w.mixed && w.now < later(w.entered, w.start.WarmUp)
	decaying := w.gate.left(w.now) > 1e-12*w.gate.fraction
	switch {
	case w.gated && w.up() && (w.gate.fraction < 1 || outside > 0):
		limit := min(1, w.most()/w.demand)
		if w.now%w.grid != 0 || warming || decaying && (w.gate.fraction < limit || outside > 0) {
			w.atGrid()
		}
	case !w.gated && w.opened && outside > 0 && (warming || decaying):
		w.atGrid()
	}
}

// atGrid notes the next time of the grid.
func (w *way) atGrid() {
	if next := later(w.now, w.grid-w.now%w.grid); next > w.now {
		w.at(next)
	}
}
