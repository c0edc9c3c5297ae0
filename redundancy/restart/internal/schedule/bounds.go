package schedule

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
)

// Bounds that no finish is below. Each looks at some jobs on which only so much can be done at once, and at the time that
// has to pass before the first of them and after the last.

// many is how many jobs of a resource all times of are looked at; of more, as many times are.
const many = 500

// floor returns the best of the bounds that need no search.
func (p *project) floor(ctx context.Context) int64 {
	most := p.chain()
	for r, users := range p.users {
		if ctx.Err() != nil {
			return most
		}
		work := make([]work, len(users))
		for i, u := range users {
			work[i].job = u.job
			work[i].high, work[i].low = bits.Mul64(uint64(max(u.during, 0)), uint64(p.duration[u.job]))
		}
		most = max(most, p.pressed(work, uint64(p.capacity[r])))
	}
	return max(most, p.disjoint(ctx))
}

// A work is what a job does, in units of two words.
type work struct {
	job       int32
	high, low uint64
}

// pressed returns when the jobs can be done of which so much work can be done at once: of all that cannot start before some
// time and have to end some time before the finish. O(n²).
func (p *project) pressed(all []work, capacity uint64) (most int64) {
	if capacity == 0 {
		return 0
	}
	slices.SortFunc(all, func(a, b work) int {
		return cmp.Or(cmp.Compare(p.tail[b.job], p.tail[a.job]), cmp.Compare(a.job, b.job))
	})
	var heads []int64
	for _, w := range all {
		heads = append(heads, p.head[w.job])
	}
	for _, head := range sample(heads, many) {
		var high, low, carry uint64
		for i, w := range all {
			if p.head[w.job] < head {
				continue
			}
			low, carry = bits.Add64(low, w.low, 0)
			high, _ = bits.Add64(high, w.high, carry)
			tail := p.tail[w.job]
			if i+1 < len(all) && p.tail[all[i+1].job] == tail && p.head[all[i+1].job] >= head {
				continue
			}
			if high >= capacity {
				return most // not with jobs that take no more than there is
			}
			time, rest := bits.Div64(high, low, capacity)
			if rest > 0 {
				time++
			}
			most = max(most, head+int64(time)+tail)
		}
	}
	return most
}

// sample returns so many of the numbers at most, in order, each once.
func sample(list []int64, most int) []int64 {
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) <= most {
		return list
	}
	some := make([]int64, most)
	for i := range some {
		some[i] = list[i*len(list)/most]
	}
	return some
}

// disjoint returns the best bound of sets of jobs no two of which can run together, found greedily: an extended form of the
// third bound of Mingozzi, Maniezzo, Ricciardelli & Bianco (1998), doi:10.1287/mnsc.44.5.714.
func (p *project) disjoint(ctx context.Context) (most int64) {
	const seeds = 200
	n := p.jobs()
	if n > crowd {
		return 0
	}
	earlier, apart := p.apart()
	for j := range int32(n) {
		for i := range int32(n) {
			if earlier[j].has(i) {
				apart[i].put(j)
				apart[j].put(i)
			}
		}
	}
	order := make([]int32, 0, n)
	for j := range int32(n) {
		if p.duration[j] > 0 {
			order = append(order, j)
		}
	}
	slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(p.duration[j], p.duration[i]) })
	for _, seed := range order[:min(seeds, len(order))] {
		if ctx.Err() != nil {
			break
		}
		set, rest := []work{{job: seed, low: uint64(p.duration[seed])}}, slices.Clone(apart[seed])
		for _, j := range order {
			if rest.has(j) {
				set = append(set, work{job: j, low: uint64(p.duration[j])})
				rest.keep(apart[j])
			}
		}
		most = max(most, p.pressed(set, 1))
	}
	return most
}

// A set is a set of jobs.
type set []uint64

func (s set) has(j int32) bool { return s[j/64]&(1<<(j%64)) != 0 }
func (s set) put(j int32)      { s[j/64] |= 1 << (j % 64) }

func (s set) add(t set) {
	for i, w := range t {
		s[i] |= w
	}
}

