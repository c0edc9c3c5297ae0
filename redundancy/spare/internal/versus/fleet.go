package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
)

// fleet makes a fleet: boards in pairs, of which one is on a UPS of side A and one on a UPS of side B; on each board
// servers that it feeds alone, on each pair servers that both feed. The demand is somewhat more than what is left after the
// worst loss would carry.
func (s size) fleet() *lp.Fleet {
	r := rand.New(rand.NewPCG(uint64(s.servers), uint64(s.boards)))
	f := &lp.Fleet{Need: 1}
	for i := range s.ups {
		f.Sources = append(f.Sources, lp.Source{Name: fmt.Sprintf("ups-%d", i), Kind: "ups"})
	}
	for pair := range s.boards / 2 {
		a, b := s.addBoard(f, 2*pair, 0), s.addBoard(f, 2*pair+1, 1)
		s.addServers(r, f, a)
		s.addServers(r, f, b)
		s.addServers(r, f, a, b)
	}
	s.addOffers(r, f)
	s.loseSome(f)
	s.demand(f)
	if s.power {
		s.limits(r, f)
	}
	return f
}

func (s size) addBoard(f *lp.Fleet, number, side int) int {
	ups := 2*(number/2%(s.ups/2)) + side
	f.Sources = append(f.Sources, lp.Source{Name: fmt.Sprintf("board-%d", number), Kind: "board", On: []int{ups}, PerUnit: 1})
	return len(f.Sources) - 1
}

// addServers adds a group of servers: a third of what a pair has, more or less.
func (s size) addServers(r *rand.Rand, f *lp.Fleet, on ...int) {
	third := 2 * s.servers / s.boards / 3
	f.Servers = append(f.Servers, lp.Group{Name: fmt.Sprintf("s-%d", len(f.Servers)), Count: 1 + third*3/4 + r.IntN(1+third/2), Capacity: float64(100 + 20*r.IntN(2)),
		On: on, Need: 1, Base: 100, PerUnit: 1})
}

func (s size) addOffers(r *rand.Rand, f *lp.Fleet) {
	for i := range f.Servers {
		f.Offers = append(f.Offers, lp.Offer{Like: f.Servers[i].First(), Cost: float64(100+r.IntN(200)) / 100})
	}
	if s.power {
		f.Offers = append(f.Offers, lp.Offer{For: "board", By: 1000, Cost: 1.75}, lp.Offer{For: "ups", By: 10_000, Cost: 6.5})
	}
}

func (s size) loseSome(f *lp.Fleet) {
	ups, boards := f.Sources[:s.ups], f.Sources[s.ups:]
	if s.pairs {
		f.Family = "any 2 of board"
		for i, a := range boards {
			for _, b := range boards[i+1:] {
				f.Scenarios = append(f.Scenarios, []string{a.Name, b.Name})
			}
		}
		return
	}
	f.Family = "each board; each ups"
	for _, x := range append(boards[:len(boards):len(boards)], ups...) {
		f.Scenarios = append(f.Scenarios, []string{x.Name})
	}
}

// demand sets what all servers left after the worst loss would carry, and 5 % more.
func (s size) demand(f *lp.Fleet) {
	least := s.servers
	for _, lose := range f.Scenarios {
		least = min(least, f.Left(lose))
	}
	f.Demand = float64(105 * least)
}

// limits gives every board and UPS a limit: most have room for some servers more when the worst is lost, some have none,
// and one in twenty boards is above what is reserved, but not above what it carries.
func (s size) limits(r *rand.Rand, f *lp.Fleet) {
	actual, reserved := worst(f)
	for i := range f.Sources {
		x := &f.Sources[i]
		room := 1 + .2*r.Float64()
		x.Capacity = float64(100 * int(reserved[i]*room/100+1))
		if x.Kind == "board" && r.IntN(20) == 0 {
			x.Capacity = float64(int((actual[i] + reserved[i]) / 2))
		}
	}
}

// worst returns the highest load of each source in any scenario, and the most that is reserved there.
func worst(f *lp.Fleet) (actual, reserved []float64) {
	actual, reserved = f.Loads(nil)
	for _, lose := range f.Scenarios {
		a, b := f.Loads(lose)
		for i := range a {
			actual[i], reserved[i] = max(actual[i], a[i]), max(reserved[i], b[i])
		}
	}
	return actual, reserved
}
