package schedule

import "slices"

// A timetable is what is certainly taken of a resource: a job that starts by l and does not end before e runs in [l, e), and
// keeps what it keeps from l on, at least. Where that leaves too little for a job, the job does not run.
//
// Explanations are of one instant, as Schutt, Feydy, Stuckey & Wallace (2011) found best: what runs then, and what would
// too.
type timetable struct {
	capacity int64
	users    []user
	length   []int64 // by user: its duration
	early    []int64 // earliest start, as of when it was built
	late     []int64 // latest start
	end      []int64 // earliest end
	begins   []int32 // users by latest start
	ends     []int32 // users by earliest end
	from     []int64
	level    []int64 // in [from[i], from[i+1]), the last for good
	highest  int64
	vast     bool // work does not fit a number

	stale     bool    // it is of steps that were undone
	dirty     bool    // something else is certain now
	unweighed bool    // its energy has not been looked at since
	touched   []int32 // users that something else is known of
}

// A place is a user of a timetable.
type place struct{ table, user int32 }

// addTable adds the timetable of a resource.
func (s *solver) addTable(r int) {
	n := len(s.users[r])
	t := timetable{
		capacity: s.project.capacity[r], users: s.users[r], dirty: true,
		length: make([]int64, n), early: make([]int64, n), late: make([]int64, n), end: make([]int64, n),
	}
	sum := int64(0)
	for i, u := range t.users {
		t.begins, t.ends = append(t.begins, int32(i)), append(t.ends, int32(i))
		t.length[i] = s.duration[u.job]
		sum += u.during
	}
	if sum <= t.capacity {
		return
	}
	t.vast = s.isVast(&t)
	for i, u := range t.users {
		s.affects[u.job] = append(s.affects[u.job], place{int32(len(s.tables)), int32(i)})
	}
	s.tables = append(s.tables, t)
}

// touch notes that a side of a job grew.
func (s *solver) touch(side int32) {
	_, late, end := s.window(side / 2)
	for _, at := range s.affects[side/2] {
		t := &s.tables[at.table]
		if late < end || side%2 == 1 && t.users[at.user].then > 0 {
			t.dirty = true
			continue
		}
		t.touched = append(t.touched, at.user)
	}
}

// window returns the earliest start of a job, its latest start, and its earliest end.
func (s *solver) window(j int32) (early, late, end int64) {
	return s.bound[2*j], -s.bound[2*j+1], s.bound[2*j] + s.duration[j]
}

// tabulate draws the conclusions of timetables until one is new, and reports whether there is no conflict.
func (s *solver) tabulate() bool {
	for i := range s.tables {
		t := &s.tables[i]
		if !t.dirty && len(t.touched) == 0 {
			continue
		}
		before := len(s.trail)
		if !s.review(t) {
			return false
		}
		t.unweighed = true
		if len(s.trail) > before {
			return true
		}
	}
	for i := range s.tables {
		t := &s.tables[i]
		if !t.unweighed {
			continue
		}
		t.unweighed = false
		s.build(t)
		if !s.overworked(t) {
			return false
		}
	}
	return true
}

// review draws the conclusions of a timetable. Where nothing else is certain, only of what else is known of single users.
func (s *solver) review(t *timetable) bool {
	some := t.touched
	all := t.dirty || t.stale
	t.dirty, t.touched = false, t.touched[:0]
	if all {
		s.build(t)
		if !s.overfull(t) {
			return false
		}
		for i := range int32(len(t.users)) {
			if !s.filter(t, i) {
				return false
			}
		}
		return true
	}
	for _, i := range some {
		if !s.filter(t, i) {
			return false
		}
	}
	return true
}

// build sums up what is certain.
func (s *solver) build(t *timetable) {
	for i := range t.users {
		t.early[i], t.late[i], t.end[i] = s.window(t.users[i].job)
	}
	order(t.begins, t.late)
	order(t.ends, t.end)
	t.stale = false
	t.from, t.level, t.highest = append(t.from[:0], 0), append(t.level[:0], 0), 0
	sum, e := int64(0), 0
	for _, i := range t.begins {
		for ; e < len(t.ends) && t.end[t.ends[e]] <= t.late[i]; e++ {
			sum = t.leave(t.ends[e], sum)
		}
		switch u := &t.users[i]; {
		case t.late[i] < t.end[i]:
			sum += u.during
		case u.then > 0:
			sum += u.then
		default:
			continue
		}
		t.step(t.late[i], sum)
	}
	for ; e < len(t.ends); e++ {
		sum = t.leave(t.ends[e], sum)
	}
	t.highest = max(t.highest, t.level[len(t.level)-1])
}

// leave enters the end of a user that certainly runs, and returns what is taken then.
func (t *timetable) leave(i int32, sum int64) int64 {
	if t.late[i] < t.end[i] {
		sum += t.users[i].then - t.users[i].during
		t.step(t.end[i], sum)
	}
	return sum
}

// step enters what is taken from a time on.
func (t *timetable) step(at, level int64) {
	last := len(t.from) - 1
	if t.from[last] == at {
		t.level[last] = level
		return
	}
	t.highest = max(t.highest, t.level[last])
	t.from, t.level = append(t.from, at), append(t.level, level)
}

