package spare

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
	"github.com/ridethrough/ridethrough/topology"
)

// work is one search for a minimum.
type work struct {
	t        *topology.Topology
	family   cascade.Family
	options  Options
	columns  []column
	fleet    *sizes.Fleet
	resolver sizes.Resolver
	servers  []bool // by component; nil until asked for
	plates   bool   // draws are counted by nameplate
	kept     bool   // what is reserved has ruled something out: else the minimum is one of true draws as well

	cases    []*sizes.Scenario  // that matter, as far as is known; the first is the state in which nothing is lost
	alike    []*big.Int         // by case: scenarios that it stands for
	known    map[string]int     // cases by key
	listing  bool               // each scenario is noted once
	programs int                // solved
	patience int                // branches that a search looks into
	taught   int                // the least of efforts that may still teach something
	rules    []*rule            // that every purchase keeps which holds
	either   []*either          // of the rows of each, every purchase keeps one which holds
	hasRule  map[uint64][]*rule // by hash
	isEither map[string]*either
	screened map[string]*screening // by purchase: those that hold, and those that no row rules out
}

// A source is the cases that something comes from.
type source struct {
	of []int // in order
}

// A rule is a row, and the cases that it comes from.
type rule struct {
	sizes.Row
	source
}

// An either is rows of which one is kept, and the cases that they come from.
type either struct {
	rows []integer.Row
	source
}

// compile makes the classes of the fleet with one of each column.
func (w *work) compile() error {
	one := make([]int, len(w.columns))
	columns := make([]sizes.Column, len(w.columns))
	next := topology.ID(w.t.Len())
	for j, c := range w.columns {
		if c.more {
			columns[j] = sizes.Column{New: -1, Model: -1, Raise: c.id, By: c.offer.By}
			continue
		}
		columns[j] = sizes.Column{New: next, Model: c.id, Raise: -1}
		one[j] = 1
		next++
	}
	probe, err := enlarge(w.t, w.columns, one)
	if err != nil {
		return fmt.Errorf("a fleet with one of each offer cannot be built: %w", err)
	}
	w.fleet = sizes.Compile(probe, columns)
	w.resolver = sizes.Resolver{Fleet: w.fleet, Before: w.t}
	w.plates = !w.options.TrueDraw && !w.options.Survive && w.fleet.Plated()
	w.patience = maxBranches
	w.known = map[string]int{}
	w.forget()
	return nil
}

// forget begins anew with what is known of all purchases.
func (w *work) forget() {
	w.rules, w.hasRule = nil, map[uint64][]*rule{}
	w.either, w.isEither = nil, map[string]*either{}
}

// maxListed is how many judgements of classes it may take to look at all scenarios of a family one by one, and maxOneByOne of how
// many scenarios that is done: a larger family is run, which counts those that are alike.
const (
	maxListed   = 20_000_000
	maxOneByOne = 50_000
)

// begin notes the cases that may not hold without a purchase: all of a small family, else the worst.
func (w *work) begin(ctx context.Context) error {
	none := make([]int, len(w.columns))
	if _, err := w.note(w.t, none, cascade.Case{Alike: new(big.Int)}); err != nil { // it counts only if the family has it
		return err
	}
	n, err := w.family.Count(w.t)
	if err != nil {
		return err
	}
	if n.IsInt64() && n.Int64() <= min(maxOneByOne, maxListed/int64(len(w.fleet.Classes))) {
		return w.list(ctx)
	}
	s, err := w.screen(ctx, none)
	if err != nil {
		return err
	}
	for _, c := range s.failing {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := w.note(w.t, none, c); err != nil {
			return err
		}
	}
	return nil
}

// list notes every scenario of a family.
func (w *work) list(ctx context.Context) error {
	all, err := w.family.All(w.t)
	if err != nil {
		return err
	}
	w.listing = true
	defer func() { w.listing = false }()
	none := make([]int, len(w.columns))
	for s := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := w.note(w.t, none, cascade.Case{Scenario: s}); err != nil {
			return err
		}
	}
	return nil
}

// note adds a case that was found on the fleet with x[j] of each column, if it is new, and returns its number.
func (w *work) note(enlarged *topology.Topology, x []int, c cascade.Case) (of int, err error) {
	s, err := w.resolver.Resolve(c.Scenario, enlarged, x)
	if err != nil {
		return 0, err
	}
	alike := c.Alike
	if alike == nil {
		alike = big.NewInt(1)
	}
	key := s.Key()
	if i, known := w.known[key]; known {
		if w.listing {
			w.alike[i] = new(big.Int).Add(w.alike[i], alike)
		}
		return i, nil
	}
	of = len(w.cases)
	w.known[key] = of
	w.cases, w.alike = append(w.cases, s), append(w.alike, alike)
	return of, nil
}

