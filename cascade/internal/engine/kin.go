package engine

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// Kin tells which components are interchangeable together with all that hangs on each of them alone: identical racks, say,
// of identical servers. Those with the same number may change places, and what hangs on them with them, and nothing else
// would notice: all other links and memberships of either are the same to the letter. It is not safe for concurrent use.
type Kin struct {
	*program
	hang    [][]int32 // by class of one component: the classes that need it, or draw on it, by a link of its own
	known   map[string]int32
	numbers map[[2]int32]int32 // by class, and that which it hangs on; -1 while it is worked out
}

// Kin prepares to number components, in time proportional to the classes.
func (e *Engine) Kin() *Kin {
	k := &Kin{program: e.program, hang: make([][]int32, len(e.classes)), known: map[string]int32{}, numbers: map[[2]int32]int32{}}
	for c, id := range e.first {
		for _, l := range e.t.Links(id) {
			if l.Start || len(l.Members) != 1 {
				continue
			}
			on := e.at[l.Members[0]].class
			if h := k.hang[on]; e.classes[on].size == 1 && (len(h) == 0 || h[len(h)-1] != int32(c)) {
				k.hang[on] = append(h, int32(c))
			}
		}
	}
	return k
}

// Of returns the number of a component; false if nothing hangs on it alone.
func (k *Kin) Of(id topology.ID) (number int32, ok bool) {
	c := k.at[id].class
	if len(k.hang[c]) == 0 {
		return 0, false
	}
	return k.number(c, -1, 0), true
}

// Below reports whether a class of some hangs on a component, directly or not.
func (k *Kin) Below(id topology.ID, some []bool) bool {
	seen, queue := map[int32]bool{}, []int32{k.at[id].class}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, c := range k.hang[queue[0]] {
			if some[c] {
				return true
			}
			if !seen[c] {
				seen[c] = true
				queue = append(queue, c)
			}
		}
	}
	return false
}

// deepKin is how deep what hangs on a component is told apart; what is deeper has no kin.
const deepKin = 100

// number numbers a class that hangs on another, or on none (-1).
func (k *Kin) number(c, on int32, depth int) int32 {
	at := [2]int32{c, on}
	if n, ok := k.numbers[at]; ok && n >= 0 {
		return n
	} else if ok || depth > deepKin {
		return k.intern(binary.LittleEndian.AppendUint32([]byte("itself"), uint32(c))) // it hangs on itself, or too deep
	}
	k.numbers[at] = -1
	text := k.describe(c, on)
	var below []int32
	for _, h := range k.hang[c] {
		below = append(below, k.number(h, c, depth+1))
	}
	slices.Sort(below)
	n := k.intern(appendNumbers(text, below...))
	k.numbers[at] = n
	return n
}

func (k *Kin) intern(text []byte) int32 {
	n, ok := k.known[string(text)]
	if !ok {
		n = int32(len(k.known))
		k.known[string(text)] = n
	}
	return n
}

// describe writes all that tells a class from others, but for what hangs on it, and for what it hangs on.
func (k *Kin) describe(c, on int32) []byte {
	at := &k.classes[c]
	g := &k.groups[at.group]
	text := append([]byte("like"), flag(g.trips), flag(g.sheds), flag(g.drained))
	text = appendFloats(text, g.demand)
	text = appendRuns(text, k.limit[at.from:at.to()])
	for _, in := range k.incomes[at.group] {
		p := k.tiers[in.tier].pool
		if at.size == 1 && len(k.t.Pools()[p].Members) == 1 {
			text = k.appendRule(append(text, "own"...), p)
		} else {
			text = appendNumbers(append(text, "in"...), in.tier)
		}
	}
	for _, set := range k.sets.of(c) {
		if at.size == 1 && k.start.ints[k.layout.left+set] == 1 {
			text = append(text, "kept"...)
		} else {
			text = appendNumbers(append(text, "keeps"...), set)
		}
	}
	return k.appendLinks(text, c, on)
}

func (k *Kin) appendLinks(text []byte, c, on int32) []byte {
	for _, l := range k.t.Links(k.first[c]) {
		if l.Start {
			continue
		}
		hangs := on >= 0 && len(l.Members) == 1 && k.at[l.Members[0]].class == on
		if text = appendNumbers(text, int32(l.Need)); hangs {
			text = append(text, "up"...)
		} else {
			text = appendNumbers(text, l.Set, l.Pool)
		}
		if l.Pool >= 0 {
			text = appendFloats(text, l.Supply.Base, l.Supply.Rate())
			if hangs {
				text = k.appendRule(text, l.Pool)
			}
		}
	}
	return text
}

func (k *Kin) appendRule(text []byte, pool int32) []byte {
	p := &k.t.Pools()[pool]
	return appendFloats(appendFloats(append(text, p.Share...), p.Factor), p.Weights...)
}

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// appendNumbers and appendFloats write how many follow first, so that no two lists read alike.
func appendNumbers(text []byte, numbers ...int32) []byte {
	text = binary.LittleEndian.AppendUint32(text, uint32(len(numbers)))
	for _, n := range numbers {
		text = binary.LittleEndian.AppendUint32(text, uint32(n))
	}
	return text
}

// appendRuns writes each number once for all that follow it and are the same.
func appendRuns(text []byte, numbers []float64) []byte {
	text = binary.LittleEndian.AppendUint32(text, uint32(len(numbers)))
	for from := 0; from < len(numbers); {
		to := from + 1
		for to < len(numbers) && numbers[to] == numbers[from] {
			to++
		}
		text = binary.LittleEndian.AppendUint32(text, uint32(to-from))
		text = binary.LittleEndian.AppendUint64(text, math.Float64bits(numbers[from]))
		from = to
	}
	return text
}

func appendFloats(text []byte, numbers ...float64) []byte {
	text = binary.LittleEndian.AppendUint32(text, uint32(len(numbers)))
	for _, x := range numbers {
		text = binary.LittleEndian.AppendUint64(text, math.Float64bits(x))
	}
	return text
}
