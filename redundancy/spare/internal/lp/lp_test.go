package lp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
	"github.com/ridethrough/ridethrough/topology"
)

// Two servers of 10 on board-0, one of 10 on board-1, each drawing 4 and its load; a demand of 20. With nothing lost two
// servers are wanted, and there are three. Without board-0 one is left, without board-1 two.
//
// Board-1 has 30, of which 4 + 10 are reserved. There is room for 16, and each server more takes 14. Board-0 has 26, and
// 2 · (4 + 10) = 28 reserved, 2 too many: either b0 = 1, and 14 x0 + 2 ≤ 5 x2; or b1 = 1, and x0 = 0 and n ≥ 2 · 20/(26 −
// 2 · 4), which is 3. The same without board-1, by b2 and b3: but then n is 2 + x0. Once x2 is 1 there is room.
//
// So x1 ≥ 1 for the loss of board-0, and x2 ≥ 1 for that of board-1: 2 + .25.
func fleet() *lp.Fleet {
	return &lp.Fleet{
		Demand: 20, Need: 1,
		Sources: []lp.Source{{Name: "board-0", Kind: "board", Capacity: 26}, {Name: "board-1", Kind: "board", Capacity: 30}},
		Servers: []lp.Group{
			{Name: "a", Count: 2, Capacity: 10, On: []int{0}, Need: 1, Base: 4, PerUnit: 1},
			{Name: "b", Count: 1, Capacity: 10, On: []int{1}, Need: 1, Base: 4, PerUnit: 1},
		},
		Offers:    []lp.Offer{{Like: "a-1", Cost: 1.5}, {Like: "b-1", Cost: 2, Most: 4}, {For: "board-0", By: 5, Cost: .25}},
		Family:    "each board",
		Scenarios: [][]string{{"board-0"}, {"board-1"}},
	}
}

func TestProgram(t *testing.T) {
	var b strings.Builder
	require.NoError(t, lp.New(fleet()).Write(&b))
	require.Equal(t, `Minimize
 cost: +1.5 x0 +2 x1 +0.25 x2
Subject To
 r0: +1 all -1 x0 -1 x1 = 0
 r1: +1 all >= -2
 r2: +1 all >= -1
 r3: +14 x0 -5 x2 +2 b0 <= 0
 r4: +1 b0 +1 b1 = 1
 r5: +1 all -3 b1 >= -3
 r6: +5 x2 >= 0
 r7: +14 x1 <= 16
 r8: +1 all -1 x0 >= 0
 r9: +1 all -1 x0 >= 1
 r10: +1 all -1 x1 >= -1
 r11: +1 all -1 x1 >= 0
 r12: +14 x0 -5 x2 +2 b2 <= 0
 r13: +1 b2 +1 b3 = 1
 r14: +1 all -1 x1 -3 b3 >= -2
 o0: x0 - 1 b0 <= 0
 o1: x0 - 1 b2 <= 0
Bounds
 x0 <= 1
 x1 <= 1
 x2 <= 4
Generals
 all
 x0
 x1
 x2
Binaries
 b0
 b1
 b2
 b3
End
`, b.String())
}

func TestFleetIsATopology(t *testing.T) {
	top, err := topology.New(fleet().Spec())
	require.NoError(t, err)
	require.Equal(t, "2 × board, 3 × server, users", top.String())
	require.Equal(t, 2, fleet().Left([]string{"board-1"}))
	require.Equal(t, 1, fleet().Left([]string{"a-1", "board-1"}))
	actual, reserved := fleet().Loads([]string{"board-1"}) // 2 · (4 + 20/2): the servers are full
	require.Equal(t, []float64{28, 0}, actual)
	require.Equal(t, []float64{28, 0}, reserved)
}

func TestPeers(t *testing.T) {
	program, solution := filepath.Join(t.TempDir(), "program.lp"), filepath.Join(t.TempDir(), "solution")
	cbc, glpk := lp.Peers()
	for _, peer := range []lp.Peer{cbc, glpk} {
		t.Run(peer.Name, func(t *testing.T) {
			if !peer.Installed() {
				t.Skipf("it is not here: install %s", peer.Package)
			}
			f := fleet()
			for _, feasible := range []bool{true, false} {
				var b strings.Builder
				require.NoError(t, lp.New(f).Write(&b))
				require.NoError(t, os.WriteFile(program, []byte(b.String()), 0o600))
				require.NoError(t, peer.Command(t.Context(), program, solution).Run())
				cost, ok, err := peer.Read(solution)
				require.NoError(t, err)
				require.Equal(t, feasible, ok)
				if ok {
					require.InDelta(t, 2.25, cost, 1e-6)
				}
				f.Offers = f.Offers[:2] // no capacity for board-0
			}
		})
	}
}
