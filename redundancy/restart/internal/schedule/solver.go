package schedule

import (
	"context"
	"slices"
)

// A solver searches for starts, and learns from each conflict a clause that forbids what led to it: lazy clause generation
// (Ohrimenko, Stuckey & Codish 2009, doi:10.1007/s10601-008-9064-x; for this problem Schutt, Feydy, Stuckey & Wallace 2011,
// doi:10.1007/s10601-010-9103-2).
//
// Its variables are whole numbers: the start of each job, the finish, and of two jobs that cannot run together whether the
// first is first, 0 or 1. Of each, two sides are kept, the value and its
// negative, so that everything is a least value of a side. A clause is a list of such literals; none is ever made a variable
// of its own.
type solver struct {
	*project
	bound []int64 // by side: the least value
	root  []int64 // the least value that needs no reason
	last  []int32 // by side: the last step; -1: none
	trail []step
	level []mark // where each decision begins
	queue int    // steps before it are propagated

	reasons []literal // of steps, one after another
	rules   [][]rule  // by side
	watches [][]watch // by side: the clauses to look at when it grows
	clauses []clause
	tables  []timetable
	pairs   []pair
	paired  [][]int32 // by job: the pairs it is in
	affects [][]place // by job: the timetables it is in
	failure []literal // what cannot be true together

	energy
	analysis
	atoms
	learning

	ctx     context.Context
	work    int
	stopped bool
}

// A literal says that a side is at least a number.
type literal struct {
	side  int32
	least int64
}

func (l literal) not() literal { return literal{l.side ^ 1, 1 - l.least} }

// A step is a side that grew, and why: the literals of reasons[from:to]; or a clause all of whose other literals are false; or
// another side that it is above by at least so much; or nothing, a decision.
type step struct {
	side      int32
	previous  int32 // step of the side
	least     int64
	before    int64 // least value before the step
	kind      kind
	from, to  int32 // of reasons; for a clause: which; for a rule: the other side
	increment int64 // of a rule
}

type kind int8

const (
	decided kind = iota
	byReasons
	byClause
	byRule
	byPair // as by a rule, and the pair is in that order
)

type mark struct{ trail, reasons int }

// A rule says that a side is at least another plus so much.
type rule struct {
	side int32
	plus int64
}

// A watch says that a literal of a clause is false when the side is at least so much. As long as blocker is true, nothing
// needs to be done.
type watch struct {
	least   int64
	clause  int32
	blocker literal
}

type clause struct {
	literals []literal // the first two are watched
	levels   int       // decision levels it had when it was learned
	activity float64
}

// end returns the side of the finish.
func (s *solver) end() int32 { return int32(2 * s.jobs()) }

// newSolver returns a solver for schedules that finish by a time.
func newSolver(ctx context.Context, p *project, by int64) *solver {
	n := p.jobs()
	s := &solver{project: p, ctx: ctx}
	s.bound = make([]int64, 2*n+2)
	for j := range n {
		s.bound[2*j], s.bound[2*j+1] = p.head[j], p.tail[j]+p.duration[j]-by
	}
	s.bound[2*n], s.bound[2*n+1] = p.chain(), -by
	s.rules = make([][]rule, len(s.bound))
	for j := range int32(n) {
		for _, k := range p.after[j] {
			s.rules[2*j] = append(s.rules[2*j], rule{2 * k, p.duration[j]})
			s.rules[2*k+1] = append(s.rules[2*k+1], rule{2*j + 1, p.duration[j]})
		}
		all := p.duration[j] + p.delivery[j]
		s.rules[2*j] = append(s.rules[2*j], rule{s.end(), all})
		s.rules[s.end()+1] = append(s.rules[s.end()+1], rule{2*j + 1, all})
	}
	s.addPairs()
	s.affects = make([][]place, n)
	for r := range p.users {
		s.addTable(r)
	}
	s.root, s.last = slices.Clone(s.bound), make([]int32, len(s.bound))
	for i := range s.last {
		s.last[i] = -1
	}
	s.watches = make([][]watch, len(s.bound))
	s.analysis = newAnalysis(len(s.bound))
	s.atoms = newAtoms()
	s.learning = newLearning()
	return s
}

func (s *solver) isTrue(l literal) bool  { return s.bound[l.side] >= l.least }
func (s *solver) isFalse(l literal) bool { return s.bound[l.side^1] >= 1-l.least }

// grow takes a step, and reports whether that is no conflict. Reasons beyond s.level are given by from.
func (s *solver) grow(l literal, k kind, from, to int32, increment int64) bool {
	if s.isTrue(l) {
		return true
	}
	t := step{l.side, s.last[l.side], l.least, s.bound[l.side], k, from, to, increment}
	if s.isFalse(l) {
		s.failure = append(s.explain(s.failure[:0], &t, l.least), l.not())
		return false
	}
	s.last[l.side] = int32(len(s.trail))
	s.trail = append(s.trail, t)
	s.bound[l.side] = l.least
	return true
}

