package engine

import "github.com/ridethrough/ridethrough/topology"

// A program is a topology compiled for one demand and one set of drained components. It never changes.
//
// Two partitions make it small. The components of a class share everything but their capacity: what they draw on and
// need, who draws on and needs them, what they do when overloaded. Those of a group carry the same load; they may differ
// in what they place and need, so a group has one class or many. Where capacity decides how load is shared or served
// (proportional shares, waterfalls, shedding), it tells classes and groups apart as well.
type program struct {
	t    *topology.Topology
	load float64 // factor on every demand

	at []spot // by component: where it is

	classes []class
	limit   []float64     // by slot: the capacity
	first   []topology.ID // by class: a member

	cells rows // by class: the cells in which it takes load
	sets  rows // by class: the sets that it helps to keep others up
	terms rows // by class: the terms by which it places load

	groups  []group
	incomes [][]income // by group: what it takes load from
	runs    []run      // of the groups that have several classes, from the weakest to the strongest

	pools  []pool
	tiers  []tier
	cell   []cell
	inTier []share // of the tiers, the groups in them
	term   []term
	owners rows // by pool: the classes that place load on it, once for each supply
	placed rows // by pool: its terms
	places rows // by group: its terms

	need   []int32 // of what a set keeps up, those that need the most first: how many members,
	keeps  []int32 // and the class that needs them
	keep   []int32 // by set: where its part of both ends
	asked  int     // components with a demand
	layout layout
	start  state // in which nothing is lost
	deep   int32 // greatest depth

	intact reference
}

// rows are lists of numbers, one after the other.
type rows struct {
	flat []int32
	end  []int32
}

func (r *rows) of(i int32) []int32 {
	if i == 0 {
		return r.flat[:r.end[0]]
	}
	return r.flat[r.end[i-1]:r.end[i]]
}

func (r *rows) add(row ...int32) {
	r.flat = append(r.flat, row...)
	r.end = append(r.end, int32(len(r.flat)))
}

// A spot is the class that a component is in, and its slot: slots go class by class, and in each from the weakest to the
// strongest. Whoever asks for one asks for the other, so they stand together.
type spot struct{ class, slot int32 }

type class struct {
	group  int32
	from   int32 // of slots
	size   int32
	demand bool
}

func (c *class) to() int32 { return c.from + c.size }

type group struct {
	demand   float64
	capacity float64 // of each member, where it tells groups apart; else 0
	trips    bool
	sheds    bool
	drained  bool
	limited  bool  // some member has a capacity
	alone    bool  // it shares one load equally, with no other group, and places none
	class    int32 // its only class; -1 if it has several,
	from, to int32 // and then its runs
	depth    int32
}

// An income is a tier that a group is in.
type income struct {
	tier   int32
	weight float64
}

// A run is members of one class that have the same capacity.
type run struct {
	capacity float64
	class    int32
	from, to int32 // places among its members
}

type pool struct {
	share    topology.Share
	factor   float64 // Tiered: φ; Waterfall: u
	from, to int32   // its tiers
	depth    int32
}

type tier struct {
	pool int32
	cell int32   // where members are counted; -1 if it has a cell for each capacity,
	tree int32   // and then the sum of their weights, in the floats of a state
	size float64 // members, up or not

	weight     float64 // of a member,
	byCapacity bool    // unless its capacity is its weight

	from, to int32 // of inTier
}

// A cell counts the members of a tier that take load and have the same weight.
type cell struct {
	pool   int32
	tier   int32
	leaf   int32 // where count · weight is, in the floats of a state; -1 if it is in no sum
	weight float64
}

// A share is a group in a tier.
type share struct {
	group  int32
	weight float64
}

// A term is load that the members of one group place on a pool by the same numbers: each base + rate · what it serves.
type term struct {
	pool, group int32
	base, rate  float64
	most        float64 // that one serves, if it sheds
}

// value returns the load that one member of a term's group places when it carries load.
func (k *term) value(load float64) float64 { return k.base + float64(k.rate*passed(load, k.most)) }

// passed returns the part of a load that is served by what serves at most so much.
func passed(load, most float64) float64 {
	if topology.Overloaded(load, most) {
		return most
	}
	return load
}
