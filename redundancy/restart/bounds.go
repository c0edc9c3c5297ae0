package restart

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// bounds are what no safe plan beats. Each limit on starting is taken alone and without traffic, and the servers in rotation
// carry the sum of what each carries, within what could ever be fed: all of that can only be better than it is.
type bounds struct {
	*fleet
	arrivals []arrival // the most servers that can be ready to enter rotation by each time; drained ones at 0
	drained  int
	opens    time.Duration // the users can be up; never is negative
	top      float64       // the most load that could ever be carried
	curve    []level       // the most that can be served from each time on
	waits    [][]level     // the same, by when the first servers enter rotation, where that makes a difference
}

type arrival struct {
	at  time.Duration
	all int // by then
}

type level struct {
	at       time.Duration
	fraction float64
}

func (f *fleet) bounds() *bounds {
	b := &bounds{fleet: f}
	for _, g := range f.groups {
		if g.status == topology.Ready {
			b.drained += len(g.ids)
		}
	}
	b.arrivals = append([]arrival{{0, b.drained}}, f.waves(b.drained)...)
	b.opens, b.top = b.opening(), f.ceiling()
	switch {
	case f.gated:
		b.fill()
	case f.open && f.survivors > 0:
		b.curve = []level{{0, 1}}
	default:
		b.burst()
	}
	return b
}

// servers returns how many servers can ever enter rotation besides the survivors.
func (b *bounds) servers() int { return b.arrivals[len(b.arrivals)-1].all }

// opening returns the time before which the users cannot be up.
func (b *bounds) opening() time.Duration {
	if b.open {
		return 0
	}
	at := b.soon[b.users] // servers one by one, without limits
	if at < 0 {
		return never
	}
	for _, a := range b.arrivals {
		if b.survivors+a.all >= b.need {
			return max(at, a.at)
		}
	}
	return never
}

// carries returns the most demand that could be carried at a time.
func (b *bounds) carries(at time.Duration) float64 {
	sum, before := 0.0, 0
	if b.survivors > 0 {
		sum = float64(float64(b.survivors) * b.weakest)
	}
	if last := b.arrivals[len(b.arrivals)-1]; last.all > 0 && at >= later(last.at, b.start.WarmUp) {
		return b.asDemand(sum + float64(float64(last.all)*min(b.weakest, b.capacity)))
	}
	for _, a := range b.arrivals {
		if a.at > at {
			break
		}
		if n := a.all - before; n > 0 {
			sum += float64(float64(n) * min(b.weakest, b.capacity*b.warmth(at-a.at)))
		}
		before = a.all
	}
	return b.asDemand(sum)
}

func (b *bounds) asDemand(load float64) float64 {
	return min((min(load, b.top)-b.base)/b.rate, b.t.Capacity(b.users))
}

// most returns the largest fraction that could be served in the end.
func (b *bounds) most() float64 { return b.curve[len(b.curve)-1].fraction }

// earliest returns the time before which what a plan starts cannot be ready.
func (b *bounds) earliest(s started) time.Duration {
	at := s.power
	if i := slices.IndexFunc(b.arrivals, func(a arrival) bool { return a.all >= b.drained+s.servers }); i > 0 {
		at = max(at, b.arrivals[i].at)
	}
	if b.status[b.users] == topology.Down && s.users {
		at = max(at, b.opens)
	}
	return at
}

// started is what a plan starts.
type started struct {
	servers int
	others  int           // what powers them
	power   time.Duration // these cannot be ready before
	users   bool          // they come up
}

func (f *fleet) startedBy(p *Plan) started {
	s := started{users: p.Served[0].Fraction > 0}
	power := map[topology.ID]bool{}
	for _, id := range f.power {
		power[id] = true
	}
	for _, id := range p.doing(f.t, PowerOn) {
		if !power[id] {
			s.servers++
			continue
		}
		s.others++
		s.power = max(s.power, f.soon[id])
	}
	return s
}

// all reports whether a plan starts all that could ever be started.
func (b *bounds) all(s started) bool {
	others := 0
	for _, id := range b.power {
		if b.status[id] == topology.Down && b.soon[id] >= 0 {
			others++
		}
	}
	return s.others == others && s.servers >= b.servers()-b.drained
}