// explain appends what a step follows from, as far as it makes the side at least so much.
func (s *solver) explain(list []literal, t *step, least int64) []literal {
	switch t.kind {
	case byReasons:
		return append(list, s.reasons[t.from:t.to]...)
	case byClause:
		for _, l := range s.clauses[t.from].literals {
			if l.side != t.side || l.least != t.least {
				list = append(list, l.not())
			}
		}
	case byRule:
		list = append(list, literal{t.from, least - t.increment})
	case byPair:
		list = append(list, literal{t.from, least - t.increment}, s.orderOf(t.to))
	}
	return list
}

// decide opens a level.
func (s *solver) decide(l literal) {
	s.level = append(s.level, mark{len(s.trail), len(s.reasons)})
	s.grow(l, decided, 0, 0, 0)
}

// undo goes back to a level.
func (s *solver) undo(level int) {
	if level >= len(s.level) {
		return
	}
	m := s.level[level]
	for i := len(s.trail) - 1; i >= m.trail; i-- {
		t := &s.trail[i]
		s.bound[t.side], s.last[t.side] = t.before, t.previous
	}
	s.trail, s.reasons, s.level, s.queue = s.trail[:m.trail], s.reasons[:m.reasons], s.level[:level], m.trail
	for i := range s.tables {
		s.tables[i].stale, s.tables[i].touched = true, s.tables[i].touched[:0]
	}
	s.reopen(level)
}

// settle makes what is known at the root need no reason.
func (s *solver) settle() {
	for i := range s.trail {
		s.last[s.trail[i].side] = -1
	}
	s.trail, s.reasons, s.queue = s.trail[:0], s.reasons[:0], 0
	copy(s.root, s.bound)
}

// propagate draws all conclusions, and reports whether there is no conflict.
func (s *solver) propagate() bool {
	for {
		for s.queue < len(s.trail) {
			if s.work++; s.work%(1<<12) == 0 && s.ctx.Err() != nil {
				s.stopped = true
				return true
			}
			at := s.queue
			s.queue++
			if !s.follow(at) {
				return false
			}
		}
		if !s.tabulate() {
			return false
		}
		if s.queue == len(s.trail) {
			if len(s.level) == 0 {
				s.settle()
			}
			return true
		}
	}
}

// follow draws the conclusions of rules and clauses from a step.
func (s *solver) follow(at int) bool {
	side, least := s.trail[at].side, s.trail[at].least
	switch j := side / 2; {
	case int(j) < s.jobs():
		s.touch(side)
		for _, k := range s.paired[j] {
			if !s.separate(k) {
				return false
			}
		}
	case side > s.end()+1:
		if !s.separate(j - s.end()/2 - 1) {
			return false
		}
	}
	if int(side) >= len(s.rules) {
		return s.visit(side, s.trail[at].before, least)
	}
	for _, r := range s.rules[side] {
		if !s.grow(literal{r.side, least + r.plus}, byRule, side, 0, r.plus) {
			return false
		}
	}
	return s.visit(side, s.trail[at].before, least)
}

// visit looks at the clauses of which a watched literal became false when a side grew.
func (s *solver) visit(side int32, before, least int64) bool {
	list := s.watches[side]
	kept, i := 0, 0
	ok := true
	for ; i < len(list) && ok; i++ {
		w := list[i]
		if w.least > least || w.least <= before || s.isTrue(w.blocker) {
			list[kept] = w
			kept++
			continue
		}
		c := s.clauses[w.clause].literals
		gone := literal{side, w.least}.not()
		if c[0] == gone {
			c[0], c[1] = c[1], c[0]
		}
		w.blocker = c[0]
		if s.isTrue(c[0]) || !s.rewatch(w.clause, c) {
			list[kept] = w
			kept++
			ok = s.grow(c[0], byClause, w.clause, 0, 0)
		}
	}
	kept += copy(list[kept:], list[i:])
	s.watches[side] = list[:kept]
	return ok
}

// rewatch watches a literal that is not false instead of the second; it reports false if there is none.
func (s *solver) rewatch(number int32, c []literal) bool {
	for k := 2; k < len(c); k++ {
		if !s.isFalse(c[k]) {
			c[1], c[k] = c[k], c[1]
			s.watch(c[1], number, c[0])
			return true
		}
	}
	return false
}

func (s *solver) watch(l literal, number int32, blocker literal) {
	not := l.not()
	s.watches[not.side] = append(s.watches[not.side], watch{not.least, number, blocker})
}
