package risk

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A cause is what collapses for it: the minimal groups, by the orbits of what they take, and the odds of all sets, that they fail and
// nothing else, to none's failing.
type cause struct {
	groups map[string]*minimal
	odds   *big.Float
}

func newCause() cause { return cause{map[string]*minimal{}, newFloat(0)} }

// A minimal is groups that take as many of each orbit: how many, and one of them.
type minimal struct {
	ids   []topology.ID
	taken []int32 // orbits
	count *big.Int
}

// An orbit is components that may stand for each other, in order of declaration.
type orbit struct {
	ids   []topology.ID
	names topology.Names // once they are asked for
}

func (s *collapsing) findOrbits() {
	for place, number := range s.fleet.Orbit {
		if s.orbits[number] == nil {
			s.orbits[number] = &orbit{}
		}
		o := s.orbits[number]
		o.ids = append(o.ids, s.fleet.IDs[place])
	}
	for _, o := range s.orbits {
		slices.Sort(o.ids)
	}
}

// ids returns the components of a set, in order of declaration.
func (s *collapsing) ids(set []int32) []topology.ID {
	ids := make([]topology.ID, len(set))
	for i, place := range set {
		ids[i] = s.fleet.IDs[place]
	}
	slices.Sort(ids)
	return ids
}

// note adds a set of so many alike.
func (s *collapsing) note(by *cause, set []int32, ways *big.Int) error {
	taken := make([]int32, len(set))
	for i, place := range set {
		taken[i] = s.fleet.Orbit[place]
	}
	slices.Sort(taken)
	key, ids := fmt.Sprint(taken), s.ids(set)
	m := by.groups[key]
	if m == nil {
		if len(s.overload.groups)+len(s.needs.groups) == s.mostTold {
			return fmt.Errorf("there are more than %d sorts of minimal groups of up to %d losses: ask for smaller ones, or name fewer in Failing", s.mostTold, len(set))
		}
		m = &minimal{ids, taken, new(big.Int)}
		by.groups[key] = m
	}
	m.count.Add(m.count, ways)
	if slices.Compare(ids, m.ids) < 0 {
		m.ids = ids
	}
	return nil
}

// tell returns what was found, in order.
func (s *collapsing) tell(by *cause) []Alike {
	groups := slices.SortedFunc(maps.Values(by.groups), func(a, b *minimal) int {
		return cmp.Or(len(a.ids)-len(b.ids), slices.Compare(a.ids, b.ids))
	})
	list := make([]Alike, len(groups))
	for i, m := range groups {
		a := Alike{Group: Group{Probability: 1}, Count: m.count, Of: s.choices(m), Sum: s.sumOf(m.ids, m.count)}
		for _, id := range m.ids {
			a.Components = append(a.Components, s.t.Name(id))
			a.Probability *= s.t.Unavailability(id)
		}
		list[i] = a
	}
	return list
}

// choices returns how many groups take of each orbit, if they are all that take as many, and more than one.
func (s *collapsing) choices(m *minimal) (choices []Choice) {
	taken := map[*orbit]int{}
	for _, number := range m.taken {
		taken[s.orbits[number]]++
	}
	all, one := big.NewInt(1), new(big.Int)
	for o, n := range taken {
		all.Mul(all, one.Binomial(int64(len(o.ids)), int64(n)))
	}
	if all.Cmp(m.count) != 0 || all.IsInt64() && all.Int64() == 1 {
		return nil
	}
	for _, o := range slices.SortedFunc(maps.Keys(taken), func(a, b *orbit) int { return cmp.Compare(a.ids[0], b.ids[0]) }) {
		if o.names == nil {
			o.names = s.t.Names(o.ids)
		}
		choices = append(choices, Choice{Take: taken[o], Of: o.names})
	}
	return choices
}
