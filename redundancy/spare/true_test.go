package spare_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// threeBoards is servers of 10 that draw 1 and ¼ a unit, on three boards of 3, 3 and 2 of them with limits of 17, 31 and 32.
func threeBoards() topology.Spec {
	s := topology.Spec{Kinds: map[string]component{"server": {Capacity: 10}}}
	for b, limit := range []float64{17, 31, 32} {
		board := fmt.Sprintf("board-%d", b+1)
		s.Components = append(s.Components, component{Name: board, Kind: "board", Capacity: limit},
			component{Name: fmt.Sprintf("s-%d-[1-%d]", b+1, []int{3, 3, 2}[b]), Kind: "server",
				Supplies: []topology.Supply{{Members: topology.Names{board}, Base: 1, PerUnit: .25}}})
	}
	s.Components = append(s.Components, demand(70))
	return s
}

// Seven servers must be left by each board: 3 more. With (1,0,2) added all hold: board-3 lost, 7 are left at 10, and board-1
// carries 4 · 3.5 = 14. With (3,0,2) they do not: board-3 lost, 9 are left at 7.78, and board-1 carries 6 · (1 + 7.78/4) =
// 17.7 of 17. With (3,1,2) they hold again: 10 are left at 7, and board-1 carries 6 · 2.75 = 16.5.
func TestTrueDrawIsNotMonotone(t *testing.T) {
	s := threeBoards()
	offers := []spare.Offer{{Like: "s-1-1"}, {Like: "s-2-1"}, {Like: "s-3-1"}}
	holds := func(x ...int) bool {
		screening, err := cascade.Screen(ctx, bought(t, s, offers, x), cascade.Each("board"), cascade.Options{})
		require.NoError(t, err)
		return screening.Holds()
	}
	require.True(t, holds(1, 0, 2))
	require.False(t, holds(3, 0, 2))
	require.True(t, holds(3, 1, 2))
	for _, exact := range []bool{false, true} {
		p := minimum(t, s, "each board", spare.Options{Offers: offers, TrueDraw: exact})
		require.Equal(t, cascade.Proven, p.Certainty)
		require.Equal(t, 3.0, p.Cost)
		t.Log(p)
	}
}
