package risk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/alike"
	"github.com/ridethrough/ridethrough/topology"
)

// A collapsing looks for sets that collapse.
type collapsing struct {
	t         *topology.Topology
	may       []topology.ID            // that may fail
	fleet     *alike.Fleet             // and these by places
	orbits    [][]topology.ID          // of it
	names     map[int32]topology.Names // of the orbits that were told
	engine    *cascade.Engine
	boundless *cascade.Engine // of a fleet in which nothing is overloaded; nil until it is needed

	found           *Collapses
	overload, needs cause
	mostTold        int  // sorts of groups
	before, now     sets // that have a part that collapses, be it all of them: of the size before, and of this one
	progress        progress
}

func newCollapsing(ctx context.Context, t *topology.Topology, o Options) (*collapsing, error) {
	size := cmp.Or(o.Size, 2)
	if size < 1 {
		return nil, fmt.Errorf("size %d: give the largest set of losses, 1 or more", o.Size)
	}
	if err := o.noCommon(); err != nil {
		return nil, err
	}
	may, err := o.mayFail(t)
	if err != nil {
		return nil, err
	}
	s := &collapsing{
		t: t, names: map[int32]topology.Names{}, mostTold: maxAlike,
		overload: newCause(), needs: newCause(),
	}
	if err := s.list(may); err != nil {
		return nil, err
	}
	if s.fleet, err = alike.Of(ctx, t, may); err != nil {
		return nil, err
	}
	s.found.Size = min(size, len(s.may))
	if err := s.countCases(); err != nil {
		return nil, err
	}
	s.orbits = s.fleet.Orbits()
	s.engine = cascade.NewEngine(t)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.progress = progress{began: time.Now(), all: s.found.Cases, tell: o.Progress}
	if !anyDemand(t) {
		return nil, errors.New("no component has a demand, so no loss leaves any unserved: give the users one")
	}
	if s.engine.End().Verdict == cascade.Collapses {
		return nil, fmt.Errorf("the fleet collapses with nothing lost: see cascade.Run of the empty scenario")
	}
	s.found.Monotone = monotone(t, s.may)
	return s, ctx.Err()
}

func anyDemand(t *topology.Topology) bool {
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 {
			return true
		}
	}
	return false
}

// list notes what may fail, and what of it has no unavailability.
func (s *collapsing) list(may func(topology.ID) bool) error {
	var unrated []topology.ID
	for id := range topology.ID(s.t.Len()) {
		if !may(id) {
			continue
		}
		s.may = append(s.may, id)
		switch s.t.Unavailability(id) {
		case 0:
			unrated = append(unrated, id)
		case 1:
			return fmt.Errorf("%s: its unavailability is 1: leave out of the fleet what is never up", s.t.Name(id))
		}
	}
	s.found = &Collapses{Unrated: s.t.Names(unrated)}
	return nil
}

// monotone reports whether it is certain that no loss of some components ever helps those that are served: a survivor is never
// relieved, nor does load go from one that rejects it to another that does not when the one goes down.
func monotone(t *topology.Topology, may []topology.ID) bool {
	for id := range topology.ID(t.Len()) {
		if len(t.PoolsOf(id)) > 0 && t.Overload(id).Shed {
			return false
		}
	}
	return needsMonotone(t, may) && cascade.Monotone(t, may...)
}

// needsMonotone reports whether that is certain where nothing is ever overloaded: then none rejects load but what does without
// those that it passes it on to.
func needsMonotone(t *topology.Topology, may []topology.ID) bool {
	if slices.ContainsFunc(may, func(id topology.ID) bool { return t.Demand(id) > 0 }) {
		return false // what was lost itself is not asked for
	}
	optional := func(l topology.Link) bool { return l.Pool >= 0 && l.Need == 0 }
	for id := range topology.ID(t.Len()) {
		if len(t.PoolsOf(id)) > 0 && slices.ContainsFunc(t.Links(id), optional) {
			return false
		}
	}
	return true
}

