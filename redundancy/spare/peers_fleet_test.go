package spare_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
)

// randomFleet is servers of one to three capacities on two to eight boards, each on a board or a pair of them; the boards
// of half of the fleets are on UPSs; some boards and UPSs have a limit.
func randomFleet(r *rand.Rand) *lp.Fleet {
	f := &lp.Fleet{}
	boards := addSources(r, f)
	addServers(r, f, boards)
	limitSources(r, f)
	addOffers(r, f, boards)
	chooseFamily(r, f, boards)
	return f
}

// addSources adds no UPS or one to three, then boards, and returns these.
func addSources(r *rand.Rand, f *lp.Fleet) (boards []int) {
	ups := max(0, r.IntN(6)-2)
	for i := range ups {
		f.Sources = append(f.Sources, lp.Source{Name: fmt.Sprintf("ups-%d", i), Kind: "ups"})
	}
	for i := range 2 + r.IntN(7) {
		x := lp.Source{Name: fmt.Sprintf("board-%d", i), Kind: "board"}
		if ups > 0 && r.IntN(5) > 0 {
			x.On = []int{r.IntN(ups)}
			if other := r.IntN(ups); other != x.On[0] && r.IntN(3) == 0 {
				x.On = append(x.On, other)
			}
			x.Base, x.PerUnit = float64(4*r.IntN(3)), 1
		}
		boards = append(boards, len(f.Sources))
		f.Sources = append(f.Sources, x)
	}
	return boards
}

// addServers adds up to two groups for each board, and a demand that they carry, or nearly.
func addServers(r *rand.Rand, f *lp.Fleet, boards []int) {
	capacities := [][]float64{{12}, {10, 12}, {8, 12}, {8, 12, 20}}[r.IntN(4)]
	dual, powered, apart := r.IntN(3) > 0, r.IntN(3) > 0, r.IntN(2) == 0
	for i := range boards {
		for range 1 + r.IntN(2) {
			g := lp.Group{Name: fmt.Sprintf("s-%d", len(f.Servers)), Count: 1 + r.IntN(4), Capacity: capacities[r.IntN(len(capacities))],
				On: []int{boards[i]}, Need: 1}
			if apart { // the weak are lost together
				g.Capacity = capacities[min(i, len(capacities)-1)]
			}
			if other := boards[r.IntN(len(boards))]; dual && other != g.On[0] && r.IntN(3) > 0 {
				g.On = append(g.On, other)
				g.Need += r.IntN(8) / 7
			}
			if powered {
				g.Base, g.PerUnit = float64(4*r.IntN(4)), float64(1+r.IntN(2))
			}
			f.Servers = append(f.Servers, g)
		}
	}
	servers, weakest := 0, capacities[len(capacities)-1]
	for _, g := range f.Servers {
		servers, weakest = servers+g.Count, min(weakest, g.Capacity)
	}
	f.Need = 1
	if r.IntN(3) == 0 {
		f.Need += r.IntN(servers)
	}
	f.Demand = max(1, float64(int(float64(servers)*weakest*(.5+.6*r.Float64()))))
}

// limitSources gives some sources a limit: from a little below what they carry with nothing lost, to twice that.
func limitSources(r *rand.Rand, f *lp.Fleet) {
	intact, _ := f.Loads(nil)
	part := r.IntN(3)
	for i := range f.Sources {
		if intact[i] > 0 && r.IntN(3) < part {
			f.Sources[i].Capacity = float64(1 + int(intact[i]*(.9+1.4*r.Float64())))
		}
	}
}

// addOffers offers servers like some, and capacity for some sources or all of a kind.
func addOffers(r *rand.Rand, f *lp.Fleet, boards []int) {
	each := r.IntN(3) > 0
	for i := range f.Servers {
		if each || r.IntN(2) == 0 {
			o := lp.Offer{Like: f.Servers[i].First()}
			if f.Servers[i].PerUnit == 0 && r.IntN(2) == 0 {
				o.Needs = []string{f.Sources[boards[r.IntN(len(boards))]].Name}
			}
			f.Offers = append(f.Offers, o)
		}
	}
	more := lp.Offer{For: "board", By: float64(10 * (1 + r.IntN(6)))}
	switch {
	case r.IntN(3) == 0 && limited(f, boards) > 0:
		f.Offers = append(f.Offers, more)
	case r.IntN(2) == 0:
		more.For = f.Sources[r.IntN(len(f.Sources))].Name
		f.Offers = append(f.Offers, more)
	}
	if len(f.Offers) == 0 {
		f.Offers = []lp.Offer{{Like: f.Servers[0].First()}}
	}
	for i := range f.Offers {
		f.Offers[i].Cost = float64(1+r.IntN(400)) / 100
		if r.IntN(3) == 0 {
			f.Offers[i].Most = 1 + r.IntN(6)
		}
	}
}

func limited(f *lp.Fleet, sources []int) (n int) {
	for _, i := range sources {
		if f.Sources[i].Capacity > 0 {
			n++
		}
	}
	return n
}

// chooseFamily chooses what is lost.
func chooseFamily(r *rand.Rand, f *lp.Fleet, boards []int) {
	var each, two [][]string
	for i, b := range boards {
		each = append(each, []string{f.Sources[b].Name})
		for _, c := range boards[i+1:] {
			two = append(two, []string{f.Sources[b].Name, f.Sources[c].Name})
		}
	}
	var ups [][]string
	for _, x := range f.Sources[:boards[0]] {
		ups = append(ups, []string{x.Name})
	}
	one := f.Sources[r.IntN(len(f.Sources))].Name
	single := [][]string{{one}}
	if r.IntN(2) == 0 {
		g := &f.Servers[r.IntN(len(f.Servers))]
		one, single = fmt.Sprintf("%s-[1-%d]", g.Name, g.Count), [][]string{nil}
		for i := range g.Count {
			single[0] = append(single[0], fmt.Sprintf("%s-%d", g.Name, i+1))
		}
	}
	switch k := r.IntN(6); {
	case k < 2:
		f.Family, f.Scenarios = "each board", each
	case k == 2 && len(boards) > 2:
		f.Family, f.Scenarios = "any 2 of board", two
	case k < 5 && len(ups) > 0:
		f.Family, f.Scenarios = "each ups", ups
	default:
		f.Family, f.Scenarios = one, single
	}
}
