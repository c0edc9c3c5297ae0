package draw

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func source(seed, item uint64) *Source {
	s := new(Source)
	s.Seed(seed, item)
	return s
}

// The very bits: results that users have kept hang on them, so that another value here is a change of format.
func TestFormat(t *testing.T) {
	for _, c := range []struct {
		seed, item uint64
		words      [3]uint64
	}{
		{0, 0, [3]uint64{0xc473d0dc13b49638, 0x93962b105273ee85, 0x4879a9460b269b4a}},
		{1, 0, [3]uint64{0xdbec0c083a09fa88, 0x7a8cc6ae9c5b138b, 0x8849109b5d915171}},
		{0, 1, [3]uint64{0x6f98ac82cc01cd62, 0xf89cffe7f1f541c4, 0xdbe6f3468aa95334}},
		{math.MaxUint64, 123_456_789, [3]uint64{0x97813520cd756933, 0x7b383fa81898e70d, 0x2cf2d60d6379081e}},
	} {
		s := source(c.seed, c.item)
		require.Equal(t, c.words, [3]uint64{s.Uint64(), s.Uint64(), s.Uint64()})
	}
	s := source(1, 2)
	require.Equal(t, 0.5943225518515178, s.Float())
	require.Equal(t, []uint32{64, 2, 806165128}, []uint32{s.Below(100), s.Below(6), s.Below(1 << 31)})
	pick := make([]int32, 5)
	NewSubset(100).Draw(s, pick)
	require.Equal(t, []int32{97, 48, 44, 38, 26}, pick)
	b := NewBinomial(1_000_000, 0.3)
	require.Equal(t, []uint32{301177, 300804, 300212}, []uint32{b.Draw(s), b.Draw(s), b.Draw(s)})
}

func TestSourceIsChaCha8RandOfItsKey(t *testing.T) {
	key := [32]byte([]byte("ridethrough draw" + "\x07\x06\x05\x04\x03\x02\x01\x00" + "\x0f\x0e\x0d\x0c\x0b\x0a\x09\x08"))
	want := rand.NewChaCha8(key)
	s := source(99, 99)
	s.Below(3) // what was drawn of another item leaves no trace
	s.Seed(0x0001020304050607, 0x08090a0b0c0d0e0f)
	for range 100 {
		require.Equal(t, want.Uint64(), s.Uint64())
	}
}

func TestSourceAllocatesNothing(t *testing.T) {
	var s Source
	item := uint64(0)
	require.Zero(t, testing.AllocsPerRun(50, func() {
		item++
		s.Seed(1, item)
		s.Below(7)
		s.Float()
	}))
}

// slowBelow is the definition: products of words and n, in long arithmetic, that are below 2^64 mod n in their lower word
// are rejected.
func slowBelow(s *Source, n *big.Int) *big.Int {
	word := new(big.Int).Lsh(big.NewInt(1), 64)
	least := new(big.Int).Mod(word, n)
	for {
		x := new(big.Int).SetUint64(s.Uint64())
		x, rest := x.QuoRem(x.Mul(x, n), word, new(big.Int))
		if rest.Cmp(least) >= 0 {
			return x
		}
	}
}

func TestBelowEqualsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 5_000 {
		item, n := r.Uint64(), r.Uint64()>>r.IntN(64)
		n = max(n, 1)
		fast, slow := source(1, item), source(1, item)
		require.Equal(t, slowBelow(slow, new(big.Int).SetUint64(n)).Uint64(), fast.below(n))
		require.Equal(t, slow.Uint64(), fast.Uint64(), "as many words are taken")
	}
	require.Zero(t, source(1, 1).Below(0))
	require.Less(t, source(1, 1).Below(math.MaxUint32), uint32(math.MaxUint32))
}

// A pair is a number below the product, as a quotient and what remains.
func TestTwoBelowEqualsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 5_000 {
		item, n, m := r.Uint64(), max(1, r.Uint32()>>r.IntN(32)), max(1, r.Uint32()>>r.IntN(32))
		fast, slow := source(1, item), source(1, item)
		want := slowBelow(slow, new(big.Int).SetUint64(uint64(n)*uint64(m))).Uint64()
		x, y := fast.twoBelow(n, m)
		require.Equal(t, want/uint64(m), uint64(x))
		require.Equal(t, want%uint64(m), uint64(y))
		require.Equal(t, slow.Uint64(), fast.Uint64(), "as many words are taken")
	}
}

// Of 100,000 pairs of independent numbers the correlation has a standard deviation of 1/316.
func TestNeighboursAreUncorrelated(t *testing.T) {
	const pairs = 100_000
	for name, other := range map[string]func(item uint64) *Source{
		"next item":      func(item uint64) *Source { return source(1, item+1) },
		"item and seed":  func(item uint64) *Source { return source(item, 1) },
		"next seed":      func(item uint64) *Source { return source(2, item) },
		"its own second": func(item uint64) *Source { s := source(1, item); s.Uint64(); return s },
	} {
		sum := 0.0
		for item := range uint64(pairs) {
			sum += (source(1, item+2).Float() - 0.5) * (other(item+2).Float() - 0.5)
		}
		require.Less(t, math.Abs(sum/pairs*12), 4/math.Sqrt(pairs), name)
	}
}

func TestFloatIsEven(t *testing.T) {
	const n = 100_000
	sum, squares := 0.0, 0.0
	for item := range uint64(n) {
		x := source(5, item).Float()
		require.True(t, 0 <= x && x < 1)
		sum += x
		squares += x * x
	}
	require.InDelta(t, 0.5, sum/n, 4*math.Sqrt(1.0/12/n))
	require.InDelta(t, 1.0/3, squares/n, 4*math.Sqrt(4.0/45/n))
}
