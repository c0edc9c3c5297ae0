package cutset

import (
	"context"
	"errors"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/order"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

// glance returns how many nodes a module may have to be solved exactly, when that was not asked for.
func glance(t *tree.Tree) int { return max(1<<15, firstNodes(t)) }

// UpTo finds all minimal cut sets up to a size, where [Solve] finds no end. Modules that are small are solved all the same,
// so the solution may have larger ones too, but then not all. Such a solution has no [Solution.Probability] and no
// [Solution.Birnbaum]: see [Bounds]. Its sums are those over the sets that it has.
//
// The error is an *[Unfinished] or the context's.
func UpTo(ctx context.Context, t *tree.Tree, size int, o Options) (*Solution, error) {
	return upTo(ctx, t, size, o, glance)
}

func upTo(ctx context.Context, t *tree.Tree, size int, o Options, glance func(*tree.Tree) int) (*Solution, error) {
	return solveParts(t, o, func(s *Solution, m tree.Part) (part, error) {
		p, err := exact(ctx, m, min(glance(m.Tree), o.nodes()))
		if errors.Is(err, dd.ErrFull) {
			s.upTo = size
			return s.light(ctx, m, size, o.nodes())
		}
		return p, err
	})
}

// light finds the minimal cut sets of a module up to a size, in the first order in which that can be done.
func (s *Solution) light(ctx context.Context, m tree.Part, size, limit int) (part, error) {
	orders := order.New(m.Tree)
	for nodes := min(firstNodes(m.Tree), limit); ; nodes = min(8*nodes, limit) {
		for i := range turns(orders, nodes) {
			levels := orders.At(i)
			p := part{stands: stands(m, levels)}
			var err error
			p.family, err = zdd.UpTo(ctx, m.Tree, levels, s.least(p.stands), size, nodes)
			if !errors.Is(err, dd.ErrFull) {
				return p, err
			}
		}
		if nodes == limit {
			return part{}, &Unfinished{m.Events, m.Len() - m.Events, limit, size}
		}
	}
}

// least returns by level the size of the smallest set of what stands there; more than any if it has none.
func (s *Solution) least(stands []int32) []int {
	least := make([]int, len(stands))
	for level, x := range stands {
		least[level] = 1
		if int(x) >= s.events {
			least[level] = s.parts[int(x)-s.events].least
		}
	}
	return least
}

// smallest returns the size of the smallest set of a family, given those of what stands at its levels.
func smallest(d dd.Diagram, least []int) int {
	size := make([]int, len(d.Nodes))
	size[dd.Zero] = All
	for r := 2; r < len(size); r++ {
		n := d.Nodes[r]
		size[r] = min(size[n.Lo], size[n.Hi]+least[n.Level], All)
	}
	return size[d.Root]
}
