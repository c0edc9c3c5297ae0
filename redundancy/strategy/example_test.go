package strategy_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/strategy"
	"github.com/ridethrough/ridethrough/topology"
)

// What would it have cost to be redundant, in each of the usual ways?
func ExampleCompare() {
	t := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "chat-[001-100]", Kind: "server", Capacity: 100, Unit: "requests/s"},
		{Name: "users", Demand: 8_000, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	const year = 365 * 24 * time.Hour
	table, err := strategy.Compare(context.Background(), t, strategy.Options{
		Server: strategy.Part{Price: 1, Failing: topology.Failing{MTBF: 5 * year, MTTR: 24 * time.Hour}},
		Feed:   strategy.Part{Price: 5, Failing: topology.Failing{MTBF: 5 * year, MTTR: time.Hour}},
		Site:   strategy.Part{Price: 10, Failing: topology.Failing{MTBF: 20 * year, MTTR: 12 * time.Hour}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table)
	// Output:
	// 8,000 requests/s on servers of 100 requests/s: N is 80.
	//
	// buys                        server          feed  site  cost          busy at peak
	//   N                         80              1     1     95            100 %
	// * N+1                       81      +1 %    1     1     96    +1 %    98.77 %
	// * N+2                       82      +2 %    1     1     97    +2 %    97.56 %
	//   2N                        160     +100 %  2     1     180   +89 %   50 %
	// * 2(N+1)                    162     +102 %  2     1     182   +92 %   49.38 %
	//   two sites active/active   160     +100 %  2     2     190   +100 %  50 %
	//   two sites active/standby  160     +100 %  2     2     190   +100 %  100 %
	// * three sites at 2/3        120     +50 %   3     3     165   +74 %   66.67 %
	//
	// loses                       server     2 × server  feed       feed + server  site       survives  served     lost in a year
	//   N                         collapses  collapses   collapses  collapses      collapses  0 of 5    95.7 %     22,600 min
	// * N+1                       holds      collapses   collapses  collapses      collapses  1 of 5    99.9 %     545 min
	// * N+2                       holds      holds       collapses  collapses      collapses  2 of 5    99.99 %    55.4 min
	//   2N                        holds      holds       holds      may collapse   collapses  3 of 5    99.993 %   37.1 min
	// * 2(N+1)                    holds      holds       holds      holds          collapses  4 of 5    99.993 %   36 min
	//   two sites active/active   holds      holds       holds      may collapse   holds      4 of 5    99.9992 %  4.12 min
	//   two sites active/standby  holds      holds       holds      may collapse   holds      4 of 5    99.9992 %  4.12 min
	// * three sites at 2/3        holds      holds       holds      may collapse   holds      4 of 5    99.999 %   6.19 min
	//
	// * N+1, N+2, 2(N+1) and three sites at 2/3 are worth looking at.
	// 2N, two sites active/active and two sites active/standby cost no less than one of these that survives as much.
	// N survives none of these losses.
	//
	// Cost: server 1, feed 5, site 10.
	// Holds: nothing is overloaded, all is served. Collapses: in the end less than all is served. May: it depends on which are lost.
	// Served: the mean part of the demand, if all fail independently and the demand is always at its peak (exact).
	// What a restart takes after a collapse comes on top.
}
