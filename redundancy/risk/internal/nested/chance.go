package nested

import "context"

// A step finds how many of some members fail: of those that an event takes, from how many do below it; or of the members of
// two steps together.
type step struct {
	place       int32 // of the event; none if the step puts two together
	left, right int32 // steps before, or none
	members     int   // no more fail
}

const none int32 = -1

// plan notes the steps, the last of which is the whole.
func (p *Pool) plan() {
	at := make([]int32, len(p.Events)) // the step of each event
	for i := len(p.Events) - 1; i >= 0; i-- {
		inner := p.together(p.below(i+1, int(p.end[i])), at)
		at[i] = p.add(step{place: int32(i), left: inner, right: none, members: int(p.takes[i])})
	}
	p.together(p.below(0, len(p.Events)), at)
}

// below returns the places from one on that none of the others has below it.
func (p *Pool) below(from, end int) []int32 {
	var places []int32
	for i := from; i < end; i = int(p.end[i]) {
		places = append(places, int32(i))
	}
	return places
}

// together adds steps that put events together, two by two: long distributions do not meet short ones time and again.
func (p *Pool) together(places, at []int32) int32 {
	if len(places) == 0 {
		return none
	}
	steps := places
	for i, place := range places {
		steps[i] = at[place]
	}
	for len(steps) > 1 {
		half := steps[:0]
		for i := 0; i+1 < len(steps); i += 2 {
			l, r := steps[i], steps[i+1]
			half = append(half, p.add(step{place: none, left: l, right: r, members: p.steps[l].members + p.steps[r].members}))
		}
		if len(steps)%2 == 1 {
			half = append(half, steps[len(steps)-1])
		}
		steps = half
	}
	return steps[0]
}

func (p *Pool) add(s step) int32 {
	p.steps = append(p.steps, s)
	return int32(len(p.steps) - 1)
}

// numbers are the probabilities that so many fail: the first that may, one more, and so on. The last stands for the number that
// must fail, and all above it.
type numbers struct {
	first int
	p     []float64
}

// Probability returns the probability that enough members fail, where q is that of the events, by place, independent of each other. All
// terms are positive. It takes time in proportion to the members times the number that must fail, and less where it is all but
// certain how many fail. When ctx ends, what it returns means nothing.
func (p *Pool) Probability(ctx context.Context, q []float64) float64 {
	all := p.distribution(ctx, q)
	if ctx.Err() != nil {
		return 0
	}
	return all[len(all)-1].at(p.least)
}

// distribution returns the numbers by step.
func (p *Pool) distribution(ctx context.Context, q []float64) []numbers {
	of := make([]numbers, len(p.steps))
	for i, s := range p.steps {
		switch {
		case ctx.Err() != nil:
			return nil
		case s.place == none:
			of[i] = p.sum(ctx, of[s.left], of[s.right])
		case s.left == none:
			of[i] = p.either(q[s.place], s.members, numbers{0, []float64{1}})
		default:
			of[i] = p.either(q[s.place], s.members, of[s.left])
		}
	}
	return of
}

// at returns the probability of a number.
func (n numbers) at(i int) float64 {
	if i -= n.first; i < 0 || i >= len(n.p) {
		return 0
	}
	return n.p[i]
}

// either returns the numbers where with a probability all fail, else as many as in others.
func (p *Pool) either(q float64, all int, others numbers) numbers {
	all = min(all, p.least)
	if q == 1 {
		return numbers{all, []float64{1}}
	}
	r := numbers{others.first, make([]float64, len(others.p), max(len(others.p), all-others.first+1))}
	for i, x := range others.p {
		r.p[i] = (1 - q) * x
	}
	if q > 0 {
		r.p = r.p[:cap(r.p)]
		r.p[all-r.first] += q
	}
	return r.trimmed()
}

