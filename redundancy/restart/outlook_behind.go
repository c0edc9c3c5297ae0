package restart

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A hand is lots of a pool that draw on the same pool behind it, and each pass on at least so much of what they take.
type hand struct {
	lots []int32
	link *topology.Link // of the first of them; nil: they draw on nothing
	rate float64
}

// A handed pool has its hands known; choose is that some of its members could be in another.
type handed struct {
	all    []hand
	choose bool
}

// maxHands is of how many lots it is worth finding those that draw on one pool again at each time.
const maxHands = 1000

// behind returns what members of a pool can take where many draw on one pool behind it: together no more than that can.
func (o *outlook) behind(pool int32, kind int) float64 {
	hands := o.hands[pool]
	if hands == nil {
		owners := o.owners(pool)
		hands = &handed{o.findHands(pool, func(l *topology.Link) float64 { return -float64(owners[l.Pool]) }), o.mayChoose(pool)}
		o.hands[pool] = hands
	}
	most := o.inHands(hands.all, kind)
	if hands.choose && len(o.takers[pool]) <= maxHands {
		tightest := func(l *topology.Link) float64 { return o.takes(l, kind) / l.Supply.Rate() }
		most = min(most, o.inHands(o.findHands(pool, tightest), kind))
	}
	return most
}

// mayChoose reports whether members of a pool pass load on to more than one.
func (o *outlook) mayChoose(pool int32) bool {
	return slices.ContainsFunc(o.takers[pool], func(to taker) bool { return len(o.passing(o.members[to.lot][0])) > 1 })
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
		for _, lot := range h.lots {
			own += float64(float64(len(o.members[lot])) * o.passes(o.members[lot][0], kind))
		}
		sum += min(own, most)
	}
	return sum
}

// owners counts the members of a pool that draw on each pool.
func (o *outlook) owners(pool int32) map[int32]int {
	owners := map[int32]int{}
	for _, to := range o.takers[pool] {
		for _, l := range o.passing(o.members[to.lot][0]) {
			owners[l.Pool] += len(o.members[to.lot])
		}
	}
	return owners
}

// findHands puts each lot of a pool that ever can be ready to those with which it draws on one pool: that of the least rank.
func (o *outlook) findHands(of int32, rank func(*topology.Link) float64) []hand {
	var hands []hand
	at := map[int32]int{}
	for _, to := range o.takers[of] {
		first := o.members[to.lot][0]
		if o.soon[first] < 0 {
			continue
		}
		var link *topology.Link
		pool, rate, least := int32(-1), math.Inf(1), math.Inf(1)
		for _, l := range o.passing(first) {
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
		hands[h].lots = append(hands[h].lots, to.lot)
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
