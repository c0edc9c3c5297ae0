package topology

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// MaxComponents is the most components that a topology can have.
const MaxComponents = 5_000_000

// A Topology is a validated fleet. It is immutable, and safe for concurrent use.
type Topology struct {
	spec Spec

	// By ID.
	names    nameTable
	declared []int32   // which of spec.Components declared it,
	nth      []int32   // as which of the names that it stands for
	capacity []float64 // +Inf for no limit
	demand   []float64
	shed     []bool
	sheds    bool    // any of them
	row      []int32 // of its links

	patterns map[int32]pattern // by declaration: its name, if it has brackets to which something may refer

	byKind map[string][]ID
	byTag  map[tag][]ID
	kinds  []string // in order of declaration; "" if some component has none

	links  []Link
	rowEnd []int32 // by row: where it ends in links
	sets   []set
	pools  []Pool
	flow   []step // owners and pools in the order in which load passes through them

	pooled    []int32  // by ID: the pools that it is a member of,
	pooledEnd []int32  // which end here
	keeps     [][]keep // by set: whom it keeps up, those that need the most members first
	in        []int32  // by ID: the sets of keeps that it is a member of,
	inEnd     []int32  // which end here
}

// An ID is a component's place in order of declaration, from 0 to [Topology.Len]-1.
type ID int32

type tag struct{ key, value string }

// New builds a topology. The error is a [Faults]: everything that is wrong, each with its place and what would be
// right. It takes time and memory in proportion to the components and their links, components that name the same
// members counting these once.
func New(spec Spec) (*Topology, error) { return build(clone(spec), nil, nil) }

// With builds the topology of a changed [Topology.Spec]: what [New] builds of it, in less time where all the names that t
// has come first, as they are written there. More components may follow.
func (t *Topology) With(changed Spec) (*Topology, error) { return build(clone(changed), nil, t) }

// Must returns t, and panics if err is not nil: for tests and examples.
func Must(t *Topology, err error) *Topology {
	if err != nil {
		panic(err)
	}
	return t
}

// Spec returns a copy of the fleet as it was written. Change it and call [Topology.With] to ask "what if".
func (t *Topology) Spec() Spec { return clone(t.spec) }

// MarshalJSON writes [Topology.Spec].
func (t *Topology) MarshalJSON() ([]byte, error) { return json.Marshal(t.spec) }

// String counts the components by kind: "4 × board, 100 × server, users". Those without a kind go by their name.
func (t *Topology) String() string {
	var parts []string
	for _, kind := range t.kinds {
		if kind != "" {
			parts = append(parts, fmt.Sprintf("%d × %s", len(t.byKind[kind]), kind))
		}
	}
	for _, id := range t.byKind[""] {
		if len(parts) == 12 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, t.Name(id))
	}
	return strings.Join(parts, ", ")
}

// Len returns the number of components.
func (t *Topology) Len() int { return t.names.len() }

// Name returns a component's name.
func (t *Topology) Name(id ID) string { return t.names.name(id) }

// Names returns the names of components, folded into patterns.
func (t *Topology) Names(ids []ID) Names {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = t.Name(id)
	}
	return Fold(names)
}

// Lookup returns the component of a name, and whether there is one.
func (t *Topology) Lookup(name string) (ID, bool) {
	return t.names.find(name)
}

// Kinds returns the kinds that components have, in order of declaration.
func (t *Topology) Kinds() []string {
	return slices.DeleteFunc(slices.Clone(t.kinds), func(kind string) bool { return kind == "" })
}

// Capacity returns the most load that a component carries without being overloaded; +Inf if it has no limit.
func (t *Topology) Capacity(id ID) float64 { return t.capacity[id] }

// Demand returns the load that a component has of its own.
func (t *Topology) Demand(id ID) float64 { return t.demand[id] }

// Unit returns the unit of a component's capacity and demand; "" if it was not given.
func (t *Topology) Unit(id ID) string {
	decl := &t.spec.Components[t.declared[id]]
	return cmp.Or(decl.Unit, t.spec.Kinds[decl.Kind].Unit)
}

