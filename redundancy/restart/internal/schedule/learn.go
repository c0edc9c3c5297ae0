package schedule

import (
	"cmp"
	"slices"
)

// An analysis finds the clause that a conflict teaches: the first unique implication point (Zhang et al. 2001).
type analysis struct {
	need   []int64 // by side: what the conflict needs of it
	at     []int32 // the step by which it was that much; -1: nothing is needed
	sides  []int32 // where at is not -1, perhaps
	open   int     // steps needed of the level of the conflict
	begin  int32   // of that level
	learnt []literal
	list   []literal
	stamp  []int
	stamps int

	learned int   // conflicts
	seen    []int // by step: the last conflict at which it did not follow from what was needed
}

func newAnalysis(sides int) analysis {
	a := analysis{need: make([]int64, sides), at: make([]int32, sides)}
	for i := range a.at {
		a.at[i] = -1
	}
	return a
}

// found returns the step by which a true literal became true; -1 if it needs no reason.
func (s *solver) found(l literal) int32 {
	if l.least <= s.root[l.side] {
		return -1
	}
	at := s.last[l.side]
	for s.trail[at].before >= l.least {
		at = s.trail[at].previous
	}
	return at
}

// levelOf returns the level of a step.
func (s *solver) levelOf(at int32) int {
	low, high := 0, len(s.level)
	for low < high {
		if mid := (low + high) / 2; s.level[mid].trail <= int(at) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// require adds a literal to what the conflict needs.
func (s *solver) require(l literal) {
	at := s.found(l)
	if at < 0 {
		return
	}
	old := s.at[l.side]
	if old >= 0 && s.need[l.side] >= l.least {
		return
	}
	if old < 0 {
		s.sides = append(s.sides, l.side)
	}
	if old < s.begin && at >= s.begin {
		s.open++
	}
	s.need[l.side], s.at[l.side] = l.least, at
	s.bump(l, false)
}

// learn turns the failure into a clause, goes back to where the clause concludes something, and draws that conclusion. It
// reports false if there is a conflict that needs no decision.
func (s *solver) learn() bool {
	latest := int32(-1)
	for _, l := range s.failure {
		latest = max(latest, s.found(l))
	}
	level := 0
	if latest >= 0 {
		level = s.levelOf(latest)
	}
	if level == 0 {
		return false
	}
	s.undo(level) // the failure may have been overlooked earlier
	s.begin, s.open = int32(s.level[level-1].trail), 0
	for _, l := range s.failure {
		s.require(l)
	}
	s.resolve()
	back := s.collect()
	s.undo(back)
	s.add()
	return true
}

// resolve replaces steps of the level by what they follow from, the latest first, until one is left.
func (s *solver) resolve() {
	for i := int32(len(s.trail) - 1); s.open > 1; i-- {
		t := &s.trail[i]
		if s.at[t.side] != i {
			continue
		}
		least := s.need[t.side]
		s.at[t.side] = -1
		s.open--
		s.list = s.explain(s.list[:0], t, least)
		if t.kind == byClause {
			s.use(t.from)
		}
		for _, l := range s.list {
			s.require(l)
		}
	}
}

// collect makes the clause of what is needed, the literal that it concludes first and then one of the highest level, and
// returns that level.
func (s *solver) collect() int {
	s.learnt = s.learnt[:0]
	s.sides, s.list = distinct(s.sides), s.list[:0]
	s.learned++
	first := literal{-1, 0}
	for _, side := range s.sides {
		switch at := s.at[side]; {
		case at < 0:
		case at >= s.begin:
			first = literal{side, s.need[side]}.not()
		case !s.follows(at, side):
			s.learnt = append(s.learnt, literal{side, s.need[side]}.not())
		}
	}
	top, second := int32(-1), 0
	for i, l := range s.learnt {
		if at := s.at[l.side^1]; at > top {
			top, second = at, i
		}
	}
	back := 0
	if top >= 0 {
		back = s.levelOf(top)
		s.learnt[0], s.learnt[second] = s.learnt[second], s.learnt[0]
	}
	s.learnt = slices.Insert(s.learnt, 0, first)
	return back
}

// follows reports whether a step, as far as it is needed, follows from what else is needed and was so before it: what came
// later may follow from it.
func (s *solver) follows(at, side int32) bool {
	return s.trail[at].kind != decided && s.covered(at, s.need[side], deep)
}

// deep is how many steps are looked at one behind another.
const deep = 12

// covered reports whether all that a step follows from is needed anyway, or follows in turn.
func (s *solver) covered(at int32, least int64, depth int) bool {
	from := len(s.list)
	s.list = s.explain(s.list, &s.trail[at], least)
	to, ok := len(s.list), true
	for i := from; i < to && ok; i++ {
		ok = s.needless(s.list[i], at, depth)
	}
	s.list = s.list[:from]
	return ok
}

// needless reports whether a literal that was true before a step is needed anyway, or follows from what is.
func (s *solver) needless(l literal, before int32, depth int) bool {
	if l.least <= s.root[l.side] || s.at[l.side] >= 0 && s.at[l.side] < before && s.need[l.side] >= l.least {
		return true
	}
	at := s.found(l)
	for len(s.seen) <= int(at) {
		s.seen = append(s.seen, 0)
	}
	if depth == 0 || s.trail[at].kind == decided || s.seen[at] == s.learned {
		return false
	}
	if s.covered(at, l.least, depth-1) {
		return true
	}
	s.seen[at] = s.learned
	return false
}

// add adds the clause learnt, and draws its conclusion.
func (s *solver) add() {
	levels := s.spread()
	for _, side := range s.sides {
		s.at[side] = -1
	}
	s.sides = s.sides[:0]
	for _, l := range s.learnt {
		s.bump(l, true)
	}
	s.fade()
	if len(s.learnt) == 1 {
		s.grow(s.learnt[0], decided, 0, 0, 0) // at the root
		return
	}
	number := int32(len(s.clauses))
	c := slices.Clone(s.learnt)
	s.clauses = append(s.clauses, clause{c, levels, s.pulse})
	s.watch(c[0], number, c[1])
	s.watch(c[1], number, c[0])
	s.grow(c[0], byClause, number, 0, 0)
}

// spread returns how many levels there are in the clause learnt.
func (s *solver) spread() int {
	s.stamps++
	for len(s.stamp) <= len(s.level)+1 {
		s.stamp = append(s.stamp, 0)
	}
	levels := 1
	for _, l := range s.learnt[1:] {
		if v := s.levelOf(s.at[l.side^1]); s.stamp[v] != s.stamps {
			s.stamp[v] = s.stamps
			levels++
		}
	}
	return levels
}

// learning is what clauses are kept by.
type learning struct {
	pulse float64 // what a clause that is used gains
	room  int     // clauses kept
}

func newLearning() learning { return learning{pulse: 1, room: 4000} }

const vast = 1e100 // activities are made smaller beyond

func (s *solver) use(number int32) {
	c := &s.clauses[number]
	if c.activity += s.pulse; c.activity > vast {
		for i := range s.clauses {
			s.clauses[i].activity = float64(s.clauses[i].activity * (1 / vast))
		}
		s.pulse = float64(s.pulse * (1 / vast))
	}
}

// forget drops the half of the clauses that was used least, at the root, and those that are true there.
func (s *solver) forget() {
	const precious = 2 // levels
	order := make([]int32, len(s.clauses))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		a, b := &s.clauses[i], &s.clauses[j]
		return cmp.Or(cmp.Compare(min(b.levels, precious+1), min(a.levels, precious+1)), cmp.Compare(a.activity, b.activity))
	})
	gone := make([]bool, len(s.clauses))
	for _, i := range order[:len(order)/2] {
		gone[i] = s.clauses[i].levels > precious
	}
	kept := s.clauses[:0]
	for i, c := range s.clauses {
		if !gone[i] && !slices.ContainsFunc(c.literals, s.isTrue) {
			kept = append(kept, c)
		}
	}
	clear(s.clauses[len(kept):])
	s.clauses = kept
	for side := range s.watches {
		s.watches[side] = s.watches[side][:0]
	}
	for i, c := range s.clauses {
		s.watch(c.literals[0], int32(i), c.literals[1])
		s.watch(c.literals[1], int32(i), c.literals[0])
	}
	s.room += s.room / 10
	s.retain()
}
