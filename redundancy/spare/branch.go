package spare

import "slices"

// split makes the alternatives that x, which is best in a branch, does not respect.
func (h *hunt) split(c *choice, x []int) {
	if j := h.ignored(c, x); j >= 0 {
		without, with := c.clone(), c.clone()
		without.most[j] = 0
		with.least[j], with.weak[j] = max(1, with.least[j]), true
		h.push(without)
		h.push(with)
		return
	}
	for k, o := range h.over {
		s := h.cases[o.in]
		if !h.in[o.in] || o.limit.holds(s, s.rotating(x), x) {
			continue
		}
		if c.over[k] == open {
			up, as := c.clone(), c.clone()
			up.over[k], as.over[k] = raised, loadOnly
			if o.limit.more >= 0 {
				h.push(up)
			}
			h.push(as)
			return
		}
		if j := o.limit.more; c.over[k] == loadOnly && j >= 0 && x[j] < c.most[j] {
			few, more := c.clone(), c.clone()
			few.most[j], more.least[j] = x[j], x[j]+1
			h.push(few)
			h.push(more)
			return
		}
	}
	// x breaks nothing that is branched on, so it breaks a row by less than the tolerance tells: it is cut off by itself.
	h.cut(c, x)
}

// cut makes the branches that have all of c but x.
func (h *hunt) cut(c *choice, x []int) {
	rest := c.clone()
	for j, n := range x {
		if n > rest.least[j] {
			below := rest.clone()
			below.most[j] = n - 1
			h.push(below)
		}
		if n < rest.most[j] {
			above := rest.clone()
			above.least[j] = n + 1
			h.push(above)
		}
		rest.least[j], rest.most[j] = n, n
	}
}

// ignored returns a column that is bought and weaker than a situation counts with; -1 if there is none.
func (h *hunt) ignored(c *choice, x []int) int {
	for j, n := range x {
		if n == 0 || !h.weak[j] || c.weak[j] {
			continue
		}
		for _, i := range h.only {
			s := h.cases[i]
			if s.column[j].rotating && s.rotating(x) < s.wanted(s.column[j].capacity) {
				return j
			}
		}
	}
	return -1
}

func (c *choice) clone() *choice {
	return &choice{slices.Clone(c.least), slices.Clone(c.most), slices.Clone(c.weak), slices.Clone(c.over), c.bound, 0}
}