func (s *collapsing) countCases() (err error) {
	n, size, ways := int64(len(s.may)), s.found.Size, big.NewInt(1)
	cases, ok := s.fleet.Count(size, maxCases)
	if !ok {
		return fmt.Errorf("there are more than %d cases of up to %d losses of the %d components that may fail, what is alike counted once: ask for smaller ones, or name fewer in Failing",
			maxCases, size, n)
	}
	s.found.Cases, s.found.Sets = cases, new(big.Int)
	for k := range int64(size) {
		ways.Mul(ways, big.NewInt(n-k))
		ways.Quo(ways, big.NewInt(k+1))
		s.found.Sets.Add(s.found.Sets, ways)
	}
	return nil
}

// follow looks at the cases of a size.
func (s *collapsing) follow(ctx context.Context, size int) error {
	s.before, s.now = s.now, sets{size: size}
	lost := 0
	defer func() { s.undo(&lost, 0) }()
	for set := range s.fleet.Sets(size) {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.undo(&lost, len(set)-1)
		s.engine.Lose(s.fleet.IDs[set[lost]])
		lost++
		if lost < size {
			continue
		}
		if err := s.look(ctx, set); err != nil {
			return err
		}
		s.progress.step()
	}
	return nil
}

// undo takes back the latest losses, but for so many of the first.
func (s *collapsing) undo(lost *int, but int) {
	for ; *lost > but; *lost-- {
		s.engine.Undo()
	}
}

// look asks what becomes of a set that is lost.
func (s *collapsing) look(ctx context.Context, set []int32) error {
	collapses, covered := s.engine.End().Verdict == cascade.Collapses, s.covered(set)
	if (collapses || covered) && s.now.size < s.found.Size {
		s.now.add(set)
	}
	if !collapses {
		return nil
	}
	byNeeds, err := s.byNeeds(ctx, set)
	if err != nil {
		return err
	}
	by := &s.overload
	if byNeeds {
		by = &s.needs
	}
	ways := s.fleet.Ways(set)
	by.odds.Add(by.odds, s.oddsOf(set, ways))
	if covered {
		return nil
	}
	return s.note(by, set, ways)
}

// covered reports whether a smaller part of a set collapses.
func (s *collapsing) covered(set []int32) bool {
	if len(s.before.flat) == 0 {
		return false
	}
	part := make([]int32, len(set)-1)
	for i := range set {
		if i > 0 && s.fleet.Same(set[i-1], set[i]) {
			continue // without it is as without the one before
		}
		copy(part, set[:i])
		copy(part[i:], set[i+1:])
		if s.fleet.First(part); s.before.has(part) {
			return true
		}
	}
	return false
}

// byNeeds reports whether some demand that was not lost itself would not be served in full if nothing had a limit.
func (s *collapsing) byNeeds(ctx context.Context, set []int32) (bool, error) {
	if s.boundless == nil {
		fleet, err := boundless(s.t)
		if err != nil {
			return false, fmt.Errorf("the fleet with high capacities: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		s.boundless = cascade.NewEngine(fleet)
	}
	s.boundless.Lose(s.ids(set)...)
	defer s.boundless.Undo()
	return s.boundless.End().Verdict == cascade.Collapses, nil
}

// boundless returns a fleet in which capacities are so high that nothing is overloaded: as high for each, for loads may be split by
// them.
func boundless(t *topology.Topology) (*topology.Topology, error) {
	high := func(capacity float64) float64 { return min(1e12*capacity, 1e300) }
	spec := t.Spec()
	for kind, c := range spec.Kinds {
		c.Capacity = high(c.Capacity)
		spec.Kinds[kind] = c
	}
	for i := range spec.Components {
		spec.Components[i].Capacity = high(spec.Components[i].Capacity)
	}
	return t.With(spec)
}
