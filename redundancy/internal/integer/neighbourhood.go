package integer

import (
	"context"
	"math"
)

const (
	firstLook  = 8   // node
	nearby     = 200 // nodes of a search in a neighbourhood
	neighbours = 250 // nodes between two such searches, later on
	mostOpen   = .5  // of the columns may be open in it
)

// neighbourhood looks for something cheaper than the best where that and the solution of a relaxation are alike: the columns in
// which they are the same stay as they are, and what is left is a small program (relaxation induced neighbourhoods: Danna,
// Rothberg & Le Pape 2005, doi:10.1007/s10107-004-0518-7).
func (s *search) neighbourhood(ctx context.Context, x []float64) {
	p, open, ok := s.around(x)
	if !ok || float64(len(open)) > mostOpen*float64(s.columns) {
		return
	}
	e := exactly(p)
	e.tighten()
	sub := newSearch(e, nearby, len(p.Rows))
	sub.inner, sub.best = true, make([]int, len(open))
	for i, j := range open {
		sub.best[i] = s.best[j]
	}
	sub.cost = sub.price(sub.best)
	sub.run(ctx)
	all := make([]int, s.columns)
	copy(all, s.best)
	for i, j := range open {
		all[j] = sub.best[i]
	}
	s.offer(all)
}

// looksAround reports whether it is time for that.
func (s *search) looksAround() bool {
	return s.best != nil && !s.inner && s.nodes >= firstLook && (s.nodes&(s.nodes-1) == 0 || s.nodes%neighbours == 0)
}

// around returns the program in which the columns stay as the best has them that are the same in x, and those that are left;
// false if there are none, or what a row asks of them is no number.
func (s *search) around(x []float64) (p Program, open []int, ok bool) {
	place := make([]int, s.columns)
	for j := range place {
		if place[j] = -1; math.Abs(x[j]-float64(s.best[j])) > outside {
			place[j] = len(open)
			open = append(open, j)
			p.Cost = append(p.Cost, s.program.Cost[j])
			p.Least, p.Most = append(p.Least, s.least[j]), append(p.Most, s.most[j])
		}
	}
	for _, r := range s.program.Rows {
		row := Row{Least: r.Least}
		for k, j := range r.On {
			if place[j] < 0 {
				row.Least -= float64(r.Of[k] * float64(s.best[j]))
				continue
			}
			row.On, row.Of = append(row.On, place[j]), append(row.Of, r.Of[k])
		}
		if !(math.Abs(row.Least) <= math.MaxFloat64) {
			return p, nil, false
		}
		if len(row.On) > 0 {
			p.Rows = append(p.Rows, row)
		}
	}
	return p, open, len(open) > 0
}
