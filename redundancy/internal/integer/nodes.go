package integer

// nodes is a heap.
type nodes []*node

func (q nodes) Len() int      { return len(q) }
func (q nodes) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q nodes) Less(i, j int) bool {
	a, b := q[i], q[j]
	switch {
	case a.bound == nil || b.bound == nil:
		return a.bound == nil && b.bound != nil
	case a.bound.Cmp(b.bound) != 0:
		return a.bound.Cmp(b.bound) < 0
	}
	return a.number > b.number
}

// Push adds a node, for container/heap.
func (q *nodes) Push(n any) { *q = append(*q, n.(*node)) }

// Pop takes the last one, for container/heap.
func (q *nodes) Pop() any {
	old := *q
	n := old[len(old)-1]
	*q = old[:len(old)-1]
	return n
}
