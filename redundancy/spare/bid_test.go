package spare

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
)

// everyPurchase returns all purchases of some columns, in the order in which they are to be asked: the cheapest first, of these the one
// that has most of the first column.
func everyPurchase(columns []column) (all [][]int) {
	all = [][]int{nil}
	for _, c := range columns {
		var longer [][]int
		for _, x := range all {
			for n := range c.most + 1 {
				longer = append(longer, append(slices.Clone(x), n))
			}
		}
		all = longer
	}
	w := &work{columns: columns}
	slices.SortFunc(all, func(a, b []int) int {
		if order := w.price(a).Cmp(w.price(b)); order != 0 {
			return order
		}
		return slices.Compare(b, a)
	})
	return all
}

func TestBidsComeInOrder(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 3))
		columns := make([]column, 1+r.IntN(4))
		for j := range columns {
			columns[j] = column{cost: big.NewRat(int64(1+r.IntN(4)), 2), most: 1 + r.IntN(4)}
		}
		open, m := queue.New((*bid).compare), newMarket(columns)
		open.Push(&bid{cost: new(big.Rat), latest: -1})
		want := everyPurchase(columns)
		for i := range want {
			b, more := open.Pop()
			require.True(t, more, "seed %d: %d", seed, i)
			require.Equal(t, want[i], m.purchase(b), "seed %d: %d", seed, i)
			for _, next := range m.next(b) {
				open.Push(next)
			}
		}
		_, more := open.Pop()
		require.False(t, more, "seed %d", seed)
	}
}
