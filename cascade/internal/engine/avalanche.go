package engine

// avalanche goes through the rounds of a group that alone is overloaded, and trips alone: nothing but its own share of one
// load changes, so there is no need to look at anything else between them. It ends when the others bear the load, or when
// so many are down that something else may go down with them.
func (e *Engine) avalanche(o over) {
	g := &e.groups[o.group]
	k := g.class
	total := e.values.total[e.tiers[e.incomes[o.group][0].tier].pool]
	head, spare := e.ints[e.layout.head+k], e.spare(k)
	to, down := head, int32(0)
	for load := o.load; ; load = g.demand + total/float64(e.ints[e.layout.live+k]-down) {
		next := e.overloadedFrom(k, to, load)
		if next == to {
			break
		}
		down += next - to - e.holesIn(k, to, next)
		if to = next; down > spare || down == e.ints[e.layout.live+k] {
			break
		}
	}
	e.tripTo(k, to)
}

// spare returns how many members of a class may go down before a set that they keep up is met no longer.
func (e *Engine) spare(k int32) int32 {
	spare := e.ints[e.layout.live+k]
	for _, set := range e.sets.of(k) {
		from := int32(0)
		if set > 0 {
			from = e.keep[set-1]
		}
		if next := from + e.ints[e.layout.next+set]; next < e.keep[set] {
			spare = min(spare, e.ints[e.layout.left+set]-e.need[next])
		}
	}
	return spare
}
