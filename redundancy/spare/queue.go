package spare

import "container/heap"

func (h *hunt) push(c *choice) {
	h.made++
	c.made = h.made
	heap.Push(&h.queue, c)
}

// queue is a heap of branches: the least bound first, of equal ones the one made last.
type queue []*choice

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	if a.bound != nil && b.bound != nil {
		if c := a.bound.Cmp(b.bound); c != 0 {
			return c < 0
		}
	} else if (a.bound == nil) != (b.bound == nil) {
		return a.bound == nil
	}
	return a.made > b.made
}

// Push adds a branch, for container/heap.
func (q *queue) Push(c any) { *q = append(*q, c.(*choice)) }

// Pop takes the last one, for container/heap.
func (q *queue) Pop() any {
	old := *q
	c := old[len(old)-1]
	*q = old[:len(old)-1]
	return c
}
