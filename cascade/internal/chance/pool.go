package chance

import (
	"context"
	"fmt"
	"sort"
)

// tolerance is that of the cascade: how far above its capacity, in parts of it, a load still counts as at capacity.
const tolerance = 1e-9

// A Pool is a set of servers that share one demand equally.
type Pool struct {
	Capacity []float64 // of each server, in any order, at least 0; +Inf is never overloaded
	Demand   float64   // in all; finite, at least 0
}

// A Distribution says what becomes of a pool.
type Distribution struct {
	Survivors []float64 // Survivors[j] is the probability that exactly j survive, for j from none to all
	Holds     float64   // the probability that nothing trips, and somebody is left if there is a demand
	Breaks    float64   // 1 - Holds, with all its digits where it is small
}

// Collapse is the probability that nobody survives.
func (d Distribution) Collapse() float64 { return d.Survivors[0] }

// Fewer returns the probability that fewer than m survive, with all its digits where it is small.
func (d Distribution) Fewer(m int) float64 {
	sum := 0.0
	for _, p := range d.Survivors[:max(0, min(m, len(d.Survivors)))] {
		sum += p
	}
	return sum
}

// Random is what becomes of the pool when k of its servers are lost, all choices equally likely. k must be from 0 to all.
//
// It takes O(nk) time and O(n) memory; less where servers are interchangeable. The error is that of the context.
func (p Pool) Random(ctx context.Context, k int) (Distribution, error) {
	n := len(p.Capacity)
	if k < 0 || k > n {
		panic(fmt.Sprintf("chance: %d of %d servers lost", k, n))
	}
	even := make([]float64, n)
	for i := range even {
		even[i] = float64(k) / float64(n)
	}
	w := p.walk(ctx, unlimited)
	w.load(nil, newGroups(p, even).list)
	w.left = n - k
	w.run(1)
	w.into.normalize()
	w.into.oneCount(n-k, p.Demand == 0)
	return w.result()
}

// Independent is what becomes of the pool when each server is lost with a probability of its own, independently.
// lost must have one for each server, from 0 to 1.
//
// It takes O(n²) time at most, and O(n) memory; far less where servers are interchangeable. The error is that of the context.
func (p Pool) Independent(ctx context.Context, lost []float64) (Distribution, error) {
	w := p.walk(ctx, unlimited)
	w.load(nil, newGroups(p, lost).list)
	w.run(1)
	return w.result()
}

// normalize makes the probabilities sum to 1.
func (d *Distribution) normalize() {
	total := d.Fewer(len(d.Survivors))
	for j := range d.Survivors {
		d.Survivors[j] /= total
	}
	d.Holds /= total
	d.Breaks /= total
}

// oneCount says whether it holds where always equally many are left: if and only if as many survive.
func (d *Distribution) oneCount(left int, idle bool) {
	all := d.Survivors[left]
	d.Holds, d.Breaks = all, d.Fewer(left)
	if left == 0 && !idle {
		d.Holds, d.Breaks = 0, all
	}
}

// least returns the fewest live servers of the pool at which one of this capacity is not overloaded; one more than there
// are if it always is.
func (p Pool) least(capacity float64) int {
	return 1 + sort.Search(len(p.Capacity), func(others int) bool {
		load := p.Demand / float64(others+1)
		return load <= capacity+float64(capacity*tolerance)
	})
}
