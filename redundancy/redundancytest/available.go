package redundancytest

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// How far a test goes: so many nodes of a decision diagram, 16 MiB. There is no clock, for the answer is the same on every machine.
const availableNodes = 1 << 18

// Available fails t unless a component, such as the users, or a need, such as "2 of db-[1-3]", has so many nines of availability by
// what it needs: 3 is up 99.9 % of the time. It is worked out with [risk.Analyze] from the unavailabilities in the fleet, and is at
// best what users see, for overload comes on top: see [Survives].
//
// Components of the patterns in perfect never fail. It also fails t if any other that the top rests on has no unavailability, if it
// rests on nothing that may fail, if a name is not found, and where a quarter of a million nodes of a decision diagram
// are too few to tell. Hundreds of components that are meshed all over take half a minute; most fleets take next to none.
func Available(t TB, fleet *topology.Topology, top string, nines float64, perfect ...string) {
	t.Helper()
	if fleet == nil {
		t.Errorf("there is no fleet: it is nil")
		return
	}
	if problem := unavailable(fleet, top, nines, perfect); problem != "" {
		t.Errorf("%s", problem)
	}
}

// unavailable returns what is wrong, "" if it is available enough.
func unavailable(fleet *topology.Topology, top string, nines float64, perfect []string) string {
	if !(nines >= 1 && nines <= 15) { // .9999 or 99.99 would pass, or fail, whatever the fleet is
		return fmt.Sprintf("nines: %v: give how many, from 1 to 15: 4 is up 99.99 %% of the time", nines)
	}
	may, err := failing(fleet, perfect)
	if err != nil {
		return fmt.Sprintf("perfect: %s", err)
	}
	if len(may) == 0 {
		return fmt.Sprintf("nothing in the fleet may fail%s, so nothing is tested", but(perfect))
	}
	a, err := risk.Analyze(context.Background(), fleet, top, risk.Options{Failing: fleet.Names(may), Nodes: availableNodes})
	if err != nil {
		return err.Error()
	}
	return judge(a, nines, perfect)
}

// judge returns what is wrong with an analysis.
func judge(a *risk.Analysis, nines float64, perfect []string) string {
	allowed := math.Pow(10, -nines) * (1 + topology.Tolerance)
	switch {
	case len(a.Unrated) > 0:
		return fmt.Sprintf("%q is not known to have %v nines: no unavailability is given for %s: give one, or name what never fails as perfect",
			a.Top, nines, phrase.List(a.Unrated, 8))
	case a.Certainty == cascade.Exact && !slices.ContainsFunc(a.Count, func(n *big.Int) bool { return n.Sign() > 0 }):
		return fmt.Sprintf("%q rests on nothing that may fail%s, so nothing is tested: name what it needs in the fleet", a.Top, but(perfect))
	case a.Unavailability.Low > allowed:
		return fmt.Sprintf("%q does not have %v nines:\n%s", a.Top, nines, a)
	case a.Unavailability.High > allowed:
		return fmt.Sprintf("%q is not known to have %v nines, for it is too much to be worked out exactly:\n%s", a.Top, nines, a)
	}
	return ""
}
