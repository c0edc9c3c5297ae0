package topology

import "math"

// checkUnits reports load that would be passed on to another unit as if it were the same.
func (l *linker) checkUnits(at place, i int, s *Supply, members []ID) {
	l.checkUnitsWritten(at, i, members)
	if l.c.Unit == "" || s.Base != 0 || s.PerUnit != 0 {
		return
	}
	if m, unit := l.otherUnit(members, l.c.Unit); unit != "" {
		l.fault(at, []any{"supplies", i}, UnitClash,
			"it passes its load in %s on to %s, whose unit is %s: give perUnit, the %s for each %s", l.c.Unit, l.t.Name(m), unit, unit, l.c.Unit)
	}
}

// checkUnitsWritten reports base, perUnit and inrush that a file gives in another unit than the members'.
func (l *linker) checkUnitsWritten(at place, i int, members []ID) {
	if l.src == nil {
		return
	}
	for _, field := range []string{"base", "perUnit", "inrush"} {
		path := []any{"supplies", i, field}
		written := l.src.unit(l.path(at, path)...)
		if written == "" {
			continue
		}
		if m, unit := l.otherUnit(members, written); unit != "" {
			l.fault(at, path, UnitClash, "it is given in %s, and the unit of %s is %s", written, l.t.Name(m), unit)
		}
	}
}

// otherUnit returns the first member that has another unit, and that; "" if there is none.
// The members of one declaration have the same, so each declaration is asked once.
func (l *linker) otherUnit(members []ID, unit string) (ID, string) {
	last := int32(-1)
	for _, m := range members {
		if l.t.declared[m] == last {
			continue
		}
		last = l.t.declared[m]
		decl := &l.t.spec.Components[last]
		own := decl.Unit
		if own == "" {
			own = l.t.spec.Kinds[decl.Kind].Unit
		}
		if own != "" && own != unit {
			return m, own
		}
	}
	return 0, ""
}

// checkDemands reports demands of which no part reaches a capacity: whatever is lost, nothing could be overloaded.
func (b *builder) checkDemands() {
	t := b.t
	limited := make([]bool, t.Len()) // it has a capacity, or passes load to something that has
	for id, c := range t.capacity {
		limited[id] = !math.IsInf(c, 1)
	}
	poolLimited := make([]bool, len(t.pools))
	for i := len(t.flow) - 1; i >= 0; i-- {
		if p, ok := t.flow[i].pool(); ok {
			for _, m := range t.pools[p].Members {
				poolLimited[p] = poolLimited[p] || limited[m]
			}
			continue
		}
		owner := ID(t.flow[i])
		for _, l := range t.Links(owner) {
			if l.Pool >= 0 && l.Supply.Rate() > 0 && poolLimited[l.Pool] {
				limited[owner] = true
			}
		}
	}
	for id, d := range t.demand {
		if d > 0 && !limited[id] {
			b.fault(place{component: int(t.declared[id])}, []any{"demand"}, DeadDemand,
				"it reaches no component with a capacity, so nothing could ever be overloaded: give a capacity to what it draws on, or supplies to %s", t.Name(ID(id)))
		}
	}
}

// Rate returns the load that the supply places for each unit that its owner serves: PerUnit, or 1 if it has neither
// Base nor PerUnit.
func (s *Supply) Rate() float64 {
	if s.Base == 0 && s.PerUnit == 0 {
		return 1
	}
	return s.PerUnit
}
