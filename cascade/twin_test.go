package cascade_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A plot is what becomes of a scenario by definition: the loads are those of topology.Flow, which has a twin of its own.
type plot struct {
	t           *topology.Topology
	lose, drain []topology.ID
	load        float64

	down   []bool
	rounds []scene
	flow   *topology.Flow // of the last
}

// A scene is the state after a round.
type scene struct {
	at            float64 // seconds
	tripped, fell []topology.ID
	load          []float64 // before it
	served        []cascade.Served
	use           float64
	over          []topology.ID // overloaded
}

func newPlot(t *topology.Topology, s cascade.Scenario) *plot {
	p := &plot{t: t, load: s.Load}
	if p.load == 0 {
		p.load = 1
	}
	p.lose, _ = t.Select(s.Lose...)
	p.drain, _ = t.Select(s.Drain...)
	p.down = make([]bool, t.Len())
	p.fail(0, p.lose)
	return p
}

// fail takes components down, and whatever needs too many of them.
func (p *plot) fail(at float64, ids []topology.ID) {
	sc := scene{at: at, tripped: ids}
	if p.flow != nil {
		sc.load = p.flow.Load
	}
	before := slices.Clone(p.down)
	for _, id := range ids {
		p.down[id] = true
	}
	for changed := true; changed; {
		changed = false
		for id := range topology.ID(p.t.Len()) {
			for _, l := range p.t.Links(id) {
				if !p.down[id] && !l.Start && p.left(l) < l.Need {
					p.down[id], changed = true, true
				}
			}
		}
	}
	for id := range topology.ID(p.t.Len()) {
		if p.down[id] && !before[id] {
			sc.fell = append(sc.fell, id)
		}
	}
	p.flow = p.t.Flow(p.state())
	sc.served = p.served()
	for id := range topology.ID(p.t.Len()) {
		if !p.down[id] {
			sc.use = max(sc.use, p.flow.Load[id]/p.t.Capacity(id))
			if p.overloaded(id) {
				sc.over = append(sc.over, id)
			}
		}
	}
	p.rounds = append(p.rounds, sc)
}

func (p *plot) left(l topology.Link) (n int) {
	for _, id := range l.Members {
		if !p.down[id] {
			n++
		}
	}
	return n
}

func (p *plot) state() topology.State {
	s := topology.State{Status: make([]topology.Status, p.t.Len()), Demand: make([]float64, p.t.Len())}
	for id := range topology.ID(p.t.Len()) {
		s.Demand[id] = p.load * p.t.Component(id).Demand
		if slices.Contains(p.drain, id) {
			s.Status[id] = topology.Ready
		}
		if p.down[id] {
			s.Status[id] = topology.Down
		}
	}
	return s
}

func (p *plot) served() (served []cascade.Served) {
	for id := range topology.ID(p.t.Len()) {
		if p.t.Demand(id) > 0 && !slices.Contains(p.lose, id) {
			served = append(served, cascade.Served{Demand: p.t.Name(id), Fraction: p.flow.Served[id]})
		}
	}
	return served
}

func (p *plot) overloaded(id topology.ID) bool {
	return !p.down[id] && p.flow.Load[id] > p.t.Capacity(id)*(1+1e-9)
}

// lasts is how many seconds a component bears a load of r times its capacity.
func lasts(o topology.Overload, r float64) float64 {
	tms := o.TMS
	if tms == 0 {
		tms = 1
	}
	switch {
	case o.Curve == topology.SI:
		return tms * .14 / (math.Pow(r, .02) - 1)
	case o.Curve == topology.VI:
		return tms * 13.5 / (r - 1)
	case o.Curve == topology.EI:
		return tms * 80 / (r*r - 1)
	case o.Curve == topology.LTI:
		return tms * 120 / (r - 1)
	case o.After > 0:
		return o.After.Seconds()
	case o.Shed:
		return math.Inf(1)
	default:
		return 0
	}
}

// trips returns the seconds that each overloaded component has left when it is as worn as given, but for those that never trip.
func (p *plot) trips(worn map[topology.ID]float64) map[topology.ID]float64 {
	after := map[topology.ID]float64{}
	for id := range topology.ID(p.t.Len()) {
		if p.overloaded(id) {
			if total := lasts(p.t.Overload(id), p.flow.Load[id]/p.t.Capacity(id)); !math.IsInf(total, 1) {
				after[id] = (1 - worn[id]) * total
			}
		}
	}
	return after
}

// run lets components trip when their time has come.
func (p *plot) run() *plot {
	now, worn := 0.0, map[topology.ID]float64{}
	for {
		after := p.trips(worn)
		if len(after) == 0 {
			return p
		}
		step := math.Inf(1)
		for _, t := range after {
			step = min(step, t)
		}
		now += step
		var tripped []topology.ID
		next := map[topology.ID]float64{}
		for id := range topology.ID(p.t.Len()) {
			if t, ok := after[id]; ok && t <= step*(1+1e-9) {
				tripped = append(tripped, id)
			} else if ok {
				next[id] = worn[id] + step/lasts(p.t.Overload(id), p.flow.Load[id]/p.t.Capacity(id))
			}
		}
		worn = next
		p.fail(now, tripped)
	}
}

