package schedule

// A pair is two jobs that cannot run together.
type pair struct{ first, second int32 }

// addPairs adds a variable for each pair of jobs that take too much together: 1 if the first is first.
func (s *solver) addPairs() {
	const enough = 1 << 14
	n := s.jobs()
	s.paired = make([][]int32, n)
	if n > crowd {
		return
	}
	earlier, apart := s.apart()
	for j := range int32(n) {
		for i := range j {
			if apart[j].has(i) && !earlier[j].has(i) && !earlier[i].has(j) && s.duration[i] > 0 && s.duration[j] > 0 {
				if len(s.pairs) == enough {
					return
				}
				s.paired[i], s.paired[j] = append(s.paired[i], int32(len(s.pairs))), append(s.paired[j], int32(len(s.pairs)))
				s.pairs, s.bound = append(s.pairs, pair{i, j}), append(s.bound, 0, -1)
			}
		}
	}
}

// orderOf returns the literal of a pair in an order: 2k if the first of pair k is first, 2k+1 if the second is.
func (s *solver) orderOf(at int32) literal {
	return literal{s.end() + 2 + at, int64(1 - at%2)}
}

// separate draws the conclusions of a pair, and reports whether there is no conflict.
func (s *solver) separate(k int32) bool {
	p := s.pairs[k]
	return s.succeed(2*k, p.first, p.second) && s.succeed(2*k+1, p.second, p.first)
}

// succeed draws the conclusions of i being before j, or of that being impossible.
func (s *solver) succeed(at, i, j int32) bool {
	d, l := s.duration[i], s.orderOf(at)
	switch {
	case s.isTrue(l):
		return s.grow(literal{2 * j, s.bound[2*i] + d}, byPair, 2*i, at, d) &&
			s.grow(literal{2*i + 1, s.bound[2*j+1] + d}, byPair, 2*j+1, at, d)
	case s.isFalse(l) || s.bound[2*i]+d+s.bound[2*j+1] <= 0:
		return true
	default:
		from := len(s.reasons)
		s.reasons = append(s.reasons, literal{2 * i, s.bound[2*i]}, literal{2*j + 1, 1 - d - s.bound[2*i]})
		return s.push(l.not(), from)
	}
}

// imitate makes decisions follow a schedule.
func (s *solver) imitate(start []int64) {
	copy(s.guess, start)
	for k, p := range s.pairs {
		s.guess[s.jobs()+1+k] = 0
		if start[p.first] < start[p.second] {
			s.guess[s.jobs()+1+k] = 1
		}
	}
}
