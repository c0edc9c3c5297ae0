package psplib

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
	"github.com/ridethrough/ridethrough/topology"
)

const two = `
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          1           2
   2        1          0
****
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------
  1      1     0       0    0
  2      1     5       3    0
****
RESOURCEAVAILABILITIES:
  R 1  R 2
    4    9
`

func TestRead(t *testing.T) {
	p, err := Read(strings.NewReader(two))
	require.NoError(t, err)
	require.Equal(t, schedule.Problem{Capacity: []int64{4, 9}, Jobs: []schedule.Job{
		{}, {Duration: 5, After: []int{0}, Uses: []schedule.Use{{Resource: 0, During: 3}}},
	}}, p)
}

func TestSpec(t *testing.T) {
	p, err := Read(strings.NewReader(two))
	require.NoError(t, err)
	in := Instance{Name: "two", Problem: p}
	require.Equal(t, topology.Spec{Name: "two", Components: []topology.Component{
		{Name: "resource-1", Kind: "resource", Capacity: 4},
		{Name: "resource-2", Kind: "resource", Capacity: 9},
		{Name: "activity-1", Kind: "activity"},
		{Name: "activity-2", Kind: "activity", Start: topology.Start{Boot: 5 * Unit}, StartNeeds: topology.Names{"activity-1"},
			Supplies: []topology.Supply{{Members: topology.Names{"resource-1"}, Inrush: 3}}},
	}}, in.Spec())
}

func FuzzRead(f *testing.F) {
	f.Add(two)
	f.Add("REQUESTS/DURATIONS:\n 99999999 1 1")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = Read(strings.NewReader(text))
	})
}