// shuffle lets some of the overloaded components trip, at random, one or more at a time.
func (p *plot) shuffle(r *rand.Rand) *plot {
	for {
		var some []topology.ID
		after := p.trips(nil)
		for id := range topology.ID(p.t.Len()) {
			if _, ok := after[id]; ok {
				some = append(some, id)
			}
		}
		if len(some) == 0 {
			return p
		}
		r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		p.fail(0, some[:1+r.IntN(1+r.IntN(len(some)))])
	}
}

func (p *plot) worst(round scene) float64 {
	worst := 1.0
	for _, s := range round.served {
		worst = min(worst, s.Fraction)
	}
	return worst
}

func (p *plot) verdict() cascade.Verdict {
	first, last := p.rounds[0], p.rounds[len(p.rounds)-1]
	switch {
	case len(first.over) == 0 && p.worst(first) >= 1-1e-9:
		return cascade.Holds
	case p.worst(last) >= 1-1e-9:
		return cascade.Degrades
	default:
		return cascade.Collapses
	}
}

func randomScenario(r *rand.Rand, t *topology.Topology) (s cascade.Scenario) {
	for range r.IntN(4) {
		s.Lose = append(s.Lose, t.Name(topology.ID(r.IntN(t.Len()))))
	}
	if r.IntN(4) == 0 {
		s.Drain = append(s.Drain, t.Name(topology.ID(r.IntN(t.Len()))))
	}
	s.Load = []float64{0, 0, 1, .5, 1.5, .25}[r.IntN(6)]
	return s
}

func TestRunTwin(t *testing.T) {
	verdicts, late, timing := map[cascade.Verdict]int{}, 0, 0
	for seed := range uint64(cases(2500)) {
		spec, fleet := randomFleet(seed)
		if seed%2 == 1 {
			spec, fleet = calmFleet(seed)
		}
		r := rand.New(rand.NewPCG(seed, 4))
		for range 3 {
			s := randomScenario(r, fleet)
			o, err := cascade.Run(fleet, s)
			require.NoError(t, err)
			p := newPlot(fleet, s).run()
			if diff := p.differs(o); diff != "" {
				require.Failf(t, "not as defined", "%s after %q of %s\n%s", diff, s, text(t, seed, spec), o)
			}
			verdicts[o.Verdict]++
			if o.Rounds[len(o.Rounds)-1].At > 0 {
				late++
			}
			if o.Timing {
				timing++
			}
		}
	}
	require.Len(t, verdicts, 3)
	require.Greater(t, min(verdicts[cascade.Holds], verdicts[cascade.Degrades], verdicts[cascade.Collapses], late, timing), cases(100), "%v %d %d", verdicts, late, timing)
}

// differs says where an outcome is not what the definition makes of it.
func (p *plot) differs(o *cascade.Outcome) string {
	if len(o.Rounds) != len(p.rounds) || o.Verdict != p.verdict() {
		return fmt.Sprintf("%d rounds, %s; by definition %d, %s", len(o.Rounds), o.Verdict, len(p.rounds), p.verdict())
	}
	up, at := p.t.Len(), 0
	for k, round := range p.rounds {
		var fell []topology.ID
		for ; at < len(o.Failures) && o.Failures[at].Round == k; at++ {
			id, _ := p.t.Lookup(o.Failures[at].Component)
			fell = append(fell, id)
			if diff := p.untrue(round, o.Failures[at]); diff != "" {
				return diff
			}
		}
		slices.Sort(fell)
		if !slices.Equal(fell, round.fell) {
			return fmt.Sprintf("round %d: down are %v, by definition %v", k, fell, round.fell)
		}
		up -= len(fell)
		r := o.Rounds[k]
		if r.Up != up || !same(r.At.Seconds(), round.at) || !same(r.Use, round.use) || len(r.Served) != len(round.served) {
			return fmt.Sprintf("round %d: %+v, by definition %d up, at %v, use %v, %v", k, r, up, round.at, round.use, round.served)
		}
		for i, s := range round.served {
			if r.Served[i].Demand != s.Demand || !same(r.Served[i].Fraction, s.Fraction) {
				return fmt.Sprintf("round %d: served %v, by definition %v", k, r.Served, round.served)
			}
		}
	}
	if at != len(o.Failures) || !slices.Equal(o.Served, o.Rounds[len(o.Rounds)-1].Served) {
		return "failures or served after the last round"
	}
	return ""
}

// untrue says what of a failure is not so.
func (p *plot) untrue(round scene, f cascade.Failure) string {
	id, ok := p.t.Lookup(f.Component)
	cause := cascade.Unsupplied
	if slices.Contains(round.tripped, id) {
		cause = cascade.Tripped
		if round.load == nil {
			cause = cascade.Initial
		}
	}
	switch {
	case !ok || f.Cause != cause || !same(f.At.Seconds(), round.at):
		return fmt.Sprintf("failure %+v, by definition %s at %v", f, cause, round.at)
	case cause == cascade.Tripped && (!same(f.Load, round.load[id]) || f.Capacity != p.t.Capacity(id) || f.Load <= f.Capacity):
		return fmt.Sprintf("%+v, by definition at %v of %v", f, round.load[id], p.t.Capacity(id))
	}
	return ""
}

func same(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a)) }
