package restart

import (
	"fmt"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A meter measures how good a replayed plan is.
type meter struct {
	counted  map[string]bool         // demands, but for those that the scenario takes down itself
	value    map[topology.ID]float64 // of a unit of what is not worth 1
	names    []string
	fraction []float64 // of these that is served since last
	last     time.Duration
	rate     float64 // unserved demand by value, since last
	sum      float64 // unserved until last, in demand × minutes

	unserved float64 // until full
	full     time.Duration
	finish   time.Duration
}

func newMeter(o *cascade.Outcome) *meter {
	m := &meter{counted: map[string]bool{}}
	for _, s := range o.Served {
		m.counted[s.Demand] = true
	}
	return m
}

// The smallest and the largest value, and cost, that sums and products can hold.
const leastValue, mostValue = 1e-50, 1e50

// weigh reads what a unit of a demand is worth.
func (m *meter) weigh(t *topology.Topology, value map[string]float64) error {
	m.value = map[topology.ID]float64{}
	return each(t, "value", value, func(_ string, ids []topology.ID, v float64) error {
		if v != 0 && !(v >= leastValue && v <= mostValue) {
			return fmt.Errorf("%v: give 0, or a number from %g to %g", v, leastValue, mostValue)
		}
		for _, id := range ids {
			m.value[id] = v
		}
		return nil
	})
}

// worth returns what a unit of a demand is worth.
func (m *meter) worth(id topology.ID) float64 {
	if v, ok := m.value[id]; ok {
		return v
	}
	return 1
}

// pass lets time pass until at.
func (m *meter) pass(at time.Duration) {
	m.sum += float64(m.rate * (float64(at-m.last) / float64(time.Minute)))
	m.last = at
}

// read notes what is served from now on. Surges come on top of what was asked for, and are not counted.
func (m *meter) read(r *replay, now time.Duration) {
	var fractions []float64
	m.names, m.rate = m.names[:0], 0
	for i := range r.demands {
		d := &r.demands[i]
		name := r.t.Name(d.id)
		if !m.counted[name] {
			continue
		}
		served := 0.0
		if d.open {
			served = d.fraction * r.flow.Served[d.id]
		}
		m.rate += float64(m.worth(d.id) * d.full * (1 - served))
		m.names = append(m.names, name)
		fractions = append(fractions, served)
	}
	if !slices.Equal(fractions, m.fraction) {
		m.full, m.unserved = now, m.sum
	}
	m.fraction = fractions
}

// asked returns the sum of what is counted, by value, and its unit; none if values or units differ.
func (m *meter) asked(r *replay) (sum float64, unit string) {
	first, same := true, true
	for i := range r.demands {
		d := &r.demands[i]
		if !m.counted[r.t.Name(d.id)] {
			continue
		}
		if first {
			unit, first = r.t.Unit(d.id), false
		}
		same = same && unit == r.t.Unit(d.id) && m.worth(d.id) == 1
		sum += float64(m.worth(d.id) * d.full)
	}
	if !same {
		unit = ""
	}
	return sum, unit
}

func (m *meter) served() []cascade.Served {
	all := make([]cascade.Served, len(m.names))
	for i, name := range m.names {
		all[i] = cascade.Served{Demand: name, Fraction: m.fraction[i]}
	}
	return all
}
