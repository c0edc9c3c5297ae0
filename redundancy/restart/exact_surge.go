package restart

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// findSurges finds the demands whose surges a search sees: those that come all at once.
func (x *exact) findSurges() {
	for i := range x.asked {
		d := &x.asked[i]
		if d.reopen.Surge == 0 || !d.gated && d.open {
			continue
		}
		x.rough = true
		if k := x.of[d.id]; !d.gated && k >= 0 && x.runners[k].warm == 0 {
			m := &x.runners[k]
			m.reopen, m.carriers = d.reopen, x.carriers(d.id)
			m.decay = x.fades(d.reopen)
		}
	}
}

// forgotten is what of a surge, in parts of its demand, is as good as nothing.
const forgotten = 1e-13

// fades returns after how many ticks a surge is forgotten; 0 if it takes too long to count.
func (x *exact) fades(r topology.Reopen) int {
	ticks := math.Ceil(float64(r.Decay) / float64(x.tick) * math.Log(r.Surge/forgotten))
	if ticks > float64(maxBoot) {
		return 0
	}
	return int(max(0, ticks))
}

// carriers returns, for each supply of a demand, the runners of which one has to be in rotation before it comes; none if somebody is
// already.
func (x *exact) carriers(id topology.ID) (all [][]int) {
	for _, l := range x.linksOf[id] {
		var runners []int
		for _, m := range l.Members {
			if k := x.of[m]; k >= 0 {
				runners = append(runners, int(k))
			} else if x.status[m] == topology.Up {
				runners = nil
				break
			}
		}
		if l.Supply != nil && runners != nil {
			all = append(all, runners)
		}
	}
	return all
}

// letCome lets demands surge that come all at once.
func (x *exact) letCome(p []phase) {
	rotated := func(i int) bool { return p[i].rotated() }
	for i := range x.runners {
		m := &x.runners[i]
		if m.decay > 0 && p[i] == turned && !slices.ContainsFunc(m.carriers, func(of []int) bool { return !slices.ContainsFunc(of, rotated) }) {
			p[i] = cold + phase(m.decay)
		}
	}
}

// left returns what a demand that has come all at once brings beside itself, in parts of it, at least.
func (x *exact) left(m *runner, at phase, slot int) float64 {
	if m.decay == 0 || at <= cold {
		return 0
	}
	since := x.timeOf(x.age(m.decay-int(at-cold), slot, true))
	return m.reopen.Surge * math.Exp(-float64(since)/float64(m.reopen.Decay))
}
