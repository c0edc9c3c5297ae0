package restart

import (
	"cmp"
	"container/heap"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// An event is something that happens without a step.
type event struct {
	at   time.Duration
	kind eventKind
	id   topology.ID
}

type eventKind uint8

const (
	booted eventKind = iota // a boot ends
	begins                  // what needs no step has returned
	warmed                  // a warm-up ends
)

// events are those to come, the first first; of one time, by kind and then in order of declaration.
type events struct{ queue eventQueue }

func (e *events) add(x event) { heap.Push(&e.queue, x) }

func (e *events) pop() event { return heap.Pop(&e.queue).(event) }

func (e *events) first() (time.Duration, bool) {
	if len(e.queue) == 0 {
		return 0, false
	}
	return e.queue[0].at, true
}

type eventQueue []event

func (q eventQueue) Len() int { return len(q) }

func (q eventQueue) Less(i, j int) bool {
	a, b := q[i], q[j]
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) < 0
}

func (q eventQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

func (q *eventQueue) Push(x any) { *q = append(*q, x.(event)) }

func (q *eventQueue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
