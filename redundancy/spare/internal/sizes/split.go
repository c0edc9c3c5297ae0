package sizes

import "slices"

// Split returns a column of a box to split at, into those with at most so many of it and those with more: so that more is
// known of a fault at x on either side. It returns -1 if all that tells is decided, so that the whole box has the fault.
func (f *Fleet) Split(s *Scenario, fault Fault, box Box, x []int) (column, at int) {
	if j, n := s.Awaits(box.Least); j >= 0 {
		return j, n - 1
	}
	presence := f.Classes[fault.Class].Columns
	for _, j := range presence {
		if x[j] > 0 && box.Least[j] == 0 {
			return j, 0
		}
	}
	if fault.Plated {
		for _, j := range f.draws[fault.Class] {
			if x[j] > 0 && box.Least[j] == 0 {
				return int(j), 0
			}
		}
	}
	column = -1
	for _, j := range f.tells(fault) {
		if box.Least[j] < box.Most[j] && (column < 0 || x[j]-box.Least[j] > x[column]-box.Least[column]) {
			column = j
		}
	}
	if column < 0 {
		return -1, 0
	}
	if at = x[column]; at > box.Least[column] {
		at--
	}
	return column, min(at, box.Most[column]-1)
}

// tells returns the columns that a fault depends on: how many there are of what shares a load with its class, of what places load
// on that, and of what keeps these up; of a demand that is not served also what carries it.
func (f *Fleet) tells(fault Fault) (columns []int) {
	seen := make([]bool, len(f.Classes))
	queue := []int32{}
	visit := func(classes []int32) {
		for _, k := range classes {
			if !seen[k] {
				seen[k] = true
				queue = append(queue, k)
			}
		}
	}
	visit([]int32{fault.Class})
	for ; len(queue) > 0; queue = queue[1:] {
		c := &f.Classes[queue[0]]
		columns = append(append(columns, c.Columns...), c.raises...)
		for _, l := range c.links {
			if l.need > 0 {
				visit(f.sets[l.set].classes)
			}
			if l.pool >= 0 && fault.Unserved {
				visit(f.members(l.pool))
			}
		}
		for _, in := range c.in {
			visit(f.members(in.pool))
			for _, o := range f.pools[in.pool].owners {
				visit([]int32{o.class})
			}
		}
	}
	slices.Sort(columns)
	return slices.Compact(columns)
}
