package spare_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
	"github.com/ridethrough/ridethrough/topology"
)

// TestMinimumEqualsPeers asks solvers made by others for the least cost, of an integer program made from the definition:
// CBC for every fleet, GLPK for every fifth.
func TestMinimumEqualsPeers(t *testing.T) {
	cbc, glpk := lp.Peers()
	if !cbc.Installed() && !glpk.Installed() {
		t.Skip("no peer is here: install coinor-cbc or glpk-utils")
	}
	fleets := uint64(1100)
	if testing.Short() {
		fleets = 110
	}
	program, count := filepath.Join(t.TempDir(), "program.lp"), map[string]int{}
	for seed := range fleets {
		f := randomFleet(rand.New(rand.NewPCG(seed, 40)))
		p := minimumOf(t, f)
		writeProgram(t, f, program)
		count[told(p)]++
		if slices.ContainsFunc(p.Buy, func(b spare.Purchase) bool { return b.For != "" }) {
			count["capacity bought"]++
		}
		for i, peer := range []lp.Peer{cbc, glpk} {
			if peer.Installed() && (i == 0 || seed%5 == 0 || !cbc.Installed()) {
				count[peer.Name]++
				agree(t, peer, program, p, fmt.Sprintf("seed %d: %+v", seed, f))
			}
		}
	}
	t.Log(count)
	require.Less(t, count["not determined"], int(fleets)/20)
	for _, some := range []string{"bought", "nothing bought", "none helps", "by nameplate", "capacity bought"} {
		require.Greater(t, count[some], int(fleets)/20, some)
	}
}

func minimumOf(t *testing.T, f *lp.Fleet) *spare.Plan {
	var offers []spare.Offer
	for _, o := range f.Offers {
		offers = append(offers, spare.Offer{Like: o.Like, Needs: o.Needs, For: o.For, By: o.By, Cost: o.Cost, Most: o.Most})
	}
	top, err := topology.New(f.Spec())
	require.NoError(t, err)
	family, err := cascade.ParseFamily(f.Family)
	require.NoError(t, err)
	p, err := spare.Minimum(ctx, top, family, spare.Options{Offers: offers, Workers: 1})
	require.NoError(t, err)
	return p
}

func writeProgram(t *testing.T, f *lp.Fleet, name string) {
	file, err := os.Create(name)
	require.NoError(t, err)
	require.NoError(t, lp.New(f).Write(file))
	require.NoError(t, file.Close())
}

// agree holds a plan against the answer of a peer. Costs are in hundredths, so far apart that its rounding does not matter.
func agree(t *testing.T, peer lp.Peer, program string, p *spare.Plan, about string) {
	solution := filepath.Join(filepath.Dir(program), "solution")
	require.NoError(t, os.RemoveAll(solution))
	soon, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := peer.Command(soon, program, solution).CombinedOutput()
	require.NoError(t, err, "%s", out)
	cost, ok, err := peer.Read(solution)
	require.NoError(t, err, about)
	about = fmt.Sprintf("%s\n%s: %v %v\n%v", about, peer.Name, cost, ok, p)
	switch {
	case p.Certainty == cascade.Undetermined:
		require.True(t, !ok || p.Bound <= cost+1e-6, about)
	case p.Infeasible:
		require.False(t, ok, about)
	default:
		require.True(t, ok, about)
		require.InDelta(t, cost, p.Cost, 1e-6, about)
	}
}

// told says what sort of plan it is.
func told(p *spare.Plan) string {
	switch {
	case p.Certainty == cascade.Undetermined:
		return "not determined"
	case p.Infeasible:
		return "none helps"
	case len(p.Buy) == 0:
		return "nothing bought"
	case p.Nameplate:
		return "by nameplate"
	default:
		return "bought"
	}
}
