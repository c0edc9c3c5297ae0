package restart

import (
	"slices"
	"time"
)

// A bundle is groups that some limits cover alike. In N(t), of its servers started by t, the limits read
//
//	N(t) · boots − N(t−boot) · (boots − runs) ≤ room
//
// for those started after t−boot draw boots and the others runs; at once at most A is boots = 1, runs = 0, room = A. As N(t) may be the
// greater the greater N(t−boot) is, starting as much as can be as soon as it can has the most started at every time; and
// the bound of a bundle is at most the sum of those within it.
type bundle struct {
	groups []int // in order
	limits []waveLimit
	carry  []float64 // the most load behind it, by each component that limits it
	within []*bundle
	direct []int // groups in none of these

	times []time.Duration // at which
	most  []int           // so many, and no more, can have been started
}

type waveLimit struct{ boots, runs, room float64 }

// nested puts bundles within one another, and returns the one of all groups, and all bundles, those within others first.
// One whose groups overlap with those of a smaller one, and are not among them, is left out: a bound may be loose.
func (f *fleet) nested(found []*bundle) (*bundle, []*bundle) {
	root := &bundle{}
	for g := range f.groups {
		root.groups = append(root.groups, g)
	}
	found = append(found, root)
	slices.SortStableFunc(found, func(a, b *bundle) int { return len(a.groups) - len(b.groups) })
	owner := make([]*bundle, len(f.groups)) // the largest so far
	var all []*bundle
	for _, b := range found {
		b.nest(owner, &all)
	}
	return all[len(all)-1], all
}

// nest puts a bundle above those within it, or with the one of the same groups, or nowhere.
func (b *bundle) nest(owner []*bundle, all *[]*bundle) {
	counts := map[*bundle]int{}
	var order []*bundle
	var direct []int
	for _, g := range b.groups {
		if o := owner[g]; o == nil {
			direct = append(direct, g)
		} else if counts[o]++; counts[o] == 1 {
			order = append(order, o)
		}
	}
	for _, o := range order {
		if counts[o] < len(o.groups) {
			return // they overlap
		}
	}
	if len(order) == 1 && len(order[0].groups) == len(b.groups) {
		order[0].limits = append(order[0].limits, b.limits...)
		order[0].carry = append(order[0].carry, b.carry...)
		return
	}
	b.within, b.direct = order, direct
	for _, g := range b.groups {
		owner[g] = b
	}
	*all = append(*all, b)
}
