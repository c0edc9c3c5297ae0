package topology_test

import (
	"errors"
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// hundred is one hundred servers on boards of 30, 30, 20 and 20, which share one load.
func hundred() topology.Spec {
	return topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
			{Name: "users", Demand: 8_000, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}
}

func ExampleNew() {
	fleet, err := topology.New(hundred())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fleet)
	// Output: 4 × board, 100 × server, users
}

func ExampleNew_faults() {
	_, err := topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-1"},
		{Name: "chat-1", Capacity: -100, Needs: topology.Names{"bord-1"}},
		{Name: "users", Demand: 80, Supplies: []topology.Supply{{Members: topology.Names{"chat-1"}, Need: 2}}},
	}})
	var faults topology.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			fmt.Println(f)
		}
	}
	// Output:
	// chat-1: capacity: bad number: -100: give a finite number that is not negative
	// chat-1: needs[0]: not found: no component and no kind is named "bord-1"; did you mean "board-1"?
	// users: supplies[0].need: bad number: 2 of 1 member: need at most as many as there are
}

func ExampleTopology_Select() {
	fleet := topology.Must(topology.New(hundred()))
	ids, err := fleet.Select("board", "chat-[029-032]")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(ids), fleet.Names(ids))
	_, err = fleet.Select("bord-1")
	fmt.Println(err)
	// Output:
	// 8 [board-[1-4] chat-[029-032]]
	// not found: no component and no kind is named "bord-1"; did you mean "board-1"?
}

func ExampleTopology_Closure() {
	fleet := topology.Must(topology.New(hundred()))
	boards, err := fleet.Select("board-3")
	if err != nil {
		fmt.Println(err)
		return
	}
	var down []topology.ID
	for _, l := range fleet.Closure().Fail(boards...) {
		down = append(down, l.ID)
	}
	fmt.Println(fleet.Names(down))
	// Output: [board-3 chat-[061-080]]
}

func ExampleTopology_Flow() {
	fleet := topology.Must(topology.New(hundred()))
	chat, _ := fleet.Lookup("chat-100")
	users, _ := fleet.Lookup("users")
	flow := fleet.Flow(topology.State{})
	fmt.Printf("%g of %g, users served %g %%\n", flow.Load[chat], fleet.Capacity(chat), 100*flow.Served[users])

	state := topology.State{Status: make([]topology.Status, fleet.Len())}
	lost, _ := fleet.Select("chat-[001-030]")
	for _, id := range lost {
		state.Status[id] = topology.Down
	}
	flow.Update(state)
	fmt.Printf("%.1f of %g\n", flow.Load[chat], fleet.Capacity(chat))
	// Output:
	// 80 of 100, users served 100 %
	// 114.3 of 100
}