// A broken case does not hold at some x, for these reasons.
type broken struct {
	of           int
	faults       []sizes.Fault
	alternatives [][]sizes.Row // of each list one row is kept by whatever holds, or survives
}

// maxBroken is how many broken cases are looked at together.
const maxBroken = 256

// broken returns those of the cases in only, all if it is nil, that do not hold at x.
func (w *work) broken(ctx context.Context, x []int, only []int) (all []broken, err error) {
	for i := range w.cases {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if only != nil && !contains(only, i) {
			continue
		}
		if faults := w.fleet.Judge(w.cases[i], x, w.plates); len(faults) > 0 {
			if all = append(all, broken{of: i, faults: faults}); len(all) == maxBroken {
				break
			}
		}
	}
	return all, nil
}

func contains(sorted []int, i int) bool {
	_, found := slices.BinarySearch(sorted, i)
	return found
}

// A screening is what became of the family on an enlarged fleet.
type screening struct {
	holds   bool
	fleet   *topology.Topology // nil once what fails has been noted
	failing []cascade.Case
	noted   []int // the numbers of these
	all     bool  // these are all that fail
	timing  bool  // how some end may depend on what trips first
}

// worst is how many of the failing cases of a screening are looked at.
const worst = 1000

// screen runs the family on the fleet with x[j] of each column, as it is and with what is reserved.
func (w *work) screen(ctx context.Context, x []int) (*screening, error) {
	key := fmt.Sprint(x)
	if known := w.screened[key]; known != nil {
		return known, nil
	}
	fleet, err := enlarge(w.t, w.columns, x)
	if err != nil {
		return nil, err
	}
	s, err := w.run(ctx, fleet)
	if err != nil {
		return nil, err
	}
	s.fleet = fleet
	if s.holds && w.plates {
		reserved, err := fleet.With(plated(fleet, w.fleet, w.t.Len(), x))
		if err != nil {
			return nil, err
		}
		r, err := w.run(ctx, reserved)
		if err != nil {
			return nil, err
		}
		s.holds, s.failing = r.holds || r.all && w.excused(r, fleet, x), r.failing
	}
	if s.holds || w.options.Survive { // what a row rules out is not looked at again
		if w.screened == nil {
			w.screened = map[string]*screening{}
		}
		w.screened[key] = s
	}
	return s, nil
}

// note notes what fails, once, and lets go of the fleet.
func (s *screening) note(w *work, x []int) error {
	for _, c := range s.failing {
		i, err := w.note(s.fleet, x, c)
		if err != nil {
			return err
		}
		s.noted = append(s.noted, i)
	}
	s.fleet, s.failing = nil, nil
	return nil
}

// excused reports whether all that fails with what is reserved does so only for components that may stay above it.
func (w *work) excused(r *screening, enlarged *topology.Topology, x []int) bool {
	for _, c := range append(r.failing, cascade.Case{}) {
		s, err := w.resolver.Resolve(c.Scenario, enlarged, x)
		if err != nil || len(w.fleet.Judge(s, x, true)) > 0 {
			return false
		}
	}
	return true
}

// errSampled says that a family is too large to be run.
type errSampled struct{ scenarios *big.Int }

func (e errSampled) Error() string {
	return fmt.Sprintf("there are %v scenarios, too many to run them all", e.scenarios)
}

func (w *work) run(ctx context.Context, fleet *topology.Topology) (*screening, error) {
	o := cascade.Options{OnlyHolds: !w.options.Survive, Serve: w.options.Serve, Worst: worst, Workers: w.options.Workers, Progress: w.options.Progress}
	s, err := cascade.Screen(ctx, fleet, w.family, o)
	switch {
	case err != nil:
		return nil, err
	case s.Certainty != cascade.Exact:
		return nil, errSampled{s.Scenarios}
	case !w.options.Survive:
		holds := s.Failing.Sign() == 0 && s.Intact.Verdict == cascade.Holds
		return &screening{holds: holds, failing: s.Worst, all: len(s.Worst) < worst}, nil
	}
	end := &screening{holds: s.Collapsing.Sign() == 0, timing: s.Timing != nil && s.Timing.Sign() > 0}
	if s.Intact.Verdict == cascade.Collapses {
		end.holds, end.failing = false, []cascade.Case{{}}
	}
	for _, c := range s.Worst {
		if c.Verdict == cascade.Collapses {
			end.failing = append(end.failing, c)
		}
	}
	return end, nil
}
