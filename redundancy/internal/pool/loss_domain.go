package pool

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// maxWork bounds the check that domains have nothing in common: their number times that of all components.
const maxWork = 100_000_000

// domainLosses is the loss of failure domains that have nothing in common: what goes down with several of them is what
// goes down with each. With domains of sizes s lost each server that is left carries q = load/(N − Σ s), so for some
// choice of k the fleet does not hold if and only if
//
//   - losing the k largest leaves too few, or
//   - something that can be left alone does not bear the q that the k largest others leave: the weakest server of a
//     domain, the weakest of those in no domain, or a component of limited power.
//
// For if a choice overloads something, its domain is not among the lost, and the k largest others leave a q at least as
// high. For power that takes components on which the servers of one domain at most draw, besides those of none, so that
// its load depends on q alone, and it is as a server is whose capacity is the highest q that it bears; where there are
// others that could be overloaded at all, this form does not apply.
//
// It holds for some choice only if, with θ the least capacity left, every domain with a weaker server is among the lost;
// the others lost are best the smallest, for then most servers are left. The weakest of each domain are all that θ can be.
type domainLosses struct {
	*intact
	ids     []topology.ID
	size    []int     // by domain: its servers
	weakest []float64 // by domain: the highest q that what goes down with it bears; +Inf for any
	outside float64   // the same of all that no domain takes down
	largest []int     // domains, the largest first, then in order of declaration
	rank    []int     // by domain: its place in largest
	before  []int     // servers of the k largest
}

func newDomainLosses(i *intact, ids []topology.ID) Losses {
	if int64(len(ids))*int64(i.Topology.Len()) > maxWork {
		return nil
	}
	l := &domainLosses{intact: i, ids: sorted(ids), outside: math.Inf(1)}
	of := l.split()
	if of == nil {
		return nil
	}
	l.size, l.weakest = make([]int, len(l.ids)), make([]float64, len(l.ids))
	for d := range l.ids {
		l.weakest[d] = math.Inf(1)
		l.largest = append(l.largest, d)
	}
	for _, id := range l.Servers {
		c := l.Topology.Capacity(id)
		if d, ok := of[id]; ok {
			l.size[d]++
			l.weakest[d] = min(l.weakest[d], c)
		} else {
			l.outside = min(l.outside, c)
		}
	}
	slices.SortStableFunc(l.largest, func(a, b int) int { return cmp.Compare(l.size[b], l.size[a]) })
	l.rank, l.before = make([]int, len(l.ids)), make([]int, len(l.ids)+1)
	for i, d := range l.largest {
		l.rank[d], l.before[i+1] = i, l.before[i]+l.size[d]
	}
	if !l.powered(of) {
		return nil
	}
	return l
}

// split returns the domain of everything that goes down with one; nil if they have something in common. They do not if
// losing each takes other things down, losing all nothing more than these, and losing all but one nothing of that one:
// more losses take down no less, so any choice lies between.
func (l *domainLosses) split() map[topology.ID]int {
	of := map[topology.ID]int{}
	c := l.Topology.Closure()
	for d, id := range l.ids {
		lost := c.Fail(id)
		for _, x := range lost {
			if _, twice := of[x.ID]; twice && x.ID != l.Demand {
				return nil
			}
			of[x.ID] = d
		}
		c.Undo(lost)
	}
	delete(of, l.Demand) // it is down if the pool is too small, which is looked at by itself
	for _, x := range c.Fail(l.ids...) {
		if _, ok := of[x.ID]; !ok && x.ID != l.Demand {
			return nil
		}
	}
	for d := range l.ids {
		others := slices.Concat(l.ids[:d], l.ids[d+1:])
		for _, x := range l.Topology.Closure().Fail(others...) {
			if of[x.ID] == d && x.ID != l.Demand {
				return nil
			}
		}
	}
	return of
}

func (l *domainLosses) Size() int { return len(l.ids) }

func (l *domainLosses) Breaking(k int) ([]topology.ID, bool) {
	if len(l.Servers)-l.before[k] < max(1, l.Need) {
		return l.largestBut(-1, k), true
	}
	if k < len(l.ids) {
		for d := len(l.ids) - 1; d >= 0; d-- {
			if topology.Overloaded(l.load/float64(l.leftBut(d, k)), l.weakest[d]) {
				return l.largestBut(d, k), true
			}
		}
	}
	if topology.Overloaded(l.load/float64(len(l.Servers)-l.before[k]), l.outside) {
		return l.largestBut(-1, k), true
	}
	return nil, false
}

// leftBut returns how many servers the loss of the k largest domains but for one leaves.
func (l *domainLosses) leftBut(keep, k int) int {
	lost := l.before[k]
	if l.rank[keep] < k {
		lost = l.before[k+1] - l.size[keep]
	}
	return len(l.Servers) - lost
}

// largestBut returns the k largest domains but for one.
func (l *domainLosses) largestBut(keep, k int) []topology.ID {
	var lost []topology.ID
	for _, d := range l.largest {
		if len(lost) < k && d != keep {
			lost = append(lost, l.ids[d])
		}
	}
	return sorted(lost)
}

func (l *domainLosses) Bearing(context.Context) ([]topology.ID, bool, error) {
	var best []topology.ID
	found := false
	for _, least := range l.thresholds() {
		if lost, ok := l.mostLost(least); ok && (!found || len(lost) > len(best)) {
			best, found = lost, true
		}
	}
	return sorted(best), found, nil
}

// thresholds returns what the least q that the rest bears can be.
func (l *domainLosses) thresholds() []float64 {
	all := []float64{l.outside}
	for _, w := range l.weakest {
		if w <= l.outside {
			all = append(all, w)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// mostLost returns as many domains as can be lost when what bears less than this must be.
func (l *domainLosses) mostLost(least float64) (lost []topology.ID, ok bool) {
	n := len(l.Servers)
	for d, w := range l.weakest {
		if w < least {
			lost, n = append(lost, l.ids[d]), n-l.size[d]
		}
	}
	if !l.enough(n, least) {
		return nil, false
	}
	for i := len(l.largest) - 1; i >= 0; i-- {
		if d := l.largest[i]; l.weakest[d] >= least && l.enough(n-l.size[d], least) {
			lost, n = append(lost, l.ids[d]), n-l.size[d]
		}
	}
	return lost, true
}
