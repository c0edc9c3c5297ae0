package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// The most that is said of one time.
const (
	maxWatched = 4 // kinds
	maxBatches = 4
)

// rest says once that everybody is served, before a block that comes after that.
func (b *runbook) rest(of *block) {
	if b.full || len(of.steps) == 0 || !b.p.AfterFull(b.p.Steps[of.steps[0].number]) {
		return
	}
	b.full = true
	short := slices.ContainsFunc(b.p.Served, func(s cascade.Served) bool { return s.Fraction < 1-topology.Tolerance })
	b.WriteString("\n  " + phrase.Rest(!short) + "\n")
}

// block writes the steps of one time, and what belongs to them.
func (b *runbook) block(i int) {
	of := &b.blocks[i]
	b.rest(of)
	b.WriteString("\n")
	at := clock.Time(b.at(*of))
	for steps := of.steps; len(steps) > 0; {
		lines, n := restart.Describe(b.inARow(steps))
		number := numbers(steps[:n])
		for _, line := range lines {
			fmt.Fprintf(b, "  %*s  %8s  %s\n", b.width, number, at, printable(line))
			number, at = "", ""
		}
		steps = steps[n:]
	}
	if len(of.steps) == 0 {
		fmt.Fprintf(b, "  %*s  %8s  by itself\n", b.width, "", at)
	}
	b.notes("why", b.falling(of))
	b.notes("watch", b.watched(of))
	b.notes("stop if", b.limitsOf(of))
	for _, trap := range b.trapped {
		if trap.block == i {
			b.note("beware", fmt.Sprintf("do not stop here: %v", trap.why), true)
		}
	}
	b.notes("undo", b.undoing(i))
}

