package schedule

import (
	"math"
	"slices"
)

// Between two instants more may have to be done than can be: the jobs that run there wherever they are in their windows, and
// what is certain of the others. Vilim (2011), doi:10.1007/978-3-642-21311-3_22, with explanations as Schutt, Feydy & Stuckey
// (2013), doi:10.1007/978-3-642-38171-3_16.
type energy struct {
	loose []int32 // users that are not fixed, by earliest start
	lasts []int64 // their latest ends
	sums  []int64 // of the timetable, up to each of its levels
	first []int64 // by loose user: the sum up to its earliest start
}

// overworked reports false, with the failure, if that is so for a timetable just built.
func (s *solver) overworked(t *timetable) bool {
	if t.vast || !t.loosen(&s.energy) {
		return true
	}
	e := &s.energy
	for _, b := range e.lasts {
		upto, work := t.sum(e, b), int64(0)
		for x := len(e.loose) - 1; x >= 0; x-- {
			i := e.loose[x]
			a := t.early[i]
			if a >= b {
				continue
			}
			if t.late[i]+t.length[i] <= b {
				work += t.beyond(i, b)
			}
			if work+upto-e.first[x] > t.capacity*(b-a) {
				s.failure = s.workers(s.failure[:0], t, a, b)
				return false
			}
		}
	}
	return true
}

// loosen fills in e, and reports whether there are users that are not fixed.
func (t *timetable) loosen(e *energy) bool {
	e.loose, e.lasts, e.sums, e.first = e.loose[:0], e.lasts[:0], e.sums[:0], e.first[:0]
	for i := range int32(len(t.users)) {
		if t.early[i] < t.late[i] && t.length[i] > 0 {
			e.loose, e.lasts = append(e.loose, i), append(e.lasts, t.late[i]+t.length[i])
		}
	}
	order(e.loose, t.early)
	slices.Sort(e.lasts)
	e.lasts = slices.Compact(e.lasts)
	sum := int64(0)
	for k := range t.from {
		if k > 0 {
			sum += t.level[k-1] * (t.from[k] - t.from[k-1])
		}
		e.sums = append(e.sums, sum)
	}
	for _, i := range e.loose {
		e.first = append(e.first, t.sum(e, t.early[i]))
	}
	return len(e.loose) > 0
}

// sum returns what is certainly done up to a time.
func (t *timetable) sum(e *energy, at int64) int64 {
	k := t.find(at)
	return e.sums[k] + t.level[k]*(at-t.from[k])
}

// beyond returns what a user that ends by b does up to b beyond what is certain.
func (t *timetable) beyond(i int32, b int64) int64 {
	u := &t.users[i]
	certain := u.then * (b - max(t.late[i], t.end[i]))
	if t.late[i] < t.end[i] {
		certain += u.during * (t.end[i] - t.late[i])
	}
	return max(0, u.during*t.length[i]-certain)
}

// workers appends literals from which it follows that more is done in [a, b) than can be.
func (s *solver) workers(list []literal, t *timetable, a, b int64) []literal {
	spare := -t.capacity*(b-a) - 1
	for i := range t.users {
		peak, kept := t.within(i, a, b)
		spare += (t.users[i].during-t.users[i].then)*peak + t.users[i].then*kept
	}
	for i := range t.users {
		u := &t.users[i]
		peak, kept := t.within(i, a, b)
		does := (u.during-u.then)*peak + u.then*kept
		if does <= spare {
			spare -= does
			continue
		}
		if more := u.during - u.then; more > 0 && peak > 0 {
			less := min(peak, spare/more)
			spare -= less * more
			if peak -= less; peak > 0 {
				list = append(list, literal{2 * u.job, a + peak - t.length[i]}, literal{2*u.job + 1, peak - b})
			}
		}
		if u.then*kept > 0 {
			list = append(list, literal{2*u.job + 1, kept - b})
		}
	}
	return list
}

// within returns for how long a user runs in [a, b) at least, and for how much of it it has started.
func (t *timetable) within(i int, a, b int64) (runs, started int64) {
	return max(0, min(t.length[i], b-a, t.end[i]-a, b-t.late[i])), max(0, b-max(a, t.late[i]))
}

// isVast reports whether work in a timetable does not fit a number.
func (s *solver) isVast(t *timetable) bool {
	sum := int64(0)
	for _, u := range t.users {
		sum += u.during
	}
	by := -s.bound[s.end()+1]
	return by > 0 && sum+t.capacity > math.MaxInt64/8/by
}
