package maintenance

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// A unit is what stays in one group: one component, or all that go down with the same one.
type unit struct {
	named []topology.ID
	down  []topology.ID // with what goes down with them
	class int           // units of one class may change places, in every group
}

// units divides what is taken out: what goes down with the same component of a pattern stays together, all else goes by itself.
func (q *question) units(named []topology.ID, by string) ([]unit, error) {
	home := map[topology.ID]int{} // of the units of a pattern
	if by != "" {
		domains, err := q.t.Select(by)
		if err != nil {
			return nil, fmt.Errorf("by: %w", err)
		}
		c := q.t.Closure()
		for i, d := range domains {
			lost := c.Fail(d)
			for _, l := range lost {
				if _, taken := home[l.ID]; !taken {
					home[l.ID] = i
				}
			}
			c.Undo(lost)
		}
	}
	var all []unit
	at := map[int]int{}
	for _, id := range named {
		i, together := home[id]
		k, ok := at[i]
		if !together || !ok {
			k = len(all)
			all = append(all, unit{})
		}
		if together {
			at[i] = k
		}
		all[k].named = append(all[k].named, id)
	}
	q.fell(all)
	return all, nil
}

// fell finds what goes down with each unit.
func (q *question) fell(units []unit) {
	c := q.t.Closure()
	c.Fail(q.lose...)
	for i := range units {
		lost := c.Fail(units[i].named...)
		for _, l := range lost {
			units[i].down = append(units[i].down, l.ID)
		}
		c.Undo(lost)
	}
}
