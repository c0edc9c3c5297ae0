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

// behind returns what members of a pool can take where many draw on one pool behind it: together no more than that can.
func (o *outlook) behind(pool int32, kind int) float64 {
	hands, known := o.hands[pool]
	if !known {
		hands = o.findHands(&o.t.Pools()[pool])
		o.hands[pool] = hands
	}
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

// findHands puts each member of a pool that ever can be ready to those with which it draws on one pool: that which most of them
// draw on.
func (o *outlook) findHands(p *topology.Pool) []hand {
	owners := map[int32]int{}
	for _, m := range p.Members {
		for _, l := range o.passing(m) {
			owners[l.Pool]++
		}
	}
	var hands []hand
	at := map[int32]int{}
	for _, m := range p.Members {
		if o.soon[m] < 0 {
			continue
		}
		var link *topology.Link
		pool, rate := int32(-1), math.Inf(1)
		for _, l := range o.passing(m) {
			if link == nil || owners[l.Pool] > owners[pool] {
				link, pool, rate = l, l.Pool, l.Supply.Rate()
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