func (s set) keep(t set) {
	for i, w := range t {
		s[i] &= w
	}
}

// apart returns, by job, those that have to end before it starts as chains of jobs have it, and those that cannot run
// together with it as both take too much of something.
func (p *project) apart() (earlier, apart []set) {
	n := p.jobs()
	earlier, apart = make([]set, n), make([]set, n)
	for _, j := range p.order {
		earlier[j], apart[j] = make(set, n/64+1), make(set, n/64+1)
		for _, i := range p.before[j] {
			earlier[j].add(earlier[i])
			earlier[j].put(i)
		}
	}
	for r, users := range p.users {
		for x, u := range users {
			for _, v := range users[:x] {
				if u.during+v.during > p.capacity[r] {
					apart[u.job].put(v.job)
					apart[v.job].put(u.job)
				}
			}
		}
	}
	return earlier, apart
}

// destroy raises the bound by showing that no schedule finishes earlier: what follows from a finish leaves too little of a
// resource between some two instants (destructive improvement, Klein & Scholl 1999, doi:10.1016/S0377-2217(97)00442-6).
// It returns the bound, which is at most by.
func (s *solver) destroy(bound, by int64) int64 {
	for low, high := bound, by-1; low <= high && s.ctx.Err() == nil; {
		target := low + (high-low)/2
		if s.possible(target) {
			high = target - 1
		} else {
			low, bound = target+1, target+1
		}
	}
	return bound
}

// possible reports false if it shows that no schedule finishes by a target.
func (s *solver) possible(target int64) bool {
	defer s.undo(0)
	s.undo(0)
	if !s.propagate() {
		return false
	}
	if s.bound[s.end()] > target {
		return false
	}
	s.decide(literal{s.end() + 1, -target})
	if !s.propagate() {
		return false
	}
	for i := range s.tables {
		if s.ctx.Err() == nil && s.crammed(&s.tables[i]) {
			return false
		}
	}
	return true
}

// crammed reports whether between some two instants jobs take more than there is, wherever in their windows they run: energetic reasoning
// (Erschler & Lopez 1990; Baptiste, Le Pape & Nuijten 1999, doi:10.1023/A:1018995000688).
func (s *solver) crammed(t *timetable) bool {
	const cells = 1 << 21 // looked at, about
	var from, to []int64
	for _, u := range t.users {
		early, late, end := s.window(u.job)
		from, to = append(from, early), append(to, late+s.duration[u.job])
		if late < end {
			from, to = append(from, late), append(to, end)
		}
	}
	side := 8
	for (side+1)*(side+1)*len(t.users) <= cells {
		side++
	}
	from, to = sample(from, side), sample(to, side)
	for _, a := range from {
		for _, b := range to {
			if b > a && s.least(t, a, b) {
				return true
			}
		}
	}
	return false
}

// least reports whether jobs take more than there is between two instants. The least that one takes is what it takes at
// either end of its window: if it moves from one to the other, what it takes first grows and then shrinks.
func (s *solver) least(t *timetable, a, b int64) bool {
	var high, low, carry uint64
	for _, u := range t.users {
		early, late, _ := s.window(u.job)
		d := s.duration[u.job]
		h, l := taken(u, d, early, a, b)
		if h2, l2 := taken(u, d, late, a, b); h2 < h || h2 == h && l2 < l {
			h, l = h2, l2
		}
		low, carry = bits.Add64(low, l, 0)
		high, _ = bits.Add64(high, h, carry)
	}
	h, l := bits.Mul64(uint64(t.capacity), uint64(b-a))
	return high > h || high == h && low > l
}

// taken returns what a job that starts at s takes in [a, b), in two words.
func taken(u user, d, s, a, b int64) (high, low uint64) {
	high, low = bits.Mul64(uint64(u.then), uint64(max(0, b-max(a, s))))
	h, l := bits.Mul64(uint64(u.during-u.then), uint64(max(0, min(b, s+d)-max(a, s))))
	low, carry := bits.Add64(low, l, 0)
	high, _ = bits.Add64(high, h, carry)
	return high, low
}