// sum returns the numbers of two together.
func (p *Pool) sum(ctx context.Context, x, y numbers) numbers {
	first := min(p.least, x.first+y.first)
	last := min(p.least, x.first+len(x.p)-1+y.first+len(y.p)-1)
	r := numbers{first, make([]float64, last-first+1)}
	if len(x.p) > len(y.p) {
		x, y = y, x
	}
	for i, a := range x.p {
		if a == 0 {
			continue
		}
		if i%looked == looked-1 && ctx.Err() != nil {
			break
		}
		from := x.first + i + y.first - first
		fit := max(0, min(len(y.p), len(r.p)-from))
		row := r.p[min(from, len(r.p)):]
		for j, b := range y.p[:fit] {
			row[j] += float64(a * b)
		}
		for _, b := range y.p[fit:] {
			r.p[len(r.p)-1] += float64(a * b)
		}
	}
	return r.trimmed()
}

const (
	looked     = 1 << 8 // rows between two looks at the context
	negligible = 1e-300 // probabilities below this are taken for 0 at both ends
)

// trimmed returns the numbers without what is negligible at both ends.
func (n numbers) trimmed() numbers {
	for len(n.p) > 1 && n.p[len(n.p)-1] < negligible {
		n.p = n.p[:len(n.p)-1]
	}
	for len(n.p) > 1 && n.p[0] < negligible {
		n.first, n.p = n.first+1, n.p[1:]
	}
	return n
}

// Birnbaum returns by place the derivative of the probability by that of the event. It takes some times as long, and memory for
// all distributions. When ctx ends, what it returns means nothing.
func (p *Pool) Birnbaum(ctx context.Context, q []float64) []float64 {
	by := make([]float64, len(q))
	of := p.distribution(ctx, q)
	enough := make([][]float64, len(p.steps)) // by step, and number that fail of its members: probability that enough fail
	for i := len(p.steps) - 1; i >= 0 && ctx.Err() == nil; i-- {
		s := p.steps[i]
		if i == len(p.steps)-1 {
			enough[i] = make([]float64, min(s.members, p.least)+1)
			enough[i][len(enough[i])-1] = 1
		}
		g := enough[i]
		enough[i] = nil
		if s.place == none {
			enough[s.left] = p.given(ctx, g, of[s.right], p.steps[s.left].members)
			enough[s.right] = p.given(ctx, g, of[s.left], p.steps[s.right].members)
			continue
		}
		e := s.place
		others := numbers{0, []float64{1}}
		if s.left != none {
			others = of[s.left]
			enough[s.left] = scaled(g, 1-q[e], min(p.steps[s.left].members, p.least)+1)
		}
		by[e] = g[len(g)-1]
		for j, x := range others.p {
			by[e] -= float64(x * g[others.first+j])
		}
	}
	return by
}

// given returns, by how many of some members fail, the probability of enough failing, where the others are as in numbers, given
// that by how many fail of both.
func (p *Pool) given(ctx context.Context, enough []float64, others numbers, members int) []float64 {
	r := make([]float64, min(members, p.least)+1)
	for i := range r {
		if i%looked == looked-1 && ctx.Err() != nil {
			break
		}
		from := min(i+others.first, len(enough)-1)
		fit := min(len(others.p), len(enough)-from)
		r[i] = dot(others.p[:fit], enough[from:from+fit])
		for _, x := range others.p[fit:] {
			r[i] += float64(x * enough[len(enough)-1])
		}
	}
	return r
}

// dot adds up the products; four sums do not wait for each other.
func dot(x, y []float64) float64 {
	var a, b, c, d float64
	y = y[:len(x)]
	for len(x) >= 4 && len(y) >= 4 {
		a += float64(x[0] * y[0])
		b += float64(x[1] * y[1])
		c += float64(x[2] * y[2])
		d += float64(x[3] * y[3])
		x, y = x[4:], y[4:]
	}
	for i := range x {
		a += float64(x[i] * y[i])
	}
	return (a + b) + (c + d)
}

func scaled(x []float64, by float64, n int) []float64 {
	r := make([]float64, n)
	for i := range r {
		r[i] = by * x[i]
	}
	return r
}