// numbers writes the numbers of steps that stand one after the other in the plan: "7", "8-12".
func numbers(steps []effect) string {
	first, last := steps[0].number+1, steps[len(steps)-1].number+1
	if first == last {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d-%d", first, last)
}

// widest returns how wide the numbers of steps are.
func (b *runbook) widest() int {
	width := len(fmt.Sprint(len(b.p.Steps)))
	for _, of := range b.blocks {
		for steps := of.steps; len(steps) > 0 && b.guarded; {
			_, n := restart.Describe(b.inARow(steps))
			width = max(width, len(numbers(steps[:n])))
			steps = steps[n:]
		}
	}
	return width
}

// inARow returns the first of some steps that stand one after the other in the plan, with the components of kinds that they name.
func (b *runbook) inARow(of []effect) (steps []restart.Step) {
	for i, s := range of {
		if i > 0 && s.number != of[i-1].number+1 {
			break
		}
		step := b.p.Steps[s.number]
		step.When, step.If = b.spelled(step.When), b.spelled(step.If)
		steps = append(steps, step)
	}
	return steps
}

// spelled returns conditions on components: "server" may be one, and may be the kind of many.
func (b *runbook) spelled(all []restart.Condition) []restart.Condition {
	all = slices.Clone(all)
	for i, c := range all {
		if ids, err := b.t.Select(c.What...); err == nil {
			all[i].What = b.t.Names(ids)
		}
	}
	return all
}

func (b *runbook) notes(title string, lines []string) {
	for i, line := range lines {
		b.note(title, line, i == 0)
	}
}

func (b *runbook) note(title, line string, first bool) {
	if !first {
		title = ""
	}
	fmt.Fprintf(b, "      %-8s  %s\n", title, line)
}

// watched says what is to be seen.
func (b *runbook) watched(of *block) []string {
	var lines []string
	for _, s := range of.steps {
		for i, batch := range s.boots {
			if i == maxBatches && len(s.boots) > maxBatches+1 {
				lines = append(lines, fmt.Sprintf("ready by %s: all that boots", clock.Time(s.boots[len(s.boots)-1].ready)))
				break
			}
			lines = append(lines, fmt.Sprintf("ready by %s: %s", clock.Time(batch.ready), b.named(batch.ids)))
		}
	}
	m, was := &b.line.Moments[of.moment], &b.line.Moments[of.before]
	for g, s := range m.Groups {
		if w := was.Groups[g]; b.line.Groups[g].Rotates && (s.Rotating != w.Rotating || s.Ready != w.Ready) {
			lines = append(lines, standing(b.line.Groups[g], s))
		}
	}
	for i, d := range m.Demands {
		if d.Admitted != was.Demands[i].Admitted {
			lines = append(lines, b.traffic(i, d))
		}
	}
	for _, r := range b.risen(m) {
		unit := b.line.Groups[r.group].Unit
		text := usedText(r.peak, unit)
		if r.peak.Alike > 1 {
			text += fmt.Sprintf(", and %d more like it", r.peak.Alike-1)
		}
		if id, ok := b.t.Lookup(r.peak.Component); ok && r.peak.Capacity < b.t.Capacity(id)*(1-topology.Tolerance) {
			text += fmt.Sprintf("; it warms up to %s", topology.Quantity(b.t.Capacity(id), unit))
		}
		lines = append(lines, text)
	}
	return lines
}

// named writes components: "chat-[001-030] (30)".
func (b *runbook) named(ids []topology.ID) string {
	text := printable(list(b.t.Names(ids)))
	if len(ids) > 1 {
		text += fmt.Sprintf(" (%d)", len(ids))
	}
	return text
}

// standing counts a group.
func standing(g restart.Group, s restart.Standing) string {
	text := fmt.Sprintf("%s: %d of %d in rotation", printable(g.Name), s.Rotating, g.Count)
	if s.Ready > 0 {
		text += fmt.Sprintf(", %d ready", s.Ready)
	}
	if s.Booting > 0 {
		text += fmt.Sprintf(", %d booting", s.Booting)
	}
	return text
}

// traffic says what comes of a demand.
func (b *runbook) traffic(i int, d restart.Traffic) string {
	demand := b.line.Demands[i]
	name, comes := printable(demand.Name), d.Admitted+d.Surge
	text := fmt.Sprintf("%s: %s come", name, topology.LoadOf(d.Admitted, demand.Asked, demand.Unit))
	if d.Surge > d.Admitted*topology.Tolerance {
		text += fmt.Sprintf(", %s with their surge", topology.Quantity(comes, demand.Unit))
	}
	switch {
	case comes == 0:
		return name + ": nothing comes"
	case d.Served == 0:
		return text + ", and nothing is served yet"
	case d.Served < comes*(1-topology.Tolerance):
		return text + fmt.Sprintf(", and %s are served", topology.Quantity(d.Served, demand.Unit))
	}
	return text + ", and are served"
}

// risen returns the busiest of those whose load rises, of each group, the busiest first.
func (b *runbook) risen(m *restart.Moment) []reached {
	var all []reached
	for g, s := range m.Groups {
		if s.Risen.Utilization() > 0 {
			all = append(all, reached{g, s.Risen, m.At})
		}
	}
	slices.SortStableFunc(all, func(x, y reached) int { return cmp.Compare(y.peak.Utilization(), x.peak.Utilization()) })
	return all[:min(len(all), maxWatched)]
}

// limitsOf says when to stop.
func (b *runbook) limitsOf(of *block) []string {
	var lines []string
	for _, s := range of.steps {
		lines = append(lines, b.late(s)...)
	}
	m, was := &b.line.Moments[of.moment], &b.line.Moments[of.before]
	switch changes := m.Rotation > 0 && (m.Rotation != was.Rotation || m.Enough != was.Enough); {
	case changes && b.ladder(of):
		lines = append(lines, "fewer are in rotation than the row by which you admitted asks for")
	case changes:
		lines = append(lines, missing(m))
	}
	if b.linear {
		lines = append(lines, b.crowds(m, was)...)
		for _, r := range b.risen(m) {
			if text := b.above(of.moment, r); text != "" {
				lines = append(lines, text)
			}
		}
	}
	return lines
}

// ladder reports whether a block admits as much as is ready.
func (b *runbook) ladder(of *block) bool {
	return slices.ContainsFunc(of.steps, func(s effect) bool {
		step := &b.p.Steps[s.number]
		return step.Do == restart.Admit && len(step.If) > 0
	})
}

// late says how many of those that boot may be late, unless later steps wait for them.
func (b *runbook) late(s effect) []string {
	var lines []string
	for i, batch := range s.boots {
		if i == maxBatches && len(s.boots) > maxBatches+1 {
			break
		}
		if b.awaited(b.p.Steps[s.number].At, batch.ids) {
			continue
		}
		which := "any of these is"
		if len(batch.ids) == 1 {
			which = printable(b.t.Name(batch.ids[0])) + " is"
		}
		why := "what cannot do without it cannot start"
		if batch.rotating >= 0 {
			turn := b.blocks[batch.rotating]
			if slices.ContainsFunc(turn.steps, func(s effect) bool { return conditional(b.p.Steps[s.number]) }) {
				continue // the steps wait, and say what to do with fewer
			}
			m := &b.line.Moments[turn.moment]
			spare := m.Rotation - m.Enough
			if spare >= len(batch.ids) {
				continue
			}
			if spare > 0 {
				which = fmt.Sprintf("more than %d of these are", spare)
			}
			why = "too few to go on at " + clock.Time(m.At)
		}
		lines = append(lines, fmt.Sprintf("%s not ready by %s: %s", which, clock.Time(batch.ready), why))
	}
	return lines
}

// awaited reports whether a step after some time waits for some components.
func (b *runbook) awaited(at time.Duration, ids []topology.ID) bool {
	return slices.ContainsFunc(ids, func(id topology.ID) bool { return b.waits[id] > at })
}

// missing says how many must be in rotation.
func missing(m *restart.Moment) string {
	if m.Enough == m.Rotation {
		if m.Rotation == 1 {
			return "the one that is in rotation is missing"
		}
		return fmt.Sprintf("any of the %d in rotation is missing", m.Rotation)
	}
	return fmt.Sprintf("fewer than %d of the %d in rotation are there", m.Enough, m.Rotation)
}

// crowds says how much more may come of the demands that are let in.
func (b *runbook) crowds(m, was *restart.Moment) []string {
	used := 0.0
	for _, s := range m.Groups {
		used = max(used, s.Busiest.Utilization())
	}
	var lines []string
	for i, d := range m.Demands {
		if comes := d.Admitted + d.Surge; d.Admitted != was.Demands[i].Admitted && comes > 0 && used > 0 {
			lines = append(lines, fmt.Sprintf("%s: more than %s come", printable(b.line.Demands[i].Name), topology.Quantity(comes/min(1, used), b.line.Demands[i].Unit)))
		}
	}
	return lines
}

// above says how much a component may carry now; "" if that is its capacity.
func (b *runbook) above(moment int, r reached) string {
	highest := b.highest[moment][r.group]
	most := r.peak.Load / min(1, highest.peak.Utilization())
	if most >= r.peak.Capacity*(1-topology.Tolerance) {
		return ""
	}
	return fmt.Sprintf("%s has more than %s: at that rate %s is overloaded at %s", printable(r.peak.Component),
		topology.LoadOf(most, r.peak.Capacity, b.line.Groups[r.group].Unit), printable(highest.peak.Component), clock.Time(highest.at))
}

// undoing says what takes back what a block admits.
func (b *runbook) undoing(i int) []string {
	undo := b.blocks[i].undo
	if len(undo) == 0 {
		return b.forced(&b.blocks[i])
	}
	var steps []string
	for _, s := range undo {
		steps = append(steps, printable(b.taking(s)))
	}
	text := strings.Join(steps, ", ")
	switch why, known := b.replay(i, undo); {
	case !known:
		return []string{text + " (not replayed)"}
	case why != nil:
		return []string{fmt.Sprintf("none that is safe: %s, and %v", text, why)}
	}
	return []string{text + " (replayed: safe)"}
}

// taking says what a step takes back: with less ready, less was admitted before than planned.
func (b *runbook) taking(s restart.Step) string {
	text := s.String()
	if b.guarded && s.Admit > 0 {
		return "admit again what was admitted before: if all went as planned, " + strings.TrimPrefix(text, "admit ")
	}
	return text
}

// forced names the demands that come at a block and cannot be held back.
func (b *runbook) forced(of *block) []string {
	var lines []string
	for i, d := range b.line.Moments[of.moment].Demands {
		if demand := b.line.Demands[i]; !demand.Gated && d.Admitted > b.line.Moments[of.before].Demands[i].Admitted {
			lines = append(lines, "none: "+printable(demand.Name)+" cannot be held back")
		}
	}
	return lines
}
