package beside

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// An instant is the steps of one time.
type instant struct {
	at      time.Duration
	steps   []restart.Step
	skipped int // instants before it that are not shown
}

// instants puts the steps of one time together.
func instants(p *restart.Plan) []instant {
	steps := slices.Clone(p.Steps)
	slices.SortStableFunc(steps, func(a, b restart.Step) int { return cmp.Compare(a.At, b.At) })
	var all []instant
	for _, s := range steps {
		if len(all) == 0 || all[len(all)-1].at != s.At {
			all = append(all, instant{at: s.At})
		}
		last := &all[len(all)-1]
		last.steps = append(last.steps, s)
	}
	return all
}

// shown picks the instants that tell the plan.
func shown(t *topology.Topology, all []instant) []instant {
	const few = 6
	if len(all) <= few {
		return all
	}
	var picked []instant
	skipped, quarter := 0, 0
	for n, i := range all {
		reached := int(float64(4*i.admitted()) + 1e-9)
		if n > 1 && n < len(all)-1 && reached <= quarter && !i.alone(t) {
			skipped++
			continue
		}
		i.skipped = skipped
		skipped, quarter = 0, max(quarter, reached)
		picked = append(picked, i)
	}
	return picked
}

// alone reports whether an instant powers on something that has no kind.
func (i *instant) alone(t *topology.Topology) bool {
	for _, s := range i.steps {
		ids, _ := t.Select(s.What...)
		if s.Do == restart.PowerOn && slices.ContainsFunc(ids, func(id topology.ID) bool { return t.Kind(id) == "" }) {
			return true
		}
	}
	return false
}

// admitted is the largest fraction that an instant admits.
func (i *instant) admitted() float64 {
	most := 0.0
	for _, s := range i.steps {
		if s.Do == restart.Admit {
			most = max(most, s.Admit)
		}
	}
	return most
}

// text says what is done: "power on main, 40 × server; rotate in 20 × server; admit 50 % of users".
func (i *instant) text(t *topology.Topology) string {
	var parts []string
	for _, s := range i.steps {
		what := count(t, s.What)
		if s.Do == restart.Admit {
			what = fmt.Sprintf("%s of %s", topology.Quantity(100*s.Admit, "%"), strings.Join(s.What, ", "))
		}
		parts = append(parts, fmt.Sprintf("%s %s", s.Do, what))
	}
	text := strings.Join(parts, "; ")
	switch {
	case i.skipped == 1:
		text = "(1 time in between) " + text
	case i.skipped > 1:
		text = fmt.Sprintf("(%d times in between) %s", i.skipped, text)
	}
	return text
}

// count names what has no kind, and counts the rest by kind.
func count(t *topology.Topology, names topology.Names) string {
	ids, err := t.Select(names...)
	if err != nil {
		return strings.Join(names, ", ")
	}
	var parts []string
	number := map[string]int{}
	for _, id := range ids {
		switch kind := t.Kind(id); {
		case kind == "":
			parts = append(parts, t.Name(id))
		default:
			number[kind]++
		}
	}
	for _, kind := range t.Kinds() {
		if number[kind] > 0 {
			parts = append(parts, fmt.Sprintf("%s × %s", topology.Quantity(float64(number[kind]), ""), kind))
		}
	}
	return strings.Join(parts, ", ")
}
