package sizes

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A Row asks for Σ Of[i] · x[On[i]] ≥ Least.
type Row struct {
	On    []int
	Of    []float64
	Least float64
}

// Cuts reports whether x does not keep a row, by more than rounding.
func (r *Row) Cuts(x []int) bool {
	sum, size := 0.0, math.Abs(r.Least)
	for i, j := range r.On {
		term := float64(r.Of[i] * float64(x[j]))
		sum, size = sum+term, max(size, math.Abs(term))
	}
	return r.Least-sum > 1e-9*size
}

// Equal reports whether two rows ask for the same.
func (r *Row) Equal(other *Row) bool {
	return r.Least == other.Least && slices.Equal(r.On, other.On) && slices.Equal(r.Of, other.Of)
}

// Hash returns the same number for rows that are the same to the bit, and mostly another for others.
func (r *Row) Hash() uint64 {
	hash := math.Float64bits(r.Least)
	mix := func(bits uint64) {
		hash = (hash ^ bits) * 0x9e3779b97f4a7c15
		hash ^= hash >> 32
	}
	for i, j := range r.On {
		mix(uint64(j))
		mix(math.Float64bits(r.Of[i]))
	}
	return hash
}

// Rows returns rows that every x of a box keeps with which a scenario holds, sharpest at one x at which it has these faults;
// and alternatives, of each list of which one row is kept.
func (f *Fleet) Rows(s *Scenario, faults []Fault, box Box, x []int) (rows []Row, alternatives [][]Row) {
	if j, _ := s.Awaits(box.Least); j >= 0 {
		return nil, nil
	}
	views := map[bool]*view{}
	for _, fault := range f.worst(faults) {
		v := views[fault.Plated]
		if v == nil {
			v = f.view(s, box, x, fault.Plated)
			views[fault.Plated] = v
		}
		switch known := v.known(fault); len(known) {
		case 0:
		case 1:
			rows = append(rows, known...)
		default:
			alternatives = append(alternatives, known)
		}
	}
	return rows, alternatives
}

// worst returns of the faults of classes that draw their load from the same tiers the one that is overloaded most.
func (f *Fleet) worst(faults []Fault) (worst []Fault) {
	type source struct {
		plated, unserved bool
		group            int32
	}
	at := map[source]int{}
	for _, fault := range faults {
		key := source{fault.Plated, fault.Unserved, f.Classes[fault.Class].group}
		i, known := at[key]
		if !known {
			at[key] = len(worst)
			worst = append(worst, fault)
		} else if fault.Load/fault.Capacity > worst[i].Load/worst[i].Capacity {
			worst[i] = fault
		}
	}
	return worst
}

// known returns a row, or alternatives to it, that a fault proves; none if nothing is known.
func (v *view) known(fault Fault) []Row {
	k := fault.Class
	if fault.Unserved {
		if row, ok := v.served(v.x); ok {
			return []Row{row}
		}
		return nil
	}
	if !v.sure[k] {
		return nil
	}
	var unless []Row
	if !v.present(k) {
		if v.turns(k).most(v.box) < 1 {
			return nil
		}
		unless = append(unless, none(v.turns(k)))
	}
	row := v.within(k)
	if fault.Plated {
		return v.reserved(k, row, unless)
	}
	return append(unless, row)
}

// positive asks for an affine not to be negative.
func positive(a affine) Row {
	row := Row{Least: -a.c}
	for _, t := range a.term {
		if t.of != 0 {
			row.On, row.Of = append(row.On, int(t.on)), append(row.Of, t.of)
		}
	}
	return row
}

// none asks for a count not to be above 0.
func none(count affine) Row { return positive(count.times(-1)) }

// present reports whether some of a class that is up carries its load, wherever in the box.
func (v *view) present(k int32) bool {
	turns := v.turns(k)
	return turns.least(v.box) >= 1 || turns.most(v.box) <= 0 && v.live(k).least(v.box) >= 1
}

// within asks for the load of a class to be within its capacity.
func (v *view) within(k int32) Row {
	capacity := v.capacity(k)
	if row, ok := v.single(k, capacity); ok {
		return row
	}
	load := v.load(k)
	return v.row(capacity.under.times(tolerant).plus(load.under, -1), capacity.lo+load.lo)
}

// tolerant is how many times its capacity a component carries without being overloaded, with some room for rounding.
const tolerant = 1 + 2*topology.Tolerance

// row asks for an affine not to be negative, but for rounding of a constant of a size.
func (v *view) row(a affine, size float64) Row {
	r := positive(a)
	r.Least -= float64(size * 1e-12)
	r.round()
	return r
}

// round makes a row one of whole numbers if all that is in it counts the same.
func (r *Row) round() {
	for _, of := range r.Of {
		if of != r.Of[0] {
			return
		}
	}
	if len(r.Of) == 0 || math.Abs(r.Least) > 1e12*math.Abs(r.Of[0]) {
		return
	}
	r.Least = math.Ceil(r.Least / math.Abs(r.Of[0]))
	sign := math.Copysign(1, r.Of[0])
	for i := range r.Of {
		r.Of[i] = sign
	}
}

