package restart

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// A journey is a plan for any fleet being made, instant by instant. Whatever it thinks of doing it tries on the loads of the
// whole fleet, lot by lot, and takes back if something would be overloaded.
type journey struct {
	*compass
	policy
	world
	saved []*world // under attempts
	depth int
	tide  *tide

	now    time.Duration
	times  *queue.Queue[time.Duration]     // at which something may be done
	ends   map[time.Duration][]topology.ID // boots
	quiet  int                             // times of the grid that it has come back for
	before []demand                        // as they were when this instant began
	chosen []bool                          // by ID: servers that may enter rotation; nil: all
	needed []bool                          // by ID: what may start; nil: all
	goal   []float64                       // by demand: of a policy that admits ahead, what can be admitted in the end
	banned []bool                          // by ID: what a journey before this one had better not started
	floor  []float64                       // by demand: the part that is served when the rest is brought back; nil: any
	least  float64                         // the value of the most that could be admitted with what is in rotation, all warm; NaN: not known
	plan   *Plan
}

// An impasse is a time at which something is overloaded whatever is done then.
type impasse struct {
	at  time.Duration
	why []topology.ID // what became ready then
}

// newJourney sets out.
func (c *compass) newJourney(like *Plan, p policy) *journey {
	j := &journey{compass: c, policy: p, times: queue.New(cmp.Compare[time.Duration]), ends: map[time.Duration][]topology.ID{}}
	j.world = *c.setOut()
	j.tide = newTide(c.t, c.lots)
	j.tide.coming = make([]float64, len(j.demands))
	j.plan = like.blank()
	j.at(0)
	for _, id := range c.begun {
		j.at(c.back[id])
	}
	j.retrace()
	return j
}

// at notes that something may be done at a time.
func (j *journey) at(at time.Duration) {
	if first, ok := j.times.First(); !ok || first != at {
		j.times.Push(at)
	}
}

// travel makes the plan; it returns where it gets stuck.
func (j *journey) travel(ctx context.Context) (*impasse, error) {
	for range maxInstants {
		first, more := j.times.First()
		if !more {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if j.spend > 0 && j.work > j.spend {
			return nil, errSpent
		}
		j.now = first
		if stuck := j.instant(); stuck != nil {
			return stuck, nil
		}
	}
	return nil, nil
}

// instant lets happen what happens now, and then does all that can be done.
func (j *journey) instant() *impasse {
	ended := j.arrive()
	j.settle()
	if j.now <= j.until {
		j.repeat()
	}
	if j.now < j.until {
		j.record()
		return nil
	}
	if j.rest && j.floor == nil {
		j.floor = j.service()
	}
	safe := j.safe() || j.mend()
	if !safe && !(j.rest && len(ended) == 0) {
		return &impasse{j.now, ended}
	}
	if safe && !(j.patient && len(j.warming) > 0) {
		j.do()
	}
	j.record()
	j.comeBack()
	return nil
}

// arrive lets an instant begin: boots and warm-ups end. It returns what is ready from now on.
func (j *journey) arrive() (ended []topology.ID) {
	for at, more := j.times.First(); more && at <= j.now; at, more = j.times.First() {
		j.times.Pop()
		ended = append(ended, j.ends[at]...)
		delete(j.ends, at)
	}
	slices.Sort(ended)
	for _, id := range ended {
		j.booted(id)
	}
	j.warming = slices.DeleteFunc(j.warming, func(w cohort) bool { return j.now-w.since >= w.start.WarmUp })
	j.powered, j.turned, j.begun = j.powered[:0], j.turned[:0], j.begun[:0]
	j.before = append(j.before[:0], j.demands...)
	return ended
}

// do repeats until nothing changes: first what powers others, then what serves, then the rest.
func (j *journey) do() {
	for again := true; again; {
		again = j.power(true)
		if j.waits {
			j.admit()
		}
		j.rotate()
		if j.first == serve {
			j.admit()
		}
		again = j.power(false) || again
	}
	if j.waits {
		j.admit()
	}
	j.rotate()
	j.admit()
}

// mend ends an overload that events have brought, by putting in rotation what is ready, or by admitting less.
func (j *journey) mend() bool {
	if ids := j.idle(); len(ids) > 0 && j.attempt(func() bool { j.turnAll(ids); return j.safe() }) {
		return true
	}
	if j.onGrid() && j.attempt(j.admit) {
		return true
	}
	ids := j.idle()
	return j.onGrid() && len(ids) > 0 && j.attempt(func() bool { j.turnAll(ids); return j.admit() })
}

// record writes down the steps of this instant, and when what began ends.
func (j *journey) record() {
	j.plan.act(j.t, j.now, PowerOn, j.powered)
	j.plan.act(j.t, j.now, Rotate, j.turned)
	for i := range j.demands {
		d, was := &j.demands[i], 0.
		if i < len(j.before) {
			was = j.before[i].fraction
		}
		if d.gated && d.fraction != was {
			j.plan.admit(j.t, j.now, d.id, d.fraction)
		}
	}
	for _, id := range j.begun {
		at := later(j.now, j.bootTime[id])
		if j.ends[at] == nil {
			j.at(at)
		}
		j.ends[at] = append(j.ends[at], id)
	}
	for _, w := range j.warming {
		if w.since == j.now {
			j.at(later(j.now, w.start.WarmUp))
		}
	}
}

// maxQuiet is how many times of the grid at which nothing else happens are looked at singly; after that only every second, then
// every fourth, and so on: a surge that decays over days would go on for long. The rest, which nobody waits for, comes in few steps
// rather than soon: of the times at which it is looked for each is twice as far away.
const maxQuiet = 500

// comeBack notes when more can be done than now, though nothing happens.
func (j *journey) comeBack() {
	moves := slices.ContainsFunc(j.warming, func(w cohort) bool { return later(w.since, w.start.WarmUp) > j.now })
	waits := false
	for i := range j.demands {
		d := &j.demands[i]
		moves = moves || d.left(j.now) > 1e-12
		waits = waits || !j.rest && d.gated && d.open && d.fraction < 1
	}
	if !moves && j.onGrid() || !waits && len(j.idle())+len(j.candidates(true))+len(j.candidates(false)) == 0 {
		return
	}
	j.quiet++
	stride, quiet := j.plan.Grid, j.quiet/maxQuiet
	if j.rest {
		quiet = j.quiet
	}
	for range min(quiet, 20) {
		stride = later(stride, stride)
	}
	if next := later(j.now, stride-j.now%stride); next > j.now && next < math.MaxInt64 {
		j.at(next - next%j.plan.Grid)
	}
}

// onGrid reports whether admission can change now.
func (j *journey) onGrid() bool { return j.now%j.plan.Grid == 0 }

// underway reports whether more may become ready.
func (j *journey) underway() bool {
	for lot := range j.counts {
		if j.counts[lot][topology.Booting] > 0 {
			return true
		}
	}
	for i := range j.classes {
		c := &j.classes[i]
		if j.down(c) > 0 && slices.ContainsFunc(c.ids, func(id topology.ID) bool { return j.state[id] == topology.Down && j.now < j.from[id] }) {
			return true
		}
	}
	return false
}

// byCapacity puts the strongest first.
func (j *journey) byCapacity(a, b topology.ID) int {
	return cmp.Or(cmp.Compare(j.t.Capacity(b), j.t.Capacity(a)), cmp.Compare(a, b))
}
