package restart

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A hand is members of a pool that draw on the same pool behind it, and each pass on at least so much of what they take.
type hand struct {
	members []topology.ID
	link    *topology.Link // of the first of them; nil: they draw on nothing
	rate    float64
}

// maxHands is of how many members it is worth finding those that draw on one pool again at each time.
const maxHands = 1000

// behind returns what members of a pool can take where many draw on one pool behind it: together no more than that can.
func (o *outlook) behind(pool int32, kind int) float64 {
	p := &o.t.Pools()[pool]
	hands, known := o.hands[pool]
	if !known {
		owners := o.owners(p)
		hands = o.findHands(p, func(l *topology.Link) float64 { return -float64(owners[l.Pool]) })
		o.hands[pool] = hands
	}
	most := o.inHands(hands, kind)
	if len(p.Members) <= maxHands {
		tightest := func(l *topology.Link) float64 { return o.takes(l, kind) / l.Supply.Rate() }
		most = min(most, o.inHands(o.findHands(p, tightest), kind))
	}
	return most
}

// inHands returns what members can take, each with those of its hand.
func (o *outlook) inHands(hands []hand, kind int) float64 {
	sum := 0.0
	for _, h := range hands {
		most := math.Inf(1)
		if h.link != nil {
			most = o.takes(h.link, kind) / h.rate
		}
		own := 0.0
		for _, m := range h.members {
			own += o.passes(m, kind)
		}
		sum += min(own, most)
	}
	return sum
}

// owners counts the members of a pool that draw on each pool.
func (o *outlook) owners(p *topology.Pool) map[int32]int {
	owners := map[int32]int{}
	for _, m := range p.Members {
		for _, l := range o.passing(m) {
			owners[l.Pool]++
		}
	}
	return owners
}

// findHands puts each member of a pool that ever can be ready to those with which it draws on one pool: that of the least rank.
func (o *outlook) findHands(p *topology.Pool, rank func(*topology.Link) float64) []hand {
	var hands []hand
	at := map[int32]int{}
	for _, m := range p.Members {
		if o.soon[m] < 0 {
			continue
		}
		var link *topology.Link
		pool, rate, least := int32(-1), math.Inf(1), math.Inf(1)
		for _, l := range o.passing(m) {
			if r := rank(l); link == nil || r < least {
				link, pool, rate, least = l, l.Pool, l.Supply.Rate(), r
			}
		}
		h, known := at[pool]
		if !known {
			h = len(hands)
			at[pool] = h
			hands = append(hands, hand{link: link, rate: rate})
		}
		hands[h].members = append(hands[h].members, m)
		hands[h].rate = min(hands[h].rate, rate)
	}
	return hands
}

// passing returns the links by which a component passes load on.
func (o *outlook) passing(id topology.ID) []*topology.Link {
	var all []*topology.Link
	links := o.linksOf[id]
	for i := range links {
		if s := links[i].Supply; s != nil && s.Rate() > 0 {
			all = append(all, &links[i])
		}
	}
	return all
}
