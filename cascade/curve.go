package cascade

import (
	"math"
	"time"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// tripSeconds returns how long a component bears a load of ratio times its capacity before it trips: at once, after its
// delay, or by IEC 60255-151, t = TMS·K/(ratio^α − 1). Never (+Inf) at or below its capacity, or if it only sheds.
func tripSeconds(o topology.Overload, ratio float64) float64 {
	switch {
	case !(ratio > 1) || !engine.Trips(o):
		return math.Inf(1)
	case o.Curve == "":
		return o.After.Seconds()
	}
	k, excess := 0.0, ratio-1
	switch o.Curve {
	case topology.SI:
		k, excess = .14, math.Expm1(.02*math.Log1p(ratio-1)) // exact near 1
	case topology.VI:
		k = 13.5
	case topology.EI:
		k, excess = 80, (ratio-1)*(ratio+1)
	case topology.LTI:
		k = 120
	}
	tms := o.TMS
	if tms == 0 {
		tms = 1
	}
	return tms * k / excess
}

// duration converts seconds, at most to what a Duration holds.
func duration(seconds float64) time.Duration {
	ns := seconds * 1e9
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(math.Round(ns))
}
