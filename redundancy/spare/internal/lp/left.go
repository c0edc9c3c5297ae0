package lp

import (
	"math"
	"strings"
)

// left is what a scenario leaves.
type left struct {
	fleet   *Fleet
	up      []bool // by source
	servers []int  // by group: those that are up
}

// after returns what a scenario leaves: what is lost goes down, and what has too few of those it is on.
func (f *Fleet) after(lose []string) *left {
	lost, servers := map[string]bool{}, map[string]int{} // by name, by name of the group
	for _, name := range lose {
		lost[name] = true
		servers[name[:max(0, strings.LastIndexByte(name, '-'))]]++
	}
	l := &left{fleet: f, up: make([]bool, len(f.Sources)), servers: make([]int, len(f.Servers))}
	for i, x := range f.Sources {
		l.up[i] = !lost[x.Name] && (len(x.On) == 0 || l.count(x.On) >= 1)
	}
	for i := range f.Servers {
		if g := &f.Servers[i]; l.has(g) {
			l.servers[i] = g.Count - servers[g.Name]
		}
	}
	return l
}

// has reports whether servers on what a group is on would be up.
func (l *left) has(g *Group) bool { return l.count(g.On) >= g.Need }

// count returns how many of these sources are up.
func (l *left) count(on []int) (n int) {
	for _, x := range on {
		if l.up[x] {
			n++
		}
	}
	return n
}

// total returns how many servers are up, and the least capacity of these.
func (l *left) total() (n int, weakest float64) {
	weakest = math.Inf(1)
	for i, k := range l.servers {
		if n += k; k > 0 {
			weakest = min(weakest, l.fleet.Servers[i].Capacity)
		}
	}
	return n, weakest
}

// A load is base, and rate for each unit of the load of one server.
type load struct{ base, rate float64 }

// at returns the load when a server carries so much.
func (a load) at(server float64) float64 { return a.base + a.rate*server }

// place passes a load to the sources that something is on, in equal parts, and from each to what that is on.
func (l *left) place(a load, on []int, visit func(source int, a load)) {
	n := float64(l.count(on))
	for _, i := range on {
		if l.up[i] {
			x, part := &l.fleet.Sources[i], load{a.base / n, a.rate / n}
			visit(i, part)
			l.place(load{part.base * x.PerUnit, part.rate * x.PerUnit}, x.On, visit)
		}
	}
}

// server passes what one server of a group draws.
func (l *left) server(g *Group, visit func(source int, a load)) {
	if g.PerUnit > 0 {
		l.place(load{g.Base, g.PerUnit}, g.On, visit)
	}
}

// A draw is the load of a source by the servers there are: truly, and reserved.
type draw struct {
	actual   load
	reserved float64
}

// draws returns the load of each source: reserved is that of all servers at their capacities.
func (l *left) draws() []draw {
	all := make([]draw, len(l.up))
	for i := range l.fleet.Sources {
		if x := &l.fleet.Sources[i]; l.up[i] {
			l.place(load{base: x.Base}, x.On, func(source int, a load) {
				all[source].actual.base += a.base
				all[source].reserved += a.base
			})
		}
	}
	for i, n := range l.servers {
		if g := &l.fleet.Servers[i]; n > 0 {
			l.server(g, func(source int, a load) {
				all[source].actual.base += float64(n) * a.base
				all[source].actual.rate += float64(n) * a.rate
				all[source].reserved += float64(n) * a.at(g.Capacity)
			})
		}
	}
	return all
}

// Left returns how many servers are left after a loss.
func (f *Fleet) Left(lose []string) int {
	n, _ := f.after(lose).total()
	return n
}

// Loads returns the load of each source after a loss, when the servers left share the demand, and what is reserved there.
func (f *Fleet) Loads(lose []string) (actual, reserved []float64) {
	l := f.after(lose)
	n, _ := l.total()
	for _, d := range l.draws() {
		actual = append(actual, d.actual.at(f.Demand/float64(max(1, n))))
		reserved = append(reserved, d.reserved)
	}
	return actual, reserved
}
