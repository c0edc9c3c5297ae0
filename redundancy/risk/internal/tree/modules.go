package tree

import "math"

// modules reports for each node whether it is a gate that is a module: no node from outside has a child among its
// descendants. It is linear in the size of the tree: Dutuit & Rauzy 1996 (doi:10.1109/24.537011). A walk numbers its
// visits; a gate is a module if all visits to its descendants lie between the first one to itself and the end of that.
func (t *Tree) modules() []bool {
	v := newVisits(t)
	is := make([]bool, t.Len())
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		if v.first[gate] == 0 {
			continue
		}
		least, most := int32(math.MaxInt32), int32(0) // of the descendants
		_, children := t.Gate(gate)
		for _, c := range children {
			least, most = min(least, v.least[c]), max(most, v.most[c])
		}
		is[gate] = least > v.first[gate] && most < v.done[gate]
		v.least[gate], v.most[gate] = min(least, v.first[gate]), max(most, v.last[gate])
	}
	return is
}

// visits numbers, from 1, the steps of a walk that looks at each child of each gate, and goes on from it the first time.
type visits struct {
	first, last []int32 // step to a node; 0 if the top does not reach it
	done        []int32 // step back from a gate, when all of its children have been visited
	least, most []int32 // step to a node or a descendant; of gates not yet known
}

func newVisits(t *Tree) *visits {
	n := t.Len()
	v := &visits{first: make([]int32, n), last: make([]int32, n), done: make([]int32, n)}
	if t.Top != None {
		v.walk(t)
	}
	v.least, v.most = append([]int32(nil), v.first...), append([]int32(nil), v.last...)
	return v
}

func (v *visits) walk(t *Tree) {
	step := int32(1)
	path := []visit{{node: t.Top}}
	v.first[t.Top], v.last[t.Top] = step, step
	for len(path) > 0 {
		at := &path[len(path)-1]
		child, ok := t.nth(at.node, at.next)
		at.next++
		step++
		if !ok {
			v.done[at.node] = step
			path = path[:len(path)-1]
			continue
		}
		v.last[child] = step
		if v.first[child] == 0 {
			v.first[child] = step
			path = append(path, visit{node: child})
		}
	}
}

// nth returns a child of a node, and whether it has so many.
func (t *Tree) nth(node int32, i int) (int32, bool) {
	if t.IsEvent(node) {
		return None, false
	}
	_, children := t.Gate(node)
	if i >= len(children) {
		return None, false
	}
	return children[i], true
}

// A visit is a node on a path, and which of its children comes next.
type visit struct {
	node int32
	next int
}
