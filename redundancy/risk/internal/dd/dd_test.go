package dd

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// random makes nodes above those that are there, and says how they look from the top: to what each choice leads.
func random(r *rand.Rand, s *Store, n int) []Ref {
	refs := []Ref{Zero, One}
	for range n {
		lo, hi := refs[r.IntN(len(refs))], refs[r.IntN(len(refs))]
		level := min(s.Level(lo), s.Level(hi), 1<<20)
		refs = append(refs, s.Make(level-1-int32(r.IntN(2)), lo, hi))
	}
	return refs
}

// unfold tells a diagram apart from all others, whatever the numbers of its nodes.
func unfold(nodes []Node, r Ref, known map[Ref]int, ids map[[3]int]int) int {
	if r <= One {
		return int(r)
	}
	if id, ok := known[r]; ok {
		return id
	}
	n := nodes[r]
	key := [3]int{int(n.Level), unfold(nodes, n.Lo, known, ids), unfold(nodes, n.Hi, known, ids)}
	id, ok := ids[key]
	if !ok {
		id = len(ids) + 2
		ids[key] = id
	}
	known[r] = id
	return id
}

// Each node is there once, before and after a collection, which keeps what roots lead to, and nothing else.
func TestCollect(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		s := NewStore(context.Background(), 1<<20)
		refs := random(r, s, 1+r.IntN(3000))
		root, other := refs[r.IntN(len(refs))], refs[r.IntN(len(refs))]
		ids := map[[3]int]int{}
		a, b := unfold(s.Nodes, root, map[Ref]int{}, ids), unfold(s.Nodes, other, map[Ref]int{}, ids)
		s.Collect(&root, &other)
		require.Equal(t, a, unfold(s.Nodes, root, map[Ref]int{}, ids))
		require.Equal(t, b, unfold(s.Nodes, other, map[Ref]int{}, ids))
		require.Len(t, s.Nodes, 2+len(ids))
		for i, n := range s.Nodes[2:] {
			require.Equal(t, Ref(i+2), s.Make(n.Level, n.Lo, n.Hi))
			require.Less(t, max(n.Lo, n.Hi), Ref(i+2))
		}
		d := s.Diagram(root)
		require.Equal(t, a, unfold(d.Nodes, d.Root, map[Ref]int{}, ids))
	}
}

// What was kept is found, or nothing is; growing loses nothing that is wrong.
func TestCache(t *testing.T) {
	s := NewStore(context.Background(), 1<<20)
	r := rand.New(rand.NewPCG(2, 2))
	found := 0
	for i := range int32(20_000) {
		s.Put(i+1, i, -i, i)
		s.Make(i, Zero, One)
		j := int32(r.IntN(int(i) + 1))
		if x, ok := s.Get(j+1, j, -j); ok {
			require.Equal(t, j, x)
			found++
		}
		_, ok := s.Get(j+1, j, 1)
		require.False(t, ok)
	}
	require.Greater(t, found, 5000)
}

func TestFull(t *testing.T) {
	s := NewStore(context.Background(), 4)
	x := s.Make(1, Zero, One)
	y := s.Make(0, Zero, x)
	require.NoError(t, s.Err())
	require.Equal(t, y, s.Make(0, Zero, x))
	s.Make(0, One, x)
	require.ErrorIs(t, s.Err(), ErrFull)
}
