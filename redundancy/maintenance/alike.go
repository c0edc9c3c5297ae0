package maintenance

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// classify numbers the classes of units, in order of their first. Units of one component, with which nothing else goes down,
// are alike if nothing tells these apart, the family included; any other is like no other.
func (q *question) classify(units []unit) (classes int) {
	in := q.setsOf()
	swaps := q.swaps()
	known, last := map[string]int{}, map[int]topology.ID{}
	for i := range units {
		u := &units[i]
		u.class = classes
		if len(u.named) == 1 && len(u.down) == 1 && swaps != nil {
			id := u.named[0]
			key := q.signature(id, in[id])
			if k, ok := known[key]; ok && swaps.alike(id, last[k]) {
				u.class = k
			}
			known[key] = u.class
			last[u.class] = id
		}
		classes = max(classes, u.class+1)
	}
	return classes
}

// setsOf returns, by ID, the sets of members that a component is in.
func (q *question) setsOf() [][]int32 {
	in := make([][]int32, q.t.Len())
	seen := map[int32]bool{}
	for id := range topology.ID(q.t.Len()) {
		for _, l := range q.t.Links(id) {
			if seen[l.Set] {
				continue
			}
			seen[l.Set] = true
			for _, m := range l.Members {
				in[m] = append(in[m], l.Set)
			}
		}
	}
	return in
}

// signature writes all that tells a component from others, but for the family.
func (q *question) signature(id topology.ID, in []int32) string {
	var b strings.Builder
	t := q.t
	fmt.Fprint(&b, t.Capacity(id), t.Demand(id), t.Overload(id), t.Start(id), q.down[id], q.drainedNow(id), in, []byte(q.limitsOf(id)))
	for _, k := range t.PoolsOf(id) {
		at := 0
		if p := &t.Pools()[k]; len(p.Ends) > 1 {
			at, _ = slices.BinarySearch(p.Ends, slices.Index(p.Members, id)+1)
		}
		fmt.Fprint(&b, " in ", k, at)
	}
	for _, l := range t.Links(id) {
		fmt.Fprint(&b, " on ", l.Set, l.Need, l.Start, l.Pool)
		if l.Supply != nil {
			fmt.Fprint(&b, " by ", l.Supply.Base, l.Supply.Rate(), l.Supply.Inrush)
		}
	}
	return b.String()
}

// A swapper tells whether two components may change places in a family: whether its scenarios stay the same ones.
type swapper struct {
	scenarios []loss
	of        map[topology.ID][]int
	keys      map[string]bool
}

// mostSwapped bounds the components of all scenarios together.
const mostSwapped = 1_000_000

// swaps returns a swapper for the family; nil if it has too many scenarios.
func (q *question) swaps() *swapper {
	n, err := q.family.Count(q.t)
	if err != nil || !n.IsInt64() || n.Int64() > q.o.Cases {
		return nil
	}
	all, err := q.family.All(q.t)
	if err != nil {
		return nil
	}
	w := &swapper{of: map[topology.ID][]int{}, keys: map[string]bool{}}
	size := 0
	for s := range all {
		l := q.loss(s)
		for _, id := range slices.Concat(l.lose, l.drain) {
			w.of[id] = append(w.of[id], len(w.scenarios))
		}
		if size += len(l.lose) + len(l.drain); size > mostSwapped {
			return nil
		}
		w.scenarios = append(w.scenarios, l)
		w.keys[l.key(-1, -1)] = true
	}
	return w
}

// alike reports whether two components may change places.
func (w *swapper) alike(a, b topology.ID) bool {
	for _, of := range [][]int{w.of[a], w.of[b]} {
		for _, i := range of {
			if !w.keys[w.scenarios[i].key(a, b)] {
				return false
			}
		}
	}
	return true
}

// key writes what a scenario loses and drains, two components having changed places.
func (l *loss) key(a, b topology.ID) string {
	text := binary.LittleEndian.AppendUint64(nil, math.Float64bits(l.load))
	for _, ids := range [][]topology.ID{l.lose, l.drain} {
		ids = slices.Clone(ids)
		for i, id := range ids {
			if id == a {
				ids[i] = b
			} else if id == b {
				ids[i] = a
			}
		}
		slices.Sort(ids)
		text = binary.LittleEndian.AppendUint32(text, uint32(len(ids)))
		for _, id := range ids {
			text = binary.LittleEndian.AppendUint32(text, uint32(id))
		}
	}
	return string(text)
}
