package cascade

import (
	"fmt"
	"iter"
	"math/big"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade/internal/choose"
	"github.com/ridethrough/ridethrough/topology"
)

// All returns the scenarios of a topology: those of the first group first, fewer at once before more, combinations in
// order of declaration, the last choice changing fastest. The error names what the topology does not have.
func (f Family) All(t *topology.Topology) (iter.Seq[Scenario], error) {
	found, err := f.find(t)
	if err != nil {
		return nil, err
	}
	return func(yield func(Scenario) bool) {
		for _, g := range found {
			for ks := range g.sizes() {
				if !g.each(t, ks, yield) {
					return
				}
			}
		}
	}, nil
}

// Count returns the number of scenarios of a topology.
func (f Family) Count(t *topology.Topology) (*big.Int, error) {
	found, err := f.find(t)
	if err != nil {
		return nil, err
	}
	all := new(big.Int)
	for _, g := range found {
		all.Add(all, g.count())
	}
	return all, nil
}

// A foundGroup is a group with its components found.
type foundGroup struct {
	group
	begin start
	from  []foundChoice
	base  int       // of a plan,
	order []ordered // and its choices there
	twice bool      // a component may be taken by two choices
}

// A foundChoice takes from low to high of some components.
type foundChoice struct {
	choice
	ids       []topology.ID
	low, high int
	chance    []float64 // of each of them to be lost, if they are independent
}

func (f Family) find(t *topology.Topology) ([]foundGroup, error) {
	var found []foundGroup
	for _, g := range f.written() {
		fg := foundGroup{group: g}
		var err error
		if fg.begin, err = g.fixed.find(t); err != nil {
			return nil, err
		}
		for _, c := range g.choices {
			fc, err := c.find(t)
			if err != nil {
				return nil, fmt.Errorf("scenarios %q: %w", f, err)
			}
			fg.from = append(fg.from, fc)
		}
		fg.twice = len(fg.from) > 1 && fg.overlaps()
		found = append(found, fg)
	}
	return found, nil
}

func (c choice) find(t *topology.Topology) (foundChoice, error) {
	ids, err := c.components(t)
	fc := foundChoice{choice: c, ids: ids, low: c.k, high: c.k}
	switch {
	case err != nil:
		return fc, fmt.Errorf("%w%s", err, hint(c.pattern))
	case c.pattern == "" && len(ids) == 0:
		return fc, fmt.Errorf("every component has a demand: name what is lost")
	case c.sets == independent:
		return c.weigh(t, ids)
	case c.k < 1 || c.k > len(ids):
		return fc, fmt.Errorf("%s: choose from 1 to %d", c, len(ids))
	case c.sets == upTo:
		fc.low = 1
	}
	return fc, nil
}

// weigh keeps the components that may be lost, each with its unavailability.
func (c choice) weigh(t *topology.Topology, ids []topology.ID) (foundChoice, error) {
	fc := foundChoice{choice: c}
	for _, id := range ids {
		if q := t.Unavailability(id); q > 0 {
			fc.ids, fc.chance = append(fc.ids, id), append(fc.chance, q)
		}
	}
	if fc.high = len(fc.ids); fc.high == 0 {
		return fc, fmt.Errorf("%s: none of them has an unavailability: give them failing, with one, or with MTBF and MTTR", c)
	}
	return fc, nil
}

// overlaps reports whether a component may be taken by two choices.
func (g foundGroup) overlaps() bool {
	taken := map[topology.ID]int{} // by choice, from 1
	for i, c := range g.from {
		for _, id := range c.ids {
			if taken[id] > 0 && taken[id] != i+1 {
				return true
			}
			taken[id] = i + 1
		}
	}
	return false
}

// hint says how terms are put together, where a pattern that names nothing looks as if it were meant as several.
func hint(pattern string) string {
	if strings.ContainsAny(pattern, "+,;") {
		return ` (" + " with spaces joins what is lost together, ";" what is lost apart)`
	}
	return ""
}

func (c choice) components(t *topology.Topology) ([]topology.ID, error) {
	if c.pattern != "" {
		return t.Select(c.pattern)
	}
	var ids []topology.ID
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) == 0 {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// count returns the number of scenarios of a group.
func (g foundGroup) count() *big.Int {
	n := big.NewInt(1)
	for _, c := range g.from {
		n.Mul(n, c.count())
	}
	return n
}

func (c foundChoice) count() *big.Int {
	if c.sets == independent {
		return new(big.Int).Lsh(big.NewInt(1), uint(len(c.ids)))
	}
	all, ways := new(big.Int), binomial{}
	for k := c.low; k <= c.high; k++ {
		all.Add(all, ways.of(len(c.ids), k))
	}
	return all
}

// sizes returns how many each choice takes, for all scenarios of a group: the last changing fastest.
func (g foundGroup) sizes() iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		ks := make([]int, len(g.from))
		for i, c := range g.from {
			ks[i] = c.low
		}
		for yield(ks) {
			i := len(ks) - 1
			for ; i >= 0 && ks[i] == g.from[i].high; i-- {
				ks[i] = g.from[i].low
			}
			if i < 0 {
				return
			}
			ks[i]++
		}
	}
}

// each yields the scenarios of a group in which each choice takes so many; false if yield has had enough.
func (g foundGroup) each(t *topology.Topology, ks []int, yield func(Scenario) bool) bool {
	spaces, picks := make([]*choose.Space, len(ks)), make([][]int32, len(ks))
	for i, k := range ks {
		spaces[i], picks[i] = choose.New(slices.Repeat([]int32{1}, len(g.from[i].ids)), k), make([]int32, k)
		spaces[i].At(0, picks[i])
	}
	for {
		lost := make([][]topology.ID, len(picks))
		for i, pick := range picks {
			lost[i] = taken(g.from[i].ids, pick)
		}
		if !yield(g.losing(t, lost)) {
			return false
		}
		i := len(picks) - 1
		for ; i >= 0; i-- {
			if _, ok := spaces[i].Next(picks[i]); ok {
				break
			}
			spaces[i].At(0, picks[i])
		}
		if i < 0 {
			return true
		}
	}
}

// losing is a group's scenario in which its choices take these.
func (g group) losing(t *topology.Topology, lost [][]topology.ID) Scenario {
	s := g.fixed
	s.Lose = slices.Clone(s.Lose)
	for _, ids := range lost {
		s.Lose = append(s.Lose, t.Names(ids)...)
	}
	return s
}

// taken returns the components at some places.
func taken(ids []topology.ID, places []int32) []topology.ID {
	some := make([]topology.ID, len(places))
	for i, place := range places {
		some[i] = ids[place]
	}
	return some
}
