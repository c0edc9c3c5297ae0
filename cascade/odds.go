package cascade

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
	"github.com/ridethrough/ridethrough/topology"
)

// Odds are how likely a fleet is to survive a random loss.
type Odds struct {
	Family    Family    `json:"family"`
	Certainty Certainty `json:"certainty"`
	Reason    string    `json:"reason,omitempty"` // why they are not worked out in closed form, if they are not
	Fail      Interval  `json:"fail"`             // probability that it does not hold
	Collapse  Interval  `json:"collapse"`         // that it collapses
	Survivors []float64 `json:"survivors"`        // by number, that exactly so many servers share the demand in the end, of those that do before the random loss; empty if only a screening could tell
}

// String returns a line: "independent board: it does not hold with a probability of 12 %, and collapses with 0.01 % (exact)."
func (o *Odds) String() string {
	text := fmt.Sprintf("%s: it does not hold with a probability of %v, and collapses with %v (%s).", o.Family, o.Fail, o.Collapse, o.Certainty)
	if o.Reason != "" {
		text += " Not in closed form: " + o.Reason + "."
	}
	return text
}

// Chance tells how likely a fleet is to survive a loss that is random: [Random], [Independent], or a [Product] of these. The
// scenarios of another family are taken to be equally likely.
//
// Where the fleet is one pool that shares a demand equally, and what is lost are its servers or failure domains of them, it
// is exact, for servers of any capacities: the distribution of the survivors by a walk over the sorted capacities, in which
// all terms are positive, so that a probability of 1e-12 is as right as one of a half. With domains that hold servers of
// several capacities it goes through their combinations; about twenty of these are feasible. Elsewhere it is a
// [Screen] with the options given, exact if that counts all, else sampled; Reason says why. Then Collapse is that of plain
// rounds, as there.
//
// The error names what the topology does not have. When ctx ends, it is ctx's.
func Chance(ctx context.Context, t *topology.Topology, f Family, o Options) (*Odds, error) {
	if _, err := o.with(); err != nil {
		return nil, err
	}
	found, err := f.find(t)
	if err != nil {
		return nil, err
	}
	d, reason := work(ctx, t, found)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if reason == "" {
		return &Odds{Family: f, Certainty: Exact, Fail: known(d.Breaks), Collapse: known(d.Collapse()), Survivors: d.Survivors}, nil
	}
	o.OnlyHolds = false
	p, err := NewPlan(t, f, o)
	if err != nil {
		return nil, err
	}
	p.bare = true
	s, err := p.Screen(ctx, 0, 1)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(p.bases, func(b *base) bool { return b.timing() }) {
		reason += "; collapse is that of plain rounds, for the order of trips may matter"
	}
	return &Odds{Family: f, Certainty: s.Certainty, Reason: reason, Fail: s.Fail, Collapse: s.Collapse, Survivors: []float64{}}, nil
}

// work finds the distribution in closed form, or why there is none.
func work(ctx context.Context, t *topology.Topology, found []foundGroup) (d chance.Distribution, reason string) {
	if len(found) != 1 {
		return d, "the family is several"
	}
	l := losses{random: -1}
	if reason := l.read(found[0]); reason != "" {
		return d, reason
	}
	if l.single, reason = findSingle(t, found[0]); reason != "" {
		return d, reason
	}
	var err error
	d, reason, err = l.distribution(ctx)
	switch {
	case errors.Is(err, chance.ErrTooHard):
		reason = "the failure domains have too many combinations"
	case err != nil:
		reason = err.Error()
	}
	return d, reason
}

// losses are what a group may lose: k out of some at random, others each with its own probability.
type losses struct {
	*single
	ids    []topology.ID
	chance []float64 // of each; negative if it is one of those of which k are lost
	random int       // k; -1 if there are none
}

func (l *losses) read(g foundGroup) (reason string) {
	seen := map[topology.ID]bool{}
	for _, c := range g.from {
		switch {
		case c.sets == upTo:
			return "it is not known how likely each number of losses is"
		case c.sets != independent && l.random >= 0:
			return "more than one choice is random"
		case c.sets != independent:
			l.random = c.low
		}
		for i, id := range c.ids {
			q := -1.0
			if c.chance != nil {
				q = c.chance[i]
			}
			if seen[id] {
				return "some component may be lost in two ways"
			}
			seen[id] = true
			l.ids, l.chance = append(l.ids, id), append(l.chance, q)
		}
	}
	return ""
}

// distribution works out what becomes of the pool.
func (l *losses) distribution(ctx context.Context) (d chance.Distribution, reason string, err error) {
	p := chance.Pool{Demand: l.demand}
	for _, id := range l.servers {
		p.Capacity = append(p.Capacity, l.t.Capacity(id))
	}
	apart := func(q float64) bool { return q >= 0 }
	if l.random >= 0 && len(l.domains) == 0 && len(l.ids) == len(l.servers) && !slices.ContainsFunc(l.chance, apart) {
		d, err = p.Random(ctx, l.random)
		return d, "", err
	}
	domains, down, lost, reason := l.domainsOf()
	switch {
	case reason != "":
	case l.random >= 0:
		d, err = p.RandomDomains(ctx, domains, l.random, lost)
	case domains.Count > 0:
		d, err = p.IndependentDomains(ctx, domains, down, lost)
	default:
		d, err = p.Independent(ctx, lost)
	}
	return d, reason, err
}

// domainsOf returns the domains and their chances, and those of the servers. A server that is drawn is a domain.
func (l *losses) domainsOf() (d chance.Domains, down, lost []float64, reason string) {
	d = chance.Domains{Of: slices.Clone(l.of), Count: len(l.domains)}
	down, lost = make([]float64, d.Count), make([]float64, len(l.servers))
	for i, id := range l.ids {
		at, server := l.place[id]
		switch q := l.chance[i]; {
		case server && q >= 0:
			lost[at] = q
		case server && d.Of[at] >= 0:
			return d, nil, nil, "servers and their failure domains are drawn together"
		case server:
			d.Of[at] = d.Count
			d.Count++
		case q >= 0 && l.random >= 0:
			return d, nil, nil, "some failure domains are drawn, and others independent"
		case q >= 0:
			down[l.domains[id]] = q
		}
	}
	return d, down, lost, ""
}
