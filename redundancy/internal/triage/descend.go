package triage

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// descend looks for the largest part of some fractions with which taking servers away, wherever something is overloaded,
// comes to an end before they are all gone; and at the choices that this leads to.
func (s *search) descend(direction []float64) {
	direction = s.servable(direction)
	c, _ := s.trim(direction, 0)
	s.try(c)
	low, high := 0.0, 1.0
	for i := 0; i <= 20 && !s.spent(); i++ {
		part := high
		if i > 0 {
			part = low + (high-low)/2
		}
		c, ok := s.trim(direction, part)
		s.try(c)
		if ok {
			low = part
		} else {
			high = part
		}
		if low == 1 {
			return
		}
	}
}

// servable returns fractions without those of demands that are not served even if all stay.
func (s *search) servable(direction []float64) []float64 {
	direction = slices.Clone(direction)
	s.take(s.intact, direction)
	for k, c := range s.demands {
		if !(s.on[c] > 0 && s.full[c]) {
			direction[k] = 0
		}
	}
	return direction
}

// trim takes servers away, as few as seem to be needed, until nothing is overloaded at a part of some fractions, and
// reports whether it came to that.
func (s *search) trim(direction []float64, part float64) (choice, bool) {
	at := make([]float64, len(direction))
	for k, f := range direction {
		at[k] = f * part
	}
	c := s.intact.clone()
	for range 100 {
		if s.spent() {
			return c, false
		}
		s.take(c, at)
		if !s.serves(at) {
			return c, false
		}
		weak, strained := s.overloaded(at)
		switch {
		case len(strained) > 0:
			if !s.relieve(c, at, strained) {
				return c, false
			}
		case len(weak) > 0:
			for _, i := range weak {
				c.out[i] += c.on[i]
				c.on[i] = 0
			}
		default:
			return c, true
		}
	}
	return c, false
}

// serves reports whether what is admitted is served.
func (l *look) serves(at []float64) bool {
	for k, c := range l.demands {
		if at[k] > 0 && !(l.on[c] > 0 && l.full[c]) {
			return false
		}
	}
	return true
}

// overloaded returns the classes of servers that are, but for those that are much less so than the worst: once these are
// gone it looks different; and what else is.
func (s *search) overloaded(at []float64) (weak, strained []int32) {
	worst := 1.0
	ratio := make([]float64, len(s.classes))
	for i := range s.classes {
		k := &s.classes[i]
		if s.on[i] == 0 || !k.limited() {
			continue
		}
		load := total(s.look.at(int32(i)), at)
		if !topology.Overloaded(load, k.capacity) {
			continue
		}
		if ratio[i] = load / k.capacity; k.server {
			worst = max(worst, ratio[i])
		}
	}
	for i, r := range ratio {
		switch {
		case r == 0:
		case !s.classes[i].server:
			strained = append(strained, int32(i))
		case r >= math.Sqrt(worst):
			weak = append(weak, int32(i))
		}
	}
	return weak, strained
}
