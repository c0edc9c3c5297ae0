package cascade_test

import (
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
)

// The README shows this.
func ExampleScreen_counted() {
	family, err := cascade.ParseFamily("up to 2 of board; any 30 of server")
	if err != nil {
		fmt.Println(err)
		return
	}
	screening, err := cascade.Screen(context.Background(), hundred(), family, cascade.Options{Worst: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(screening)
	// Output:
	// up to 2 of board; any 30 of server: of 2.937e+25 scenarios 2 hold, 0 degrade, 2.937e+25 collapse (exact).
	//   board-[1-2] collapses: 0 % served, 2 up
	//   board-[1,3] collapses: 0 % served, 2 up (one of 4 alike)
	//   board-[3-4] collapses: 0 % served, 2 up
	//   board-1 collapses: 0 % served, 3 up (one of 2 alike)
	//   chat-[001-030] collapses: 0 % served, 4 up
	//   and 2.937e+25 more that do not hold
	//   Fewer are enough: board-1; board-[3-4]
}
