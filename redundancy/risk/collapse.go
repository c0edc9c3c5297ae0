package risk

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Collapses are the losses after which some demand is not served in the end.
type Collapses struct {
	Size int   `json:"size"` // every set of up to so many losses was followed to its end,
	Sets int64 `json:"sets"` // so many of them

	// The minimal ones: of no such set a smaller part collapses. By overload are those after which the members that are left
	// would be enough by what is needed, but cannot carry the load; by needs are the others.
	ByOverload []Group `json:"byOverload"`
	ByNeeds    []Group `json:"byNeeds"`

	// What losses, independent of each other, bring about, by the unavailabilities: from what the sets say, to that and all
	// sets that are larger.
	Unavailability cascade.Interval `json:"unavailability"`
	Overload       cascade.Interval `json:"overload"` // the part of it that needs alone do not explain

	// Monotone: to lose more than a minimal set, of what may fail, never helps, whatever the order of trips. Where it is false, a
	// larger set may hold, what trips first may decide, and minimal is only: none smaller was found, by plain rounds.
	Monotone bool `json:"monotone"`
}

// maxSets bounds the sets that are followed.
const maxSets = 50_000_000

// Collapse follows every set of up to Options.Size losses (0 is 2) to its end, in plain rounds as [cascade.Engine] does, and
// finds the minimal ones after which some demand is not served in full, though the fleet with nothing lost serves all.
//
// Time is that of so many scenarios: with some hundred components that may fail, sizes of 3 or 4 are feasible. The error says
// that the sets are too many, more than fifty million, or that the fleet collapses with nothing lost; when ctx ends, it is ctx's.
func Collapse(ctx context.Context, t *topology.Topology, o Options) (*Collapses, error) {
	s, err := newCollapsing(t, o)
	if err != nil {
		return nil, err
	}
	if err := s.countSets(); err != nil {
		return nil, err
	}
	if s.engine.End().Verdict == cascade.Collapses {
		return nil, fmt.Errorf("the fleet collapses with nothing lost: see cascade.Run of the empty scenario")
	}
	began, sets := time.Now(), int64(0)
	for size := 1; size <= s.size; size++ {
		if err := s.follow(ctx, 0, size); err != nil {
			return nil, err
		}
		if sets += choose(len(s.may), size); o.Progress != nil {
			o.Progress(cascade.Progress{Done: float64(sets), Total: float64(s.found.Sets), Elapsed: time.Since(began)})
		}
	}
	s.reckon()
	return s.found, nil
}

// A collapsing looks for sets that collapse.
type collapsing struct {
	t      *topology.Topology
	engine *cascade.Engine
	found  *Collapses
	size   int
	may    []topology.ID // that may fail
	odds   []float64     // by these: q / (1 − q)

	lost    []int           // of may, ascending
	minimal map[string]bool // sets; true: by needs
	steps   int

	closure *topology.Closure
	state   topology.State // without limits
	demands []topology.ID

	needs, overload float64 // sums of the odds of sets
}

func newCollapsing(t *topology.Topology, o Options) (*collapsing, error) {
	size := cmp.Or(o.Size, 2)
	if size < 1 {
		return nil, fmt.Errorf("size %d: give the largest set of losses, 1 or more", o.Size)
	}
	may, err := o.mayFail(t)
	if err != nil {
		return nil, err
	}
	s := &collapsing{t: t, engine: cascade.NewEngine(t), minimal: map[string]bool{}, closure: t.Closure()}
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 {
			s.demands = append(s.demands, id)
		}
		if !may(id) {
			continue
		}
		q := t.Unavailability(id)
		if q == 1 {
			return nil, fmt.Errorf("%s: its unavailability is 1: leave out of the fleet what is never up", t.Name(id))
		}
		s.may, s.odds = append(s.may, id), append(s.odds, q/(1-q))
	}
	s.size = min(size, len(s.may))
	s.state = topology.State{Status: make([]topology.Status, t.Len()), Capacity: slices.Repeat([]float64{math.Inf(1)}, t.Len())}
	s.found = &Collapses{Size: s.size, Monotone: cascade.Monotone(t, s.may...), ByOverload: []Group{}, ByNeeds: []Group{}}
	return s, nil
}

