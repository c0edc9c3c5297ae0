package redundancytest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/needs"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// NoSinglePoint fails t if any one component takes one of a pattern ("users", "" is all) down by what that needs, directly or further
// up, whatever the load: see [risk.Scan]. Components of the patterns in except may: the one region that there is. Those with a
// demand, as users are, do not fail of themselves.
//
// It also fails t if nothing could take them down but what is excepted, for then nothing is tested, and if a pattern names what the
// fleet does not have. What overload takes down is for [Survives].
func NoSinglePoint(t TB, fleet *topology.Topology, pattern string, except ...string) {
	t.Helper()
	if fleet == nil {
		t.Errorf("there is no fleet: it is nil")
		return
	}
	if problem := singlePoints(fleet, pattern, except); problem != "" {
		t.Errorf("%s", problem)
	}
}

// singlePoints returns what is wrong, "" if there are none.
func singlePoints(fleet *topology.Topology, pattern string, except []string) string {
	ids, err := asked(fleet, pattern)
	if err != nil {
		return err.Error()
	}
	may, err := failing(fleet, except)
	if err != nil {
		return fmt.Sprintf("except: %s", err)
	}
	if !restsOn(fleet, ids, may) {
		return fmt.Sprintf("%s rests on nothing that may fail%s, so nothing is tested: name what it needs in the fleet", named(pattern), but(except))
	}
	points, err := risk.Scan(context.Background(), fleet, owners(pattern), risk.Options{Failing: fleet.Names(may), Size: 1})
	if err != nil {
		return err.Error()
	}
	return tell(points, pattern)
}

// tell writes points out; "" if there are none.
func tell(points risk.Points, pattern string) string {
	if len(points) == 0 {
		return ""
	}
	lines := strings.Split(points.String(), "\n")
	if more := len(lines) - mostTold; more > 0 {
		lines = append(lines[:mostTold], fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("single points of failure of %s (%d found), by what it needs:\n  %s", named(pattern), len(points), strings.Join(lines, "\n  "))
}

// but says what is left out.
func but(patterns []string) string {
	if len(patterns) == 0 {
		return ""
	}
	return " but " + strings.Join(patterns, ", ")
}

// asked returns the components of a pattern; all for "".
func asked(fleet *topology.Topology, pattern string) ([]topology.ID, error) {
	if pattern != "" {
		return fleet.Select(pattern)
	}
	all := make([]topology.ID, fleet.Len())
	for i := range all {
		all[i] = topology.ID(i)
	}
	return all, nil
}

// failing returns what may fail of itself: without a demand, and of none of the patterns.
func failing(fleet *topology.Topology, never []string) ([]topology.ID, error) {
	spared, err := fleet.Select(never...)
	if err != nil {
		return nil, err
	}
	var may []topology.ID
	for id := range topology.ID(fleet.Len()) {
		if _, found := slices.BinarySearch(spared, id); !found && fleet.Demand(id) == 0 {
			may = append(may, id)
		}
	}
	return may, nil
}

// restsOn reports whether some of the components are up only while others are, of which one may fail.
func restsOn(fleet *topology.Topology, ids, may []topology.ID) bool {
	for m := range needs.Reach(fleet, ids...) {
		if _, found := slices.BinarySearch(may, m); found {
			return true
		}
	}
	return false
}
