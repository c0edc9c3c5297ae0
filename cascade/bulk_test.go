package cascade_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// A bulk is a random fleet of few kinds with many members that are alike, or nearly: users, proxies, servers in racks,
// racks on feeds, feeds on UPS.
type bulk struct {
	*rand.Rand
	mold
	spec  topology.Spec
	kinds []flock // servers
	racks int
	unfit float64 // capacity before it is fit to the load: such that waterfalls spill nearly all, or nothing
}

// A flock is the servers of one kind: so many in each of the racks, or of some that they stand in.
type flock struct {
	kind        string
	racks, each int
}

// bulkFleet is the same for the same seed. Its capacities are near its loads; or near those after the loss of brim.
func bulkFleet(seed uint64) (topology.Spec, *topology.Topology) {
	for r := rand.New(rand.NewPCG(seed, 21)); ; {
		b := &bulk{Rand: r, mold: randomMold(r), unfit: []float64{1, 1e9}[r.IntN(2)]}
		b.users()
		b.servers()
		b.power()
		t, err := topology.New(b.spec)
		if err != nil {
			continue
		}
		b.fit(t.Flow(topology.State{}).Load)
		t = topology.Must(topology.New(b.spec))
		if r.IntN(2) == 0 {
			b.fill(t, brim(seed, t))
			t = topology.Must(topology.New(b.spec))
		}
		return b.spec, t
	}
}

func (b *bulk) chance(p float64) bool { return b.Float64() < p }

func (b *bulk) add(c topology.Component) { b.spec.Components = append(b.spec.Components, c) }

// users draw on servers, or on proxies that do.
func (b *bulk) users() {
	b.racks = 1 + b.IntN(12)
	if b.IntN(8) == 0 {
		b.racks = 66 + b.IntN(9) // more than are looked at one by one
	}
	for i := range 1 + b.IntN(3) {
		each := 1 + b.IntN(10)
		if b.racks > 64 {
			each = 1 + b.IntN(2)
		}
		b.kinds = append(b.kinds, flock{fmt.Sprintf("s%d", i), 1 + b.IntN(b.racks), each})
	}
	if b.IntN(2) == 0 {
		b.kinds[0].racks = b.racks
	}
	targets := b.kinds
	if b.IntN(3) == 0 {
		proxies := flock{"p", 1, 2 + b.IntN(30)}
		targets = append([]flock{proxies}, targets...)
		b.flock(proxies, func(int) topology.Component {
			return topology.Component{Supplies: []topology.Supply{b.supply(b.kinds)}}
		})
	}
	for i := range 1 + b.IntN(3) {
		u := topology.Component{Name: fmt.Sprintf("u-%d", i), Kind: "u", Demand: float64(1 + b.IntN(1000))}
		for range 1 + b.IntN(2) {
			u.Supplies = append(u.Supplies, b.supply(targets))
		}
		b.add(u)
	}
}

// servers draw on their rack, and those of the first kind perhaps on those of others.
func (b *bulk) servers() {
	for i, f := range b.kinds {
		own, odd, loose := b.chance(.2), b.chance(.2), b.chance(.2)
		rack := topology.Supply{Base: float64(b.IntN(3)), PerUnit: []float64{0, .5, 1}[b.IntN(3)], Optional: b.IntN(6) == 0}
		needs, start, deeper := b.needs(f), b.needs(f), b.kinds[i+1:]
		var storage []topology.Supply
		if len(deeper) > 0 && b.chance(b.second) {
			storage = append(storage, b.supply(deeper))
		}
		b.flock(f, func(at int) topology.Component {
			s := rack
			if s.Members = (topology.Names{fmt.Sprintf("r-%d", at)}); loose {
				s.Members = topology.Names{"r"}
			}
			if odd {
				s.Base += float64(b.IntN(4))
			}
			c := topology.Component{Supplies: append([]topology.Supply{s}, storage...), Needs: needs, StartNeeds: start}
			if own {
				c.Demand = float64(b.IntN(3))
			}
			return c
		})
	}
}

// needs are what all servers of a kind need besides.
func (b *bulk) needs(f flock) (needs topology.Names) {
	if b.chance(b.need) {
		needs = append(needs, fmt.Sprintf("r-%d", b.IntN(b.racks)))
	}
	other := b.kinds[b.IntN(len(b.kinds))]
	if n := other.racks * other.each; b.chance(b.need/2) && other.kind > f.kind {
		needs = append(needs, fmt.Sprintf("%d of %s", 1+b.IntN(n), other.kind))
	}
	return needs
}

// flock declares servers: all by one pattern, those of a rack by one, or each by itself. The number of their rack is given
// to like, which says what they have.
func (b *bulk) flock(f flock, like func(rack int) topology.Component) {
	how, overload := b.IntN(3), b.overload()
	for rack := range f.racks {
		names := []string{fmt.Sprintf("%s-%d-[0-%d]", f.kind, rack, f.each-1)}
		if how == 0 {
			names = names[:0]
			for i := range f.each {
				names = append(names, fmt.Sprintf("%s-%d-%d", f.kind, rack, i))
			}
		}
		for _, name := range names {
			c := like(rack)
			c.Name, c.Kind, c.Capacity, c.Overload = name, f.kind, b.unfit, overload
			b.add(c)
		}
	}
}

