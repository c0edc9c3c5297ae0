package risk

import (
	"context"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// Shared finds redundancy that is only on paper: k-of-n needs and supplies of the components of some patterns (none is all)
// that the loss of one component further up leaves with too few.
//
// What is reported: a need or a supply that keeps its owner up and asks for fewer members than it has, together with
// every single component whose loss, and what goes down with it by needs, leaves fewer members than it asks for. That
// may be a member itself, if others of the members need it, and a component that the owner needs besides. Needs only to
// start and optional supplies keep nothing up, and are left out; overload is left apart.
//
// Owners that ask for the same number of the same members are one Sharing. The
// Sharings are in order of declaration of their first owners, those of one owner in the order written. There are none
// if the redundancy is real, and if there is none on paper.
//
// For each component further up, Shared takes time in proportion to what its loss pulls along, and their links; what follows from
// one loss after the other, as in a chain, is looked at once for all of them. The error names what the topology does not have, is
// [ErrTooMany] if there are more than twenty million components to name in Through, or is ctx's.
func Shared(ctx context.Context, t *topology.Topology, owners topology.Names) (Sharings, error) {
	ids, err := selected(t, owners)
	if err != nil {
		return nil, err
	}
	all, sets := claims(t, ids)
	u := upstreamOf(ctx, t, all)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := newSearch(ctx, t, sets)
	roots, above := u.trees()
	for _, root := range roots {
		if err := s.lose(root, above); err != nil {
			return nil, err
		}
	}
	return sharings(t, all), ctx.Err()
}

// Sharings are all redundancy that is only on paper. They print with those in one line that differ in nothing but numbers in names.
type Sharings []Sharing

// A Sharing is redundancy that is only on paper.
type Sharing struct {
	Owners  topology.Names `json:"owners"`
	Members topology.Names `json:"members"` // as the first owner names them
	Need    int            `json:"need"`    // of the members, by each owner
	Through []string       `json:"through"` // each of these alone takes too many; in order of declaration
	Left    int            `json:"left"`    // most members that the loss of one of these leaves: fewer than Need
}

// String returns "rack-07 needs 1 of feed-[a,b]-07; all of them need ups-1", or, where some members would be left,
// "api needs 2 of etcd-[1-3]; without zone-a only 1 would be left".
func (s Sharing) String() string {
	needs := "needs"
	if several(s.Owners) {
		needs = "each need"
	}
	return fmt.Sprintf("%s %s %d of %s; %s", strings.Join(s.Owners, ", "), needs, s.Need, strings.Join(s.Members, ", "), s.because())
}

// because says what takes the members.
func (s Sharing) because() string {
	through := strings.Join(topology.Fold(s.Through), ", ")
	switch {
	case s.Left == 0:
		return "all of them need " + through
	case len(s.Through) == 1:
		return fmt.Sprintf("without %s only %d would be left", through, s.Left)
	default:
		return fmt.Sprintf("without any one of %s at most %d would be left", through, s.Left)
	}
}

// several reports whether patterns stand for more than one name.
func several(patterns topology.Names) bool {
	if len(patterns) != 1 {
		return true
	}
	names, _ := topology.Expand(patterns[0]) // folded by us
	return len(names) != 1
}
