package spare

import (
	"math"
	"math/big"

	"github.com/ridethrough/ridethrough/topology"
)

// A model is the purchase as a program in whole numbers, x[j] of column j. Two things in it are not linear, and are
// branched on, one alternative at a time:
//
//   - A server weaker than the weakest that is left raises the number that a situation needs: none of it is bought, or
//     at least one, and then every situation in which it lives needs as many as carry the load at its capacity.
//   - A component above its nameplate: its capacity is raised until all that is reserved fits, or nothing that draws on
//     it is bought, and then so many servers are in rotation that its true load fits. How many depends on how much
//     capacity is bought for it; that many for the most that a branch allows is needed in all of the branch.
type model struct {
	cases     []*situation
	cost      []*big.Rat
	most      []int
	nameplate bool
	cut       bool // more of some capacity might be needed than is looked at
	over      []overrun
	weak      []bool // by column: weaker than the weakest left in some situation
}

// An overrun is a limit of a situation that is above its nameplate.
type overrun struct {
	in    int
	limit *limit
}

func newModel(columns []column, cases []*situation) *model {
	m := &model{cases: cases, weak: make([]bool, len(columns))}
	for _, c := range columns {
		m.cost = append(m.cost, c.cost)
	}
	for i, x := range cases {
		for j, f := range x.column {
			m.weak[j] = m.weak[j] || x.load > 0 && f.rotating && f.capacity < x.floor()
		}
		for k := range x.limits {
			if l := &x.limits[k]; l.over(0) {
				m.over = append(m.over, overrun{i, l})
			}
		}
	}
	m.bounds(columns)
	for _, x := range cases {
		for k := range x.limits {
			m.nameplate = m.nameplate || m.felt(&x.limits[k])
		}
	}
	return m
}

// felt reports whether a limit could keep something from being bought.
func (m *model) felt(l *limit) bool {
	sum := l.reserved
	for j, a := range l.column {
		if a > 0 {
			sum += float64(a * float64(m.most[j]))
		}
	}
	return topology.Overloaded(sum, l.capacity)
}

// bounds finds how many of each column a cheapest purchase could have: no more than any threshold asks for.
func (m *model) bounds(columns []column) {
	servers := 0
	for _, x := range m.cases {
		servers = max(servers, x.need)
		for _, f := range x.column {
			if f.rotating {
				servers = larger(servers, x.wanted(f.capacity))
			}
		}
		servers = larger(servers, x.wanted(x.floor()))
	}
	for _, o := range m.over {
		servers = larger(servers, o.limit.most(m.cases[o.in]))
	}
	for j, c := range columns {
		m.most = append(m.most, min(c.most, servers))
		for _, x := range m.cases {
			for k := range x.limits {
				if l := &x.limits[k]; math.IsInf(l.column[j], 1) {
					m.most[j] = 0 // its nameplate has no limit
				}
			}
		}
	}
	for j, c := range columns {
		if c.more {
			m.most[j] = min(c.most, m.enough(j))
		}
	}
}

// larger returns the larger of two numbers, of which the second may be out of reach.
func larger(a, b int) int {
	if b == math.MaxInt {
		return a
	}
	return max(a, b)
}

// maxTimes is how often capacity is bought for one component at most.
const maxTimes = 1 << 26

// enough returns how often column j, which is capacity, is bought at most: then all that could be bought fits.
func (m *model) enough(j int) int {
	times := 0.0
	for _, x := range m.cases {
		for k := range x.limits {
			l := &x.limits[k]
			if l.more != j {
				continue
			}
			sum := l.base + float64(l.rate*x.load)
			if !math.IsInf(l.reserved, 1) {
				sum = max(sum, l.reserved)
			}
			for i, a := range l.column {
				if a > 0 && m.most[i] > 0 {
					sum += float64(a * float64(m.most[i]))
				}
			}
			times = max(times, math.Ceil((sum-l.capacity)/l.by)+1)
		}
	}
	if times > maxTimes {
		m.cut = true
		return maxTimes
	}
	return int(times)
}
