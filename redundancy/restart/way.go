package restart

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// maxInstants bounds a plan: a surge that decays over days on a grid of seconds would go on for long.
const maxInstants = 100_000

// A way is a plan being made, instant by instant.
type way struct {
	*fleet
	policy
	now     time.Duration
	times   *queue.Queue[time.Duration] // at which something may happen
	ends    map[time.Duration][]batch
	status  []topology.Status // of what powers the servers, and of the users
	crews   []crew
	booting []int // by limit

	in      int // servers in rotation
	entered time.Duration
	mixed   bool // others than survivors are in rotation
	gate    gate
	before  gate // as it was when this instant began
	opened  bool
	spare   int // servers that may still be started
	quiet   int // times at which it was looked for the rest again

	wiring       *pool.Wiring
	fixed, slope []float64 // by ID: load without traffic, and for each unit of each server's

	plan            *Plan
	tally           tally
	powered, turned []topology.ID // in this instant
}

// A crew is a group on its way: of its servers, in order, so many are started, of these so many ready, of these so many in
// rotation.
type crew struct {
	*group
	started, ready, in int
	draws              []draw // of one of its servers; nil: not known since the wiring has changed
}

// A batch boots together.
type batch struct {
	crew, n int
	power   topology.ID // if n is 0
}

// plan makes a plan by one policy; the way can go on from there for the rest.
func (f *fleet) plan(ctx context.Context, like *Plan, p policy) (*way, error) {
	w := f.setOut(like, p)
	if err := w.travel(ctx); err != nil {
		return nil, err
	}
	w.tell()
	return w, nil
}

// bringRest returns the steps with which a way goes on, once all that was planned is done, for all that it has left off.
func (w *way) bringRest(ctx context.Context) ([]Step, error) {
	steps := len(w.plan.Steps)
	w.policy, w.spare = policy{first: serve, rest: true}, w.t.Len()
	for i := range w.crews {
		if c := &w.crews[i]; c.in < len(c.ids) && c.back >= 0 {
			w.at(max(w.plan.restFrom(), w.now, c.back))
		}
	}
	err := w.travel(ctx)
	rest := slices.Clone(w.plan.Steps[steps:])
	w.plan.Steps = w.plan.Steps[:steps]
	return rest, err
}

// travel takes instant after instant until nothing more is to happen.
func (w *way) travel(ctx context.Context) error {
	for range maxInstants {
		at, ok := w.times.Pop()
		if !ok {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for next, more := w.times.First(); more && next == at; next, more = w.times.First() {
			w.times.Pop()
		}
		w.now = at
		w.instant()
	}
	return nil
}

func (f *fleet) setOut(like *Plan, p policy) *way {
	n := f.t.Len()
	w := &way{fleet: f, policy: p, times: queue.New(cmp.Compare[time.Duration]), ends: map[time.Duration][]batch{}, status: slices.Clone(f.status), booting: make([]int, len(f.limits)),
		in: f.survivors, fixed: make([]float64, n), slope: make([]float64, n), opened: f.open}
	w.gate = gate{reopen: f.reopening()}
	if f.open || !f.gated {
		w.gate.fraction = 1
	}
	w.plan = like.blank()
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
		w.times.Push(at)
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
	w.count()
	w.comeBack()
}

// finish ends a boot.
func (w *way) finish(b batch) {
	if b.n == 0 {
		w.status[b.power] = topology.Up
		for _, l := range w.limited[b.power] {
			w.booting[l]--
		}
		w.wire()
		return
	}
	c := &w.crews[b.crew]
	c.ready += b.n
	for _, l := range c.limits {
		w.booting[l] -= b.n
	}
}

// ahead reports whether more servers may become ready.
func (w *way) ahead() bool {
	if len(w.ends) > 0 {
		return true
	}
	for i := range w.crews {
		c := &w.crews[i]
		if c.started < len(c.ids) && w.now < w.from[c.ids[0]] {
			return true
		}
	}
	return false
}

// record writes down the steps of this instant.
func (w *way) record() {
	w.plan.act(w.t, w.now, PowerOn, w.powered)
	w.plan.act(w.t, w.now, Rotate, w.turned)
	w.powered, w.turned = nil, nil
	if w.gated && w.gate.fraction != w.before.fraction {
		w.plan.admit(w.t, w.now, w.users, w.gate.fraction)
	}
}
