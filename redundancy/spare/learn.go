package spare

import (
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
)

// test returns what does not hold with a purchase: of the cases known, or else of the family.
func (h *hunt) test(ctx context.Context, x []int) ([]broken, error) {
	if !h.options.Survive {
		if bad, err := h.broken(ctx, x, h.only); len(bad) > 0 || err != nil {
			return bad, err
		}
	}
	if h.only != nil {
		return nil, nil
	}
	s, err := h.screen(ctx, x)
	if err != nil || s.holds {
		return nil, err
	}
	if err := s.note(h.work, x); err != nil {
		return nil, err
	}
	var bad []broken
	for _, i := range s.noted {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if faults := h.fleet.Judge(h.cases[i], x, h.plates); len(faults) > 0 {
			if len(bad) == maxBroken {
				break
			}
			bad = append(bad, broken{of: i, faults: faults})
		}
	}
	if len(bad) == 0 {
		bad = []broken{{of: -1}} // by less than rounding tells
	}
	return bad, nil
}

// learn makes rows of what does not hold, for all purchases if it can be, else for those of a branch; false if x keeps them. When
// ctx ends it leaves the rest: to split without them is sound as well.
func (h *hunt) learn(ctx context.Context, b *branch, bad []broken, x []int) (any bool) {
	for i := range bad {
		bad := &bad[i]
		switch {
		case ctx.Err() != nil:
			return any
		case bad.of < 0:
			continue
		}
		h.kept = h.kept || slices.ContainsFunc(bad.faults, func(f sizes.Fault) bool { return f.Plated })
		cuts := false
		for _, row := range h.rowsOf(bad, h.root, x) {
			if row.Cuts(x) {
				h.keep(row, bad.of)
				cuts = true
			}
		}
		for _, rows := range bad.alternatives {
			cuts = breaksAll(rows, x) && h.keepOne(rows, bad.of) || cuts
		}
		if !cuts {
			for _, row := range h.rowsOf(bad, b.box, x) {
				if row.Cuts(x) {
					b.rules = append(slices.Clip(b.rules), &rule{row, source{[]int{bad.of}}})
					cuts = true
				}
			}
		}
		any = any || cuts
	}
	return any
}

// rowsOf returns what a broken case proves of all purchases of a box.
func (h *hunt) rowsOf(bad *broken, box sizes.Box, x []int) (rows []sizes.Row) {
	if h.options.Survive {
		rows, bad.alternatives = h.fleet.Carry(h.cases[bad.of], h.serve(), box, x)
	} else {
		rows, bad.alternatives = h.fleet.Rows(h.cases[bad.of], bad.faults, box, x)
	}
	return rows
}

// keep adds a row of a case to those that all purchases keep.
func (h *hunt) keep(row sizes.Row, of int) {
	hash := row.Hash()
	i := slices.IndexFunc(h.hasRule[hash], func(r *rule) bool { return r.Equal(&row) })
	if i < 0 {
		i = len(h.hasRule[hash])
		r := &rule{Row: row}
		h.hasRule[hash] = append(h.hasRule[hash], r)
		h.rules = append(h.rules, r)
	}
	r := h.hasRule[hash][i]
	r.of = with(r.of, of)
}

// keepOne adds rows of a case of which all purchases keep one; false if that is known already: then the
// program could not be told.
func (h *hunt) keepOne(rows []sizes.Row, of int) (news bool) {
	key := fmt.Sprint(rows)
	known := h.isEither[key]
	if known == nil {
		known = &either{}
		for _, r := range rows {
			known.rows = append(known.rows, integer.Row{On: r.On, Of: r.Of, Least: r.Least})
		}
		h.isEither[key] = known
		h.either = append(h.either, known)
	}
	news = !contains(known.of, of)
	known.of = with(known.of, of)
	return news
}

// with adds a number to some in order, if it is not among them.
func with(sorted []int, n int) []int {
	if at, found := slices.BinarySearch(sorted, n); !found {
		return slices.Insert(sorted, at, n)
	}
	return sorted
}

// breaksAll reports whether x keeps none of some rows.
func breaksAll(rows []sizes.Row, x []int) bool {
	return !slices.ContainsFunc(rows, func(r sizes.Row) bool { return !r.Cuts(x) })
}