func (s *collapsing) countSets() error {
	for size := 1; size <= s.size; size++ {
		if s.found.Sets += choose(len(s.may), size); s.found.Sets > maxSets {
			return fmt.Errorf("there are more than %d sets of up to %d of the %d components that may fail: ask for smaller ones, or name fewer in Failing",
				maxSets, s.size, len(s.may))
		}
	}
	return nil
}

// choose returns n over k, or something above maxSets if that is.
func choose(n, k int) int64 {
	c := int64(1)
	for i := range k {
		if c = c * int64(n-i) / int64(i+1); c > maxSets {
			break
		}
	}
	return c
}

// follow loses so many more, from one on.
func (s *collapsing) follow(ctx context.Context, from, more int) error {
	if more == 0 {
		if s.steps++; s.steps%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if s.engine.End().Verdict == cascade.Collapses {
			s.collapsed()
		}
		return nil
	}
	for i := from; i <= len(s.may)-more; i++ {
		s.engine.Lose(s.may[i])
		s.lost = append(s.lost, i)
		err := s.follow(ctx, i+1, more-1)
		s.lost = s.lost[:len(s.lost)-1]
		s.engine.Undo()
		if err != nil {
			return err
		}
	}
	return nil
}

// collapsed notes that what is lost is a set that collapses.
func (s *collapsing) collapsed() {
	minimal, needs := true, false
	for part := 1; part < 1<<len(s.lost)-1; part++ {
		by, known := s.minimal[s.key(part)]
		minimal, needs = minimal && !known, needs || by
	}
	needs = needs || s.byNeeds()
	if needs {
		s.needs += s.together()
	} else {
		s.overload += s.together()
	}
	if !minimal {
		return
	}
	s.minimal[s.key(1<<len(s.lost)-1)] = needs
	if needs {
		s.found.ByNeeds = append(s.found.ByNeeds, s.group())
	} else {
		s.found.ByOverload = append(s.found.ByOverload, s.group())
	}
}

// key writes down part of what is lost, by its bits.
func (s *collapsing) key(part int) string {
	var key []byte
	for b, i := range s.lost {
		if part>>b&1 == 1 {
			key = append(key, byte(i), byte(i>>8), byte(i>>16), byte(i>>24))
		}
	}
	return string(key)
}

// together returns the odds of what is lost.
func (s *collapsing) together() float64 {
	p := 1.0
	for _, i := range s.lost {
		p *= s.odds[i]
	}
	return p
}

func (s *collapsing) group() Group {
	g := Group{Probability: 1}
	for _, i := range s.lost {
		g.Components = append(g.Components, s.t.Name(s.may[i]))
		g.Probability *= s.t.Unavailability(s.may[i])
	}
	return g
}

// byNeeds reports whether some demand that was not lost itself would not be served in full if nothing had a limit.
func (s *collapsing) byNeeds() bool {
	var ids []topology.ID
	for _, i := range s.lost {
		ids = append(ids, s.may[i])
	}
	down := s.closure.Fail(ids...)
	for _, l := range down {
		s.state.Status[l.ID] = topology.Down
	}
	flow := s.t.Flow(s.state)
	for _, l := range down {
		s.state.Status[l.ID] = topology.Up
	}
	s.closure.Undo(down)
	return slices.ContainsFunc(s.demands, func(id topology.ID) bool {
		return !slices.Contains(ids, id) && flow.Served[id] < 1-topology.Tolerance
	})
}

// reckon turns odds into probabilities.
func (s *collapsing) reckon() {
	none := 1.0
	for _, odds := range s.odds {
		none /= 1 + odds
	}
	larger := s.larger()
	span := func(odds float64) cascade.Interval {
		return cascade.Interval{Low: float64(odds * none), High: min(1, float64(odds*none)+larger)}
	}
	s.found.Unavailability, s.found.Overload = span(s.needs+s.overload), span(s.overload)
}

// larger returns the probability that more fail than any set that was followed: there is a first one with which they are one more.
func (s *collapsing) larger() float64 {
	exactly := make([]float64, s.size+1) // by number, of those so far
	exactly[0] = 1
	sum := 0.0
	for _, odds := range s.odds {
		q := odds / (1 + odds)
		sum += float64(exactly[s.size] * q)
		for k := s.size; k >= 0; k-- {
			exactly[k] *= 1 - q
			if k > 0 {
				exactly[k] += float64(exactly[k-1] * q)
			}
		}
	}
	return sum
}
