package risk

import (
	"errors"
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Options say which failures are looked at, and how far. In the zero value every component may fail of itself, but for those with
// a demand: users do not.
type Options struct {
	Failing  topology.Names         // patterns of what may fail of itself; none is all without a demand
	Size     int                    // of the largest group that is told, whatever else is worked out; 0 is any, for [Scan] and [Collapse] 2
	Nodes    int                    // of [Analyze]: most that a decision diagram may have at a time, of some 64 bytes each; 0 is 2^24, 1 GiB. The others have none
	Common   []CommonCause          // of [Analyze] alone: what may take several at once. It would change what the others find, so to them it is an error
	Progress func(cascade.Progress) // of [Analyze], as its diagrams are tried and solved, and of [Collapse], a few times a second; never concurrently. [Scan] tells none
}

// A CommonCause is a part of what makes components fail that takes all of them at once: a bad batch, a wrong firmware. By the beta
// factor model (Fleming 1975) each fails of itself with 1−β of its unavailability, and all together with β of it.
// Of the components, those count that may fail and that the top depends on; if that is one alone, or β is 0, the cause changes nothing.
type CommonCause struct {
	Of   topology.Names `json:"of"`   // patterns of components with the same MTBF and MTTR, unavailability and onDemand
	Beta float64        `json:"beta"` // from 0 to 1
}

// noCommon is the error of what looks at components that fail each of itself.
func (o Options) noCommon() error {
	if len(o.Common) > 0 {
		return errors.New("common: Analyze alone takes common causes: leave them out, or ask Analyze")
	}
	return nil
}

// mayFail returns what may fail of itself.
func (o Options) mayFail(t *topology.Topology) (func(topology.ID) bool, error) {
	if len(o.Failing) == 0 {
		return func(id topology.ID) bool { return t.Demand(id) == 0 }, nil
	}
	ids, err := t.Select(o.Failing...)
	if err != nil {
		return nil, fmt.Errorf("failing: %w", err)
	}
	may := make([]bool, t.Len())
	for _, id := range ids {
		may[id] = true
	}
	return func(id topology.ID) bool { return may[id] }, nil
}
