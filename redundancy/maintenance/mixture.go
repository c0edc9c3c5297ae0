package maintenance

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// How much is done to look at combinations one by one.
const (
	mostMixtures = 20_000
	mostMixing   = 20_000_000 // combinations × cases × components
)

// A choice is the phases that one component of a group may be in, by itself.
type choice struct {
	id     topology.ID
	phases []Phase // Before first
}

// choices returns the phases of each component; false if there are too many combinations of them to look at.
func (q *question) choices(g *group, cases int) ([]choice, bool) {
	var all []choice
	n, most := int64(1), min(mostMixtures, mostMixing/(int64(cases)*int64(q.t.Len())))
	for _, id := range g.down {
		c := choice{id, []Phase{Before, Off}}
		if q.rotates[id] && !q.drainedNow(id) {
			c.phases = append(c.phases, Drained)
		}
		if q.t.Start(id).Boot > 0 {
			c.phases = append(c.phases, Booting)
		}
		if q.warms(id) {
			c.phases = append(c.phases, Cold)
		}
		if n *= int64(len(c.phases)); n > most {
			return nil, false
		}
		all = append(all, c)
	}
	return all, true
}

// mixed looks at every combination of phases, and returns the first that fails, in a case; nil if none does.
func (q *question) mixed(ctx context.Context, g *group, choices []choice, cases []loss) (*Strain, error) {
	at := make([]int, len(choices))
	for {
		if s := q.mix(g, choices, at); s != nil {
			seen, err := q.look(ctx, s, cases, true)
			if err != nil {
				return nil, err
			}
			if len(seen.failing) > 0 {
				f := seen.failing[0]
				strain := q.strain(s, cases[f.at], f.view)
				return &strain, nil
			}
		}
		i := len(at) - 1
		for ; i >= 0 && at[i] == len(choices[i].phases)-1; i-- {
			at[i] = 0
		}
		if i < 0 {
			return nil, nil
		}
		at[i]++
	}
}

// mix is the state of one combination; nil if too many would boot at once.
func (q *question) mix(g *group, choices []choice, at []int) *stage {
	s := &stage{phase: Mixed, named: g.named}
	room := make([]int, len(q.limits))
	for i, c := range choices {
		switch c.phases[at[i]] {
		case Off:
			s.off = append(s.off, c.id)
		case Drained:
			s.drain = append(s.drain, c.id)
		case Booting:
			if !q.fits(c.id, room) {
				return nil
			}
			s.boot = append(s.boot, c.id)
		case Cold:
			s.cold = append(s.cold, c.id)
		}
	}
	return s
}

// out returns what a stage has not in rotation as ever, in order of declaration.
func (s *stage) out() []topology.ID {
	var all []topology.ID
	for _, ids := range [][]topology.ID{s.off, s.boot, s.drain, s.cold} {
		all = append(all, ids...)
	}
	slices.Sort(all)
	return all
}
