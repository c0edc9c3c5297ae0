package cutset

import (
	"cmp"
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/bdd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/order"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// An Interval holds a probability; both ends are proven, up to rounding.
type Interval struct{ Low, High float64 }

// Bounds finds bounds of the probability of the top. Modules that are solved are exact; of the others, diagrams from below and from
// above are made of twice as many nodes again and again, in ever fewer orders, until they would need more than they may have, or the
// context ends: then the best that is known is returned together with the context's error.
func (s *Solution) Bounds(ctx context.Context, q []float64, o Options) (Interval, error) {
	b := bounder{ctx: ctx, events: q, limit: o.nodes(), tried: o.tried}
	for i := range s.parts {
		b.of = append(b.of, b.part(&s.parts[i]))
	}
	if len(b.of) == 0 {
		return Interval{}, ctx.Err()
	}
	return b.of[len(b.of)-1], ctx.Err()
}

type bounder struct {
	ctx    context.Context
	events []float64  // probabilities
	of     []Interval // by module
	limit  int
	tried  func()
}

// part bounds a module, given those that stand in it.
func (b *bounder) part(p *part) Interval {
	switch {
	case b.ctx.Err() != nil:
		return Interval{0, 1}
	case p.function == nil:
		return b.module(p.module)
	}
	low, _ := p.function.sum(b.ctx, b.weights(p.function.at(), bdd.Below))
	high, _ := p.function.sum(b.ctx, b.weights(p.function.at(), bdd.Above))
	if b.ctx.Err() != nil {
		return Interval{0, 1}
	}
	return Interval{low, high}
}

// module bounds a module that is not solved.
func (b *bounder) module(m tree.Part) Interval {
	if wide(m.Tree) {
		x, ok := b.conditioned(m)
		if ok || affordable(m.Tree, b.limit) == 0 || b.ctx.Err() != nil {
			return x
		}
	}
	return b.closer(m, order.New(m.Tree))
}

// closer bounds a module by ever more nodes, in orders of which those that do badly drop out.
func (b *bounder) closer(m tree.Part, orders *order.Orders) Interval {
	best := Interval{0, 1}
	rivals := make([]rival, orders.Len())
	for i := range rivals {
		rivals[i].order = i
	}
	for keep := firstKept; keep <= max(firstKept, b.limit/4) && best.Low < best.High && b.ctx.Err() == nil; keep *= 2 {
		for i := range rivals {
			if b.ctx.Err() != nil {
				return best
			}
			x := b.bound(m, orders.At(b.ctx, rivals[i].order), keep)
			best, rivals[i].width = Interval{max(best.Low, x.Low), min(best.High, x.High)}, x.High-x.Low
		}
		rivals = remaining(rivals, keep)
	}
	return best
}

// A rival is an order, and how far apart its last bounds were.
type rival struct {
	order int
	width float64
}

// remaining returns those that go on after so many nodes, the best first.
func remaining(rivals []rival, keep int) []rival {
	slices.SortStableFunc(rivals, func(x, y rival) int { return cmp.Compare(x.width, y.width) })
	if keep >= decided {
		return rivals[:1]
	}
	least := rivals[0].width
	return slices.DeleteFunc(rivals, func(x rival) bool { return x.width > behind*least })
}

// conditioned bounds a wide module, if it is easy but for a few events.
func (b *bounder) conditioned(m tree.Part) (Interval, bool) {
	low, high := b.weights(m.Stands, bdd.Below), b.weights(m.Stands, bdd.Above)
	x, ok := conditioned(b.ctx, m.Tree, low, b.tried)
	if ok && !slices.Equal(low, high) {
		above, _ := conditioned(b.ctx, m.Tree, high, b.tried)
		x.High = above.High
	}
	return x, ok
}

// So many nodes a bound has at first, in each order; what is so many times as wide as the best drops out; and with so many nodes it is
// decided which order goes on alone. More nodes need not bound better: all that was found counts.
const (
	firstKept = 1 << 6
	behind    = 10
	decided   = 1 << 11
)

// bound bounds a module by diagrams of so many nodes.
func (b *bounder) bound(m tree.Part, levels []int32, keep int) Interval {
	at := stands(m, levels)
	return Interval{b.side(m, levels, b.weights(at, bdd.Below), bdd.Below, keep, 0), b.side(m, levels, b.weights(at, bdd.Above), bdd.Above, keep, 1)}
}

// side bounds a module from a side; without a diagram, it is what is known without one.
func (b *bounder) side(m tree.Part, levels []int32, q []float64, side bdd.Side, keep int, without float64) float64 {
	f, err := bdd.Bound(b.ctx, m.Tree, levels, q, side, keep, b.limit)
	b.tried()
	if err != nil {
		return without
	}
	return chance(f, q)
}

func chance(f dd.Diagram, q []float64) float64 { return bdd.Probability(f, q)[f.Root] }

// weights returns by level the probabilities of events, and the bounds of modules from a side.
func (b *bounder) weights(stands []int32, side bdd.Side) []float64 {
	w := make([]float64, len(stands))
	for level, x := range stands {
		switch inner := int(x) - len(b.events); {
		case inner < 0:
			w[level] = b.events[x]
		case side == bdd.Above:
			w[level] = b.of[inner].High
		default:
			w[level] = b.of[inner].Low
		}
	}
	return w
}
