package triage

// improve changes the best choice class by class as long as that makes it better: servers come back where they can, and
// leave where that helps.
func (s *search) improve(most float64) {
	for again := true; again && !s.spent(); {
		again = s.restore()
		if s.top < most-Alike*s.total {
			again = s.leave() || again
		}
	}
}

// restore brings servers back: into rotation, or up.
func (s *search) restore() bool {
	better := false
	for _, i := range s.servers {
		k := &s.classes[i]
		gone := k.count() - s.best.on[i] - s.best.out[i]
		if !k.ready {
			better = s.move(i, 1, 0, s.best.out[i]+gone) || better
		}
		gone = k.count() - s.best.on[i] - s.best.out[i]
		better = s.move(i, 0, 1, gone) || better
	}
	return better
}

// leave takes servers away.
func (s *search) leave() bool {
	better := false
	for _, i := range s.servers {
		better = s.move(i, -1, 1, s.best.on[i]) || better
		better = s.move(i, -1, 0, s.best.on[i]) || better
		better = s.move(i, 0, -1, s.best.out[i]) || better
	}
	return better
}

// move tries to change how many of a class are in rotation and out of it, by n times so many, for n up to some number: as
// many as can be, then by halves. It reports whether one was better.
func (s *search) move(class int32, on, out, n int32) bool {
	better := false
	for step := n; step > 0 && !s.spent(); step /= 2 {
		c := s.best.clone()
		c.on[class] += on * step
		c.out[class] += out * step
		if c.on[class] < 0 || c.out[class] < 0 || c.on[class]+c.out[class] > s.classes[class].count() {
			c.out[class] = min(c.out[class], s.classes[class].count()-c.on[class])
			if c.on[class] < 0 || c.out[class] < 0 {
				continue
			}
		}
		before := s.best.clone()
		s.try(c)
		better = better || !s.best.same(before)
	}
	return better
}

func (c choice) same(other choice) bool {
	for i := range c.on {
		if c.on[i] != other.on[i] || c.out[i] != other.out[i] {
			return false
		}
	}
	return true
}
