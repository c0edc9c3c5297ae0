package cutset

import (
	"cmp"
	"context"
	"errors"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/bdd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/order"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// The nodes that orders may use: so many for each event in the first round and, where none will do, four times as many in the
// next. Up to a number all orders have their turn, and the smallest diagram is taken; above that the first. Where it takes
// minutes to fail, only the orders have their turn that were good most often.
const (
	firstRound = 8
	compared   = 1 << 16
	long       = 1 << 20
	trusted    = 4
)

// function returns the binary diagram of a module, and its events by level; it tells each time that one was tried.
func function(ctx context.Context, t *tree.Tree, limit int, tried func()) ([]int32, dd.Diagram, error) {
	if limit == 0 {
		return nil, dd.Diagram{}, dd.ErrFull
	}
	orders := order.New(t)
	for nodes := min(firstNodes(t), limit); ; nodes = min(4*nodes, limit) {
		levels, f, err := round(ctx, t, orders, nodes, tried)
		if !errors.Is(err, dd.ErrFull) || nodes == limit {
			return levels, f, err
		}
	}
}

func firstNodes(t *tree.Tree) int { return max(1<<12, firstRound*t.Events) }

// round lets orders have their turn with so many nodes.
func round(ctx context.Context, t *tree.Tree, orders *order.Orders, nodes int, tried func()) (levels []int32, f dd.Diagram, err error) {
	err = dd.ErrFull
	for i := range turns(orders, nodes) {
		if ctx.Err() != nil {
			return nil, dd.Diagram{}, ctx.Err()
		}
		g, failed := bdd.Build(ctx, t, orders.At(ctx, i), nodes)
		tried()
		if failed == nil && (levels == nil || len(g.Nodes) < len(f.Nodes)) {
			levels, f, err = orders.At(ctx, i), g, nil
		}
		if levels != nil && nodes > compared {
			break
		}
	}
	return levels, f, cmp.Or(ctx.Err(), err)
}

// turns returns how many orders have their turn with so many nodes.
func turns(o *order.Orders, nodes int) int {
	if nodes > long {
		return min(trusted, o.Len())
	}
	return o.Len()
}
