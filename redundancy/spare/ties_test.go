package spare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// favourite tries every purchase of x[b] servers on board b, so that with any k boards lost as many are left as there
// were: the cheapest, of these that with most on the first board, and so on.
func favourite(size, cost []int, k int) (best []int) {
	n, most := 0, 0
	for _, s := range size {
		n, most = n+s, max(most, s)
	}
	x, spent := make([]int, len(size)), 0
	holds := func() bool {
		for set := range 1 << len(size) {
			left, lost := 0, 0
			for b := range size {
				if set>>b&1 == 1 {
					lost++
				} else {
					left += size[b] + x[b]
				}
			}
			if lost == k && left < n {
				return false
			}
		}
		return true
	}
	least := 1 << 30
	var visit func(b int)
	visit = func(b int) {
		switch {
		case spent > least || spent == least && best != nil:
		case b < len(size):
			for x[b] = 2 * most; x[b] >= 0; x[b]-- {
				spent += cost[b] * x[b]
				visit(b + 1)
				spent -= cost[b] * x[b]
			}
			x[b] = 0
		case holds():
			best, least = append([]int(nil), x...), spent
		}
	}
	visit(0)
	return best
}

func TestTiesEqualEveryPurchase(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 5))
		boards, k := 3+r.IntN(2), 1+r.IntN(2)
		s := topology.Spec{Components: []component{{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board"}}}
		var offers []spare.Offer
		var size, cost []int
		n := 0
		for b := range boards {
			size, cost = append(size, 1+r.IntN(4)), append(cost, 1+r.IntN(2))
			n += size[b]
			s.Components = append(s.Components, component{Name: fmt.Sprintf("s-%d-[1-%d]", b, size[b]), Kind: "server", Capacity: 10, Needs: topology.Names{fmt.Sprintf("board-%d", b+1)}})
			offers = append(offers, spare.Offer{Like: fmt.Sprintf("s-%d-1", b), Cost: float64(cost[b])})
		}
		s.Components = append(s.Components, demand(float64(10*n)))
		p, err := spare.Minimum(ctx, topology.Must(topology.New(s)), cascade.Any(k, "board"), spare.Options{Offers: offers})
		require.NoError(t, err)
		got := make([]int, boards)
		for _, b := range p.Buy {
			for j, o := range offers {
				if o.Like == b.Like {
					got[j] = b.Count
				}
			}
		}
		require.Equal(t, favourite(size, cost, k), got, "seed %d", seed)
	}
}
