package restart

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A joiner looks for a plan of fewer steps that is as good: it takes steps of one kind together at the time of the last of them, or of
// the first, and keeps what a replay finds safe, and no worse. Nothing is put off by more than a boot takes: what is there early is there
// if something fails. Admissions stay.
type joiner struct {
	*compass
	ctx   context.Context
	given *Plan
	best  *Plan
	first time.Duration // earlier steps stay
	kinds [2]Action     // of the times
	times [2]moments    // of the best
	was   [2]moments    // as it was given
	wait  time.Duration // nothing is put off by more
}

// moments are when something is done with components.
type moments = map[topology.ID]time.Duration

// join returns a plan of fewer steps that serves as much, leaves no more unserved, and neither has full service nor finishes later; the
// same if none was found. It tries all steps of a kind, then halves of them, then what is left at the seams, as far as a bounded work
// allows.
func (c *compass) join(ctx context.Context, p *Plan) (*Plan, error) {
	sorted, _ := byTime(p)
	j := &joiner{compass: c, ctx: ctx, given: sorted, best: sorted, first: c.until, kinds: [2]Action{PowerOn, Rotate}}
	j.was, j.wait = j.read(), max(p.Grid, c.longestBoot())
	for again := true; again && ctx.Err() == nil; {
		before := len(j.best.Steps)
		for kind := range j.kinds {
			j.times = j.read()
			j.span(kind, slices.Compact(slices.Sorted(maps.Values(j.times[kind]))))
		}
		again = len(j.best.Steps) < before
	}
	if len(j.best.Steps) == len(p.Steps) {
		return p, ctx.Err()
	}
	return c.inPlaceOf(p, j.best), ctx.Err()
}

// read finds when the best plan powers on and puts in rotation what it does; what is done twice makes no difference the second time.
func (j *joiner) read() (times [2]moments) {
	for kind, do := range j.kinds {
		times[kind] = moments{}
		for at, id := range j.best.doing(j.t, do) {
			if _, known := times[kind][id]; !known && at >= j.first {
				times[kind][id] = at
			}
		}
	}
	return times
}

// longestBoot returns the longest that anything boots that can be started.
func (c *compass) longestBoot() (longest time.Duration) {
	for _, id := range c.order {
		longest = max(longest, c.bootTime[id])
	}
	return longest
}

// span joins steps of a kind at these times as far as can be, and returns the times that are left.
func (j *joiner) span(kind int, at []time.Duration) []time.Duration {
	if len(at) < 2 || j.replayed > maxReplayed {
		return at
	}
	if one, ok := j.joined(kind, at); ok {
		return []time.Duration{one}
	}
	if len(at) == 2 {
		return at
	}
	before, after := j.span(kind, at[:len(at)/2]), j.span(kind, at[len(at)/2:])
	last := len(before) - 1
	if one, ok := j.joined(kind, []time.Duration{before[last], after[0]}); ok {
		before[last], after = one, after[1:]
	}
	return slices.Concat(before, after)
}

// joined takes the steps at these times together, if that is as good, and returns at which.
func (j *joiner) joined(kind int, at []time.Duration) (time.Duration, bool) {
	for _, to := range []time.Duration{at[0], at[len(at)-1]} {
		made, times := j.moved(kind, at, to)
		if made != nil && len(made.Steps) < len(j.best.Steps) && j.replayed < maxReplayed && j.isAsGood(j.ctx, made, j.given) && made.Finish <= j.given.Finish {
			j.times, j.best = times, made
			return to, true
		}
	}
	return 0, false
}

// moved returns the plan in which the steps of a kind at some times are all taken at one; nil if that puts something off for too long.
// What is ready later enters rotation later, with others if it can.
func (j *joiner) moved(kind int, at []time.Duration, to time.Duration) (*Plan, [2]moments) {
	times := [2]moments{maps.Clone(j.times[0]), maps.Clone(j.times[1])}
	turns := slices.Compact(slices.Sorted(maps.Values(j.times[1])))
	for id, was := range j.times[kind] {
		if was < at[0] || was > at[len(at)-1] {
			continue
		}
		if to > later(j.was[kind][id], j.wait) {
			return nil, times
		}
		times[kind][id] = to
		ready := later(to, j.bootTime[id])
		if turn, turned := times[1][id]; kind == 0 && turned && turn < ready {
			i, _ := slices.BinarySearch(turns, ready)
			if times[1][id] = ready; i < len(turns) {
				times[1][id] = turns[i]
			}
		}
	}
	return j.write(times), times
}

// write returns the plan that does each thing at its time.
func (j *joiner) write(times [2]moments) *Plan {
	made := *j.best
	made.Steps = slices.DeleteFunc(slices.Clone(j.best.Steps), func(s Step) bool { return s.At >= j.first && s.Do != Admit })
	for kind, do := range j.kinds {
		by := map[time.Duration][]topology.ID{}
		for id, at := range times[kind] {
			by[at] = append(by[at], id)
		}
		for _, at := range slices.Sorted(maps.Keys(by)) {
			made.act(j.t, at, do, by[at])
		}
	}
	slices.SortStableFunc(made.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(orderOf(a.Do), orderOf(b.Do)))
	})
	return &made
}

// orderOf is the order in which steps of one time are written down.
func orderOf(do Action) int { return slices.Index([]Action{PowerOn, Rotate, Admit}, do) }
