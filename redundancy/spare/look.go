package spare

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// look finds the situations of all scenarios, each once, that of nothing lost first.
func (w *work) look(ctx context.Context) (reason string, err error) {
	fleet, added, err := probe(w.t, w.pool, w.columns)
	if err != nil {
		return fmt.Sprintf("a fleet with one of each offer cannot be built: %v", err), nil
	}
	p, reason := pool.Find(fleet)
	if p == nil {
		return reason, nil
	}
	l := &looker{work: w, p: p, added: added, known: map[string]int{}, isNew: map[topology.ID]int{}}
	for j, id := range added {
		if id >= 0 {
			l.isNew[id] = j
		}
	}
	if reason := l.indexMore(); reason != "" {
		return reason, nil
	}
	all, err := w.family.All(w.t)
	if err != nil {
		return "", err
	}
	if reason, err := l.take(cascade.Scenario{}); reason != "" || err != nil {
		return reason, err
	}
	for s := range all {
		if ctx.Err() != nil {
			return "the time was up", ctx.Err()
		}
		if reason, err := l.take(s); reason != "" || err != nil {
			return reason, err
		}
	}
	if w.count[0] > 1 { // nothing lost counts only if the family has it, or something that is the same
		w.count[0], w.named[0] = w.count[0]-1, w.named[0][1:]
	}
	return "", nil
}

// maxNamed is how many scenarios with the same consequences a plan names.
const maxNamed = 16

// A same is one of the scenarios that have the same consequences.
type same struct {
	scenario cascade.Scenario
	weak     string // the weakest server left
	at       int    // in the family
}

// A looker finds situations on a fleet with one server of each column added.
type looker struct {
	*work
	p     *pool.Pool
	added []topology.ID       // by column
	isNew map[topology.ID]int // the column of an added server
	more  map[topology.ID]int // the column that raises a component
	known map[string]int
}

func (l *looker) indexMore() string {
	l.more = map[topology.ID]int{}
	for j, c := range l.columns {
		if !c.more {
			continue
		}
		if _, twice := l.more[c.id]; twice {
			return fmt.Sprintf("several offers raise the capacity of %s.", l.t.Name(c.id))
		}
		l.more[c.id] = j
	}
	return ""
}

// take notes the situation of a scenario.
func (l *looker) take(s cascade.Scenario) (reason string, err error) {
	st, err := l.p.After(s)
	if err != nil {
		return "", err
	}
	if len(st.Drained) > 0 {
		return fmt.Sprintf("%s takes %s out of rotation, which is no server of the pool.", s, l.p.Topology.Name(st.Drained[0])), nil
	}
	x := l.situation(s, st)
	key := x.key()
	at, ok := l.known[key]
	if !ok {
		at = len(l.cases)
		l.known[key] = at
		l.cases, l.count, l.named = append(l.cases, x), append(l.count, 0), append(l.named, nil)
	}
	if l.count[at]++; len(l.named[at]) < maxNamed {
		l.named[at] = append(l.named[at], same{s, x.weak, l.seen})
	}
	l.seen++
	return "", nil
}

func (l *looker) situation(s cascade.Scenario, st *pool.State) *situation {
	x := &situation{scenario: s, asked: st.Asked, weakest: math.Inf(1), column: make([]fate, len(l.columns))}
	l.servers(x, st)
	if x.asked {
		x.load, x.need = l.p.Load(st.Factor), l.p.Need
		x.fatal = l.otherNeeds(st)
	}
	l.power(x, st)
	return x
}

func (l *looker) servers(x *situation, st *pool.State) {
	t := l.p.Topology
	for _, id := range st.Rotating {
		if j, isNew := l.isNew[id]; isNew {
			x.column[j] = fate{true, true, t.Capacity(id)}
			continue
		}
		x.up++
		x.n++
		if c := t.Capacity(id); c < x.weakest || x.weak == "" {
			x.weakest, x.weak = c, t.Name(id)
		}
	}
	for _, id := range st.Idle {
		if j, isNew := l.isNew[id]; isNew {
			x.column[j] = fate{up: true, capacity: t.Capacity(id)}
		} else {
			x.up++
		}
	}
}

// otherNeeds says what but servers the demand lacks.
func (l *looker) otherNeeds(st *pool.State) string {
	t := l.p.Topology
	for _, link := range t.Links(l.p.Demand) {
		if link.Start || link.Pool >= 0 {
			continue
		}
		left := 0
		for _, m := range link.Members {
			if st.Status[m] != topology.Down {
				left++
			}
		}
		if left < link.Need {
			return fmt.Sprintf("%s has %d left of %s and needs %d", t.Name(l.p.Demand), left, strings.Join(link.Names, ", "), link.Need)
		}
	}
	return ""
}

// power notes the components that could be overloaded.
func (l *looker) power(x *situation, st *pool.State) {
	t := l.p.Topology
	draws := l.p.Draws(st)
	byPower := make([]limit, len(l.p.Power))
	for b, id := range l.p.Power {
		byPower[b] = l.limit(id, draws.Fixed[b])
	}
	for _, group := range [][]topology.ID{st.Rotating, st.Idle} {
		for _, id := range group {
			l.draw(byPower, id, draws.Of(id), st.Status[id] == topology.Up)
		}
	}
	drawn := map[topology.ID]bool{}
	for b, id := range l.p.Power {
		drawn[id] = true
		if st.Status[id] != topology.Down {
			x.limits = append(x.limits, byPower[b])
		}
	}
	for id := range topology.ID(t.Len()) { // others, which only constant loads reach
		if _, server := l.p.Place(id); server || drawn[id] || st.Status[id] == topology.Down {
			continue
		}
		if topology.Overloaded(draws.Steady[id], t.Capacity(id)) {
			x.limits = append(x.limits, l.limit(id, draws.Steady[id]))
		}
	}
}

func (l *looker) limit(id topology.ID, fixed float64) limit {
	m := limit{id: id, capacity: l.p.Topology.Capacity(id), reserved: fixed, base: fixed, more: -1}
	m.column = make([]float64, len(l.columns))
	if j, ok := l.more[id]; ok {
		m.more, m.by = j, l.columns[j].offer.By
	}
	return m
}

// draw adds what one server draws to the limits.
func (l *looker) draw(byPower []limit, id topology.ID, parts []pool.Part, rotating bool) {
	for _, part := range parts {
		m := &byPower[part.On]
		reserve := part.Base
		if rotating && part.Rate > 0 {
			reserve += float64(part.Rate * l.p.Topology.Capacity(id))
		}
		if j, isNew := l.isNew[id]; isNew {
			m.column[j] = reserve
			continue
		}
		m.reserved += reserve
		m.base += part.Base
		if rotating {
			m.rate += part.Rate
		}
	}
}
