package cutset

import (
	"context"
	"errors"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/few"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/order"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

// WithSets returns the solution with all minimal cut sets up to a size, where [Solve] could not have them all. Modules that are
// solved may have larger ones too, but then not all are there; sums are those over the sets that it has.
//
// The error is [dd.ErrFull] or the context's.
func (s *Solution) WithSets(ctx context.Context, size int, o Options) (*Solution, error) {
	with := &Solution{events: s.events, upTo: s.upTo}
	for _, p := range s.parts {
		if !p.whole {
			with.upTo = size
			var err error
			if p.family, err = with.light(ctx, &p, size, o); err != nil {
				return nil, err
			}
			p.least = smallest(p.family.Diagram, with.least(p.family.stands))
		}
		with.parts = append(with.parts, p)
	}
	return with, nil
}

// light finds the minimal cut sets of a module up to a size.
func (s *Solution) light(ctx context.Context, p *part, size int, o Options) (diagram, error) {
	if p.pool != nil {
		return s.poolSets(ctx, p, size, min(o.nodes(), mostOfPool))
	}
	return s.lightSets(ctx, p.module, size, o)
}

// lightSets finds them without the binary diagram, in the first order in which that can be done.
func (s *Solution) lightSets(ctx context.Context, m tree.Part, size int, o Options) (diagram, error) {
	if size <= 2 && wide(m.Tree) {
		if family, err := s.fewSets(ctx, m, size, o.nodes()); !errors.Is(err, few.ErrTooMany) {
			return diagram{family, m.Stands}, err
		}
	}
	limit := affordable(m.Tree, o.nodes())
	if limit == 0 {
		return diagram{}, dd.ErrFull
	}
	orders := order.New(m.Tree)
	for nodes := min(firstNodes(m.Tree), limit); ; nodes = min(8*nodes, limit) {
		for i := range turns(orders, nodes) {
			levels := orders.At(ctx, i)
			at := stands(m, levels)
			family, err := zdd.UpTo(ctx, m.Tree, levels, s.least(at), size, nodes)
			o.tried()
			if !errors.Is(err, dd.ErrFull) {
				return diagram{family, at}, err
			}
		}
		if nodes == limit {
			return diagram{}, dd.ErrFull
		}
	}
}

// fewSets finds the cut sets of up to two by counting, with the events of the module as levels.
func (s *Solution) fewSets(ctx context.Context, m tree.Part, size, limit int) (dd.Diagram, error) {
	sets, err := few.Find(ctx, m.Tree, size)
	if err != nil {
		return dd.Diagram{}, err
	}
	top := sets[m.Top]
	second := make([][]int32, m.Events) // by event: those with which it is a cut set, in order
	weight := s.least(m.Stands)
	for _, p := range top.Base.Twos {
		if weight[p[0]]+weight[p[1]] <= size {
			second[p[0]] = append(second[p[0]], p[1])
		}
	}
	store := dd.NewStore(ctx, limit)
	root := dd.Zero
	for e := int32(m.Events) - 1; e >= 0; e-- {
		with := dd.Zero
		for _, other := range slices.Backward(second[e]) {
			with = store.Make(other, with, dd.One)
		}
		if _, alone := slices.BinarySearch(top.Base.Ones, e); (alone || e == top.Own) && weight[e] <= size {
			with = dd.One
		}
		if with != dd.Zero {
			root = store.Make(e, root, with)
		}
	}
	if err := store.Err(); err != nil {
		return dd.Diagram{}, err
	}
	return store.Diagram(root), nil
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

// Largest returns the size of the largest minimal cut set that the solution has; 0 if there is none.
func (s *Solution) Largest() int {
	most := 0
	of := make([]int, len(s.parts))
	for i := range s.parts {
		f := s.parts[i].family
		size := make([]int, len(f.Nodes))
		for r := 2; r < len(size); r++ {
			n := f.Nodes[r]
			with := 1
			if x := int(f.stands[n.Level]); x >= s.events {
				with = of[x-s.events]
			}
			size[r] = max(size[n.Lo], size[n.Hi]+with)
		}
		of[i] = size[f.Root]
		most = of[i]
	}
	return most
}
