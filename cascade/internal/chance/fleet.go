package chance

import (
	"cmp"
	"fmt"
	"slices"
)

// A fleet is a pool whose domains are told apart by what they span.
type fleet struct {
	servers []group  // with the count of those that only fail by themselves
	narrow  []domain // all their servers are of one level; in order of strength
	wide    []domain // the others
	empty   []domain // without a server
	down    int      // so many domains are down; 0: they are not counted
}

// A domain has servers of some groups.
type domain struct {
	parts []part // the strong first
	down  float64
}

// A part of a domain is its servers of one group.
type part struct{ group, count int }

func compareParts(a, b part) int {
	return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.count, b.count))
}

// compareDomains puts the domains into an order that does not depend on how they are numbered: 0 means interchangeable.
func compareDomains(a, b domain) int {
	return cmp.Or(slices.CompareFunc(a.parts, b.parts, compareParts), cmp.Compare(a.down, b.down))
}

// fleet sorts out the domains: one that is never down leaves its servers to themselves, one that always is takes them away.
func (p Pool) fleet(d Domains, down, lost []float64) *fleet {
	g := newGroups(p, lost)
	f := &fleet{servers: g.list}
	for id, members := range d.members(g.of) {
		one := domain{parts: newParts(members), down: down[id]}
		if one.down > 0 {
			f.leave(one)
		}
		switch {
		case one.down == 0 || one.down == 1:
		case len(one.parts) == 0:
			f.empty = append(f.empty, one)
		case f.level(one, 0) == f.level(one, len(one.parts)-1):
			f.narrow = append(f.narrow, one)
		default:
			f.wide = append(f.wide, one)
		}
	}
	slices.SortFunc(f.narrow, compareDomains)
	slices.SortFunc(f.wide, compareDomains)
	return f
}

// members returns the groups of the servers of each domain.
func (d Domains) members(group []int) [][]int {
	if len(d.Of) != len(group) {
		panic(fmt.Sprintf("chance: domains of %d of %d servers", len(d.Of), len(group)))
	}
	members := make([][]int, d.Count)
	for i, id := range d.Of {
		if id < -1 || id >= d.Count {
			panic(fmt.Sprintf("chance: domain %d of %d", id, d.Count))
		}
		if id >= 0 && group[i] >= 0 {
			members[id] = append(members[id], group[i])
		}
	}
	return members
}

func newParts(groups []int) []part {
	slices.Sort(groups)
	var parts []part
	for _, g := range groups {
		if last := len(parts) - 1; last >= 0 && parts[last].group == g {
			parts[last].count++
			continue
		}
		parts = append(parts, part{g, 1})
	}
	return parts
}

// leave takes the servers of a domain from those that only fail by themselves.
func (f *fleet) leave(d domain) {
	for _, p := range d.parts {
		f.servers[p.group].count -= p.count
	}
}

func (f *fleet) level(d domain, part int) int { return f.servers[d.parts[part].group].least }

// levels returns the levels of the narrow domains, without the servers that are in none.
func (f *fleet) levels(w *walk) []level {
	var levels []level
	for rest := f.narrow; len(rest) > 0; {
		one := rest[0]
		count := 1
		for count < len(rest) && compareDomains(one, rest[count]) == 0 {
			count++
		}
		rest = rest[count:]
		least, up := f.level(one, 0), w.power(f.law(w, one), count, f.down+1)
		if last := len(levels) - 1; last >= 0 && levels[last].least == least {
			levels[last].up = w.sum(nil, levels[last].up, up, f.down+1)
			continue
		}
		levels = append(levels, level{least, up})
	}
	return levels
}

// law is that of one domain: its servers, or none of them.
func (f *fleet) law(w *walk, d domain) law {
	up := law{always(0)}
	for _, p := range d.parts {
		up = w.sum(nil, up, law{binomial(p.count, f.servers[p.group].lost)}, 1)
	}
	alive, dead := up[0].scale(1-d.down), counts{0, []float64{d.down}}
	if f.down > 0 {
		return law{alive, dead}
	}
	either := counts{}
	either.reset(0, alive.end())
	w.convolve(either, alive, always(0))
	w.convolve(either, dead, always(0))
	return law{either}
}

// nobody is the law of the domains without a server.
func (f *fleet) nobody(w *walk) law {
	if f.down == 0 || len(f.empty) == 0 {
		return law{always(0)}
	}
	q := f.empty[0].down
	return w.power(law{counts{0, []float64{1 - q}}, counts{0, []float64{q}}}, len(f.empty), f.down+1)
}
