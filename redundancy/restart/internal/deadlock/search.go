package deadlock

import "slices"

// maxSearch bounds the branches that a search for the smallest deadlock follows: about a second.
const maxSearch = 200_000

// A search looks for deadlocks of at most a size: some node is in it, and for each node one of its needs, of whose set
// enough are in it.
type search struct {
	*walk
	size   int
	budget int
	chosen []int32
	within []bool  // by node
	count  []int32 // by set: chosen
}

// upTo returns a deadlock of at most a size, nil if there is none; not done if the branches were bounded.
func (s *search) upTo(size int) (found []int32, done bool) {
	mark := len(s.trail)
	defer s.undo(mark)
	s.size, s.chosen = size, nil
	s.within, s.count = make([]bool, s.Nodes), make([]int32, len(s.Sets))
	for s.prune(); s.left > 0; s.prune() {
		root := int32(slices.Index(s.runs, false))
		s.choose(root)
		if s.complete() {
			return slices.Clone(s.chosen), true
		}
		s.release()
		if s.budget <= 0 {
			return nil, false
		}
		s.force(root)
	}
	return nil, true
}

// prune starts what is in no deadlock of the size.
func (s *search) prune() {
	s.budget -= s.left / small
	s.limit(s.size)
}

// small is how many nodes it takes as long to look at as to follow a branch.
const small = 16

func (s *search) choose(node int32) {
	s.chosen, s.within[node] = append(s.chosen, node), true
	for _, set := range s.in.at(node) {
		s.count[set]++
	}
}

// release takes back the latest choice.
func (s *search) release() {
	node := s.chosen[len(s.chosen)-1]
	s.chosen, s.within[node] = s.chosen[:len(s.chosen)-1], false
	for _, set := range s.in.at(node) {
		s.count[set]--
	}
}

// complete adds nodes until what is chosen is a deadlock; false, with what was chosen before, if that is not possible.
func (s *search) complete() bool {
	if s.budget -= 1 + len(s.chosen)/small; s.budget < 0 {
		return false
	}
	for _, node := range s.chosen {
		if s.runs[node] {
			return false // of what is left none keeps it from starting
		}
	}
	node := s.free()
	if node < 0 {
		return true
	}
	for _, i := range s.of.at(node) {
		if s.waits(i) && s.keep(i) {
			return true
		}
	}
	return false
}

// free returns the first chosen node that could start if all others ran; -1 if there is none.
func (s *search) free() int32 {
	for _, node := range s.chosen {
		if !slices.ContainsFunc(s.of.at(node), func(i int32) bool { return s.waits(i) && s.lacks(i) <= 0 }) {
			return node
		}
	}
	return -1
}

// lacks returns how many more of a need's set keep it from being met.
func (s *search) lacks(i int32) int { return s.spare(i) + 1 - int(s.count[s.Needs[i].Set]) }

// keep chooses what keeps a need from being met, and what keeps that from starting: with the first of its set, or without
// it with the second, and so on.
func (s *search) keep(i int32) bool {
	if len(s.chosen)+s.lacks(i) > s.size {
		return false
	}
	mark := len(s.trail)
	defer s.undo(mark)
	for _, m := range s.Sets[s.Needs[i].Set] {
		if s.within[m] || s.runs[m] {
			continue
		}
		s.choose(m)
		if s.complete() {
			return true
		}
		s.release()
		if s.force(m); s.budget < 0 || !s.waits(i) {
			return false
		}
	}
	return false
}
