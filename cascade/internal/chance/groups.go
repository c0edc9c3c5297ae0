package chance

import (
	"cmp"
	"fmt"
	"slices"
)

// A group is servers that are interchangeable: they need equally many live servers, and are lost equally often.
type group struct {
	least int     // the fewest live servers at which they are not overloaded
	lost  float64 // the probability that one of them is lost by itself, below 1
	count int
}

// Groups are those of a pool, the strong first. What is lost for sure is in no group.
type groups struct {
	list []group
	of   []int // the group of each server, -1: none
}

func newGroups(p Pool, lost []float64) groups {
	n := len(p.Capacity)
	if len(lost) != n {
		panic(fmt.Sprintf("chance: %d probabilities for %d servers", len(lost), n))
	}
	probable(lost)
	type server struct {
		index, least int
		lost         float64
	}
	servers := make([]server, n)
	for i, c := range p.Capacity {
		servers[i] = server{i, p.least(c), lost[i]}
	}
	slices.SortFunc(servers, func(a, b server) int {
		return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.lost, b.lost))
	})
	g := groups{of: make([]int, n)}
	for _, s := range servers {
		g.of[s.index] = g.add(s.least, s.lost)
	}
	return g
}

// add counts one more server, which comes no earlier than those before it, and returns its group.
func (g *groups) add(least int, lost float64) int {
	if lost == 1 {
		return -1
	}
	last := len(g.list) - 1
	if last < 0 || g.list[last].least != least || g.list[last].lost != lost {
		g.list = append(g.list, group{least: least, lost: lost})
		last++
	}
	g.list[last].count++
	return last
}

func probable(all []float64) {
	for _, p := range all {
		if !(p >= 0 && p <= 1) {
			panic(fmt.Sprintf("chance: %v is no probability", p))
		}
	}
}
