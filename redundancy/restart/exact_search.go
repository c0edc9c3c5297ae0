package restart

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A leg is a state at a time of the grid, before what is done then.
type leg struct {
	phases   []phase
	unserved float64 // until then
	from     *leg
	path     []moment  // since then
	admitted []float64 // then
}

// A moment is how things stand after what is done at a tick.
type moment struct {
	tick   int
	phases []phase
}

// A span is a config that lasts.
type span struct {
	*config
	ticks int
}

// A finding is what a search has come to.
type finding struct {
	end   *leg    // of the best; nil: there is none
	least float64 // nothing leaves less unserved
}

// A searching is one search.
type searching struct {
	*exact
	known float64 // unserved of a plan
	best  *leg
	may   float64 // unserved where something is under way after the end: more steps may let it pass, as far as is known
	seen  map[string]float64
	next  map[string]*leg
	order []string

	// Of the interval that is being looked at:
	from   *leg
	first  int // tick
	last   int // and where the next begins
	path   []moment
	spans  []span
	fixed  float64   // worth × ticks of what cannot be held back
	most   float64   // and of what may be served at most
	before int       // looks
	ahead  []float64 // what is surely unserved from each slot on
}

// search looks for what serves so much in the end and leaves less unserved than is known.
func (x *exact) search(ctx context.Context, served, unserved float64, bounds *outlook) finding {
	x.goal, x.target = served, served*(1-topology.Tolerance)
	x.programs = map[string]admission{}
	s := &searching{exact: x, known: unserved, may: math.Inf(1), seen: map[string]float64{}}
	layer := []*leg{{phases: x.begins()}}
	rest := bounds.restFrom(x.target)
	x.timely = x.rough && !math.IsInf(unserved, 1) // the outlook sees surges: it may say more of a state now than of the same one later
	if x.rough && !x.timely {
		rest = func(time.Duration) float64 { return 0 }
	}
	defer func() { x.timely = false }()
	for k := 0; len(layer) > 0; k++ {
		ahead := rest(x.timeOf(k * x.perGrid))
		s.next, s.order, s.first, s.last, s.ahead = map[string]*leg{}, s.order[:0], k*x.perGrid, (k+1)*x.perGrid, s.ahead[:0]
		s.before = x.looks
		for i, n := range layer {
			x.at, x.width = float64(i)/float64(len(layer)), 1/float64(len(layer))
			if n.unserved+ahead >= s.cut() {
				continue
			}
			if s.interval(n, rest); x.looks > maxExactLooks || ctx.Err() != nil {
				return s.stopped(layer[i:], ahead, rest(x.timeOf((k+1)*x.perGrid)))
			}
		}
		layer = layer[:0]
		for _, key := range s.order {
			layer = append(layer, s.next[key])
		}
	}
	return finding{s.best, min(s.cut(), s.may)}
}

func (x *exact) timeOf(tick int) time.Duration {
	return time.Duration(min(float64(tick)/float64(x.slots)*float64(x.tick), math.MaxInt64/2))
}

// cut is from where on it is not worth looking.
func (s *searching) cut() float64 {
	cut := surely(s.known)
	if s.best != nil {
		cut = min(cut, surely(s.best.unserved))
	}
	return cut
}

// stopped is what is known when a search was not brought to its end.
func (s *searching) stopped(open []*leg, now, then float64) finding {
	f := finding{end: s.best, least: min(s.cut(), s.may)}
	for _, n := range open {
		f.least = min(f.least, surely(n.unserved+now))
	}
	for _, key := range s.order {
		f.least = min(f.least, surely(s.next[key].unserved+then))
	}
	return f
}

// interval looks at all that can be done until the next time of the grid.
func (s *searching) interval(n *leg, rest func(time.Duration) float64) {
	if s.from = n; len(s.ahead) == 0 {
		for slot := s.first; slot < s.last; slot++ {
			s.ahead = append(s.ahead, rest(s.timeOf(slot)))
		}
	}
	s.visit(slices.Clone(n.phases), s.first-1, s.first)
}

// visit goes on at a tick from what one before has left.
func (s *searching) visit(p []phase, from, tick int) {
	if s.hopeless(tick) {
		return
	}
	event := s.advance(p, from, tick)
	before := slices.Clone(p)
	s.choose(p, tick, event || tick == s.first, func(p []phase) {
		s.letCome(p)
		if s.look(); s.looks > maxExactLooks {
			return
		}
		c := s.config(p, tick)
		if !c.safe || !event && tick%s.slots > 0 && s.fitsBefore(before, p, tick, c) {
			return
		}
		fixed, most, n := s.fixed, s.most, len(s.spans)
		s.path, s.spans = append(s.path, moment{tick, p}), append(s.spans, span{c, 0})
		if c.most >= s.target {
			s.end(p, tick, c)
		}
		then := s.upcoming(p, tick, s.last)
		if s.mayWait(p, tick) {
			then = tick + 1
		}
		s.spans[n].ticks = s.whole(then) - s.whole(tick)
		s.most += float64(c.most * float64(s.spans[n].ticks))
		if s.fixed += float64(c.fixed * float64(s.spans[n].ticks)); then < s.last {
			s.visit(slices.Clone(p), tick, then)
		} else {
			s.reach(p, tick)
		}
		s.path, s.spans, s.fixed, s.most = s.path[:n], s.spans[:n], fixed, most
	})
}

