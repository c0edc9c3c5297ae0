package topology

import (
	"hash/maphash"
	"slices"
	"strings"
)

// A nameTable holds the names of components, by ID, and finds them: a hash table with linear probing.
// A fleet has millions of names. As one text, they cost hardly more than their bytes.
type nameTable struct {
	text  strings.Builder // one name after the other,
	end   []int32         // which end here
	seed  maphash.Seed
	slots []slot // as many as a power of two, some of them free
}

// A slot is free, 0, or holds an ID and, above it, a part of the hash of its name, so that few other names are compared.
type slot uint32

const idBits = 23 // of a slot, for an ID + 1

func slotOf(id ID, hash uint64) slot { return partOf(hash) | slot(id+1) }

// partOf returns bits of a hash that do not say where a probe begins.
func partOf(hash uint64) slot { return slot(hash >> 32).part() }

func (s slot) id() ID { return ID(s&(1<<idBits-1)) - 1 }

func (s slot) part() slot { return s >> idBits << idBits }

// makeNames returns an empty table with room for n names.
func makeNames(n int) nameTable {
	size := 4
	for fits(size) < n {
		size *= 2
	}
	return nameTable{end: make([]int32, 0, n), seed: maphash.MakeSeed(), slots: make([]slot, size)}
}

// begin makes t a table that begins with the names of another, with room for n names of so many bytes together.
func (t *nameTable) begin(with *nameTable, n, bytes int) {
	*t = nameTable{end: append(make([]int32, 0, n), with.end...), seed: with.seed, slots: slices.Clone(with.slots)}
	t.text.Grow(bytes)
	t.text.WriteString(with.text.String())
}

// fits returns how many of n slots may be taken: more, and the way to a free one becomes long.
func fits(n int) int { return n / 4 * 3 }

func (t *nameTable) len() int { return len(t.end) }

func (t *nameTable) name(id ID) string {
	start := int32(0)
	if id > 0 {
		start = t.end[id-1]
	}
	return t.text.String()[start:t.end[id]]
}

// find returns the component of a name, and whether there is one.
func (t *nameTable) find(name string) (ID, bool) {
	s := t.slots[probe(t, t.hash(name), name)]
	if s == 0 {
		return 0, false
	}
	return s.id(), true
}

// add gives a name the next ID, unless a component has it. It returns the component, and whether it is new.
func (t *nameTable) add(name []byte) (ID, bool) {
	if t.len() == fits(len(t.slots)) {
		t.grow()
	}
	hash := maphash.Bytes(t.seed, name[:max(len(name)-1, 0)])
	if len(name) > 0 {
		hash = near(hash, name[len(name)-1])
	}
	at := probe(t, hash, name)
	if s := t.slots[at]; s != 0 {
		return s.id(), false
	}
	id := ID(t.len())
	t.slots[at] = slotOf(id, hash)
	t.text.Write(name)
	t.end = append(t.end, int32(t.text.Len()))
	return id, true
}

// hash returns the hash of a name: that of all but its last byte, and this.
func (t *nameTable) hash(name string) uint64 {
	if name == "" {
		return maphash.String(t.seed, name)
	}
	last := len(name) - 1
	return near(maphash.String(t.seed, name[:last]), name[last])
}

// near moves a hash by a byte. Names that differ only in the last byte, which are most often declared one after the other,
// are neighbours so: 16 slots are a line of a cache. Their parts differ.
func near(hash uint64, last byte) uint64 {
	return (hash&^15 | uint64(last&15)) ^ uint64(last)<<(32+idBits)
}

// probe returns the slot in which a name of this hash is or, if it is in none, belongs.
func probe[N string | []byte](t *nameTable, hash uint64, name N) int {
	last, part := uint64(len(t.slots)-1), partOf(hash)
	for at := hash & last; ; at = (at + 1) & last {
		s := t.slots[at]
		if s == 0 || s.part() == part && t.name(s.id()) == string(name) {
			return int(at)
		}
	}
}

// grow doubles the slots.
func (t *nameTable) grow() {
	t.slots = make([]slot, 2*len(t.slots))
	last := uint64(len(t.slots) - 1)
	for id := range ID(t.len()) {
		hash := t.hash(t.name(id))
		at := hash & last
		for t.slots[at] != 0 {
			at = (at + 1) & last
		}
		t.slots[at] = slotOf(id, hash)
	}
}
