package choose

import "math/bits"

// At sets a pick, of length k, to that of a rank: 0 is the first, at 0 to k-1, which there is even where [Space.Len] is
// not known; else the rank is less than Len. It takes time in proportion to n at most. The first call with another rank
// than 0 counts the table of the space.
func (s *Space) At(rank int64, pick []int32) {
	switch {
	case rank == 0:
		rise(pick, 0)
	case s.single:
		s.atSingle(uint64(rank), pick)
	default:
		s.atClasses(uint64(rank), pick)
	}
}

// atSingle goes through positions with the number of picks of what is left: those that take the next position are to
// all of them as what is left to take is to the positions left.
func (s *Space) atSingle(rank uint64, pick []int32) {
	all, _ := s.count()
	ways, taken := uint64(all), 0
	for position := 0; taken < s.k; position++ {
		over, product := bits.Mul64(ways, uint64(s.k-taken))
		with, _ := bits.Div64(over, product, uint64(s.n-position))
		if rank >= with {
			rank -= with
			ways -= with
			continue
		}
		ways = with
		pick[taken] = int32(position)
		taken++
	}
}

// atClasses goes through classes. Of two picks that differ in a class first, the one that takes more of it comes first:
// its next position is in the class, that of the other is not.
func (s *Space) atClasses(rank uint64, pick []int32) {
	table := s.table()
	for c := 0; len(pick) > 0; c++ {
		take := min(int(s.start[c+1]-s.start[c]), len(pick))
		least, _ := s.left(c + 1)
		after := table[c+1][len(pick)-take-least:] // by how many fewer are taken
		for ; rank >= after[0]; after = after[1:] {
			rank -= after[0]
			take--
		}
		rise(pick[:take], s.start[c])
		pick = pick[take:]
	}
}

// Next moves a pick to the next, and returns the lowest index of pick that changed: what is below it did not. After the
// last pick it changes nothing and returns false. It allocates nothing. Of single items of which at most half are taken
// it takes constant time on average; else time in proportion to the places that change, or to the classes they are of
// times the logarithm of the number of all classes.
func (s *Space) Next(pick []int32) (changed int, ok bool) {
	for i := s.k - 1; i >= 0; {
		from, to := s.class(pick[i])
		if s.k-i <= s.n-int(to) {
			rise(pick[i:], to)
			return i, true
		}
		i -= int(pick[i]-from) + 1 // those before it in its class have as little room
	}
	return s.k, false
}

// rise sets positions to the first and those after it.
func rise(positions []int32, first int32) {
	for i := range positions {
		positions[i] = first + int32(i)
	}
}
