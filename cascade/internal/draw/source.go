// Package draw is random numbers that belong to an item, what is drawn with them, and what such a sample says of a
// proportion.
//
// What an item draws hangs on the seed and the item alone: not on the items before it, nor on who draws them. All
// results are the same bits on each machine and in each version; a change is a change of format.
package draw

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// label begins the seed of each item: no other use of the same generator begins so.
const label = "ridethrough draw"

// A Source is the random numbers of one item: those of ChaCha8Rand (https://c2sp.org/chacha8rand), seeded with the 16
// bytes "ridethrough draw", the seed, and the item, each of 8 bytes, the lowest first. Set it with [Source.Seed] before
// use; from there it allocates nothing.
type Source struct{ words rand.ChaCha8 }

// Seed begins the numbers of an item.
func (s *Source) Seed(seed, item uint64) {
	var key [32]byte
	copy(key[:], label)
	binary.LittleEndian.PutUint64(key[16:], seed)
	binary.LittleEndian.PutUint64(key[24:], item)
	s.words.Seed(key)
}

// Uint64 returns the next word of the generator.
func (s *Source) Uint64() uint64 { return s.words.Uint64() }

// Float returns a number from 0 to below 1: the upper 53 bits of the next word, by 2^53.
func (s *Source) Float() float64 { return float64(s.words.Uint64()>>11) / (1 << 53) }

// Below returns a number from 0 to below n, all equally likely; 0 if n is 0. It takes one word, and another for each that
// it rejects.
//
// It is the upper word of a product with n, but for the few products that would make some numbers likelier
// (D. Lemire, Fast random integer generation in an interval, 2019, https://doi.org/10.1145/3230636).
func (s *Source) Below(n uint32) uint32 { return uint32(s.below(uint64(n))) }

func (s *Source) below(n uint64) uint64 {
	x, rest := bits.Mul64(s.words.Uint64(), n)
	for rest < n && rest < -n%n { // n is first, as it takes no division
		x, rest = bits.Mul64(s.words.Uint64(), n)
	}
	return x
}

// twoBelow returns a number below n and one below m, all pairs equally likely, of one word: what the first product leaves
// is as good as a word (N. Brackett-Rozinsky and D. Lemire, Batched ranged random integer generation, 2024,
// https://doi.org/10.1002/spe.3369). Both are 1 or more.
func (s *Source) twoBelow(n, m uint32) (x, y uint32) {
	a, rest := bits.Mul64(s.words.Uint64(), uint64(n))
	b, rest := bits.Mul64(rest, uint64(m))
	if pairs := uint64(n) * uint64(m); rest < pairs && rest < -pairs%pairs {
		return s.twoBelow(n, m)
	}
	return uint32(a), uint32(b)
}
