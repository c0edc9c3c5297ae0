package risk

import (
	"cmp"
	"context"
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
	t               *topology.Topology
	may             []topology.ID // that may fail
	fleet           *alike.Fleet  // and these by places
	engine          *cascade.Engine
	boundless       *cascade.Engine // of a fleet in which nothing is overloaded; nil until it is needed
	found           *Collapses
	overload, needs []minimal
	orbits          map[int32][]topology.ID // in order of declaration, of what is alike

	before, now sets // that have a part that collapses, be it all of them: of the size before, and of this one
	odds
	progress
}

// A minimal is groups that are alike, with the components of the first.
type minimal struct {
	ids []topology.ID
	Alike
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
	s := &collapsing{t: t, orbits: map[int32][]topology.ID{}}
	for id := range topology.ID(t.Len()) {
		if may(id) {
			s.may = append(s.may, id)
		}
	}
	if s.odds, err = oddsOf(t, s.may); err != nil {
		return nil, err
	}
	if s.fleet, err = alike.Of(ctx, t, may); err != nil {
		return nil, err
	}
	s.found = &Collapses{Size: min(size, len(s.may)), Unrated: s.unrated(), ByOverload: []Alike{}, ByNeeds: []Alike{}}
	if err := s.countCases(); err != nil {
		return nil, err
	}
	for place, orbit := range s.fleet.Orbit {
		s.orbits[orbit] = append(s.orbits[orbit], s.fleet.IDs[place])
	}
	s.progress = progress{began: time.Now(), all: s.found.Cases, tell: o.Progress}
	s.engine = cascade.NewEngine(t)
	if s.engine.End().Verdict == cascade.Collapses {
		return nil, fmt.Errorf("the fleet collapses with nothing lost: see cascade.Run of the empty scenario")
	}
	s.found.Monotone = monotone(t, s.may)
	return s, ctx.Err()
}

// monotone reports whether it is certain that no loss of some components ever helps those that are served: a survivor is never
// relieved, nor does load go from one that rejects it to another that does not when the one goes down.
func monotone(t *topology.Topology, may []topology.ID) bool {
	if slices.ContainsFunc(may, func(id topology.ID) bool { return t.Demand(id) > 0 }) {
		return false // what was lost itself is not asked for
	}
	for id := range topology.ID(t.Len()) {
		if len(t.PoolsOf(id)) > 0 && rejects(t, id) {
			return false
		}
	}
	return cascade.Monotone(t, may...)
}

