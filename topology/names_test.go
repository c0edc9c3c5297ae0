package topology

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A table finds what a map does, however little room it was made with.
func TestNameTableTwin(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		table, twin := makeNames(r.IntN(50)), map[string]ID{}
		for range r.IntN(500) {
			name := aName(r)
			before, had := twin[name]
			id, isNew := table.add([]byte(name))
			if !had {
				before = ID(len(twin))
				twin[name] = before
			}
			require.Equal(t, before, id)
			require.Equal(t, !had, isNew)
		}
		require.Equal(t, len(twin), table.len())
		for range 300 {
			name := aName(r)
			want, had := twin[name]
			id, ok := table.find(name)
			require.Equal(t, had, ok)
			require.Equal(t, want, id)
			if ok {
				require.Equal(t, name, table.name(id))
			}
		}
	}
}

// aName returns a number, or one of many names that differ only in the last byte.
func aName(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return fmt.Sprintf("%d", r.IntN(300))
	}
	return fmt.Sprintf("%d", r.IntN(3)) + string([]byte{byte(r.IntN(256))})
}

func TestEmptyNameTable(t *testing.T) {
	table := makeNames(0)
	_, ok := table.find("")
	require.False(t, ok)
	_, isNew := table.add(nil)
	require.True(t, isNew)
	id, ok := table.find("")
	require.True(t, ok)
	require.Zero(t, id)
}

func TestSlotHoldsTheLastID(t *testing.T) {
	s := slotOf(MaxComponents-1, ^uint64(0))
	require.Equal(t, ID(MaxComponents-1), s.id())
	require.Equal(t, partOf(^uint64(0)), s.part())
}

func TestLookupAllocatesNothing(t *testing.T) {
	name := strings.Repeat("long", 100)
	fleet := Must(New(Spec{Components: []Component{{Name: name}}}))
	require.Zero(t, testing.AllocsPerRun(10, func() { fleet.Lookup(name) }))
}
