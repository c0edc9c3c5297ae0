package tree_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
	"github.com/ridethrough/ridethrough/topology"
)

// randomFleet returns components with needs of all sorts on earlier ones, and of all of some on any.
func randomFleet(r *rand.Rand) *topology.Topology {
	for {
		n := 1 + r.IntN(9)
		var spec topology.Spec
		for i := range n {
			c := topology.Component{Name: fmt.Sprint("c-", i)}
			for range r.IntN(3) {
				c.Needs = append(c.Needs, randomNeed(r, i, n)...)
			}
			if i > 0 && r.IntN(3) == 0 {
				c.Supplies = []topology.Supply{{
					Members: topology.Names{fmt.Sprintf("c-[0-%d]", i-1)}, Need: 1 + r.IntN(i), Base: 1, Optional: false,
				}}
			}
			if i > 0 && r.IntN(5) == 0 {
				c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{"c-0"}, Optional: true, Base: 1})
				c.StartNeeds = topology.Names{"c-0"}
			}
			spec.Components = append(spec.Components, c)
		}
		if t, err := topology.New(spec); err == nil {
			return t
		}
	}
}

func randomNeed(r *rand.Rand, i, n int) topology.Names {
	if r.IntN(4) == 0 {
		return topology.Names{fmt.Sprint("c-", r.IntN(n))}
	}
	if i == 0 {
		return nil
	}
	from := r.IntN(i)
	return topology.Names{fmt.Sprintf("%d of c-[%d-%d]", 1+r.IntN(i-from), from, i-1)}
}

func every(topology.ID) bool { return true }

func of(t *testing.T, fleet *topology.Topology, top topology.ID, may func(topology.ID) bool) *tree.Forest {
	f, err := tree.Of(context.Background(), fleet, []topology.ID{top}, may)
	require.NoError(t, err)
	f.Top = f.Node[top]
	return f
}

// The top of the tree fails in exactly the states in which the closure takes the component down.
func TestOfIsTheClosure(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 3000 {
		fleet := randomFleet(r)
		top := topology.ID(r.IntN(fleet.Len()))
		may := func(id topology.ID) bool { return id%3 != 1 }
		if r.IntN(2) == 0 {
			may = every
		}
		f := of(t, fleet, top, may)
		components := f.Components
		require.Len(t, components, f.Events)
		for state, fails := range treetest.Table(f.Tree) {
			closure := fleet.Closure()
			for _, e := range treetest.Events(state) {
				closure.Fail(components[e])
			}
			require.Equal(t, closure.Down(top), fails, "%v", fleet)
		}
		checkEvents(t, fleet, top, may, components)
	}
}

// checkEvents checks that what has no basic event may not fail, or makes no difference.
func checkEvents(t *testing.T, fleet *topology.Topology, top topology.ID, may func(topology.ID) bool, components []topology.ID) {
	has := map[topology.ID]bool{}
	for i, c := range components {
		has[c] = true
		require.True(t, i == 0 || components[i-1] < c)
	}
	closure := fleet.Closure()
	for id := range topology.ID(fleet.Len()) {
		if !may(id) {
			require.False(t, has[id])
		} else if !has[id] {
			closure.Fail(id)
		}
	}
	require.False(t, closure.Down(top))
}

func TestOfNeedsInACycle(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "a", Needs: topology.Names{"b"}}, {Name: "b", Needs: topology.Names{"c"}},
		{Name: "c", Needs: topology.Names{"a", "1 of d-[1-2]"}}, {Name: "d-[1-2]"}, {Name: "apart"},
	}}))
	f := of(t, fleet, 0, every)
	require.Equal(t, []topology.ID{0, 1, 2, 3, 4}, f.Components)
	require.Equal(t, []int{1, 2, 4, 24}, treetest.Minimal(treetest.Table(f.Tree)))

	f = of(t, fleet, 0, func(topology.ID) bool { return false })
	require.Equal(t, tree.None, f.Top)
}

// A chain of a hundred thousand, and as many owners of one quorum.
func TestOfLarge(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{{Name: "db-[1-5]"}, {Name: "s-[0-99999]", Needs: topology.Names{"3 of db-[1-5]"}}, {Name: "chain-0"}}}
	for i := range 100_000 {
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprint("chain-", i+1), Needs: topology.Names{fmt.Sprint("chain-", i)},
		})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "all", Needs: topology.Names{"s-[0-99999]", "chain-100000"}})
	fleet := topology.Must(topology.New(spec))
	f := of(t, fleet, topology.ID(fleet.Len()-1), every)
	require.Equal(t, fleet.Len(), f.Events)
	require.Less(t, f.Len()-f.Events, 200_010)
	s := simplify(t, f.Tree)
	require.Equal(t, 2, s.Len()-s.Events)
}
