package draw

// A Subset draws positions out of n without replacement, each set of them equally likely. Make one with [NewSubset]; use
// it from one goroutine at a time.
type Subset struct {
	at []uint32 // a permutation: between draws that in which each position is at its own place
}

// NewSubset returns draws out of positions 0 to n-1; n is 0 or more, and below 1<<31.
func NewSubset(n int) *Subset {
	s := &Subset{make([]uint32, n)}
	for i := range s.at {
		s.at[i] = uint32(i)
	}
	return s
}

// Draw fills pick, of length n at most, with positions in the order drawn. It takes a word of the source for each two, one
// for what is left over, and time in proportion to the length of pick.
func (s *Subset) Draw(from *Source, pick []int32) {
	// Steps of R. A. Fisher and F. Yates's shuffle. What stands before place i is in pick already, so nothing need go there.
	at := s.at
	i := 0
	for ; i+1 < len(pick); i += 2 {
		rest := at[i:]
		first, second := from.twoBelow(uint32(len(rest)), uint32(len(rest)-1))
		pick[i], rest[first] = int32(rest[first]), rest[0]
		rest = rest[1:]
		pick[i+1], rest[second] = int32(rest[second]), rest[0]
	}
	if i < len(pick) {
		pick[i] = int32(at[i+int(from.Below(uint32(len(at)-i)))])
	}
	// Back to order: a place that changed is among the first, or was chosen when its own position stood there.
	for i, position := range pick {
		at[i] = uint32(i)
		at[position] = uint32(position)
	}
}
