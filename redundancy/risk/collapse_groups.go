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
	groups    map[string]*minimal
	odds      *big.Float
	likeliest *minimal // once they are told; nil if none has a probability
}

func newCause() cause { return cause{groups: map[string]*minimal{}, odds: newFloat(0)} }

// A minimal is groups that take as many of each orbit: how many, and one of them.
type minimal struct {
	ids   []topology.ID
	taken []int32 // orbits, in ascending order
	count *big.Int
}

// A take is so many of an orbit.
type take struct {
	orbit int32
	n     int
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

// tell returns what was found, in order, and notes what of it is likeliest.
func (s *collapsing) tell(by *cause) []Alike {
	groups := slices.SortedFunc(maps.Values(by.groups), func(a, b *minimal) int {
		return cmp.Or(len(a.ids)-len(b.ids), slices.Compare(a.ids, b.ids))
	})
	list, most := make([]Alike, len(groups)), 0.0
	for i, m := range groups {
		list[i] = s.alike(m)
		if sum := list[i].Sum; sum > most {
			by.likeliest, most = m, sum
		}
	}
	return list
}

func (s *collapsing) alike(m *minimal) Alike {
	a := Alike{Group: Group{Probability: s.allDown(m.ids)}, Count: m.count, Sum: s.sumOf(m.ids, m.count)}
	for _, id := range m.ids {
		a.Components = append(a.Components, s.t.Name(id))
	}
	for _, take := range s.takes(m) {
		a.Of = append(a.Of, Choice{Take: take.n, Of: s.namesOf(take.orbit)})
	}
	return a
}

// takes returns how many groups take of each orbit, if they are all that take as many, and more than one: in order of declaration.
func (s *collapsing) takes(m *minimal) []take {
	var takes []take
	for _, orbit := range m.taken {
		if last := len(takes) - 1; last >= 0 && takes[last].orbit == orbit {
			takes[last].n++
		} else {
			takes = append(takes, take{orbit, 1})
		}
	}
	all, one := big.NewInt(1), new(big.Int)
	for _, t := range takes {
		all.Mul(all, one.Binomial(int64(len(s.orbits[t.orbit])), int64(t.n)))
	}
	if all.Cmp(m.count) != 0 || equal(all, 1) {
		return nil
	}
	slices.SortFunc(takes, func(a, b take) int { return cmp.Compare(s.orbits[a.orbit][0], s.orbits[b.orbit][0]) })
	return takes
}

// namesOf returns the names of an orbit, which many groups take of, folded once.
func (s *collapsing) namesOf(orbit int32) topology.Names {
	if s.names[orbit] == nil {
		s.names[orbit] = s.t.Names(s.orbits[orbit])
	}
	return s.names[orbit]
}
