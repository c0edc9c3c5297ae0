package triage

import (
	"math"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// A node is counts, and what the relaxation proves of all choices within them.
type node struct {
	*counts
	most  float64
	class int32 // where to part it: at most so many in rotation, or more; -1: there is nothing to part
	at    int32
}

const (
	maxNodes   = 3_000
	maxParted  = 60          // classes of servers up to which fleets are parted
	branchWork = 600_000_000 // cells touched
)

// A partition is branch and bound over the counts in rotation.
type partition struct {
	*search
	open []*node
	done float64 // the most of nodes that cannot be parted
	cost int
}

// part narrows down how many servers of each class are in rotation, to prove more and to find better choices. It returns the
// most that any choice has.
func (s *search) part(most float64) float64 {
	if len(s.servers) > maxParted {
		return most
	}
	p := &partition{search: s}
	p.push(s.anyCounts(), most)
	for range maxNodes {
		best := p.pop()
		if best == nil {
			return min(most, max(p.done, s.top))
		}
		if best.most <= s.top+Alike*s.total/2 || p.cost > branchWork || s.ctx.Err() != nil {
			return min(most, max(p.done, best.most, s.top))
		}
		for _, above := range []bool{true, false} {
			child := best.clone()
			if above {
				child.low[best.class] = best.at + 1
			} else {
				child.high[best.class] = best.at
			}
			p.push(child, best.most)
		}
	}
	if best := p.pop(); best != nil {
		return min(most, max(p.done, best.most, s.top))
	}
	return min(most, max(p.done, s.top))
}

// pop takes the node with the most out of those that are open; the latest of these.
func (p *partition) pop() *node {
	at := -1
	for i, n := range p.open {
		if at < 0 || n.most >= p.open[at].most {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	best := p.open[at]
	p.open = append(p.open[:at], p.open[at+1:]...)
	return best
}

// push looks at a node, and keeps it if it may have something better than what is known.
func (p *partition) push(c *counts, most float64) {
	r := relax(p.fleet, p.strengths, c)
	cells := (len(r.Rows) + 1) * (len(r.Cost) + 1)
	e := r.Solve(p.ctx, 200+20*(len(r.Rows)+len(r.Cost)))
	p.cost += cells * (len(r.Rows) + 10)
	n := &node{counts: c, most: most, class: -1}
	switch {
	case e.Stuck && r.Impossible(e.Prices):
		return
	case !e.Stuck:
		n.most = min(most, -r.Bound(e.Prices))
		p.sketch(n, r, e)
	}
	if n.class < 0 {
		p.done = max(p.done, n.most)
		return
	}
	p.open = append(p.open, n)
}

// A use is how many of a class seem to be in rotation, by the pool that it gets least of and by that it gets most of.
type use struct {
	least, most float64
}

// sketch tries the choice that a solution looks like, and finds where to part.
func (p *partition) sketch(n *node, r *relaxation, e integer.Estimate) {
	uses := map[int32]use{}
	for _, s := range r.shares {
		unit := float64(s.unit * e.X[s.each])
		if unit <= hair*s.unit {
			continue
		}
		x := float64(s.most*e.X[s.taken]) / unit
		u, ok := uses[s.class]
		if !ok {
			u = use{x, x}
		}
		uses[s.class] = use{min(u.least, x), max(u.most, x)}
	}
	p.imitate(n, uses)
	worst := 1e-6
	for _, c := range p.servers {
		u, used := uses[c]
		if !used || n.low[c] == n.high[c] {
			continue
		}
		part := func(how float64, at float64) {
			if whole := int32(at); how > worst && whole >= n.low[c] && whole < n.high[c] {
				worst, n.class, n.at = how, c, whole
			}
		}
		load := 0.0
		for i, j := range r.even[c].on {
			load += float64(r.even[c].of[i] * e.X[j])
		}
		if n.low[c] == 0 && u.most > 1e-6 && load > p.classes[c].bearing()*(1+1e-7) {
			part(1e6*(load/p.classes[c].capacity-1), 0)
		}
		floor := math.Floor(u.most + 1e-7)
		part(min(u.most-floor, floor+1-u.most), floor)
		part(u.most-u.least, math.Floor((u.most+u.least)/2))
	}
	if n.class >= 0 {
		return
	}
	widest := int32(0)
	for _, c := range p.servers { // tiers, say
		if width := n.high[c] - n.low[c]; width > widest {
			widest, n.class, n.at = width, c, n.low[c]+(width-1)/2
		}
	}
}

// imitate tries choices with so many in rotation: the others out of it, and switched off.
func (p *partition) imitate(n *node, uses map[int32]use) {
	off := p.intact.clone()
	for _, c := range p.servers {
		if p.classes[c].ready {
			off.out[c] = 0
			continue
		}
		on := int32(math.Round(uses[c].most))
		off.on[c], off.out[c] = min(max(on, n.low[c]), n.high[c]), 0
	}
	p.try(off)
	out := off.clone()
	for _, c := range p.servers {
		out.out[c] = p.classes[c].count() - out.on[c]
	}
	p.try(out)
}
