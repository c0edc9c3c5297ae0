package risk

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/cutset"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/topology"
)

// An Analysis says what brings a component down, by what it needs, and how likely that is. Overload is left apart.
//
// One that was read from JSON has its figures, and tells them; but no groups, nor what comes of these.
type Analysis struct {
	Top       string            `json:"top"`            // as it was asked for
	Certainty cascade.Certainty `json:"certainty"`      // of the unavailability: Exact or, where the diagrams would be too large, Bounded, or Proven if the bounds meet
	Count     []*big.Int        `json:"count"`          // minimal groups of each size, from 0, of which there are none
	UpTo      int               `json:"upTo,omitempty"` // all groups up to this size are told, and no larger ones; 0: all are

	// Unavailability is the probability that the top is down, all sharing taken into account: exact, or between proven bounds.
	// Beside it stand what is often taken for it: the min-cut upper bound, which takes groups for independent, and the rare-event
	// sum of their probabilities, which may be above 1; both of all groups, unless these would be too many: then of those known.
	Unavailability cascade.Interval `json:"unavailability"`
	MinCut         float64          `json:"minCut"`
	RareEvents     float64          `json:"rareEvents"`

	// Frequency is how often the top goes down, a year of 8,766 hours, and Lasts how long in the mean: until what failed is repaired.
	// They are of the outages that something with an MTBF begins: what fails on demand lets these through, and makes none. Both are
	// 0 if nothing has an MTBF, or the unavailability is not exact.
	Frequency float64       `json:"frequency"`
	Lasts     time.Duration `json:"lasts"`

	Untimed topology.Names `json:"untimed,omitempty"` // what is down some of the time, but has no MTBF: outages that it begins are not in Frequency
	Unrated topology.Names `json:"unrated,omitempty"` // what may fail, but has no unavailability: in the figures it never does

	fleet    *topology.Topology
	t        *topology.Topology // of which the top is a component
	tree     *tree.Tree
	events   []event         // basic events
	q        []float64       // of these
	solution cutset.Solution // of nothing in an analysis that was read from JSON
	solved   bool
	birnbaum []float64 // by event, if it is exact
}

// Analyze finds what brings a component down ("users"), or leaves a need unmet ("2 of db-[1-3]"): a component goes down by
// itself, or when one of its needs, or a supply's need, is no longer met.
//
// A group is a minimal cut set: components whose joint failure brings the top down, while that of fewer of them does not.
// However many there are, they are counted; they are listed as they are asked for.
//
// The work is done in binary and zero-suppressed decision diagrams (Rauzy 1993, doi:10.1016/0951-8320(93)90060-C), one for each
// part of the fleet that shares nothing with the rest. How large they are nobody can tell beforehand: it may grow exponentially
// with what is shared between parts that are redundant. A pool of which so many must be up needs no diagram for its unavailability
// if what its members fail by nests, as a server, its board and its UPS do: that is exact for hundreds of thousands.
//
// Where the groups need more than Options.Nodes in every order that is tried, all up to a size are found, the largest for which the
// nodes suffice, or nearly so, and that can be counted in about 1 GiB; with Options.Size, none above that. The unavailability may
// be exact all the same. Where that is not to be had, there are bounds of it, which become closer as long as there are nodes, or states
// worth a look, and ctx lasts.
//
// The error says what the topology does not have, or that even the groups of one are too many for Options.Nodes. When ctx ends, it is
// ctx's, together with the bounded analysis that is known by then, if there is one.
func Analyze(ctx context.Context, t *topology.Topology, top string, o Options) (*Analysis, error) {
	a := &Analysis{Top: top, fleet: t, t: t, Certainty: cascade.Bounded, Unavailability: cascade.Interval{Low: 0, High: 1}}
	id, err := a.find(top)
	if err != nil {
		return nil, err
	}
	may, err := o.mayFail(t)
	if err != nil {
		return nil, err
	}
	f, err := tree.Of(ctx, a.t, []topology.ID{id}, func(id topology.ID) bool { return int(id) < t.Len() && may(id) })
	if err != nil {
		return nil, err
	}
	f.Top = f.Node[id]
	if err := a.rate(f, o.Common); err != nil {
		return nil, err
	}
	if err = a.solve(ctx, o); !a.solved {
		return nil, err
	}
	return a, err
}

