package alike

import (
	"math"
	"math/big"
	"slices"
)

// Ways returns how many sets are alike with one that Sets yields.
func (f *Fleet) Ways(set []int32) *big.Int {
	ways := big.NewInt(1)
	f.multiply(ways, set, 0, 1)
	return ways
}

// multiply multiplies by the sets that are alike with a part of one in a piece of a bunch, as often as that part stands there.
func (f *Fleet) multiply(ways *big.Int, set []int32, within int32, times int) {
	for len(set) > 0 {
		n, in := f.together(set, within)
		if in != within {
			f.multiplyBunch(ways, set[:n], in, times)
		}
		set = set[n:]
	}
}

func (f *Fleet) multiplyBunch(ways *big.Int, set []int32, in int32, times int) {
	b := &f.bunches[in]
	parts, left := b.parts(set), int64((b.to-b.from)/b.size)
	for len(parts) > 0 {
		same := 1
		for same < len(parts) && b.alike(parts[0], parts[same], int32(same)) {
			same++
		}
		chosen := new(big.Int).Binomial(left, int64(same))
		for range times {
			ways.Mul(ways, chosen)
		}
		f.multiply(ways, parts[0], in, times*same)
		left -= int64(same)
		parts = parts[same:]
	}
}

// alike reports whether the same is taken of a piece and of one so many after it.
func (b *bunch) alike(part, other []int32, after int32) bool {
	return len(part) == len(other) && begins(part, other, after*b.size)
}

// Count returns how many sets of 1 to a size Sets yields; false if they are more than so many, or, of sizes of some thousands, too much
// work to count.
func (f *Fleet) Count(size int, most int64) (int64, bool) {
	size = min(size, len(f.IDs))
	k := counter{Fleet: f, inside: make([][]int32, len(f.bunches)), single: make([]int, len(f.bunches)), most: most}
	k.index()
	for upTo := 1; ; upTo *= 2 { // if there are many, they are of few sizes
		all := int64(0)
		for _, n := range k.ofPiece(0, min(upTo, size))[1:] {
			all = k.plus(all, n)
		}
		if all > most || k.tooLarge {
			return 0, false
		}
		if upTo >= size {
			return all, true
		}
	}
}

// mostCells bounds a table of counts, of 32 MB.
const mostCells = 1 << 22

// A counter counts by size, in lists that end where there is nothing more. Numbers above most are none to go by.
type counter struct {
	*Fleet
	inside [][]int32 // by bunch: the bunches in its first piece,
	single []int     // and the places there that are in none
	most   int64

	tooLarge bool // some table
}

func (k *counter) index() {
	for i, b := range k.bunches {
		if b.up >= 0 && b.from < k.bunches[b.up].from+k.bunches[b.up].size {
			k.inside[b.up] = append(k.inside[b.up], int32(i))
		}
	}
	for place, b := range k.in {
		if int32(place) < k.bunches[b].from+k.bunches[b].size {
			k.single[b]++
		}
	}
}

// ofPiece counts what can be taken of a piece of a bunch.
func (k *counter) ofPiece(in int32, size int) []int64 {
	n := k.single[in]
	all := make([]int64, 0, min(n, size)+1)
	for i := range min(n, size) + 1 {
		all = append(all, k.choose(int64(n), i))
	}
	for _, b := range k.inside[in] {
		all = k.times(all, k.ofBunch(b, size), size)
	}
	return all
}

// ofBunch counts what can be taken of all pieces of a bunch, whichever they are.
func (k *counter) ofBunch(in int32, size int) []int64 {
	b := &k.bunches[in]
	pieces, one := int((b.to-b.from)/b.size), k.ofPiece(in, size)
	if len(one) == 2 && one[1] == 1 { // a place each
		return slices.Repeat([]int64{1}, min(pieces, size)+1)
	}
	if pieces < size {
		return k.ofFew(pieces, one, size)
	}
	all := []int64{1}
	for of := 1; of < len(one); of++ {
		all = k.times(all, k.ofSize(of, one[of], size), size)
	}
	return all
}

// ofSize counts, by what is taken in all, the ways to take so much, each in so many ways, of any number of pieces.
func (k *counter) ofSize(of int, ways int64, size int) (all []int64) {
	for n := 0; n*of <= size; n++ {
		all = append(all, make([]int64, n*of+1-len(all))...)
		all[n*of] = k.choose(ways+int64(n)-1, n)
	}
	return all
}

// ofFew is ofBunch where the pieces may be too few.
func (k *counter) ofFew(pieces int, one []int64, size int) (all []int64) {
	if int64(pieces+1)*int64(size+1) > mostCells {
		k.tooLarge = true
		return []int64{1}
	}
	table := make([][]int64, pieces+1) // by number of pieces of which something is taken: by size
	table[0] = []int64{1}
	for of := 1; of < len(one); of++ {
		next := make([][]int64, pieces+1)
		for had, row := range table {
			for more := 0; had+more <= pieces && more*of <= size && len(row) > 0; more++ {
				next[had+more] = k.add(next[had+more], row, more*of, k.choose(one[of]+int64(more)-1, more), size)
			}
		}
		table = next
	}
	for _, row := range table {
		all = k.add(all, row, 0, 1, size)
	}
	return all
}

// add adds some times what is larger by a size to counts.
func (k *counter) add(to, row []int64, by int, times int64, size int) []int64 {
	for i, n := range row {
		if i+by > size || n == 0 {
			continue
		}
		for len(to) <= i+by {
			to = append(to, 0)
		}
		to[i+by] = k.plus(to[i+by], k.product(n, times))
	}
	return to
}

func (k *counter) times(a, b []int64, size int) []int64 {
	var all []int64
	for i, n := range b {
		all = k.add(all, a, i, n, size)
	}
	return all
}

func (k *counter) plus(a, b int64) int64 { return min(a+b, k.most+1) }

func (k *counter) product(a, b int64) int64 {
	if a > 0 && b > math.MaxInt64/a {
		return k.most + 1
	}
	return min(a*b, k.most+1)
}

// choose returns n over k; most, and what n is above it, are below 1<<31.
func (k *counter) choose(n int64, of int) int64 {
	least := min(int64(of), n-int64(of))
	if least < 0 && of > 0 {
		return 0
	}
	ways := int64(1)
	for i := int64(0); i < least && ways <= k.most; i++ {
		ways = ways * (n - i) / (i + 1)
	}
	return min(ways, k.most+1)
}
