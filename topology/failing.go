package topology

import "cmp"

// Unavailability returns the probability, from 0 to 1, that a component does not work of itself: that it is down, as given or
// MTTR/(MTBF+MTTR), or else fails on demand; 0 if nothing was given.
func (t *Topology) Unavailability(id ID) float64 {
	decl := &t.spec.Components[t.declared[id]]
	f := cmp.Or(decl.Failing, t.spec.Kinds[decl.Kind].Failing)
	down := f.Unavailability
	if f.MTBF > 0 {
		down = float64(f.MTTR) / (float64(f.MTBF) + float64(f.MTTR))
	}
	return down + float64((1-down)*f.OnDemand)
}
