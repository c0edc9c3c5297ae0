package schedule

import (
	"cmp"
	"slices"
)

// A project is a valid problem in the form that is worked on, seen from either end of time: see the package's doc. All times
// are in units of their greatest common divisor.
type project struct {
	unit     int64
	capacity []int64
	duration []int64
	release  []int64 // no start before
	delivery []int64 // the finish is that much after the end, or later; seen from the other end it is the release
	uses     [][]use
	users    [][]user  // by resource
	before   [][]int32 // what has to have ended; as given, and as follows from uses
	after    [][]int32
	order    []int32 // all jobs, each after those before it
	place    []int32 // in order
	head     []int64 // the earliest start, for chains alone
	tail     []int64 // the least time from the end to the finish, for chains alone
	keeps    bool    // some job keeps something or gives it back
}

// A use of nothing is left out. Where a job takes no time, during is then.
type use struct {
	resource     int32
	during, then int64
}

type user struct {
	job          int32
	during, then int64
}

func (p *project) jobs() int { return len(p.duration) }

// compile returns the project of a problem; nil and the jobs that are stuck if there is no schedule.
func compile(q *Problem) (*project, []int) {
	n := len(q.Jobs)
	p := &project{
		capacity: slices.Clone(q.Capacity), duration: make([]int64, n), release: make([]int64, n), delivery: make([]int64, n),
		uses: make([][]use, n), users: make([][]user, len(q.Capacity)), before: make([][]int32, n), after: make([][]int32, n),
	}
	for j := range q.Jobs {
		job := &q.Jobs[j]
		p.unit = gcd(gcd(p.unit, job.Duration), job.Release)
		for _, i := range job.After {
			p.precede(int32(i), int32(j))
		}
		for _, u := range job.Uses {
			p.use(j, u, job.Duration == 0)
		}
	}
	p.unit = max(p.unit, 1)
	for j := range q.Jobs {
		p.duration[j], p.release[j] = q.Jobs[j].Duration/p.unit, q.Jobs[j].Release/p.unit
	}
	p.reduce()
	if _, stuck := p.arrange(make([]int64, n)); stuck != nil {
		return nil, stuck
	}
	p.deduce()
	p.order, _ = p.arrange(make([]int64, n))
	p.measure()
	return p, nil
}