// solve finds all groups, or as many as can be had.
func (a *Analysis) solve(ctx context.Context, o Options) error {
	if o.Size < 0 {
		return fmt.Errorf("size %d: give the size of the largest group, or 0 for any", o.Size)
	}
	if o.Nodes < 0 {
		return fmt.Errorf("nodes %d: give how many a diagram may have, or 0 for 2^24", o.Nodes)
	}
	w := watch{tell: o.Progress, began: time.Now(), all: 1}
	of := cutset.Options{Nodes: o.Nodes, Progress: w.solve, Tried: w.try}
	find := cutset.Solve
	if o.Size > 0 {
		find = cutset.Glance
	}
	s, err := find(ctx, a.tree, of)
	if err != nil {
		return err
	}
	if err := a.gather(ctx, s, o.Size, of); err != nil {
		return err
	}
	if o.Size > 0 {
		if err := a.complete(ctx, of); err != nil {
			return err
		}
	}
	if a.solution.Exact() {
		err = a.reckon(ctx)
	} else {
		err = a.closer(ctx, of)
	}
	if err == nil {
		w.finish()
	}
	return err
}

// gather finds all groups that the nodes suffice for: all up to a size or, if that is 0 or too large, up to the largest for which
// they do.
func (a *Analysis) gather(ctx context.Context, s *cutset.Solution, size int, o cutset.Options) error {
	if s.UpTo() == cutset.All {
		return a.tell(ctx, s, size, size)
	}
	if size > 0 {
		if err := a.upTo(ctx, s, size, size, o); !errors.Is(err, dd.ErrFull) {
			return err
		}
	}
	for at := 1; size == 0 || at < size; at += max(1, at/4) {
		err := a.upTo(ctx, s, at, size, o)
		if errors.Is(err, dd.ErrFull) {
			break
		}
		if err != nil || a.solution.UpTo() < at || at >= len(a.events) { // no group is larger than all events
			return err
		}
	}
	if !a.solved {
		return fmt.Errorf("nodes %d: they do not suffice for the groups of one: give more, or 0 for 2^24", o.Nodes)
	}
	return nil
}

// upTo finds all groups up to a size, and tells those of at most another; 0 is any.
func (a *Analysis) upTo(ctx context.Context, s *cutset.Solution, at, size int, o cutset.Options) error {
	with, err := s.WithSets(ctx, at, o)
	if err != nil {
		return err
	}
	return a.tell(ctx, with, at, size)
}

// tell takes a solution, of which the groups up to a size matter, as far as these fit into memory.
func (a *Analysis) tell(ctx context.Context, s *cutset.Solution, at, size int) error {
	told, err := s.Tellable(ctx, at)
	if err != nil {
		return err
	}
	return a.take(ctx, told, size)
}

// quick is how many nodes bounds may have that are worked out first.
const quick = 1 << 14

// complete has the probability worked out of what was only glanced at. With many nodes that may take long, so there are bounds before.
func (a *Analysis) complete(ctx context.Context, o cutset.Options) error {
	if a.solution.Exact() {
		return nil
	}
	if o.Nodes == 0 || o.Nodes > quick {
		few := o
		few.Nodes = quick
		if err := a.bound(ctx, few); err != nil {
			return err
		}
	}
	s, err := a.solution.Complete(ctx, o)
	if err != nil {
		return err
	}
	a.solution = *s
	return nil
}

// closer bounds the probability, no worse than before: ctx may end too soon.
func (a *Analysis) closer(ctx context.Context, o cutset.Options) error {
	before := a.Unavailability
	err := a.bound(ctx, o)
	a.Unavailability.Low = max(before.Low, a.Unavailability.Low)
	a.Unavailability.High = min(before.High, a.Unavailability.High)
	if a.Unavailability.Low == a.Unavailability.High {
		a.Certainty = cascade.Proven
	}
	return err
}

// find returns the component of a top; for a need that is not just a component, one that has it.
func (a *Analysis) find(top string) (topology.ID, error) {
	if id, ok := a.t.Lookup(top); ok {
		return id, nil
	}
	spec, name := a.t.Spec(), unused(a.t)
	spec.Components = append(spec.Components, topology.Component{Name: name, Needs: topology.Names{top}})
	with, err := a.t.With(spec)
	if err != nil {
		return 0, fmt.Errorf("top %q: it is neither a component nor a need of this topology: %w", top, unnamed(err))
	}
	a.t = with
	id, _ := with.Lookup(name)
	return id, nil
}

// unused returns a name that no component and no kind has.
func unused(t *topology.Topology) string {
	name := "top"
	for {
		if _, taken := t.Lookup(name); !taken && !slices.Contains(t.Kinds(), name) {
			return name
		}
		name += "'"
	}
}

// unnamed returns what is wrong, without the place in the fleet: it is in no file.
func unnamed(err error) error {
	var faults topology.Faults
	if errors.As(err, &faults) && len(faults) > 0 {
		return errors.New(faults[0].Text)
	}
	return err
}
