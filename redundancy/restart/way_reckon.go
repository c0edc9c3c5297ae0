package restart

import (
	"cmp"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A tally is what a way leaves unserved, as the replay will find it but for rounding.
type tally struct {
	served        float64 // since
	since         time.Duration
	sum, unserved float64 // parts of the demand × minutes, until now and until full
	full, finish  time.Duration
}

// count adds up what has passed since it was last asked.
func (w *way) count() {
	served := 0.0
	if w.in > 0 && (w.gated || w.opened) {
		served = w.gate.fraction
	}
	s := &w.tally
	s.sum += float64((1 - s.served) * (w.now - s.since).Minutes())
	s.since = w.now
	if served != s.served {
		s.full, s.unserved = w.now, s.sum
	}
	s.served = served
}

// tell writes into the plan how good it seems.
func (w *way) tell() {
	w.plan.Unserved = float64(w.value * w.demand * w.tally.unserved)
	w.plan.Full, w.plan.Finish = w.tally.full, w.tally.finish
	w.plan.Served = []cascade.Served{{Demand: w.t.Name(w.users), Fraction: w.tally.served}}
}

// hopeless reports whether a plan that seems so good is not better than another, whatever a replay finds.
func (f *fleet) hopeless(seems, best *Plan) bool {
	if best == nil || best.Certainty == cascade.Undetermined {
		return false
	}
	if seems.Soonest {
		if more := f.startsMore(seems, best); more != 0 || seems.Finish != best.Finish {
			return cmp.Or(-more, cmp.Compare(seems.Finish, best.Finish)) > 0
		}
	}
	return seems.Served[0].Fraction < best.Served[0].Fraction+settle && seems.Unserved > best.Unserved*(1+topology.Tolerance)
}