// Overload returns what a component does above its capacity.
func (t *Topology) Overload(id ID) Overload {
	decl := &t.spec.Components[t.declared[id]]
	return cmp.Or(decl.Overload, t.spec.Kinds[decl.Kind].Overload)
}

// Start returns how a component comes up.
func (t *Topology) Start(id ID) Start {
	decl := &t.spec.Components[t.declared[id]]
	return cmp.Or(decl.Start, t.spec.Kinds[decl.Kind].Start)
}

// Declaration returns which of the components of [Topology.Spec] declares a component.
func (t *Topology) Declaration(id ID) int { return int(t.declared[id]) }

// Kind returns a component's kind; "" if it has none.
func (t *Topology) Kind(id ID) string { return t.spec.Components[t.declared[id]].Kind }

// Links returns what a component needs and draws on: needs, needs to start, supplies, each in the order written.
// The result is shared: do not change it.
func (t *Topology) Links(owner ID) []Link { return t.linksOf(t.row[owner]) }

func (t *Topology) linksOf(row int32) []Link { return rowOf(t.links, t.rowEnd, row) }

// Pools returns the pools among whose members load is split. The result is shared: do not change it.
func (t *Topology) Pools() []Pool { return t.pools }

// PoolsOf returns the pools that a component is a member of, as indices of [Topology.Pools].
// The result is shared: do not change it.
func (t *Topology) PoolsOf(id ID) []int32 { return rowOf(t.pooled, t.pooledEnd, id) }

// rowOf returns a row of flat, where end says by row at which it ends.
func rowOf[T any, Row ~int32](flat []T, end []int32, row Row) []T {
	from, to := span(end, row)
	return flat[from:to]
}

// span returns where a row begins and ends.
func span[Row ~int32](end []int32, row Row) (from, to int32) {
	if row > 0 {
		from = end[row-1]
	}
	return from, end[row]
}

// carve returns empty lists with room for so many each, in one piece of memory.
func carve[T any](sizes []int32) [][]T {
	sum := 0
	for _, n := range sizes {
		sum += int(n)
	}
	lists, flat := make([][]T, len(sizes)), make([]T, sum)
	for i, n := range sizes {
		lists[i], flat = flat[:0:n], flat[n:]
	}
	return lists
}

// Component returns a component under its own name, with the values of its kind, and with what {1} and {label} became.
func (t *Topology) Component(id ID) Component {
	decl := t.spec.Components[t.declared[id]]
	c := inherit(decl, t.spec.Kinds[decl.Kind])
	c.Name = t.Name(id)
	if templated(c) {
		c, _ = fill(c, t.brackets(id)) // New found no fault in it
	}
	return copyOf(c)
}

// brackets returns what the brackets of a component's name became, where something refers to them.
func (t *Topology) brackets(id ID) []string {
	return t.patterns[t.declared[id]].became(int(t.nth[id]))
}

// Select returns the components that the patterns name, each once, in order of declaration.
// The error names the pattern that the topology does not have.
func (t *Topology) Select(patterns ...string) ([]ID, error) {
	r := resolver{t: t}
	var all []ID
	for _, pattern := range patterns {
		ids, fault := r.resolve(pattern)
		if fault != nil {
			return nil, *fault
		}
		all = append(all, ids...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// A Link is a need or a supply with its members found. Owners of one declaration that name the same members share it.
type Link struct {
	Names   Names   // the patterns, with what {1} and {label} became
	Members []ID    // each once, in the order of Names
	Need    int     // members that must be up
	Start   bool    // only for the owner to start
	Supply  *Supply // how load is placed; nil for a need
	Pool    int32   // where it is placed, in [Topology.Pools]; -1 for a need
	Set     int32   // the same for links that name the same members; less than their number
}

// Keeps reports whether the owner is up only while enough members are: the link is neither needed only to start nor optional.
func (l *Link) Keeps() bool { return !l.Start && l.Need > 0 }

// A set is members that some links have in common.
type set struct {
	names   Names
	members []ID
	ends    []int // of the members of each pattern; right only if twice is -1
	twice   ID    // the first member that two patterns name; -1 if there is none
}