// hopeless reports whether too much is unserved until a slot of the interval, and surely from then on, whatever is admitted.
func (s *searching) hopeless(slot int) bool {
	missed := max(0, float64(s.all*float64(s.whole(slot-s.first)))-s.most) * s.tick.Minutes()
	return surely(s.from.unserved+missed)+s.ahead[slot-s.first] >= s.cut()
}

// look counts, and gives up where so many looks are of so few of the choices that it would never end.
func (s *searching) look() {
	s.looks++
	if n := s.looks - s.before; n >= fewLooks && float64(n) > hopelessLooks*s.at {
		s.looks = maxExactLooks + 1
	}
}

// cost is what is unserved from the first so many ticks of the interval.
func (s *searching) cost(ticks int, admitted float64) float64 {
	return s.from.unserved + max(0, float64(s.all*float64(ticks))-s.fixed-admitted)*s.tick.Minutes()
}

// reach keeps the state at the next time of the grid.
func (s *searching) reach(p []phase, tick int) {
	a := s.program(s.spans, nil, false)
	n := &leg{unserved: s.cost(s.whole(s.perGrid), a.worth)}
	if n.unserved >= s.cut() {
		return
	}
	p = slices.Clone(p)
	skip(p, s.last-1-tick)
	key := s.key(p, s.last)
	if before, known := s.seen[key]; known && before <= n.unserved {
		return
	}
	s.seen[key] = n.unserved
	if s.next[key] == nil {
		s.order = append(s.order, key)
	}
	n.phases, n.from, n.path, n.admitted = p, s.from, slices.Clone(s.path), a.fractions
	s.next[key] = n
}

// end notes that nothing more needs to be done.
func (s *searching) end(p []phase, tick int, c *config) {
	if s.from.unserved >= s.cut() {
		return
	}
	after, stays := s.after(p, tick, c)
	if !stays || len(after) > 0 {
		if a := s.program(s.spans, nil, true); !a.fails {
			s.may = min(s.may, surely(s.cost(s.whole(tick-s.first), a.worth)))
		}
	}
	if !stays {
		return
	}
	a := s.program(s.spans, after, true)
	if unserved := s.cost(s.whole(tick-s.first), a.worth); !a.fails && unserved < s.cut() {
		s.best = &leg{unserved: unserved, from: s.from, path: slices.Clone(s.path), admitted: a.fractions}
	}
}

// after returns what follows if nothing more is done, and reports whether it is safe and as much is served then of what cannot
// be held back.
func (x *exact) after(p []phase, tick int, c *config) (all []*config, stays bool) {
	for x.moves(p, tick) {
		p = slices.Clone(p)
		then := x.upcoming(p, tick, math.MaxInt)
		x.advance(p, tick, then)
		x.letCome(p)
		tick = then
		next := x.config(p, tick)
		if x.crowded(p) || !next.safe || next.fixed != c.fixed || !slices.Equal(next.idle, c.idle) {
			return nil, false
		}
		if next != c && (len(all) == 0 || all[len(all)-1] != next) {
			all = append(all, next)
		}
	}
	return all, true
}

// restFrom returns what surely is unserved from each time on until so much worth is served.
func (o *outlook) restFrom(served float64) func(time.Duration) float64 {
	until := o.worthFrom(served)
	return func(from time.Duration) (sum float64) {
		for i, curve := range o.curves {
			missed := -o.late[i].Minutes()
			for k, l := range curve {
				end := until
				if k+1 < len(curve) {
					end = min(end, curve[k+1].at)
				}
				if begin := max(from, l.at); end > begin {
					missed += float64((1 - l.fraction) * (end - begin).Minutes())
				}
			}
			sum += float64(o.worth[i] * max(0, missed))
		}
		return sum
	}
}

// worthFrom returns the time before which so much cannot be served.
func (o *outlook) worthFrom(served float64) time.Duration {
	var times []time.Duration
	for i, curve := range o.curves {
		for _, l := range curve {
			times = append(times, max(0, l.at-o.late[i]))
		}
	}
	slices.Sort(times)
	for _, at := range slices.Compact(times) {
		sum := 0.
		for i, curve := range o.curves {
			most := 0.
			for _, l := range curve {
				if max(0, l.at-o.late[i]) <= at {
					most = max(most, l.fraction)
				}
			}
			sum += float64(o.worth[i] * most)
		}
		if sum >= served*(1-rounds) {
			return at
		}
	}
	return 0
}
