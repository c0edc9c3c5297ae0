package restart

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A draw is what one server draws on a component: while it boots, while it runs, and for each unit of its load.
type draw struct {
	on              topology.ID
	boot, run, rate float64
}

// draws returns what a component with these links draws on those behind it, in order of declaration.
func draws(w *pool.Wiring, links []topology.Link) []draw {
	var all []draw
	for _, l := range links {
		if l.Supply == nil {
			continue
		}
		s := l.Supply
		for _, r := range w.Of(l.Pool) {
			all = append(all, draw{r.ID, float64((s.Base + s.Inrush) * r.Part), float64(s.Base * r.Part), float64(s.Rate() * r.Part)})
		}
	}
	slices.SortStableFunc(all, func(a, b draw) int { return cmp.Compare(a.on, b.on) })
	once := []draw{}
	for _, d := range all {
		if n := len(once); n > 0 && once[n-1].on == d.on {
			once[n-1].boot += d.boot
			once[n-1].run += d.run
			once[n-1].rate += d.rate
		} else {
			once = append(once, d)
		}
	}
	return once
}