// single is the row of a class all of whose load but a constant comes over one pool. With D placed on it and W the weight that
// takes it, a member of weight w takes w·D/W, so w·D ≤ (capacity − the rest) · W: that is as sharp as can be.
func (v *view) single(k int32, capacity form) (Row, bool) {
	c := &v.f.Classes[k]
	rest, main := constant(float64(v.s.Factor*c.Demand)), -1
	for i, in := range c.in {
		p := &v.f.pools[in.pool]
		_, over := v.amount(in.pool, int(in.tier))
		if p.share == topology.Each || over.lo == over.hi {
			w := v.weight(p, int(in.tier), k)
			rest = rest.plus(v.taken(in.pool, in.tier).times(w, v.x), 1)
			continue
		}
		if main >= 0 {
			return Row{}, false
		}
		main = i
	}
	if main < 0 || !rest.fixed() {
		return Row{}, false
	}
	in := c.in[main]
	p := &v.f.pools[in.pool]
	amount, over := v.amount(in.pool, int(in.tier))
	w := v.weight(p, int(in.tier), k)
	switch {
	case p.byCapacity() && len(c.raises) > 0:
		if rest.lo > 0 {
			return Row{}, false
		}
		return v.row(over.all.times(tolerant).plus(amount.under, -1), amount.lo), true
	case !capacity.fixed():
		return Row{}, false
	}
	spare := capacity.lo*tolerant - rest.lo
	row := v.row(over.all.times(spare).plus(amount.under, -w.lo), float64(w.lo*amount.lo)+float64(spare*math.Abs(over.all.c)))
	if amount.fixed() {
		row.exactly(over.all, func(weight float64) float64 { return rest.lo + float64(w.lo*amount.lo)/weight }, capacity.lo)
	}
	return row, true
}

// exactly finds where a row that counts is kept: at the least weight with which the load is within the capacity, if all that
// is counted weighs the same.
func (r *Row) exactly(weight affine, load func(weight float64) float64, capacity float64) {
	if len(r.Of) == 0 || r.Of[0] != 1 || len(weight.term) == 0 || math.Abs(r.Least) > 1e12 {
		return
	}
	unit := weight.term[0].of
	for _, t := range weight.term {
		if t.of != unit {
			return
		}
	}
	for range 2 {
		if w := weight.c + float64(unit*r.Least); !(w > 0) || topology.Overloaded(load(w), capacity) {
			r.Least++
		}
	}
}

// reserved returns a row that is kept where copies place load on a class, besides others. It is kept elsewhere too if it does
// not ask for more there; if it cannot be kept at all, no copies do.
func (v *view) reserved(k int32, row Row, unless []Row) []Row {
	draws := v.f.draws[k]
	nothing := Box{v.box.Least, slices.Clone(v.box.Most)}
	for _, j := range draws {
		if v.box.Least[j] > 0 {
			return append(unless, row)
		}
		nothing.Most[j] = 0
	}
	if least, _ := row.between(nothing); least >= row.Least {
		return append(unless, row)
	}
	forbidden := Row{}
	for _, j := range draws {
		forbidden.On, forbidden.Of = append(forbidden.On, int(j)), append(forbidden.Of, -1)
	}
	if unless = append(unless, forbidden); row.Of == nil || !v.keepable(row) {
		return unless
	}
	return append(unless, row)
}

func (v *view) keepable(row Row) bool {
	_, most := row.between(v.box)
	return most >= row.Least
}

// between returns the least and the most of a row's left side in a box.
func (r *Row) between(b Box) (least, most float64) {
	for i, j := range r.On {
		low, high := b.Least[j], b.Most[j]
		if r.Of[i] < 0 {
			low, high = high, low
		}
		least += float64(r.Of[i] * float64(low))
		most += float64(r.Of[i] * float64(high))
	}
	return least, most
}

// served asks for what a demand must have: to be in rotation, enough of what is needed, and someone who takes load.
func (v *view) served(x []int) (Row, bool) {
	f := v.f
	now := f.settle(v.s, x)
	now.flow(false)
	for k := range f.Classes {
		c := &f.Classes[k]
		if !v.needed[k] {
			continue
		}
		if c.Demand > 0 && v.turns(int32(k)).most(v.box) < v.live(int32(k)).least(v.box) {
			return Row{Least: 1}, true // nothing helps a demand that is taken out of rotation
		}
		for i := range c.links {
			l := &c.links[i]
			var row Row
			switch {
			case l.need > 0 && !now.meets(l):
				row = v.meets(l)
			case l.pool >= 0 && c.Demand > 0 && now.placed[l.pool] > 0:
				row = v.enough(f.members(l.pool), v.turns, 1)
			}
			if row.Cuts(x) {
				return row, true
			}
		}
	}
	return Row{}, false
}

// meets asks for a need or a supply to be met.
func (v *view) meets(l *link) Row {
	classes := v.f.sets[l.set].classes
	if !l.all {
		return v.enough(classes, v.live, float64(l.need))
	}
	out := newSum(len(v.f.Columns)) // at least, of all there are
	for _, k := range classes {
		all := v.f.size(k)
		if v.most.up[k] {
			all = all.plus(v.live(k), -1)
		}
		out.add(all)
	}
	return none(out.affine())
}

// size returns how many there are of a class.
func (f *Fleet) size(k int32) affine {
	c := &f.Classes[k]
	a := affine{c: float64(c.Size)}
	for _, j := range c.Columns {
		a.term = append(a.term, term{int32(j), 1})
	}
	return a
}

// enough asks for so many of some classes.
func (v *view) enough(classes []int32, number func(int32) affine, need float64) Row {
	all := newSum(len(v.f.Columns))
	all.c = -need
	for _, k := range classes {
		if v.most.up[k] {
			all.add(number(k))
		}
	}
	return positive(all.affine())
}
