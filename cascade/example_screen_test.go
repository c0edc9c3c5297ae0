package cascade_test

import (
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func ExampleUpTo() {
	scenarios, err := cascade.UpTo(2, "board").All(hundred())
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range scenarios {
		fmt.Print(s, "; ")
	}
	// Output:
	// board-1; board-2; board-3; board-4; board-[1-2]; board-[1,3]; board-[1,4]; board-[2-3]; board-[2,4]; board-[3-4];
}

func ExampleProduct() {
	rush := cascade.Only(cascade.Scenario{Load: 1.2})
	family := cascade.Product(cascade.Each("board"), cascade.Each("server"), rush)
	count, err := family.Count(hundred())
	fmt.Println(family)
	fmt.Println(count, err)
	// Output:
	// each board + each server + load 1.2
	// 400 <nil>
}

// Two weak servers, and two strong ones. Of two that are left each carries 75: too much for a weak one, and then for
// the other alone. So it holds only if both weak ones are lost.
func ExampleRandom() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "weak-[1-2]", Kind: "server", Capacity: 50},
		{Name: "strong-[1-2]", Kind: "server", Capacity: 100},
		{Name: "users", Demand: 150, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	s, err := cascade.Screen(context.Background(), fleet, cascade.Random(2, "server"), cascade.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Scenarios, "scenarios,", s.Run, "of them different")
	fmt.Println("it collapses in", s.Collapse)
	// Output:
	// 6 scenarios, 3 of them different
	// it collapses in 83.33 %
}

// Each feed is down one day in a hundred, both one in ten thousand.
func ExampleIndependent() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[a,b]", Kind: "feed", Capacity: 10, Failing: topology.Failing{Unavailability: .01}},
		{Name: "rack", Demand: 8, Supplies: []topology.Supply{{Members: topology.Names{"feed"}}}},
	}}))
	s, err := cascade.Screen(context.Background(), fleet, cascade.Independent("feed"), cascade.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("it collapses with a probability of", s.Collapse)
	// Output: it collapses with a probability of 0.01 %
}

// Three parts, done anywhere and in any order, are what is done at once.
func ExampleMerge() {
	plan, err := cascade.NewPlan(hundred(), cascade.Any(2, "board"), cascade.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var parts []*cascade.Screening
	for _, shard := range []int{2, 0, 1} {
		part, err := plan.Screen(context.Background(), shard, 3)
		if err != nil {
			fmt.Println(err)
			return
		}
		parts = append(parts, part)
	}
	_, err = cascade.Merge(parts[:2]...)
	fmt.Println(err)
	all, err := cascade.Merge(parts...)
	fmt.Println(all.Failing, "of", all.Scenarios, "do not hold", err)
	// Output:
	// merge: of items 0 to 2 are missing 1
	// 6 of 6 do not hold <nil>
}
