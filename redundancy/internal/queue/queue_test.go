package queue_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
)

func TestQueueEqualsASortedList(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		q, list := queue.New(cmp.Compare[int]), []int{}
		for range 60 {
			if r.IntN(5) < 3 {
				x := r.IntN(20)
				q.Push(x)
				list = append(list, x)
				slices.Sort(list)
			} else if first, ok := q.Pop(); len(list) == 0 {
				require.False(t, ok)
			} else {
				require.True(t, ok)
				require.Equal(t, list[0], first)
				list = list[1:]
			}
			first, ok := q.First()
			require.Equal(t, len(list) > 0, ok)
			if ok {
				require.Equal(t, list[0], first)
			}
			require.ElementsMatch(t, list, q.Items())
		}
	}
}
