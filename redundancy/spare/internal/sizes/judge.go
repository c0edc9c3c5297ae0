package sizes

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A Fault is one reason for which a scenario does not hold.
type Fault struct {
	Class    int32
	Plated   bool    // it is overloaded as draws are counted by nameplate
	Load     float64 // of each of the class
	Capacity float64
	Unserved bool // a demand that is down, or of which some goes nowhere; else the class is overloaded
}

// Judge returns why a scenario does not hold with x[j] of each column; nothing if it holds. By nameplate, a class that
// copies place load on counts with what is reserved of it. It walks over all classes, unless many scenarios are judged at one
// x in a row: then it does so only for those that do not hold, or of which that is not plain.
func (f *Fleet) Judge(s *Scenario, x []int, nameplate bool) []Fault {
	if j, _ := s.Awaits(x); j >= 0 {
		return nil
	}
	if in := f.intactOf(s, x, nameplate); in != nil {
		return in.judge(s)
	}
	if f.scratch == nil {
		f.scratch = f.blank()
	}
	f.scratch.settle(s, x, x)
	return f.scratch.faults(nameplate)
}

// faults walks over all classes.
func (st *state) faults(nameplate bool) []Fault {
	f := st.f
	st.flow(false)
	faults := st.unserved(st.found[:0])
	faults = st.overloads(faults, func(k int32) bool { return !nameplate || !f.Reserved(k, st.x) }, false)
	if nameplate && f.reserves {
		st.flow(true)
		faults = st.overloads(faults, func(k int32) bool { return f.Reserved(k, st.x) }, true)
	}
	if st.found = faults; len(faults) == 0 {
		return nil
	}
	return slices.Clone(faults)
}

// Reserved reports whether a class counts by nameplate with x[j] of each column: something that is bought places load on it.
func (f *Fleet) Reserved(k int32, x []int) bool {
	for _, j := range f.draws[k] {
		if x[j] > 0 {
			return true
		}
	}
	return false
}

// Nameplate returns the class that is reserved the most, in parts of its capacity, by what there is with x[j] of each column
// in a scenario: a fault, though it need not be one. It is not ok if nothing is reserved.
func (f *Fleet) Nameplate(s *Scenario, x []int) (most Fault, ok bool) {
	st := f.blank()
	st.settle(s, x, x)
	st.flow(true)
	for _, k := range f.limited {
		capacity := f.capacity(&f.Classes[k], x)
		if st.live[k] > 0 && f.loaded[k] && (!ok || st.load[k]/capacity > most.Load/most.Capacity) {
			most, ok = Fault{Class: k, Plated: true, Load: st.load[k], Capacity: capacity}, true
		}
	}
	return most, ok
}

func (st *state) overloads(faults []Fault, counts func(int32) bool, plated bool) []Fault {
	for _, k := range st.f.limited {
		c := &st.f.Classes[k]
		if st.live[k] == 0 || c.lifted {
			continue
		}
		load, capacity := st.load[k], st.f.capacity(c, st.x)
		if st.turns[k] == 0 {
			load = float64(st.s.Factor * c.Demand)
		}
		if topology.Overloaded(load, capacity) && counts(k) {
			faults = append(faults, Fault{Class: k, Plated: plated, Load: load, Capacity: capacity})
		}
	}
	return faults
}

// unserved returns the demands that are not lost by name, and are down or not served in full for want of members.
func (st *state) unserved(faults []Fault) []Fault {
	var served []float64
	if st.lost {
		served = st.serve()
	}
	for _, k := range st.f.demands {
		switch {
		case !st.asked(k):
		case !st.up[k], served != nil && served[k] < 1-1e-12:
			faults = append(faults, Fault{Class: k, Unserved: true, Load: float64(st.s.Factor * st.f.Classes[k].Demand), Capacity: math.Inf(1)})
		}
	}
	return faults
}

// asked reports whether some of a class with a demand are not lost by name.
func (st *state) asked(k int32) bool {
	c := &st.f.Classes[k]
	n := c.count(st.x)
	for _, l := range st.s.lost {
		if l.of == k {
			n -= l.n
		}
	}
	for _, j := range c.Columns {
		if contains(st.s.gone, j) {
			n -= st.x[j]
		}
	}
	for _, l := range st.s.copies {
		if st.f.Columns[l.of].class == k {
			n -= l.n
		}
	}
	return n > 0
}
