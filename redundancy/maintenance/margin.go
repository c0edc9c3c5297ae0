package maintenance

import (
	"context"
	"slices"
)

// mostMargin is the largest factor on the load that is looked for.
const mostMargin = 1000

// margin returns the factor by which load may grow before some stage of a group, as a whole, does not hold in some case, or the
// fleet before it. It is looked for where each stage was seen to be worst, and then only where what is known so far does not hold.
func (q *question) margin(ctx context.Context, stages []*stage, worst []int, cases []loss) (float64, error) {
	v, factor := newViewer(q), float64(mostMargin)
	for i, s := range stages {
		if l := cases[worst[i]]; !v.holdsAt(s, l, factor) {
			factor = v.flip(s, l, factor)
		}
	}
	for _, s := range append(slices.Clip(stages), &stage{phase: Before}) {
		for _, l := range cases {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			if !v.holdsAt(s, l, factor) {
				factor = v.flip(s, l, factor)
			}
		}
	}
	return factor, nil
}

func (v *viewer) holdsAt(s *stage, l loss, factor float64) bool {
	l.load *= factor
	return v.view(s, l).holds
}

// flip returns the factor, below one at which a case does not hold, up to which it does: it halves what is between.
func (v *viewer) flip(s *stage, l loss, high float64) float64 {
	low := 0.0
	if v.holdsAt(s, l, 1) && high > 1 {
		low = 1
	}
	for range 45 {
		if middle := low + (high-low)/2; v.holdsAt(s, l, middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
