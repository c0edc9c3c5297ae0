// Package queue is a priority queue: of what is in it, the first by an order is taken first.
package queue

// A Queue is a binary heap. The zero value has no order: make one with [New].
type Queue[T any] struct {
	compare func(a, b T) int
	items   []T // none is before the one at half its place
}

// New returns an empty queue by an order, as in [slices.SortFunc]. Values that compare equal are taken in any order, the
// same one in each run.
func New[T any](compare func(a, b T) int) *Queue[T] { return &Queue[T]{compare: compare} }

// Items returns what is in the queue, in no order to rely on but the same in each run. Do not change it.
func (q *Queue[T]) Items() []T { return q.items }

// First returns what [Queue.Pop] would; false if the queue is empty.
func (q *Queue[T]) First() (first T, ok bool) {
	if len(q.items) == 0 {
		return first, false
	}
	return q.items[0], true
}

// Push puts a value in, in time that grows with the logarithm of the queue's length.
func (q *Queue[T]) Push(x T) {
	q.items = append(q.items, x)
	for at := len(q.items) - 1; at > 0; {
		above := (at - 1) / 2
		if q.compare(q.items[at], q.items[above]) >= 0 {
			return
		}
		q.items[at], q.items[above] = q.items[above], q.items[at]
		at = above
	}
}

// Pop takes the first value out, in time that grows with the logarithm of the queue's length; false if the queue is empty.
func (q *Queue[T]) Pop() (first T, ok bool) {
	if first, ok = q.First(); !ok {
		return first, false
	}
	last := len(q.items) - 1
	q.items[0] = q.items[last]
	clear(q.items[last:])
	q.items = q.items[:last]
	for at := 0; ; {
		next := 2*at + 1
		if right := next + 1; right < last && q.compare(q.items[right], q.items[next]) < 0 {
			next = right
		}
		if next >= last || q.compare(q.items[next], q.items[at]) >= 0 {
			return first, true
		}
		q.items[at], q.items[next] = q.items[next], q.items[at]
		at = next
	}
}
