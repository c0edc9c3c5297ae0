package integer

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Reliability branching (Achterberg, Koch & Martin 2005, doi:10.1016/j.orl.2004.04.002): split where experience says that
// both halves become dear, and try it out where there is little experience.
const (
	reliable  = 8   // tries in each direction from which on experience counts
	tried     = 10  // columns tried out at a node, at most
	inVain    = 5   // of these in a row without a better one
	pivots    = 40  // of each try
	direction = 2   // down, and up
	stuckGain = 1e6 // what a half is worth in which nothing is possible, in parts of the cheapest unit
)

// An experience is what a column added to the cost of relaxations, for each part of 1 that it was moved down or up.
type experience struct {
	sum   [direction]float64
	count [direction]int
}

func (e *experience) learn(d int, gain float64) {
	e.sum[d] += gain
	e.count[d]++
}

func (e *experience) mean(d int, otherwise float64) float64 {
	if e.count[d] == 0 {
		return otherwise
	}
	return e.sum[d] / float64(e.count[d])
}

func (e *experience) reliable() bool { return min(e.count[0], e.count[1]) >= reliable }

// A choice is a column to split at, and how good that seems.
type choice struct {
	column int
	score  float64
}

// branch returns the column to split at; of a relaxation whose columns are all whole the first that is open; -1 if the
// node is a single point.
func (s *search) branch(ctx context.Context, x []float64, b box) int {
	choices := s.choices(x, b)
	if len(choices) == 0 {
		return slices.IndexFunc(indices(len(x)), func(j int) bool { return b.least[j] < b.most[j] })
	}
	now, best, vain, left := s.lp.total(), choice{choices[0].column, -1}, 0, tried
	for _, c := range choices {
		if vain == inVain || ctx.Err() != nil {
			break
		}
		if left > 0 && !s.past[c.column].reliable() {
			left--
			c.score = s.try(ctx, c.column, x[c.column], now)
		}
		if vain++; c.score > best.score {
			best, vain = c, 0
		}
	}
	return best.column
}

// choices returns the columns that are not whole, the most promising first.
func (s *search) choices(x []float64, b box) (all []choice) {
	mean := s.means()
	for j, v := range x {
		part := v - math.Floor(v)
		if part < outside || part > 1-outside || b.least[j] == b.most[j] {
			continue
		}
		down, up := s.past[j].mean(0, mean[0])*part, s.past[j].mean(1, mean[1])*(1-part)
		all = append(all, choice{j, score(down, up)})
	}
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(b.score, a.score) })
	return all
}

// means returns the experience with all columns; 1 if there is none.
func (s *search) means() (mean [direction]float64) {
	var all experience
	for j := range s.past {
		for d := range direction {
			all.sum[d] += s.past[j].sum[d]
			all.count[d] += s.past[j].count[d]
		}
	}
	return [direction]float64{all.mean(0, 1), all.mean(1, 1)}
}

// score is high if both gains are.
func score(down, up float64) float64 {
	const little = 1e-6
	return max(down, little) * max(up, little)
}

// try moves a column to either side of v, and returns how good a split there is.
func (s *search) try(ctx context.Context, j int, v, now float64) float64 {
	var gains [direction]float64
	for d, to := range [direction]float64{math.Floor(v), math.Ceil(v)} {
		low, up := s.lp.low[j], s.lp.up[j]
		s.lp.save()
		if d == 0 {
			s.lp.up[j] = to
		} else {
			s.lp.low[j] = to
		}
		stuck, _ := s.lp.pivots(ctx, pivots, true)
		after := s.lp.total()
		s.lp.load()
		s.lp.low[j], s.lp.up[j] = low, up
		if stuck >= 0 {
			gains[d] = stuckGain
			continue
		}
		gains[d] = max(0, after-now)
		s.past[j].learn(d, gains[d]/math.Abs(to-v))
	}
	return score(gains[0], gains[1])
}

// split makes two nodes: column j at most floor(v), and above it. The nearer one is next.
func (s *search) split(n *node, j int, v float64, b box) {
	at := min(int(math.Floor(v+outside)), b.most[j]-1)
	low := &node{parent: n, column: j, limit: at, bound: n.bound, proof: n.proof}
	high := &node{parent: n, column: j, limit: at + 1, above: true, bound: n.bound, proof: n.proof}
	for _, child := range []*node{low, high} {
		s.made++
		child.number = s.made
	}
	if v-float64(at) > .5 {
		low, high = high, low
	}
	s.next = low
	s.open.Push(high)
}
