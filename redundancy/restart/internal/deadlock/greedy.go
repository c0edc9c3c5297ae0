package deadlock

import (
	"encoding/binary"
	"math"
)

// maxGreedy bounds the work of looking for what to break first: some tenths of a second.
const maxGreedy = 20_000_000

// greedy breaks all needs of one node after another, each time of that which lets most start for what it costs, until what is to
// start does, and keeps what is needed of that. False if nothing helps.
func (h *hunt) greedy() bool {
	mark := len(h.trail)
	defer h.undo(mark)
	var enough []int32
	kind := h.kinds()
	for h.limit = h.work + maxGreedy; !h.done(); {
		var needs []int32
		if h.work < h.limit {
			needs = h.bestBreak(kind)
		} else {
			needs = h.allBreaks()
		}
		if len(needs) == 0 {
			return false
		}
		h.without(needs...)
		enough = append(enough, needs...)
	}
	h.undo(mark)
	h.limit += maxGreedy
	h.keep(enough)
	return true
}

// bestBreak returns the needs of the node which lets most start for what they cost; none if there is none that can do without.
func (h *hunt) bestBreak(kind []int32) (best []int32) {
	most := -1.
	tried := map[int32]bool{}
	for _, node := range h.stuck() {
		if tried[kind[node]] {
			continue
		}
		tried[kind[node]] = true
		needs := h.breaks(node)
		if len(needs) == 0 {
			continue
		}
		cost, mark, left := 0., len(h.trail), h.left
		for _, i := range needs {
			cost += h.Needs[i].Cost
		}
		h.without(needs...)
		started := float64(left - h.left)
		if h.done() {
			started = float64(left)
		}
		h.undo(mark)
		if gain := started / math.Max(cost, math.SmallestNonzeroFloat64); gain > most {
			most, best = gain, needs
		}
	}
	return best
}

// allBreaks returns the needs of all nodes that can do without theirs.
func (h *hunt) allBreaks() (needs []int32) {
	for _, node := range h.stuck() {
		needs = append(needs, h.breaks(node)...)
	}
	return needs
}

// breaks returns the needs that a node waits for; none if it cannot do without some of them.
func (h *hunt) breaks(node int32) (needs []int32) {
	for _, i := range h.of.at(node) {
		if !h.waits(i) {
			continue
		}
		if h.Needs[i].Cost < 0 {
			return nil
		}
		needs = append(needs, i)
	}
	return needs
}

// kinds numbers nodes so that those of one number are told apart by nothing.
func (h *hunt) kinds() []int32 {
	kind, known := make([]int32, h.Nodes), map[string]int32{}
	for node := range int32(h.Nodes) {
		var key []byte
		for _, s := range h.in.at(node) {
			key = binary.AppendUvarint(key, uint64(s))
		}
		key = append(key, '|')
		for _, i := range h.of.at(node) {
			need := &h.Needs[i]
			key = binary.AppendUvarint(key, uint64(need.Set))
			key = binary.AppendUvarint(key, uint64(need.Of))
			key = binary.BigEndian.AppendUint64(key, math.Float64bits(need.Cost))
		}
		k, ok := known[string(key)]
		if !ok {
			k = int32(len(known))
			known[string(key)] = k
		}
		kind[node] = k
	}
	if h.goal >= 0 {
		kind[h.goal] = int32(len(known)) // by itself
	}
	return kind
}
