package cascade

import (
	"math/big"
	"slices"
	"sort"

	"github.com/ridethrough/ridethrough/cascade/internal/choose"
	"github.com/ridethrough/ridethrough/cascade/internal/draw"
	"github.com/ridethrough/ridethrough/topology"
)

// chances are components that are lost independently, each with probability q.
type chances struct {
	n      int
	q      float64
	number *draw.Binomial // of them that are lost, where it is sampled
	exact  []float64      // its distribution, where it is not
}

// sample makes the items of a plan samples: scenarios of the family, each as likely as it is.
func (p *Plan) sample(found []foundGroup) {
	p.parts, p.items, p.sampled = nil, p.options.Samples, true
	below := new(big.Int)
	for _, g := range found {
		ways := make([]binomial, len(g.from))
		for ks := range g.sampledSizes() {
			part := &part{group: g}
			below.Add(below, part.take(ks, ways))
			part.ends = new(big.Int).Div(new(big.Int).Lsh(below, 63), p.all).Uint64()
			p.parts = append(p.parts, part)
		}
	}
}

// sampledParts returns how many parts samples are of, at most one more than mostParts. They are never more than those of
// a list of all cases.
func sampledParts(found []foundGroup) int64 {
	all := int64(0)
	for _, g := range found {
		n := int64(1)
		for _, c := range g.from {
			if c.sets != independent {
				n = min(n*int64(c.high-c.low+1), mostParts+1)
			}
		}
		all = min(all+n, mostParts+1)
	}
	return all
}

// sampledSizes returns how many each choice takes; what is independent is drawn whole.
func (g foundGroup) sampledSizes() func(yield func([]int) bool) {
	whole := g
	whole.from = nil
	for _, c := range g.from {
		if c.sets == independent {
			c.low = c.high
		}
		whole.from = append(whole.from, c)
	}
	return whole.sizes()
}

// take sets the picks of a part, and returns the number of its scenarios.
func (p *part) take(ks []int, ways []binomial) *big.Int {
	all := big.NewInt(1)
	for i, k := range ks {
		pk := pick{ids: p.group.order[i].ids, k: k, classes: p.group.order[i].classes}
		if pk.classes == nil {
			all.Mul(all, ways[i].of(len(pk.ids), k))
		} else {
			all.Lsh(all, uint(len(pk.ids)))
		}
		for j := range pk.classes {
			c := &pk.classes[j]
			c.number = draw.NewBinomial(uint32(c.n), c.q)
		}
		p.picks = append(p.picks, pk)
	}
	return all
}

// A binomial is the number of choices of k of n, from which that of one more follows in a step.
type binomial struct {
	k    int
	ways *big.Int
}

func (b *binomial) of(n, k int) *big.Int {
	switch {
	case b.ways != nil && k == b.k:
	case b.ways != nil && k == b.k+1:
		b.ways.Mul(b.ways, big.NewInt(int64(n-b.k)))
		b.ways.Div(b.ways, big.NewInt(int64(k)))
	default:
		b.ways = choose.New([]int32{int32(n)}, k).All()
	}
	b.k = k
	return b.ways
}

// doSamples does the samples from one to before another, and returns before which it was stopped.
func (w *worker) doSamples(from, to int64) int64 {
	for ; from < to && !w.stopped.Load(); from++ {
		w.once(w.drawn(from), from)
	}
	return from
}

// drawn sets places to what a sample loses, and returns its part. All of it comes from random numbers of its own.
func (w *worker) drawn(item int64) *part {
	w.random.Seed(w.options.Seed, uint64(item))
	p := w.parts[0]
	if len(w.parts) > 1 {
		u := w.random.Uint64() >> 1
		p = w.parts[min(len(w.parts)-1, sort.Search(len(w.parts), func(i int) bool { return w.parts[i].ends > u }))]
	}
	for len(w.places) < len(p.picks) {
		w.places = append(w.places, nil)
	}
	w.places = w.places[:len(p.picks)]
	for i := range p.picks {
		w.places[i] = w.drawPick(&p.picks[i], w.places[i][:0])
	}
	return p
}

func (w *worker) drawPick(pk *pick, places []int32) []int32 {
	if pk.classes == nil {
		return w.drawFrom(0, len(pk.ids), pk.k, places)
	}
	first := 0
	for i := range pk.classes {
		c := &pk.classes[i]
		places = w.drawFrom(first, c.n, int(c.number.Draw(&w.random)), places)
		first += c.n
	}
	return places
}

// drawFrom appends k of the n places from the first on, in the order drawn.
func (w *worker) drawFrom(first, n, k int, places []int32) []int32 {
	subset, ok := w.drawer[n]
	if !ok {
		subset = draw.NewSubset(n)
		w.drawer[n] = subset
	}
	at := len(places)
	places = slices.Grow(places, k)[:at+k]
	subset.Draw(&w.random, places[at:])
	if first > 0 {
		for i := range places[at:] {
			places[at+i] += int32(first)
		}
	}
	return places
}

// scenario returns the scenario of an item.
func (w *worker) scenario(item int64) Scenario {
	var at *part
	if w.sampled {
		at = w.drawn(item)
	} else {
		at, w.places = w.at(item, w.places)
	}
	lost := make([][]topology.ID, len(w.places))
	for i, places := range w.places {
		lost[i] = taken(at.picks[i].ids, places)
		slices.Sort(lost[i])
	}
	return at.group.losing(w.t, lost)
}
