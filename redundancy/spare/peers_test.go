package spare_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
	"github.com/ridethrough/ridethrough/topology"
)

// TestMinimumEqualsPeers asks solvers made by others for the least cost, of an integer program made from the definition:
// CBC for every fleet, GLPK for every fifth. What is bought is then shown to one of them as the only purchase there is.
func TestMinimumEqualsPeers(t *testing.T) {
	cbc, glpk := lp.Peers()
	if !cbc.Installed() && !glpk.Installed() {
		t.Skip("no peer is here: install coinor-cbc or glpk-utils")
	}
	fast := glpk
	if !glpk.Installed() {
		fast = cbc
	}
	fleets := uint64(1000)
	if testing.Short() {
		fleets = 100
	}
	count := map[string]int{}
	for seed := range fleets {
		f := randomFleet(rand.New(rand.NewPCG(seed, 40)))
		p, about := minimumOf(t, f), fmt.Sprintf("seed %d: %+v", seed, f)
		count[told(p)]++
		program := lp.New(f)
		for i, peer := range []lp.Peer{cbc, glpk} {
			if peer.Installed() && (i == 0 || seed%5 == 0 || !cbc.Installed()) {
				count[peer.Name]++
				agree(t, peer, program, p, about)
			}
		}
		if len(p.Buy) > 0 {
			bought := map[string]int{}
			for _, b := range p.Buy {
				bought[b.Like+b.For] = b.Count
			}
			if bought[p.Buy[len(p.Buy)-1].For] > 0 {
				count["capacity bought"]++
			}
			program.Fix(bought)
			agree(t, fast, program, p, about+": this purchase")
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

// agree holds a plan against the answer of a peer. Costs are in hundredths, so far apart that its rounding does not matter.
func agree(t *testing.T, peer lp.Peer, of *lp.Program, p *spare.Plan, about string) {
	cost, ok := solve(t, peer, of, about)
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

func solve(t *testing.T, peer lp.Peer, of *lp.Program, about string) (cost float64, ok bool) {
	dir, err := os.MkdirTemp("", "peers-")
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	program, solution := filepath.Join(dir, "program.lp"), filepath.Join(dir, "solution")
	file, err := os.Create(program)
	require.NoError(t, err)
	require.NoError(t, of.Write(file))
	require.NoError(t, file.Close())
	soon, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := peer.Command(soon, program, solution).CombinedOutput()
	require.NoError(t, err, "%s\n%s", about, out)
	cost, ok, err = peer.Read(solution)
	require.NoError(t, err, about)
	return cost, ok
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
