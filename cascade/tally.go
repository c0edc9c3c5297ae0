package cascade

import (
	"cmp"
	"math"
	"slices"
)

// A result is how an item ends.
type result struct {
	End
	item   int64
	lost   int // components that the choices take
	weight weight

	unasked bool // no demand is left to judge by
	timing  bool // the end may depend on which component trips first,
	risk    bool // and in some order it may collapse
}

// fails reports whether it is what a screening looks for.
func (r result) fails(o Options) bool {
	return r.Verdict == Collapses || r.Verdict != Holds && o.OnlyHolds
}

// A tally counts results. What it keeps does not depend on their order.
type tally struct {
	options Options
	spans   []Span
	run     int64

	holding, failing, degrading, collapsing count
	unasked, timing, risk                   count
	likely                                  *accumulators // nil if there are no probabilities
	up                                      []count       // by bin
	width                                   int           // of a bin
	worst, least                            []result
}

func newTally(p *Plan) *tally {
	width := (p.t.Len() + mostBins) / mostBins
	return &tally{options: p.options, up: make([]count, p.t.Len()/width+1), width: width}
}

// mostBins bounds the bins of a histogram, of one component each in fleets of fewer than so many.
const mostBins = 1000

func (t *tally) add(r result) {
	t.run++
	t.up[r.Up/t.width].add(r.weight.many)
	t.weigh(&r)
	if r.timing {
		t.timing.add(r.weight.many)
	}
	if r.risk {
		t.risk.add(r.weight.many)
	}
	switch r.Verdict {
	case Holds:
		t.holding.add(r.weight.many)
		if r.unasked {
			t.unasked.add(r.weight.many)
		}
		return
	case Degrades:
		t.degrading.add(r.weight.many)
	case Collapses:
		t.collapsing.add(r.weight.many)
	}
	t.failing.add(r.weight.many)
	if len(t.worst) < t.options.Worst || worse(r, t.worst[t.options.Worst-1]) < 0 {
		t.worst = keep(t.worst, r, t.options.Worst, worse)
	}
}

func (t *tally) weigh(r *result) {
	if r.weight.chance < 0 {
		return
	}
	if t.likely == nil {
		t.likely = new(accumulators)
	}
	t.likely.all.add(r.weight.chance)
	if r.Verdict != Holds {
		t.likely.failing.add(r.weight.chance)
	}
	if r.Verdict == Collapses {
		t.likely.collapsing.add(r.weight.chance)
	}
}

// worse orders results: the least served first, then the fewest left, then in order of the family.
func worse(a, b result) int {
	return cmp.Or(cmp.Compare(steps(a.Served), steps(b.Served)), cmp.Compare(a.Up, b.Up), cmp.Compare(a.item, b.item))
}

// steps returns a fraction in steps of a billionth, so that rounding does not tell equal ones apart. They end at multiples
// less the golden ratio, for no simple fraction is near that.
func steps(fraction float64) float64 { return math.Floor(float64(fraction*1e9) + .6180339887498949) }

// smaller orders results: those that lose the least first, then in order of the family.
func smaller(a, b result) int {
	return cmp.Or(cmp.Compare(a.lost, b.lost), cmp.Compare(a.item, b.item))
}

// wants reports whether a result would be kept among the smallest.
func (t *tally) wants(r result) bool {
	return len(t.least) < t.options.Worst || smaller(r, t.least[t.options.Worst-1]) < 0
}

func (t *tally) keepSmall(r result) { t.least = keep(t.least, r, t.options.Worst, smaller) }

// keep inserts a result into a sorted list of at most so many.
func keep(list []result, r result, most int, order func(a, b result) int) []result {
	at, _ := slices.BinarySearchFunc(list, r, order)
	return slices.Insert(list, at, r)[:min(len(list)+1, most)]
}