func (b *bulk) overload() (o topology.Overload) {
	o.Shed = b.chance(b.shed)
	if b.chance(b.slow) {
		o.After = time.Second
	}
	return o
}

// supply draws on all of one kind, or on parts of some.
func (b *bulk) supply(kinds []flock) topology.Supply {
	s := topology.Supply{PerUnit: []float64{0, 1, .5, 1.5}[b.IntN(4)]}
	if b.chance(b.base) {
		s.Base = float64(1 + b.IntN(20))
	}
	tiers := b.tiers(kinds)
	s.Members = topology.Names{kinds[b.IntN(len(kinds))].kind}
	if b.chance(b.odd) {
		s.Share = []topology.Share{topology.Weighted, topology.Proportional, topology.Tiered, topology.Waterfall, topology.Each}[b.IntN(5)]
	}
	switch s.Share {
	case topology.Weighted:
		for range tiers {
			s.Weights = append(s.Weights, float64(b.IntN(4)))
		}
		s.Members = tiers
	case topology.Tiered:
		s.Overprovision = []float64{0, 1, 1.4, 2}[b.IntN(4)]
		s.Members = tiers
	case topology.Waterfall:
		s.Limit = []float64{0, .5, .8}[b.IntN(3)]
		s.Members = tiers
	}
	switch b.IntN(4) {
	case 0:
		s.Optional = true
	case 1:
		s.Need = 1 + b.IntN(8)
	}
	return s
}

// tiers are some kinds, whole or in parts, in some order.
func (b *bulk) tiers(kinds []flock) (tiers topology.Names) {
	for _, i := range b.Perm(len(kinds))[:1+b.IntN(len(kinds))] {
		f := kinds[i]
		cut := b.IntN(f.racks)
		if f.kind == "p" || cut == 0 {
			tiers = append(tiers, f.kind)
			continue
		}
		tiers = append(tiers,
			fmt.Sprintf("%s-[0-%d]-[0-%d]", f.kind, cut-1, f.each-1),
			fmt.Sprintf("%s-[%d-%d]-[0-%d]", f.kind, cut, f.racks-1, f.each-1))
	}
	return tiers
}

// power is racks on one feed or two, and feeds on UPS.
func (b *bulk) power() {
	feeds, both := 1+b.IntN(6), b.IntN(2) == 0
	need, optional := 1+b.IntN(3)/2, b.IntN(6) == 0
	share := []topology.Share{"", "", topology.Waterfall, topology.Tiered, topology.Each}[b.IntN(5)]
	for i := range b.racks {
		s := topology.Supply{Members: topology.Names{fmt.Sprintf("f-%d", i%feeds)}, Optional: optional, Share: share}
		if other := b.IntN(feeds); both && other != i%feeds {
			s.Members = append(s.Members, fmt.Sprintf("f-%d", other))
			if !optional {
				s.Need = need
			}
		}
		b.add(topology.Component{Name: fmt.Sprintf("r-%d", i), Kind: "r", Supplies: []topology.Supply{s}})
	}
	upses, overload := 1+b.IntN(2), b.overload()
	for i := range feeds {
		b.add(topology.Component{
			Name: fmt.Sprintf("f-%d", i), Kind: "f", Capacity: b.unfit, Overload: overload,
			Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("x-[0-%d]", upses-1)}, Base: float64(b.IntN(2)), PerUnit: 1}},
		})
	}
	b.add(topology.Component{Name: fmt.Sprintf("x-[0-%d]", upses-1), Kind: "x", Capacity: b.unfit})
}

// bulkLoss loses several that are alike, a rack or a feed, the first of a kind, or any.
func bulkLoss(r *rand.Rand, t *topology.Topology) (ids []topology.ID) {
	id := topology.ID(r.IntN(t.Len()))
	kin, _ := t.Select(t.Kind(id))
	switch r.IntN(5) {
	case 0:
		return []topology.ID{id}
	case 1:
		return kin[:r.IntN(1+len(kin)/2)]
	case 2:
		from := r.IntN(len(kin))
		return kin[from:min(len(kin), from+1+r.IntN(4))]
	case 3:
		for range r.IntN(5) {
			ids = append(ids, topology.ID(r.IntN(t.Len())))
		}
		return ids
	default:
		kin = slices.Clone(kin)
		r.Shuffle(len(kin), func(i, j int) { kin[i], kin[j] = kin[j], kin[i] })
		return kin[:r.IntN(1+len(kin)/3)]
	}
}

func TestBulkFleetsAreVaried(t *testing.T) {
	shares, large, wide, sheds := map[topology.Share]int{}, 0, 0, 0
	for seed := range uint64(100) {
		spec, fleet := bulkFleet(seed)
		if fleet.Len() > 100 {
			large++
		}
		if racks, _ := fleet.Select("r"); len(racks) > 64 {
			wide++
		}
		for _, p := range fleet.Pools() {
			shares[p.Share]++
		}
		if slices.ContainsFunc(spec.Components, func(c topology.Component) bool { return c.Overload.Shed }) {
			sheds++
		}
	}
	require.Len(t, shares, 6)
	require.Greater(t, min(large, sheds), 20)
	require.Greater(t, wide, 5)
}
