package report

import (
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/restart"
)

// A part is some blocks in a row that are written out, or left out since they do the same as those before.
type part struct {
	from, to int
	elided   bool
	period   int // blocks that are repeated
}

// parts finds what is repeated: one to three blocks, over and over.
func (b *runbook) parts() []part {
	var all []part
	from := 0
	for i := 0; i < len(b.blocks); {
		period, end := b.repeated(i)
		if period == 0 {
			i++
			continue
		}
		all = append(all, part{from: from, to: i + period}, part{i + period, end - period, true, period})
		from, i = end-period, end
	}
	return append(all, part{from: from, to: len(b.blocks)})
}

// repeated returns how many blocks from i on are repeated, and where the repetition ends; 0 if it is not worth leaving out.
func (b *runbook) repeated(i int) (period, end int) {
	for period = 1; period <= 3; period++ {
		end = i + period
		for end < len(b.blocks) && b.blocks[end].like == b.blocks[end-period].like {
			end++
		}
		end -= (end - i) % period
		if end-i > 3*period {
			return period, end
		}
	}
	return 0, 0
}

// elide writes what the blocks that are left out have in common.
func (b *runbook) elide(p part) {
	first, last := b.blocks[p.from], b.blocks[p.to-1]
	b.rest(&first)
	fmt.Fprintf(b, "\n  and so on, %d times the same: from %s", (p.to-p.from)/p.period, clock.Time(b.at(first)))
	steps := append(slices.Clone(first.steps), last.steps...)
	if len(steps) > 0 {
		fmt.Fprintf(b, " with step %d to %s with step %d", steps[0].number+1, clock.Time(b.at(last)), steps[len(steps)-1].number+1)
	} else {
		fmt.Fprintf(b, " to %s", clock.Time(b.at(last)))
	}
	b.WriteString("; all steps are in the plan\n")
	moments := b.line.Moments[first.moment : last.moment+1]
	for i, r := range peaksOf(&restart.Timeline{Groups: b.line.Groups, Moments: append([]restart.Moment{{}}, moments...)}) {
		if i < maxWatched {
			b.note("watch", fmt.Sprintf("%s, the busiest of %s in that time, at %s", usedText(r.peak, b.line.Groups[r.group].Unit),
				printable(b.line.Groups[r.group].Name), clock.Time(r.at)), i == 0)
		}
	}
	b.tightest(moments)
}

// tightest writes when the fewest may be missing.
func (b *runbook) tightest(moments []restart.Moment) {
	var at *restart.Moment
	for i := range moments {
		if m := &moments[i]; m.Rotation > 0 && (at == nil || m.Rotation-m.Enough < at.Rotation-at.Enough) {
			at = m
		}
	}
	if at != nil {
		b.note("stop if", fmt.Sprintf("%s; that is tightest at %s", missing(at), clock.Time(at.At)), true)
	}
}
