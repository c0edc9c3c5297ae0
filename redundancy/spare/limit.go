package spare

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A limit is a component with a capacity in one situation.
type limit struct {
	id       topology.ID
	capacity float64
	reserved float64   // of the servers there are, by nameplate, and of all else
	base     float64   // the true load is base,
	rate     float64   // and so much for each unit of the load of one server
	column   []float64 // by column: what a server that is bought reserves; 0 for one that does not draw on it
	more     int       // the column that raises it; -1 for none
	by       float64
}

// holds reports whether what is reserved fits; or, where nothing was added, what n servers in rotation truly draw.
func (l *limit) holds(s *situation, n int, x []int) bool {
	sum, drawn, more := l.reserved, false, 0
	for j, a := range l.column {
		if a > 0 && x[j] > 0 {
			sum, drawn = sum+float64(a*float64(x[j])), true
		}
	}
	if l.more >= 0 {
		more = x[l.more]
	}
	if !topology.Overloaded(sum, l.raised(more)) {
		return true
	}
	return !drawn && n >= l.servers(s, more)
}

// servers returns how many must be in rotation for the true load of a limit to fit, with so much more capacity, when
// nothing that draws on it is added; math.MaxInt if no number is enough.
func (l *limit) servers(s *situation, more int) int {
	capacity := l.raised(more)
	if l.rate == 0 || s.load == 0 {
		if topology.Overloaded(l.base, capacity) {
			return math.MaxInt
		}
		return 0
	}
	fits := func(n int) bool { return !topology.Overloaded(l.base+float64(l.rate*(s.load/float64(n))), capacity) }
	if !fits(pool.MaxServers) {
		return math.MaxInt // more than any fleet can have
	}
	low, high := 0, pool.MaxServers // not enough, enough
	for high-low > 1 {
		if middle := low + (high-low)/2; fits(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// most returns the largest number of servers, but for none, that any amount of capacity asks for.
func (l *limit) most(s *situation) int {
	if n := l.servers(s, 0); n < math.MaxInt || l.more < 0 {
		return n
	}
	least := int(min(maxTimes, max(0, math.Floor((l.base-l.capacity)/l.by))))
	for more := least; more < least+3; more++ {
		if n := l.servers(s, more); n < math.MaxInt {
			return n
		}
	}
	return math.MaxInt
}

// matters reports whether a limit could keep a purchase from holding.
func (l *limit) matters() bool {
	return l.over(0) || l.drawn()
}

// drawn reports whether anything that is bought could draw on it.
func (l *limit) drawn() bool {
	return slices.ContainsFunc(l.column, func(a float64) bool { return a > 0 })
}

// over reports whether the servers there are already reserve more than the capacity with so much more.
func (l *limit) over(more int) bool { return topology.Overloaded(l.reserved, l.raised(more)) }

// raised returns the capacity with so much more, as the enlarged fleet has it.
func (l *limit) raised(more int) float64 {
	if l.more < 0 {
		return l.capacity
	}
	return l.capacity + float64(l.by*float64(more))
}
