package beside

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// Ten waves of a server each: the first two instants, the quarters, that of the store, and the last are shown, in one clock with the record.
func TestPrint(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "store"},
		{Name: "web-[01-10]", Kind: "server", Capacity: 10},
		{Name: "users", Demand: 100, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	var p restart.Plan
	for k := range 10 {
		p.Steps = append(p.Steps, restart.Step{At: time.Duration(k) * 10 * time.Minute, Do: restart.Admit, What: topology.Names{"users"}, Admit: float64(k+1) / 10})
	}
	p.Steps = append(p.Steps, restart.Step{At: 60 * time.Minute, Do: restart.PowerOn, What: topology.Names{"store", "web-[01-03]"}})
	var b strings.Builder
	Print(&b, fleet, &p, []Event{
		{-90 * time.Minute, "the first event, of which so much is said that it does not fit on one line"},
		{20 * time.Minute, "one thing"}, {20 * time.Minute, "another"}, {25 * time.Hour, "the end"},
	})
	want := `
           what happened                                        | what the plan does
           ---------------------------------------------------- | ----------------------------------------------------
    -1:30  the first event, of which so much is said that it    |
           does not fit on one line                             |
     0:00                                                       | admit 10 % of users
     0:10                                                       | admit 20 % of users
     0:20  one thing; another                                   | admit 30 % of users
     0:40                                                       | (1 time in between) admit 50 % of users
     1:00                                                       | (1 time in between) admit 70 % of users; power on
                                                                | store, 3 × server
     1:10                                                       | admit 80 % of users
     1:30                                                       | (1 time in between) admit 100 % of users
    25:00  the end                                              |
`
	require.Equal(t, want[1:], b.String())
}

func TestClock(t *testing.T) {
	require.Equal(t, []string{"0:00", "-1:05", "127:30"}, []string{Clock(0), Clock(-65 * time.Minute), Clock(127*time.Hour + 30*time.Minute)})
	require.Equal(t, "90 min", Minutes(90*time.Minute))
}
