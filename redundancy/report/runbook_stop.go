package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// budget is how many components times moments are replayed to find out where a plan may be stopped.
const budget = 30_000_000

// stops replays the plan up to each time, as if it were stopped there, and says where that is safe.
func (b *runbook) stops() []string {
	if len(b.p.Steps) == 0 {
		return nil
	}
	last := len(b.blocks) - 1
	shown := map[int]bool{}
	for _, part := range b.parts() {
		for i := part.from; !part.elided && i < part.to && i < last; i++ {
			shown[i] = true
		}
	}
	for i := range last {
		if !shown[i] {
			continue
		}
		why, known := b.replay(i, nil)
		if !known {
			break
		}
		b.replayed++
		if why != nil {
			b.trapped = append(b.trapped, &trap{i, why})
		}
	}
	switch {
	case len(shown) == 0:
		return nil
	case len(b.trapped) > 0:
		return []string{"stopping      is not safe everywhere: some of the times below say \"do not stop here\""}
	case b.replayed < len(shown):
		return []string{fmt.Sprintf("stopping      after each of the first %d times written out below, for as long as you like: replayed, and safe; not known after the others", b.replayed)}
	}
	return []string{"stopping      after any of the times written out below, for as long as you like: replayed, and safe"}
}

// falling says why a block admits less than before: what goes wrong if it does not.
func (b *runbook) falling(of *block) []string {
	cost := len(b.line.Moments) * b.t.Len()
	if len(of.falls) == 0 || cost > b.budget {
		return nil
	}
	b.budget -= cost
	out := map[int]bool{}
	for _, s := range of.steps {
		if b.p.Steps[s.number].Do == restart.Admit && slices.ContainsFunc(s.ids, func(id topology.ID) bool { return slices.Contains(of.falls, id) }) {
			out[s.number] = true
		}
	}
	p := *b.p
	p.Steps = nil
	for i, s := range b.p.Steps {
		if !out[i] {
			p.Steps = append(p.Steps, s)
		}
	}
	if v := (*restart.Violation)(nil); errors.As(restart.Verify(b.ctx, b.t, &p), &v) {
		return []string{fmt.Sprintf("less of %s is admitted than before: otherwise %v", printable(list(b.t.Names(of.falls))), v)}
	}
	return nil
}

// replay replays the plan up to a block, and steps after it at the next time of the grid. It returns what goes wrong, and whether
// there was budget enough to find out.
func (b *runbook) replay(i int, then []restart.Step) (why error, known bool) {
	const start = 20 // moments for which it takes as long to get ready
	cost := (b.blocks[i].moment + start) * b.t.Len()
	if cost > b.budget {
		return nil, false
	}
	b.budget -= cost
	p := *b.p
	p.Steps = nil
	for _, of := range b.blocks[:i+1] {
		for _, s := range of.steps {
			p.Steps = append(p.Steps, b.p.Steps[s.number])
		}
	}
	at, grid := b.at(b.blocks[i]), cmp.Or(p.Grid, time.Minute)
	for _, s := range then {
		s.At = at - at%grid + grid
		if held := at - p.Steps[len(p.Steps)-1].At; held > 0 { // the plan's clock stood still
			s.At -= held
			s.At += (grid - s.At%grid) % grid
		}
		p.Steps = append(p.Steps, s)
	}
	err := restart.Verify(b.ctx, b.t, &p)
	if b.ctx.Err() != nil {
		return nil, false
	}
	return err, true
}
