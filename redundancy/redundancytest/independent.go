package redundancytest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// mostTold is how many cases of redundancy on paper are written out.
const mostTold = 20

// Independent fails t if redundancy of the components of a pattern ("" is all) is only on paper: the loss of one
// component further up leaves too few members of what they need or draw on. See [risk.Shared].
//
// It also fails t if none of them has any redundancy, on paper or not, and if the pattern names what the fleet does not
// have.
func Independent(t TB, fleet *topology.Topology, pattern string) {
	t.Helper()
	if problem := onPaper(fleet, pattern); problem != "" {
		t.Errorf("%s", problem)
	}
}

// onPaper returns what is wrong, "" if the redundancy is real.
func onPaper(fleet *topology.Topology, pattern string) string {
	shared, err := risk.Shared(context.Background(), fleet, owners(pattern))
	if err != nil {
		return err.Error()
	}
	if len(shared) == 0 {
		if claimsRedundancy(fleet, pattern) {
			return ""
		}
		return fmt.Sprintf("no component of %s needs fewer members than it has, so there is no redundancy to test", named(pattern))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the redundancy of %s is only on paper (%d found):", named(pattern), len(shared))
	for i, s := range shared {
		if i == mostTold {
			fmt.Fprintf(&b, "\n  and %d more", len(shared)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s", s)
	}
	return b.String()
}

// owners returns a pattern as what takes several: none is all.
func owners(pattern string) topology.Names {
	if pattern == "" {
		return nil
	}
	return topology.Names{pattern}
}

func named(pattern string) string {
	if pattern == "" {
		return "the fleet"
	}
	return fmt.Sprintf("%q", pattern)
}

// claimsRedundancy reports whether some component of a pattern is up with fewer members than it names.
func claimsRedundancy(fleet *topology.Topology, pattern string) bool {
	ids, err := asked(fleet, pattern)
	return err == nil && slices.ContainsFunc(ids, func(id topology.ID) bool { return redundant(fleet, id) })
}

func redundant(fleet *topology.Topology, owner topology.ID) bool {
	return slices.ContainsFunc(fleet.Links(owner), func(l topology.Link) bool {
		return l.Keeps() && l.Need < len(l.Members)
	})
}
