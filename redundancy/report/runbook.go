package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// Runbook writes a plan for those who carry it out: what it comes to, a [Chart], what must be true before the start, and the
// steps by their numbers and times. Under the steps of one time stand what to watch, when to stop, and what takes them back:
//
//   - why: what would be overloaded otherwise, where less is admitted than before.
//   - watch: when what boots is ready, what becomes of the demand, and the components whose load rises, the busiest of
//     each kind, with what they should carry then.
//   - stop if: more is missing than what comes next can do without, or more load is there than leaves room for the rest of the
//     plan. A component may carry so much above what it should that, if all loads grew in that proportion, the busiest of its kind
//     would be at its capacity, now or at any later time.
//   - undo: the fractions admitted before, once a replay has found this safe, for good. A plan that may not be stopped at
//     some step says so.
//
// Every figure is from the replay of the plan. Of steps with conditions it is that if all goes as planned, and nobody is told to stop
// for what they wait for. Where more than three times in a row do the same, as waves do, only the first and the
// last are written out, with the highest loads of those between. Replays of stops end, and the runbook says so, after those
// that come to 30 million components times moments.
//
// The plan is not trusted: if it is not safe the error is the *[restart.Violation], and nothing is written, unless it has no
// steps. Other errors are those of [restart.Verify] and of the writer. The same plan gives the same bytes.
func Runbook(ctx context.Context, w io.Writer, t *topology.Topology, p *restart.Plan) error {
	line, err := timelineOf(ctx, t, p)
	var unsafe *restart.Violation
	if err != nil && (len(p.Steps) > 0 || !errors.As(err, &unsafe)) {
		return err
	}
	b := &runbook{ctx: ctx, t: t, p: p, line: line, budget: budget}
	b.WriteString(p.Summary())
	if unsafe != nil {
		fmt.Fprintf(b, "\nIf nothing is done: %v.\n", unsafe)
	} else if err := b.write(); err != nil {
		return err
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// timelineOf returns the timeline of a plan; where a surge decays, with a moment for each column of the chart.
func timelineOf(ctx context.Context, t *topology.Topology, p *restart.Plan) (*restart.Timeline, error) {
	line, err := p.Timeline(ctx, t)
	if err != nil || !slices.ContainsFunc(line.Moments, surges) {
		return line, err
	}
	last := line.Moments[len(line.Moments)-1]
	end := last.At
	for id := range topology.ID(t.Len()) {
		if surges(last) && t.Demand(id) > 0 {
			end = max(end, last.At+3*min(t.Component(id).Reopen.Decay, last.At+time.Hour, 1000*time.Hour))
		}
	}
	end = horizon(end)
	also := make([]time.Duration, chartColumns)
	for i := range also {
		also[i] = beginOf(i, end)
	}
	return p.Timeline(ctx, t, also...)
}

func surges(m restart.Moment) bool {
	return slices.ContainsFunc(m.Demands, func(d restart.Traffic) bool { return d.Surge > 0 })
}

// A runbook is being written.
type runbook struct {
	strings.Builder
	ctx  context.Context
	t    *topology.Topology
	p    *restart.Plan
	line *restart.Timeline

	blocks  []block
	guarded bool                          // some steps have conditions
	width   int                           // of the numbers of steps
	waits   map[topology.ID]time.Duration // the last time at which a step waits for a component
	highest [][]reached                   // by moment and group: the highest utilization from then on
	linear  bool                          // loads grow in no greater proportion than the demand
	full    bool                          // it has been said that the rest follows

	budget   int // of components times moments, for replays of stops
	replayed int // blocks whose stop was
	trapped  []*trap
}

// A trap is a block at which it is not safe to stop.
type trap struct {
	block int
	why   error
}

func (b *runbook) write() error {
	if err := b.prepare(); err != nil {
		return err
	}
	b.before()
	if last := b.line.Moments[len(b.line.Moments)-1]; last.At > 0 {
		b.WriteString("\n" + chartOf(b.line))
	}
	if len(b.p.Steps) == 0 {
		return nil
	}
	b.WriteString("\nSteps. Whatever they say, stop when anything has more than its capacity\n")
	if b.guarded = slices.ContainsFunc(b.p.Steps, conditional); b.guarded {
		b.WriteString("Where steps have conditions, what is said under them is what comes if all goes as planned: with less ready less is let in\n")
		b.WriteString("Such a step leaves out what cannot start then, or is not ready to be put in rotation\n")
		if slices.ContainsFunc(b.blocks, func(of block) bool { return b.ladder(&of) }) {
			b.WriteString("In a table the first row counts of which at least as many are ready\n")
		}
	}
	b.width = b.widest()
	for _, part := range b.parts() {
		if part.elided {
			b.elide(part)
			continue
		}
		for i := part.from; i < part.to; i++ {
			b.block(i)
		}
	}
	return b.ctx.Err()
}

func conditional(s restart.Step) bool { return len(s.When)+len(s.If) > 0 }

// before writes what must be true before the start.
func (b *runbook) before() {
	lines := b.down()
	lines = append(lines, b.returns()...)
	lines = append(lines, b.limits()...)
	lines = append(lines, b.held()...)
	lines = append(lines, b.stops()...)
	if len(lines) == 0 {
		return
	}
	b.WriteString("\nBefore the start, at 0:00, when nothing falls any more\n")
	for _, line := range lines {
		b.WriteString("  " + line + "\n")
	}
}

// down says what is down at first.
func (b *runbook) down() []string {
	var down []string
	for g, s := range b.line.Moments[0].Groups {
		group := b.line.Groups[g]
		n := group.Count - s.Booting - s.Ready - s.Rotating
		switch {
		case n == 0:
		case group.Count == 1:
			down = append(down, group.Name)
		case n == group.Count:
			down = append(down, fmt.Sprintf("%s (all %d)", group.Name, n))
		default:
			down = append(down, fmt.Sprintf("%s (%d of %d)", group.Name, n, group.Count))
		}
	}
	if len(down) == 0 {
		return nil
	}
	return []string{"down          " + printable(strings.Join(down, ", ")) + "; if more or less is down, make another plan"}
}

// returns says what has to be there again, and when.
func (b *runbook) returns() []string {
	var patterns []string
	for pattern := range b.p.Return {
		patterns = append(patterns, pattern)
	}
	slices.SortFunc(patterns, func(x, y string) int {
		return 2*compareTimes(b.p.Return[x], b.p.Return[y]) + strings.Compare(x, y)
	})
	var lines []string
	for _, pattern := range patterns {
		at, name := b.p.Return[pattern], printable(pattern)
		switch {
		case at < 0:
			lines = append(lines, "return        "+name+" is not expected back: no step needs it")
		case at == 0:
			lines = append(lines, "return        "+name+" can be started")
		default:
			text := fmt.Sprintf("return        %s can be started again from %s on", name, clock.Time(at))
			if step := b.waitsFor(pattern); step >= 0 {
				text += fmt.Sprintf(": before step %d see that it can", step+1)
			}
			lines = append(lines, text)
		}
	}
	starts := slices.ContainsFunc(b.p.Steps, func(s restart.Step) bool { return s.Do == restart.PowerOn })
	if starts && len(patterns) > 0 {
		lines = append(lines, "return        all else can be started right away")
	} else if starts {
		lines = append(lines, "return        all of it can be started right away")
	}
	return lines
}

// compareTimes puts those that never come last.
func compareTimes(x, y time.Duration) int {
	switch {
	case x == y || x < 0 && y < 0:
		return 0
	case y < 0 || x >= 0 && x < y:
		return -1
	}
	return 1
}

// waitsFor returns the first step in time that powers something of a pattern on; -1 if none does.
func (b *runbook) waitsFor(pattern string) int {
	ids, err := b.t.Select(pattern)
	if err != nil {
		return -1
	}
	of := make(map[topology.ID]bool, len(ids))
	for _, id := range ids {
		of[id] = true
	}
	for _, block := range b.blocks {
		for _, s := range block.steps {
			if b.p.Steps[s.number].Do == restart.PowerOn && slices.ContainsFunc(s.ids, func(id topology.ID) bool { return of[id] }) {
				return s.number
			}
		}
	}
	return -1
}

func (b *runbook) limits() []string {
	var lines []string
	for pattern, most := range b.p.AtOnce {
		line := fmt.Sprintf("at once       of %s at most %d may boot together", printable(pattern), most)
		if most > 0 && b.bootsInNoTime(pattern) {
			line += ": that limits nothing, for they boot in no time"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// bootsInNoTime reports whether nothing of a pattern takes time to boot.
func (b *runbook) bootsInNoTime(pattern string) bool {
	ids, err := b.t.Select(pattern)
	return err == nil && !slices.ContainsFunc(ids, func(id topology.ID) bool { return b.t.Start(id).Boot > 0 })
}

// held says of each demand whether it has to be held back.
func (b *runbook) held() []string {
	var lines []string
	for i, d := range b.line.Demands {
		name, first := printable(d.Name), b.line.Moments[0].Demands[i]
		if first.Admitted > 0 {
			continue
		}
		if !d.Gated {
			if at, comes := b.comes(i); comes {
				lines = append(lines, fmt.Sprintf("traffic       %s cannot be held back: at %s all of it is there", name, clock.Time(at)))
			}
			continue
		}
		lines = append(lines, fmt.Sprintf("traffic       %s is held back: let nothing in until a step says so", name))
	}
	return lines
}

// comes returns when a demand is there first.
func (b *runbook) comes(demand int) (time.Duration, bool) {
	for _, m := range b.line.Moments {
		if m.Demands[demand].Admitted > 0 {
			return m.At, true
		}
	}
	return 0, false
}
