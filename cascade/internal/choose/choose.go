// Package choose is the choices of k out of n items of which some are interchangeable, as a list that can be counted,
// walked, and entered at any rank.
//
// Items stand at positions 0 to n-1, class after class; the items of a class are interchangeable. A pick is k positions
// in rising order that holds the first members of each class, and stands for all choices that take as many of each; their
// number is its multiplicity. Picks are listed in lexicographic order. Where each class is of one item, they are the
// ordinary combinations.
package choose

import (
	"math/big"
	"math/bits"
	"sort"
	"sync"
)

// A Space is the picks of k out of n items. Make one with [New]. Many goroutines may use it at once.
type Space struct {
	start  []int32 // by class: its first position; then n
	n, k   int
	single bool

	count func() (int64, bool)
	table func() [][]uint64
}

// New returns the picks of k items out of classes of these sizes, the first of the first class first. Sizes are 0 or
// more, and add up to less than 1<<31. There is no pick if k is negative or more than that sum.
func New(sizes []int32, k int) *Space {
	s := &Space{start: make([]int32, len(sizes)+1), k: k, single: true}
	for c, size := range sizes {
		s.start[c+1] = s.start[c] + size
		s.single = s.single && size == 1
	}
	s.n = int(s.start[len(sizes)])
	s.count = sync.OnceValues(s.countPicks)
	s.table = sync.OnceValue(s.countRows)
	return s
}

// Single reports whether each class is of one item, so that each pick has a multiplicity of 1.
func (s *Space) Single() bool { return s.single }

// All returns the number of choices of k out of n items, each counted: the sum of the multiplicities of all picks.
func (s *Space) All() *big.Int {
	if s.none() {
		return new(big.Int)
	}
	return binomial(s.n, s.k)
}

// Multiplicity returns the number of choices that take as many of each class as the pick.
func (s *Space) Multiplicity(pick []int32) *big.Int { return s.MultiplicityBy(new(Ways), pick) }

// MultiplicityBy is Multiplicity, in less time where ways was asked for a similar pick before.
func (s *Space) MultiplicityBy(ways *Ways, pick []int32) *big.Int {
	if s.single {
		return big.NewInt(1)
	}
	var large *big.Int // nil is 1
	small := uint64(1) // what is not in large yet: most products need no more
	for len(pick) > 0 {
		from, to := s.class(pick[0])
		taken := s.taken(pick, to)
		pick = pick[taken:]
		one, fits := smallBinomial(int(to-from), taken)
		over, product := bits.Mul64(small, one)
		if fits && over == 0 {
			small = product
			continue
		}
		if large == nil {
			large = big.NewInt(1)
		}
		large.Mul(large, ways.of(class{from, to}, taken))
	}
	rest := new(big.Int).SetUint64(small)
	if large == nil {
		return rest
	}
	return large.Mul(large, rest)
}

// taken returns how many of a pick, which begins in a class, are of it: those below its end.
func (s *Space) taken(pick []int32, end int32) int {
	return sort.Search(len(pick), func(i int) bool { return pick[i] >= end })
}

// none reports whether there is no pick.
func (s *Space) none() bool { return s.k < 0 || s.k > s.n }

// class returns the first position of a position's class, and that after its last.
func (s *Space) class(position int32) (from, to int32) {
	if s.single {
		return position, position + 1
	}
	next := sort.Search(len(s.start), func(c int) bool { return s.start[c] > position })
	return s.start[next-1], s.start[next]
}
