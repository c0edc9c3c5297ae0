package spare

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
)

// A branch is a box of purchases, and rows that these keep besides.
type branch struct {
	box   sizes.Box
	rules []*rule
	bound *big.Rat
	rests []*source // what the bound rests on, but for rows of one column
	made  int
}

// compare puts the branch with the least bound first, of equal ones the one made last.
func (b *branch) compare(other *branch) int {
	switch {
	case b.bound == nil && other.bound == nil:
	case b.bound == nil:
		return -1
	case other.bound == nil:
		return 1
	default:
		if order := b.bound.Cmp(other.bound); order != 0 {
			return order
		}
	}
	return cmp.Compare(other.made, b.made)
}

func (h *hunt) push(b *branch) {
	h.made++
	b.made = h.made
	h.open.Push(b)
	h.held += 2 * len(h.columns)
	h.full = h.full || h.held > maxHeld
}

// least returns the bound of what has not been looked into: of a branch, or of another one where that has come to be dearer.
func (h *hunt) least(b *branch) *big.Rat {
	if first, more := h.open.First(); more && first.compare(b) < 0 {
		return first.bound
	}
	return b.bound
}

// split makes branches of one, so that more is known in each of what does not hold at x.
func (h *hunt) split(b *branch, bad []broken, x []int) {
	switch {
	case h.choose(b, bad, x):
	case bad[0].of < 0:
		h.without(b, x)
	case h.options.Survive:
		h.use([]int{bad[0].of})
		h.without(b, x)
	default:
		j, at := h.fleet.Split(h.cases[bad[0].of], bad[0].faults[0], b.box, x)
		if j < 0 { // no purchase of the box helps
			h.use([]int{bad[0].of})
			return
		}
		few, many := b.clone(), b.clone()
		few.box.Most[j], many.box.Least[j] = at, at+1
		h.push(few)
		h.push(many)
	}
}

// choose makes a branch for each of some alternatives that x is none of; false if there are no such.
func (h *hunt) choose(b *branch, bad []broken, x []int) bool {
	for _, bad := range bad {
		for _, rows := range bad.alternatives {
			if !breaksAll(rows, x) {
				continue
			}
			for _, row := range rows {
				one := b.clone()
				one.rules = append(one.rules, &rule{row, source{[]int{bad.of}}})
				h.push(one)
			}
			return true
		}
	}
	return false
}

func (b *branch) clone() *branch {
	box := sizes.Box{Least: slices.Clone(b.box.Least), Most: slices.Clone(b.box.Most)}
	return &branch{box: box, rules: slices.Clip(b.rules), bound: b.bound, rests: b.rests}
}

// without makes the branches that have all of one but x, if there is room for them.
func (h *hunt) without(b *branch, x []int) {
	parts := 0
	for j, n := range x {
		if n > b.box.Least[j] {
			parts++
		}
		if n < b.box.Most[j] {
			parts++
		}
	}
	if h.held+parts*2*len(x) > maxHeld {
		h.full = true
		h.push(b)
		return
	}
	h.alone++
	rest := b.clone()
	for j, n := range x {
		if n > rest.box.Least[j] {
			below := rest.clone()
			below.box.Most[j] = n - 1
			h.push(below)
		}
		if n < rest.box.Most[j] {
			above := rest.clone()
			above.box.Least[j] = n + 1
			h.push(above)
		}
		rest.box.Least[j], rest.box.Most[j] = n, n
	}
}
