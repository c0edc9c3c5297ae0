package spare

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
)

// A situation is what a scenario leaves, as far as a purchase can change whether it holds.
type situation struct {
	scenario cascade.Scenario
	fatal    string  // no purchase helps, because of this
	asked    bool    // the demand counts, and is to be served
	load     float64 // that the pool carries; 0 if not asked
	need     int     // servers that must be up
	up, n    int     // servers that are up, and of them in rotation
	weakest  float64 // the least capacity of those in rotation; +Inf for none
	weak     string  // its name
	column   []fate  // by column: what becomes of a server that is bought
	limits   []limit
}

// A fate is what becomes of a server that is bought.
type fate struct {
	up, rotating bool
	capacity     float64
}

// holds reports whether a situation holds with x[j] of each column.
func (s *situation) holds(x []int) bool {
	up, n, weakest := s.up, s.n, s.weakest
	for j, f := range s.column {
		if f.up {
			up += x[j]
		}
		if f.rotating && x[j] > 0 {
			n += x[j]
			weakest = min(weakest, f.capacity)
		}
	}
	if s.asked && (up < s.need || n < s.wanted(weakest)) {
		return false
	}
	for k := range s.limits {
		if !s.limits[k].holds(s, n, x) {
			return false
		}
	}
	return true
}

// rotating returns how many servers are in rotation with a purchase.
func (s *situation) rotating(x []int) int {
	n := s.n
	for j, f := range s.column {
		if f.rotating {
			n += x[j]
		}
	}
	return n
}

// floor returns the capacity that the weakest server in rotation is sure not to exceed: that of the weakest left, or, if
// none is left, of the strongest that could be bought.
func (s *situation) floor() float64 {
	if s.n > 0 {
		return s.weakest
	}
	strongest := 0.0
	for _, f := range s.column {
		if f.rotating {
			strongest = max(strongest, f.capacity)
		}
	}
	return strongest
}

// wanted returns the servers that a situation needs in rotation when the weakest has this capacity.
func (s *situation) wanted(capacity float64) int {
	if s.load == 0 {
		return 0
	}
	return max(1, pool.Fewest(s.load, capacity))
}

// tightest returns the first limit whose true load does not fit without a purchase; nil if all fit.
func (s *situation) tightest() *limit {
	for k := range s.limits {
		if l := &s.limits[k]; l.over(0) && s.n < l.servers(s, 0) {
			return l
		}
	}
	return nil
}

// key tells situations apart.
func (s *situation) key() string {
	var b strings.Builder
	fmt.Fprint(&b, s.fatal, s.asked, s.load, s.need, s.up, s.n, s.weakest, s.column)
	for _, m := range s.limits {
		if m.matters() {
			fmt.Fprint(&b, "|", m.id, m.reserved, m.base, m.rate, m.column)
		}
	}
	return b.String()
}