// order sorts a list that is nearly in order.
func order(list []int32, key []int64) {
	for i := 1; i < len(list); i++ {
		x := list[i]
		k, at := key[x], i
		for at > 0 && key[list[at-1]] > k {
			list[at] = list[at-1]
			at--
		}
		list[at] = x
	}
}

// overfull reports false, with the failure, if more is certainly taken than there is.
func (s *solver) overfull(t *timetable) bool {
	if t.highest <= t.capacity {
		return true
	}
	at := slices.IndexFunc(t.level, func(l int64) bool { return l > t.capacity })
	when := t.from[at]
	s.failure = s.takers(s.failure[:0], t, -1, when, when, t.capacity)
	return false
}

// takers appends literals from which it follows that users other than one take more than so much in all of [from, to].
func (s *solver) takers(list []literal, t *timetable, but int32, from, to, than int64) []literal {
	spare := -than - 1
	for i, late := range t.late {
		switch {
		case late > from || int32(i) == but:
		case t.end[i] > to:
			spare += t.users[i].during
		default:
			spare += t.users[i].then
		}
	}
	for i, late := range t.late {
		if late > from || int32(i) == but {
			continue
		}
		u := &t.users[i]
		runs := t.end[i] > to
		takes := u.then
		if runs {
			takes = u.during
		}
		switch {
		case takes <= spare:
			spare -= takes
			continue
		case runs && u.during-u.then <= spare:
			spare -= u.during - u.then
		case runs && u.during > u.then:
			list = append(list, literal{2 * u.job, to - t.length[i] + 1})
		}
		list = append(list, literal{2*u.job + 1, -from})
	}
	return list
}

// filter moves the start of a user if it leaves too little.
func (s *solver) filter(t *timetable, i int32) bool {
	u := &t.users[i]
	if t.highest+u.during <= t.capacity {
		return true
	}
	if early, late, _ := s.window(u.job); early == late {
		return true
	}
	return s.afterKept(t, i) && (t.length[i] == 0 || s.later(t, i) && s.earlier(t, i))
}

// find returns the index of the level at a time.
func (t *timetable) find(at int64) int { return lastBegun(t.from, at) }

// until returns where a level ends, or a limit that comes before.
func (t *timetable) until(at int, limit int64) int64 {
	if at+1 < len(t.from) {
		return min(limit, t.from[at+1])
	}
	return limit
}

// push concludes a literal from the reasons appended since from.
func (s *solver) push(l literal, from int) bool {
	return s.grow(l, byReasons, int32(from), int32(len(s.reasons)), 0)
}

// afterKept starts a job after the last instant that has no room for what it keeps.
func (s *solver) afterKept(t *timetable, i int32) bool {
	u := &t.users[i]
	if u.then == 0 {
		return true
	}
	early, late, _ := s.window(u.job)
	for at := t.find(late); at >= 0 && t.until(at, late) > early; at-- {
		if t.from[at] < late && t.level[at]+u.then > t.capacity {
			when, from := t.until(at, late)-1, len(s.reasons)
			s.reasons = s.takers(s.reasons, t, i, when, when, t.capacity-u.then)
			return s.push(literal{2 * u.job, when + 1}, from)
		}
	}
	return true
}

// stride is how many steps of its duration a job takes at most where it could take one.
const stride = 8

// later moves the earliest start of a job.
func (s *solver) later(t *timetable, i int32) bool {
	u := &t.users[i]
	early, late, end := s.window(u.job)
	d := t.length[i]
	for at := t.find(early); at < len(t.from) && t.from[at] < min(end, late); at++ {
		if t.level[at]+u.during <= t.capacity {
			continue
		}
		for until := t.until(at, late); early < until; {
			first := min(until, end) - 1
			last := first
			if until-end > stride*d {
				last = until - 1
			}
			from := len(s.reasons)
			s.reasons = s.takers(s.reasons, t, i, first, last, t.capacity-u.during)
			s.reasons = append(s.reasons, literal{2 * u.job, first + 1 - d})
			if !s.push(literal{2 * u.job, last + 1}, from) {
				return false
			}
			early, late, end = s.window(u.job)
		}
	}
	return true
}

// earlier moves the latest start of a job.
func (s *solver) earlier(t *timetable, i int32) bool {
	u := &t.users[i]
	_, late, end := s.window(u.job)
	d := t.length[i]
	for at := t.find(late + d - 1); at >= 0 && t.until(at, late+d) > max(late, end); at-- {
		if t.level[at]-u.then+u.during <= t.capacity {
			continue
		}
		for since := max(t.from[at], end); late+d > since; {
			last := max(since, late)
			first := last
			if late-since > stride*d {
				first = since
			}
			from := len(s.reasons)
			s.reasons = s.takers(s.reasons, t, i, first, last, t.capacity-u.during)
			s.reasons = append(s.reasons, literal{2*u.job + 1, -last})
			if !s.push(literal{2*u.job + 1, d - first}, from) {
				return false
			}
			_, late, end = s.window(u.job)
			since = max(since, end)
		}
	}
	return true
}