// reduce counts each resource in what all amounts of it are multiples of: what is less of its capacity nobody can use.
func (p *project) reduce() {
	unit := make([]int64, len(p.capacity))
	for _, uses := range p.uses {
		for _, u := range uses {
			unit[u.resource] = gcd(gcd(unit[u.resource], u.during), u.then)
		}
	}
	for j, uses := range p.uses {
		for i := range uses {
			by := unit[uses[i].resource]
			p.uses[j][i].during /= by
			p.uses[j][i].then /= by
		}
	}
	for r, users := range p.users {
		for i := range users {
			users[i].during /= unit[r]
			users[i].then /= unit[r]
		}
		if unit[r] > 0 {
			p.capacity[r] /= unit[r]
		}
	}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (p *project) use(j int, u Use, instant bool) {
	if instant {
		u.During = u.Then
	}
	if u.During == 0 {
		return
	}
	p.uses[j] = append(p.uses[j], use{int32(u.Resource), u.During, u.Then})
	p.users[u.Resource] = append(p.users[u.Resource], user{int32(j), u.During, u.Then})
	p.keeps = p.keeps || u.Then > 0
}

func (p *project) precede(i, j int32) {
	p.before[j], p.after[i] = append(p.before[j], i), append(p.after[i], j)
}

// crowd is how many jobs a resource may have for pairs of them to be looked at.
const crowd = 2000

// deduce adds the pairs of which the second keeps so much that the first has to have ended when the second starts.
func (p *project) deduce() {
	if !p.keeps {
		return
	}
	for r, users := range p.users {
		if len(users) > crowd {
			continue
		}
		for _, i := range users {
			for _, j := range users {
				if i.job != j.job && p.duration[j.job] > 0 && i.then > p.capacity[r]-j.during {
					p.precede(j.job, i.job)
				}
			}
		}
	}
	for j := range p.before {
		p.before[j], p.after[j] = distinct(p.before[j]), distinct(p.after[j])
	}
}

func distinct(list []int32) []int32 {
	slices.Sort(list)
	return slices.Compact(list)
}

// measure fills in what follows from the order.
func (p *project) measure() {
	n := p.jobs()
	p.place, p.head, p.tail = make([]int32, n), slices.Clone(p.release), slices.Clone(p.delivery)
	for at, j := range p.order {
		p.place[j] = int32(at)
		for _, i := range p.before[j] {
			p.head[j] = max(p.head[j], p.head[i]+p.duration[i])
		}
	}
	for _, j := range slices.Backward(p.order) {
		for _, k := range p.after[j] {
			p.tail[j] = max(p.tail[j], p.tail[k]+p.duration[k])
		}
	}
}

// reversed returns the project seen from the other end of time.
func (p *project) reversed() *project {
	q := &project{
		unit: p.unit, capacity: slices.Clone(p.capacity), duration: p.duration, release: p.delivery, delivery: p.release,
		uses: make([][]use, len(p.uses)), users: make([][]user, len(p.users)), before: p.after, after: p.before,
		order: slices.Clone(p.order), head: p.tail, tail: p.head, keeps: p.keeps, place: make([]int32, p.jobs()),
	}
	slices.Reverse(q.order)
	for at, j := range q.order {
		q.place[j] = int32(at)
	}
	for j, uses := range p.uses {
		for _, u := range uses {
			q.capacity[u.resource] -= u.then
			q.uses[j] = append(q.uses[j], use{u.resource, u.during - u.then, -u.then})
			q.users[u.resource] = append(q.users[u.resource], user{int32(j), u.during - u.then, -u.then})
		}
	}
	return q
}

// finish returns the finish of the jobs that start at these times.
func (p *project) finish(start []int64) (end int64) {
	for j, s := range start {
		end = max(end, s+p.duration[j]+p.delivery[j])
	}
	return end
}

// mirror sets the starts as seen from the other end of time, for a schedule of q, which is a project reversed.
func (p *project) mirror(start, out []int64) {
	end := p.finish(start)
	for j, s := range start {
		out[j] = end - s - p.duration[j]
	}
}

// chain returns the longest chain: no finish is earlier.
func (p *project) chain() (most int64) {
	for j, d := range p.duration {
		most = max(most, p.head[j]+d+p.tail[j])
	}
	return most
}

// arrange returns the jobs in an order in which they can be done one at a time. It is chosen from the back: always the job with the
// greatest key, of several the last, of those that come before none that is left and that what the others left keep
// leaves room for. If there is none, what is left is stuck: whichever of these is started last, it does not fit.
//
// Whatever the keys are, the same jobs are stuck, since each one done from the back leaves more for those still to be done. And then there is no
// schedule: done one at a time in the order of its starts, jobs take no more than they do in it. O(n log n) if nothing is kept.
func (p *project) arrange(key []int64) (list []int32, stuck []int) {
	n := p.jobs()
	a := arrangement{project: p, key: key, room: slices.Clone(p.capacity), open: make([]int32, n), waiting: make([][]int32, len(p.capacity))}
	for j := range n {
		for _, u := range p.uses[j] {
			a.room[u.resource] -= u.then
		}
		if a.open[j] = int32(len(p.after[j])); a.open[j] == 0 {
			a.push(int32(j))
		}
	}
	list = make([]int32, 0, n)
	for len(a.heap) > 0 {
		j := a.pop()
		if r := a.lacks(j); r >= 0 {
			a.waiting[r] = append(a.waiting[r], j)
			continue
		}
		list = append(list, j)
		a.done(j)
	}
	if len(list) < n {
		left := make([]bool, n)
		for _, j := range list {
			left[j] = true
		}
		for j, placed := range left {
			if !placed {
				stuck = append(stuck, j)
			}
		}
		return nil, stuck
	}
	slices.Reverse(list)
	return list, nil
}

type arrangement struct {
	*project
	key     []int64
	room    []int64   // by resource: what is left beside what the jobs not in the list keep
	open    []int32   // how many jobs that come after one are not in the list
	heap    []int32   // the greatest key first
	waiting [][]int32 // by a resource of which there is too little
}

// lacks returns a resource of which there is too little for a job; -1 if there is none.
func (a *arrangement) lacks(j int32) int32 {
	for _, u := range a.uses[j] {
		if u.during-u.then > a.room[u.resource] {
			return u.resource
		}
	}
	return -1
}

func (a *arrangement) done(j int32) {
	for _, i := range a.before[j] {
		if a.open[i]--; a.open[i] == 0 {
			a.push(i)
		}
	}
	for _, u := range a.uses[j] {
		if u.then > 0 {
			a.room[u.resource] += u.then
			for _, i := range a.waiting[u.resource] {
				a.push(i)
			}
			a.waiting[u.resource] = a.waiting[u.resource][:0]
		}
	}
}

func (a *arrangement) first(i, j int32) bool {
	return cmp.Or(cmp.Compare(a.key[i], a.key[j]), cmp.Compare(i, j)) > 0
}

func (a *arrangement) push(j int32) {
	a.heap = append(a.heap, j)
	for at := len(a.heap) - 1; at > 0; {
		up := (at - 1) / 2
		if !a.first(a.heap[at], a.heap[up]) {
			return
		}
		a.heap[at], a.heap[up] = a.heap[up], a.heap[at]
		at = up
	}
}

func (a *arrangement) pop() int32 {
	top, last := a.heap[0], len(a.heap)-1
	a.heap[0] = a.heap[last]
	a.heap = a.heap[:last]
	for at := 0; ; {
		down := 2*at + 1
		if down+1 < last && a.first(a.heap[down+1], a.heap[down]) {
			down++
		}
		if down >= last || !a.first(a.heap[down], a.heap[at]) {
			return top
		}
		a.heap[at], a.heap[down] = a.heap[down], a.heap[at]
		at = down
	}
}
