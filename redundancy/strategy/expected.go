package strategy

import (
	"context"
	"math"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Expected is what part of the demand is served where servers, feeds and sites fail independently: the mean over all sets of
// them, as likely as their unavailabilities make them, of what is served in the end.
type Expected struct {
	Certainty cascade.Certainty `json:"certainty"` // Exact
	Served    float64           `json:"served"`    // fraction of the demand
	Lost      float64           `json:"lost"`      // the rest, right to all digits also where it is tiny
	Short     float64           `json:"short"`     // probability that not all is served
}

// yearMinutes is the minutes of a year of 365.25 days.
const yearMinutes = 365.25 * 24 * 60

// Minutes returns the minutes of lost demand in a year: with half of it lost for an hour, 30.
func (e *Expected) Minutes() float64 { return e.Lost * yearMinutes }

// expected works out what is served. With all servers alike, and the load split so that none is overloaded while so many are
// left that they can carry it, the end depends only on how many servers are left. Of these there are so many as a binomial
// has it, of the servers on the feeds that are left.
func (f fleet) expected(ctx context.Context, t *topology.Topology, job *task) (*Expected, error) {
	site, feed := t.Unavailability(0), t.Unavailability(topology.ID(f.layout.Sites))
	server := t.Unavailability(topology.ID(f.layout.Sites + f.feeds()))
	if site == 0 && feed == 0 && server == 0 {
		return nil, nil
	}
	e := &Expected{Certainty: cascade.Exact}
	for feeds, p := range f.feedsLeft(site, feed) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p == 0 {
			continue
		}
		for servers, q := range binomial(feeds*f.block, 1-server, server) {
			if lost := job.lost(servers); lost > 0 {
				e.Lost += float64(p * q * lost)
				e.Short += float64(p * q)
			}
		}
	}
	e.Lost, e.Short = min(e.Lost, 1), min(e.Short, 1)
	e.Served = 1 - e.Lost
	return e, nil
}

// feedsLeft returns the probability that so many feeds are up, by their number.
func (f fleet) feedsLeft(site, feed float64) []float64 {
	left := make([]float64, f.feeds()+1)
	for sites, p := range binomial(f.layout.Sites, 1-site, site) {
		if p == 0 {
			continue
		}
		for feeds, q := range binomial(sites*f.layout.Feeds, 1-feed, feed) {
			left[feeds] += float64(p * q)
		}
	}
	return left
}

// lost returns the part of the demand that is not served in the end, where so many servers are left by the losses.
func (job *task) lost(servers int) float64 {
	switch over := job.server.Overload; {
	case servers == 0:
		return 1
	case !topology.Overloaded(job.load/float64(servers), job.server.Capacity):
		return 0
	case !over.Shed || over.After > 0 || over.Curve != "":
		return 1 // all of them trip
	default:
		return 1 - float64(servers)*job.server.Capacity/job.load
	}
}

// binomial returns the probabilities of 0 to n successes, of a chance of p each, q being that of failure. From the likeliest
// number it goes down both ways, by the quotient of neighbours: all terms are positive, so none loses digits.
func binomial(n int, p, q float64) []float64 {
	all := make([]float64, n+1)
	switch {
	case q == 0:
		all[n] = 1
		return all
	case p == 0:
		all[0] = 1
		return all
	}
	mode := min(n, int(math.Floor(float64(n+1)*p)))
	all[mode] = 1
	sum := 1.0
	for k := mode; k < n && all[k] > 0; k++ {
		all[k+1] = all[k] * float64(n-k) / float64(k+1) * (p / q)
		sum += all[k+1]
	}
	for k := mode; k > 0 && all[k] > 0; k-- {
		all[k-1] = all[k] * float64(k) / float64(n-k+1) * (q / p)
		sum += all[k-1]
	}
	for k := range all {
		all[k] /= sum
	}
	return all
}
