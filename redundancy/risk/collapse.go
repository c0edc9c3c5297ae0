package risk

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// Collapses are the losses after which some demand is not served in the end.
type Collapses struct {
	Size  int      `json:"size"`  // every set of up to so many losses was followed to its end,
	Sets  *big.Int `json:"sets"`  // so many of them,
	Cases int64    `json:"cases"` // as so many cases: those between which there is no difference are one

	// The minimal ones: of no such set a smaller part collapses. By overload are those after which the members that are left
	// would be enough by what is needed, but cannot carry the load; by needs are the others. The small ones come first, then
	// they are in order of declaration.
	ByOverload []Alike `json:"byOverload"`
	ByNeeds    []Alike `json:"byNeeds"`

	// What losses, independent of each other, bring about, by the unavailabilities: from what the sets say, that these fail and
	// nothing else, to that and all sets that are larger. Where Monotone, the likeliest groups say, too, whatever else fails.
	Unavailability cascade.Interval `json:"unavailability"`
	Overload       cascade.Interval `json:"overload"` // the part of it that needs alone do not explain

	Unrated topology.Names `json:"unrated,omitempty"` // what may fail, but has no unavailability: in the figures it never does

	// Monotone: to lose more than a minimal set, of what may fail, never helps, whatever the order of trips. Where it is false, a
	// larger set may hold, what trips first may decide, and minimal is only: none smaller was found, by plain rounds.
	Monotone bool `json:"monotone"`
}

// Alike is groups that take as many of the same sorts of components. Components are of one sort if nothing tells them apart, alone or
// with all that hangs on them: servers on one board, or boards with as many servers. The Group is one of them, and its probability that
// of each.
type Alike struct {
	Group
	Count *big.Int `json:"count"`         // how many groups there are, this one included
	Of    []Choice `json:"of,omitempty"`  // what they take, if they are all that do; none if there is only one, or some that do are not among them
	Sum   float64  `json:"sum,omitempty"` // of their probabilities, but at most 1: that any of them is down is no more likely
}

// A Choice is any so many of some components.
type Choice struct {
	Take int            `json:"take"`
	Of   topology.Names `json:"of"`
}

const (
	maxCases = 50_000_000 // that are followed
	maxAlike = 1_000_000  // that are told
)

// Collapse follows every set of up to Options.Size losses (0 is 2) to its end, in plain rounds as [cascade.Engine] does, and
// finds the minimal ones after which some demand is not served in full, though the fleet with nothing lost serves all.
//
// Sets that differ only in which they take of components that nothing tells apart, alone or with all that hangs on them, are one
// case. Time is that of so many scenarios as there are cases: two of a hundred thousand servers on boards that are alike are seven,
// whereas of some hundred components that all differ, sizes of 3 or 4 are feasible. Memory is four bytes for each component of a case
// that collapses, or of which a part does, but for the cases of the last size.
//
// The error says that there are more than fifty million cases, or a million sorts of groups to tell; that the fleet collapses with
// nothing lost; or that Options.Common is of no use here. When ctx ends, it is ctx's.
func Collapse(ctx context.Context, t *topology.Topology, o Options) (*Collapses, error) {
	s, err := newCollapsing(ctx, t, o)
	if err != nil {
		return nil, err
	}
	for size := 1; size <= s.found.Size; size++ {
		if err := s.follow(ctx, size); err != nil {
			return nil, err
		}
	}
	s.found.ByOverload, s.found.ByNeeds = s.tell(&s.overload), s.tell(&s.needs)
	if err := s.reckon(ctx); err != nil {
		return nil, err
	}
	return s.found, nil
}

// String returns "any 2 of board-[1-4]", or "16 such as board-1 + server-007", or just the group if it is the only one.
func (a Alike) String() string {
	switch {
	case a.Count == nil || equal(a.Count, 1):
		return a.Group.String()
	case len(a.Of) > 0:
		return choices(a.Of)
	default:
		return fmt.Sprintf("%s such as %s", phrase.Whole(a.Count), a.Group)
	}
}
