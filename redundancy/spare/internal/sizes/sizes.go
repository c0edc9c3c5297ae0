// Package sizes is a fleet in which it is not decided yet how many there are of some components.
//
// Components that nothing tells apart are a class, and a class is so large: its members there are, and x[j] for each
// column j whose copies are in it. [Fleet.Judge] says what a scenario does at one x. [Fleet.Rows] says what holds for all x of
// a box: linear inequalities that every x of the box keeps with which the scenario holds; [Fleet.Carry] the same of scenarios
// that need only survive.
package sizes

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A Fleet is a topology with one copy of each column that adds components, as classes. It is not safe for concurrent use.
type Fleet struct {
	T       *topology.Topology
	Classes []Class
	Columns []Column

	of       []int32             // by component: its class
	columnOf map[topology.ID]int // by copy
	pools    []pool
	sets     []set
	inSets   [][]int32 // by class
	demands  []int32   // classes
	limited  []int32   // classes with a capacity
	scratch  *state    // of the latest judgement
	latest   question  // that was judged
	intact   *intact   // for that, if it is asked often
	course   *course
	plates   bool // some draw is counted by nameplate
	reserves bool // and what is bought may place load on a class with a capacity
	order    []step
	known    map[flow]int  // links of a whole
	plain    map[flow]bool // none of it by nameplate
	loaded   []bool        // by class: draws that are counted by nameplate end there
	draws    [][]int32     // by class: the columns that place load on it, directly or further up
}

// A Column is something to be decided: how many copies of a component there are, or by how much its capacity is raised.
type Column struct {
	New   topology.ID // the copy in the topology, if it is one
	Model topology.ID // what it is a copy of, all but for its needs
	Raise topology.ID // the component whose capacity is raised, -1 if it is a copy
	By    float64     // so much by each
	class int32
}

// A Class is components that are alike.
type Class struct {
	First    topology.ID // the first of them
	Size     int         // without copies
	Columns  []int       // whose copies are in it
	Capacity float64
	Demand   float64
	sheds    bool
	raises   []int // the columns that raise its capacity
	links    []link
	in       []income
	group    int32 // the same for classes that take load from the same tiers
	weighs   bool  // its capacity is a weight of a share
	lifted   bool  // it may be above its capacity: see [Fleet.Lift]
}

// A link is a need or a supply.
type link struct {
	set  int32
	need int
	all  bool  // a need for all there are, also of what is bought
	pool int32 // -1 for a need
	base float64
	rate float64

	// plate is that the owner's part of the load is not known before it is known how many there are: base and rate at its capacity
	// are counted instead, where draws are counted by nameplate.
	plate bool
}

// An income is a part of what a tier of a pool takes.
type income struct {
	pool, tier int32
	weight     float64 // if it is not its capacity
}

// A pool is members among which load is split.
type pool struct {
	share  topology.Share
	factor float64
	tiers  []tier
	owners []owner
	first  int // its first tier, of those of all pools
}

type tier struct {
	classes []int32
	weight  float64 // of a weighted share
}

// An owner is a link of a class into a pool.
type owner struct {
	class int32
	link  int
}

// A set is members that keep their owners up.
type set struct {
	classes []int32
	owners  []int32 // classes
}

// A step is a class that places load, or the complement of a pool, each after what places load on it.
type step int32

func (p *pool) byCapacity() bool {
	return p.share == topology.Proportional || p.share == topology.Waterfall
}

// tiers returns how many tiers all pools have.
func (f *Fleet) tiers() int {
	if len(f.pools) == 0 {
		return 0
	}
	last := &f.pools[len(f.pools)-1]
	return last.first + len(last.tiers)
}

// members returns the classes of a pool, tier by tier.
func (p *pool) members() (classes []int32) {
	for _, t := range p.tiers {
		classes = append(classes, t.classes...)
	}
	return classes
}

func (f *Fleet) members(pool int32) []int32 { return f.pools[pool].members() }

// Of returns the class of a component of the topology.
func (f *Fleet) Of(id topology.ID) int32 { return f.of[id] }

// Draws returns the columns that place load on a class.
func (f *Fleet) Draws(class int32) []int32 { return f.draws[class] }

// Limited reports whether a class has a capacity.
func (c *Class) Limited() bool { return !math.IsInf(c.Capacity, 1) }

// count returns how many components a class has at x.
func (c *Class) count(x []int) int {
	n := c.Size
	for _, j := range c.Columns {
		n += x[j]
	}
	return n
}

// capacity returns the capacity of each of a class at x.
func (f *Fleet) capacity(c *Class, x []int) float64 {
	capacity := c.Capacity
	for _, j := range c.raises {
		capacity += float64(f.Columns[j].By * float64(x[j]))
	}
	return capacity
}

// Plates returns by supply of a class whether what it places is counted by nameplate; nil if none is.
func (f *Fleet) Plates(k int32) (plates []bool) {
	some := false
	for _, l := range f.Classes[k].links {
		if l.pool >= 0 {
			plates = append(plates, l.plate)
			some = some || l.plate
		}
	}
	if !some {
		return nil
	}
	return plates
}

// Plated reports whether anything is counted by nameplate.
func (f *Fleet) Plated() bool { return f.plates }

// Loaded reports whether load that is counted by nameplate reaches a class.
func (f *Fleet) Loaded(k int32) bool { return f.loaded[k] }

// Weighs reports whether the capacity of a class is a weight of a share.
func (f *Fleet) Weighs(k int32) bool { return f.Classes[k].weighs }

// Lift takes away the limit of a class. What draws on others by nameplate keeps its nameplate.
func (f *Fleet) Lift(k int32) {
	f.latest, f.intact = question{}, nil
	c := &f.Classes[k]
	if f.Plates(k) == nil || c.sheds {
		c.Capacity = math.Inf(1)
	}
	c.lifted = true
}

// Clone returns a fleet whose classes may be changed apart.
func (f *Fleet) Clone() *Fleet {
	c := *f
	c.scratch, c.latest, c.intact = nil, question{}, nil
	c.Classes = slices.Clone(f.Classes)
	return &c
}
