package main

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestFacebook(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/facebook2021.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand: ten halls of 3 MW, two groups that fill for .5 + 2.5, and from 0:05 on two of .5 more and a tenth of the users, who
// ask for half more: 30 + 6 = 36, 30 + 1 + 6 + .1·30·1.5 = 41.5 MW. At 0:20 all are filled, and the surge is e^(−1) of itself.
func TestDrawsByHand(t *testing.T) {
	fleet := topology.Must(fleet())
	pair := func(at time.Duration, which string) restart.Step {
		return restart.Step{At: at, Do: restart.PowerOn, What: topology.Names{"cache-[1-3]-[" + which + "]"}}
	}
	all := draws(fleet, &restart.Plan{Full: 20 * time.Minute, Steps: []restart.Step{
		pair(0, "01-02"), pair(fill, "03-04"), pair(2*fill, "05-10"),
		{At: fill, Do: restart.Admit, What: topology.Names{"users"}, Admit: .1},
	}})
	require.Len(t, all, 21)
	require.InEpsilon(t, 36, all[0].megawatt, 1e-12)
	require.InEpsilon(t, 41.5, all[5].megawatt, 1e-12)
	require.InEpsilon(t, 35+.1*30*(1+.5*.36787944117), all[20].megawatt, 1e-9)
}
