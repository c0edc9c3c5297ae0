// Package dd stores decision diagrams: nodes in one flat array, each once, and what has been computed of them.
//
// A node asks for a variable, by its level, and goes on to one of two nodes below. Nodes are numbered as they are made, so
// each has a higher number than those it leads to: what is to be computed for each node from those below needs one pass
// over the array, and no recursion. Collection keeps that order.
package dd

import (
	"context"
	"errors"
	"math"
)

// A Ref is the number of a node.
type Ref = int32

// The two terminals.
const (
	Zero Ref = 0 // false; no set
	One  Ref = 1 // true; the empty set
)

// Bottom is the level of the terminals: below all others.
const Bottom int32 = math.MaxInt32

// ErrFull says that a diagram would have more nodes than it may.
var ErrFull = errors.New("the decision diagram needs more nodes than it may have")

// A Node leads to Hi if its variable holds, else to Lo.
type Node struct {
	Level, Lo, Hi int32
}

// A Store holds the nodes of diagrams. Once it has failed, it makes no more nodes, and what it returns means nothing.
type Store struct {
	Nodes []Node // the terminals, then the others, each after those it leads to

	ctx   context.Context
	limit int
	err   error
	table []Ref // of the nodes, by hash, open addressing; 0 is empty
	cache []entry
	kept  int // results
}

// An entry is a result, under what it was computed of; a 0 in a is empty.
type entry struct{ a, b, c, result int32 }

const (
	firstTable = 1 << 6
	mostCache  = 1 << 22 // entries of 16 bytes
	asked      = 1 << 14 // nodes made, or results kept, between two looks at the context
)

// NewStore returns a store of no more than so many nodes, which fails when the context ends.
func NewStore(ctx context.Context, limit int) *Store {
	return &Store{
		Nodes: []Node{{Bottom, Zero, Zero}, {Bottom, One, One}}, ctx: ctx, limit: min(limit, math.MaxInt32/2), err: ctx.Err(),
		table: make([]Ref, firstTable), cache: make([]entry, firstTable/4),
	}
}

// Err returns why the store failed: [ErrFull] or the context's error; nil if it did not.
func (s *Store) Err() error { return s.err }

// Level returns the level of a node.
func (s *Store) Level(r Ref) int32 { return s.Nodes[r].Level }

// Make returns the node of a level that leads to these; the levels of these are lower.
func (s *Store) Make(level int32, lo, hi Ref) Ref {
	mask := uint32(len(s.table) - 1)
	at := hash(uint32(level), uint32(lo), uint32(hi)) & mask
	for ; s.table[at] != 0; at = (at + 1) & mask {
		if n := &s.Nodes[s.table[at]]; n.Lo == lo && n.Hi == hi && n.Level == level {
			return s.table[at]
		}
	}
	if !s.mayGrow() {
		return Zero
	}
	r := Ref(len(s.Nodes))
	s.Nodes = append(s.Nodes, Node{level, lo, hi})
	s.table[at] = r
	if len(s.Nodes) > len(s.table)/2 {
		s.grow()
	}
	return r
}

// mayGrow reports whether there is room for one more node.
func (s *Store) mayGrow() bool {
	if s.err != nil {
		return false
	}
	if len(s.Nodes) >= s.limit {
		s.err = ErrFull
	} else if len(s.Nodes)%asked == 0 {
		s.Look()
	}
	return s.err == nil
}

func (s *Store) grow() {
	s.rehash(2 * len(s.table))
	if len(s.cache) >= mostCache {
		return
	}
	old := s.cache
	s.cache = make([]entry, 2*len(old))
	for _, e := range old {
		if e.a != 0 {
			s.put(e.a, e.b, e.c, e.result)
		}
	}
}

// rehash fills a table of another size.
func (s *Store) rehash(size int) {
	s.table = make([]Ref, size)
	mask := uint32(size - 1)
	for r := 2; r < len(s.Nodes); r++ {
		n := s.Nodes[r]
		at := hash(uint32(n.Level), uint32(n.Lo), uint32(n.Hi)) & mask
		for s.table[at] != 0 {
			at = (at + 1) & mask
		}
		s.table[at] = Ref(r)
	}
}

// Get returns what [Store.Put] kept for these operands, of which a is not 0, and whether it is still there.
func (s *Store) Get(a, b, c int32) (Ref, bool) {
	e := &s.cache[hash(uint32(a), uint32(b), uint32(c))&uint32(len(s.cache)-1)]
	return e.result, e.a == a && e.b == b && e.c == c
}

// Put keeps a result, until another takes its place.
func (s *Store) Put(a, b, c int32, result Ref) {
	if s.kept++; s.kept%asked == 0 {
		s.Look()
	}
	s.put(a, b, c, result)
}

// Look lets the store fail if the context has ended, and reports whether it goes on.
func (s *Store) Look() bool {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	return s.err == nil
}

func (s *Store) put(a, b, c int32, result Ref) {
	s.cache[hash(uint32(a), uint32(b), uint32(c))&uint32(len(s.cache)-1)] = entry{a, b, c, result}
}

// hash mixes three words: multiplications by odd constants, and shifts that bring high bits down.
func hash(a, b, c uint32) uint32 {
	x := uint64(a)*0x9E3779B97F4A7C15 ^ uint64(b)*0xC2B2AE3D27D4EB4F ^ uint64(c)*0x165667B19E3779F9
	x ^= x >> 32
	x *= 0xD6E8FEB86659FD93
	return uint32(x >> 32)
}
