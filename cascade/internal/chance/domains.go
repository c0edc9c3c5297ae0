package chance

import (
	"context"
	"fmt"
)

// Domains are parts of a pool that fail as one: a server is up if its domain is up and it is not lost itself.
type Domains struct {
	Of    []int // the domain of each server, from 0; -1: none
	Count int   // how many domains there are, those without a server of the pool included
	Steps int64 // how many steps, of about a nanosecond, it may take before it is refused; 0: [DefaultSteps]
}

// DefaultSteps is a few seconds.
const DefaultSteps = 1 << 31

// IndependentDomains is what becomes of the pool when each domain is down, and each server is lost, with a probability of
// its own, all independently. down must have one for each domain, and lost for each server, from 0 to 1.
//
// The error is [ErrTooHard], or that of the context.
func (p Pool) IndependentDomains(ctx context.Context, d Domains, down, lost []float64) (Distribution, error) {
	if len(down) != d.Count {
		panic(fmt.Sprintf("chance: %d probabilities for %d domains", len(down), d.Count))
	}
	probable(down)
	f := p.fleet(d, down, lost)
	w := p.walk(ctx, d.limit())
	f.run(w)
	return w.result()
}

// RandomDomains is what becomes of the pool when k of the domains are down, all choices equally likely, and each server
// is lost with a probability of its own, independently. k must be from 0 to all.
//
// The error is [ErrTooHard], or that of the context.
func (p Pool) RandomDomains(ctx context.Context, d Domains, k int, lost []float64) (Distribution, error) {
	if k < 0 || k > d.Count {
		panic(fmt.Sprintf("chance: %d of %d domains down", k, d.Count))
	}
	even := make([]float64, d.Count)
	for i := range even {
		even[i] = float64(k) / float64(d.Count)
	}
	f := p.fleet(d, even, lost)
	w := p.walk(ctx, d.limit())
	if k > 0 && k < d.Count {
		f.down = k
	}
	f.run(w)
	w.into.normalize()
	return w.result()
}

func (d Domains) limit() int64 {
	if d.Steps > 0 {
		return d.Steps
	}
	return DefaultSteps
}
