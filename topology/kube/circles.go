package kube

// circles numbers groups of workloads that call each other: Tarjan 1972 (doi:10.1137/0201010), without recursion.
func (m *model) circles() map[*pool]int {
	t := tarjan{group: map[*pool]int{}, index: map[*pool]int{}, low: map[*pool]int{}}
	for _, root := range m.pools {
		if t.index[root] > 0 {
			continue
		}
		for t.enter(root); len(t.path) > 0; {
			v := &t.path[len(t.path)-1]
			to := v.step()
			switch {
			case to == nil:
				t.leave()
			case t.index[to] == 0:
				t.enter(to)
			case t.group[to] == 0: // still open: a way back
				t.low[v.at] = min(t.low[v.at], t.index[to])
			}
		}
	}
	return t.group
}

// A tarjan is a walk under way. Numbers begin at 1; 0 is none yet.
type tarjan struct {
	group, index, low map[*pool]int
	path              []visit
	open              []*pool // that have no group yet, in order of index
}

// A visit is a workload on the path, and which of the workloads that it calls comes next.
type visit struct {
	at         *pool
	call, next int
}

// step returns the next that is called; nil after the last.
func (v *visit) step() *pool {
	for ; v.call < len(v.at.calls); v.call, v.next = v.call+1, 0 {
		if to := v.at.calls[v.call].pools; v.next < len(to) {
			v.next++
			return to[v.next-1]
		}
	}
	return nil
}

func (t *tarjan) enter(p *pool) {
	t.index[p] = len(t.index) + 1
	t.low[p] = t.index[p]
	t.open = append(t.open, p)
	t.path = append(t.path, visit{at: p})
}

// leave goes back one step. A workload from which no way leads further back closes a group: itself and all after it.
func (t *tarjan) leave() {
	at := t.path[len(t.path)-1].at
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		before := t.path[len(t.path)-1].at
		t.low[before] = min(t.low[before], t.low[at])
	}
	if t.low[at] < t.index[at] {
		return
	}
	for {
		last := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		if t.group[last] = t.index[at]; last == at {
			return
		}
	}
}
