// Versus holds spare.Minimum beside CBC, COIN-OR's solver of integer programs (Debian: coinor-cbc), whole process against
// whole process, on the same fleets in the same run:
//
//	go run ./redundancy/spare/internal/versus
//
// For each fleet it writes to a temporary directory what each side reads, and then starts them in turn, several times.
// This side is this program itself, started anew: it reads the fleet, the offers and the family, looks at every scenario,
// finds the least cost and the proof, and runs every scenario on the enlarged fleet. CBC's side is two programs: this one,
// started anew to work the integer program out of all scenarios and to write it, from groups of servers instead of
// single ones, which favours it; and CBC, which finds the least cost. All have one core, and the time that -limit gives.
//
// The table has a line for each fleet: how large the integer program is; the median time of this side, of writing the
// program, and of CBC; how many times as long its side took, and CBC alone; and
// the least cost, or what each side knows of it where it is not "both". "> 120 s" is one that was stopped then. If some
// costs do not agree, the exit status is 1.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
	"github.com/ridethrough/ridethrough/topology"
)

func main() {
	minimum := flag.String("minimum", "", "only find the least cost of the fleet in this directory, and print it")
	program := flag.String("program", "", "only write the integer program of the fleet in this directory")
	times := flag.Int("times", 5, "how often each side is started")
	limit := flag.Duration("limit", 2*time.Minute, "the longest time that a side may take")
	largest := flag.Int("largest", 1_000_000, "the most servers of a fleet")
	flag.Parse()
	if err := run(*minimum, *program, *times, *limit, *largest); err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

func run(minimum, program string, times int, limit time.Duration, largest int) error {
	if minimum != "" {
		return least(context.Background(), os.Stdout, minimum)
	}
	if program != "" {
		return write(program)
	}
	cbc, _ := lp.Peers()
	if !cbc.Installed() {
		return fmt.Errorf("%s is not here: install %s", cbc.Name, cbc.Package)
	}
	fmt.Printf("%s, %s/%s, one core for each; CBC: %s\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, cbc.Version())
	fmt.Println("| fleet | scenarios | rows × columns | here | program written | CBC | both/here | CBC/here | least cost |")
	fmt.Println("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
	apart := 0
	for _, s := range sizes() {
		if s.servers > largest {
			continue
		}
		l, err := s.compare(cbc, times, limit)
		if err != nil {
			return fmt.Errorf("%v: %w", s, err)
		}
		fmt.Println(l)
		if l.disagree() {
			apart++
		}
	}
	if apart > 0 {
		return fmt.Errorf("the costs of %d fleets do not agree", apart)
	}
	return nil
}

// A size is a fleet to be made.
type size struct {
	boards, ups, servers int
	power                bool // is limited
	pairs                bool // any two boards are lost, not each one and each UPS
}

func sizes() []size {
	return []size{
		{8, 2, 100, false, false}, {8, 2, 100, true, false}, {8, 2, 100, true, true},
		{50, 4, 2_000, false, false}, {50, 4, 2_000, true, false}, {50, 4, 2_000, true, true},
		{500, 10, 100_000, false, false}, {500, 10, 100_000, true, false},
		{5_000, 40, 1_000_000, false, false}, {5_000, 40, 1_000_000, true, false},
	}
}

func (s size) String() string {
	power := ""
	if s.power {
		power = ", of limited power"
	}
	number := func(n int) string { return topology.Quantity(float64(n), "") }
	return fmt.Sprintf("%s servers, %s boards, %d UPSs%s", number(s.servers), number(s.boards), s.ups, power)
}