// rejects reports whether a component may be up and reject load: it sheds, or does without what it passes load on to.
func rejects(t *topology.Topology, id topology.ID) bool {
	return t.Overload(id).Shed || slices.ContainsFunc(t.Links(id), func(l topology.Link) bool { return l.Pool >= 0 && l.Need == 0 })
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
		if err := s.look(set); err != nil {
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
func (s *collapsing) look(set []int32) error {
	collapses, covered := s.engine.End().Verdict == cascade.Collapses, s.covered(set)
	if (collapses || covered) && s.now.size < s.found.Size {
		s.now.add(set)
	}
	if !collapses {
		return nil
	}
	byNeeds, err := s.byNeeds(set)
	if err != nil {
		return err
	}
	ways := s.fleet.Ways(set)
	list, sum := &s.overload, s.odds.overload
	if byNeeds {
		list, sum = &s.needs, s.odds.needs
	}
	sum.Add(sum, s.together(s.ids(set), ways))
	if covered {
		return nil
	}
	if len(s.overload)+len(s.needs) == maxAlike {
		return fmt.Errorf("there are more than %d sorts of minimal groups of up to %d losses: ask for smaller ones, or name fewer in Failing", maxAlike, s.now.size)
	}
	*list = append(*list, s.minimal(set, ways))
	return nil
}

// covered reports whether a smaller part of a set collapses.
func (s *collapsing) covered(set []int32) bool {
	if len(s.before.flat) == 0 {
		return false
	}
	part := make([]int32, len(set)-1)
	for i := range set {
		copy(part, set[:i])
		copy(part[i:], set[i+1:])
		if s.fleet.First(part); s.before.has(part) {
			return true
		}
	}
	return false
}

// byNeeds reports whether some demand that was not lost itself would not be served in full if nothing had a limit.
func (s *collapsing) byNeeds(set []int32) (bool, error) {
	if s.boundless == nil {
		fleet, err := boundless(s.t)
		if err != nil {
			return false, fmt.Errorf("the fleet with high capacities: %w", err)
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

// ids returns the components of a set, in order of declaration.
func (s *collapsing) ids(set []int32) []topology.ID {
	ids := make([]topology.ID, len(set))
	for i, place := range set {
		ids[i] = s.fleet.IDs[place]
	}
	slices.Sort(ids)
	return ids
}

// minimal tells of a set, of so many alike, of which no part collapses.
func (s *collapsing) minimal(set []int32, ways *big.Int) minimal {
	m := minimal{ids: s.ids(set), Alike: Alike{Group: Group{Probability: 1}, Count: ways}}
	for _, id := range m.ids {
		m.Components = append(m.Components, s.t.Name(id))
		m.Probability *= s.t.Unavailability(id)
	}
	m.Sum = s.sum(m.ids, ways)
	if ways.Cmp(big.NewInt(1)) > 0 {
		m.Of = s.choices(set, ways)
	}
	return m
}

// choices returns how many a set takes of what is alike, if all that take as many are alike with it.
func (s *collapsing) choices(set []int32, ways *big.Int) []Choice {
	taken := map[int32]int{}
	for _, place := range set {
		taken[s.fleet.Orbit[place]]++
	}
	all, one := big.NewInt(1), new(big.Int)
	var orbits []int32
	for orbit, n := range taken {
		all.Mul(all, one.Binomial(int64(len(s.orbits[orbit])), int64(n)))
		orbits = append(orbits, orbit)
	}
	if all.Cmp(ways) != 0 {
		return nil
	}
	slices.SortFunc(orbits, func(a, b int32) int { return cmp.Compare(s.orbits[a][0], s.orbits[b][0]) })
	var choices []Choice
	for _, orbit := range orbits {
		choices = append(choices, Choice{Take: taken[orbit], Of: s.t.Names(s.orbits[orbit])})
	}
	return choices
}

// sort puts what was found in order.
func (s *collapsing) sort() {
	inOrder := func(all []minimal) []Alike {
		slices.SortFunc(all, func(a, b minimal) int { return cmp.Or(len(a.ids)-len(b.ids), slices.Compare(a.ids, b.ids)) })
		list := make([]Alike, len(all))
		for i, m := range all {
			list[i] = m.Alike
		}
		return list
	}
	s.found.ByOverload, s.found.ByNeeds = inOrder(s.overload), inOrder(s.needs)
}

// sets are some of one size, in lexicographic order.
type sets struct {
	size int
	flat []int32
}

func (s *sets) add(set []int32) { s.flat = append(s.flat, set...) }

func (s *sets) has(set []int32) bool {
	low, high := 0, len(s.flat)/s.size
	for low < high {
		at := (low + high) / 2
		switch order := slices.Compare(s.flat[at*s.size:(at+1)*s.size], set); {
		case order == 0:
			return true
		case order < 0:
			low = at + 1
		default:
			high = at
		}
	}
	return false
}

// progress is told a few times a second.
type progress struct {
	began, told time.Time
	done, all   int64
	tell        func(cascade.Progress)
}

func (p *progress) step() {
	p.done++
	if p.tell == nil {
		return
	}
	now := time.Now()
	if p.done < p.all && now.Sub(p.told) < time.Second/4 {
		return
	}
	p.told = now
	elapsed := now.Sub(p.began)
	left := time.Duration(float64(elapsed) * float64(p.all-p.done) / float64(p.done))
	p.tell(cascade.Progress{Done: float64(p.done), Total: float64(p.all), Elapsed: elapsed, Left: left})
}
