package schedule

// Atoms are the literals that clauses learned from conflicts are of, a literal and its negation being one. What was in
// conflicts lately is decided first: variable state independent decaying sum (Moskewicz et al. 2001).
type atoms struct {
	number   map[literal]int32 // of a literal of an even side
	literals []literal
	activity []float64
	heap     []int32
	position []int32 // in the heap; -1: not in it
	popped   []popped
	gain     float64
	guess    []int64 // by variable: the value in the best schedule known
}

// popped is an atom taken out of the heap at a level.
type popped struct {
	atom  int32
	level int32
}

func newAtoms() atoms { return atoms{number: map[literal]int32{}, gain: 1} }

// bump counts that a literal was in a conflict.
func (s *solver) bump(l literal, create bool) {
	if l.side%2 == 1 {
		l = l.not()
	}
	i, ok := s.number[l]
	if !ok {
		if !create {
			return
		}
		i = int32(len(s.literals))
		s.number[l] = i
		s.literals, s.activity, s.position = append(s.literals, l), append(s.activity, 0), append(s.position, -1)
		s.insert(i)
	}
	if s.activity[i] += s.gain; s.activity[i] > vast {
		for k := range s.activity {
			s.activity[k] = float64(s.activity[k] * (1 / vast))
		}
		s.gain = float64(s.gain * (1 / vast))
	}
	if s.position[i] >= 0 {
		s.up(s.position[i])
	}
}

// fade makes earlier conflicts count for less.
func (s *solver) fade() {
	s.gain = float64(s.gain * (1 / .95))
	s.pulse = float64(s.pulse * (1 / .999))
}

// reopen puts back the atoms taken out beyond a level.
func (s *solver) reopen(level int) {
	for n := len(s.popped); n > 0 && int(s.popped[n-1].level) > level; n-- {
		if i := s.popped[n-1].atom; s.position[i] < 0 {
			s.insert(i)
		}
		s.popped = s.popped[:n-1]
	}
}

// retain keeps the atoms that are in clauses.
func (s *solver) retain() {
	used := make([]bool, len(s.literals))
	for _, c := range s.clauses {
		for _, l := range c.literals {
			if l.side%2 == 1 {
				l = l.not()
			}
			if i, ok := s.number[l]; ok {
				used[i] = true
			}
		}
	}
	old, activity := s.literals, s.activity
	s.literals, s.activity, s.position, s.heap, s.popped = nil, nil, nil, s.heap[:0], s.popped[:0]
	clear(s.number)
	for i, l := range old {
		if used[i] {
			s.number[l] = int32(len(s.literals))
			s.literals, s.activity, s.position = append(s.literals, l), append(s.activity, activity[i]), append(s.position, -1)
			s.insert(int32(len(s.literals) - 1))
		}
	}
}

// choose returns the next decision; false if all starts are fixed.
func (s *solver) choose() (literal, bool) {
	for len(s.heap) > 0 {
		i := s.take()
		s.popped = append(s.popped, popped{i, int32(len(s.level))})
		if l := s.literals[i]; !s.isTrue(l) && !s.isFalse(l) {
			s.popped[len(s.popped)-1].level++ // it is open again without this decision
			if s.guess[l.side/2] >= l.least {
				return l, true
			}
			return l.not(), true
		}
	}
	// The job that can start first starts as early as it can.
	best := int32(-1)
	for j := range int32(s.jobs()) {
		if s.bound[2*j] < -s.bound[2*j+1] && (best < 0 || s.bound[2*j] < s.bound[2*best]) {
			best = j
		}
	}
	if best < 0 {
		return literal{}, false
	}
	return literal{2*best + 1, -s.bound[2*best]}, true
}

func (s *solver) insert(i int32) {
	s.position[i] = int32(len(s.heap))
	s.heap = append(s.heap, i)
	s.up(s.position[i])
}

func (s *solver) up(at int32) {
	i := s.heap[at]
	for at > 0 {
		above := (at - 1) / 2
		if s.activity[s.heap[above]] >= s.activity[i] {
			break
		}
		s.heap[at] = s.heap[above]
		s.position[s.heap[at]] = at
		at = above
	}
	s.heap[at], s.position[i] = i, at
}

func (s *solver) take() int32 {
	top, last := s.heap[0], int32(len(s.heap)-1)
	i := s.heap[last]
	s.heap, s.position[top] = s.heap[:last], -1
	if last == 0 {
		return top
	}
	at := int32(0)
	for {
		down := 2*at + 1
		if down+1 < last && s.activity[s.heap[down+1]] > s.activity[s.heap[down]] {
			down++
		}
		if down >= last || s.activity[s.heap[down]] <= s.activity[i] {
			break
		}
		s.heap[at] = s.heap[down]
		s.position[s.heap[at]] = at
		at = down
	}
	s.heap[at], s.position[i] = i, at
	return top
}
