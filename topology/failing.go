package topology

import "cmp"

// Unavailability returns the probability, from 0 to 1, that a component is down of itself: as given, or
// MTTR/(MTBF+MTTR); 0 if neither was.
func (t *Topology) Unavailability(id ID) float64 {
	decl := &t.spec.Components[t.declared[id]]
	f := cmp.Or(decl.Failing, t.spec.Kinds[decl.Kind].Failing)
	if f.MTBF > 0 || f.MTTR > 0 {
		return float64(f.MTTR) / (float64(f.MTBF) + float64(f.MTTR))
	}
	return f.Unavailability
}
