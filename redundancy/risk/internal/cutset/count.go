package cutset

import (
	"context"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// Count returns how many minimal cut sets there are of each size, from 0 to the largest or, if that is less, to most or to
// [Solution.UpTo]; nil if there are none. The error is the context's.
//
// Numbers may have hundreds of digits, so they are counted modulo as many primes of 62 bits as they need, and put
// together by the Chinese remainder theorem. A pass takes time in proportion to the nodes times the sizes that their sets have, and so
// it does memory, but for nodes that are done: [Solution.Tellable] keeps that within bounds.
func (s *Solution) Count(ctx context.Context, most int) ([]*big.Int, error) {
	var count []*big.Int
	modulus := big.NewInt(1)
	prime := uint64(1 << 62)
	for need := s.countBits(ctx); modulus.BitLen() <= need && ctx.Err() == nil; {
		prime = primeBelow(prime)
		c := counter{Solution: s, ctx: ctx, most: min(most, s.upTo), prime: prime}
		residues := c.count()
		if ctx.Err() != nil {
			break
		}
		if count == nil {
			count = zeros(residues.least + len(residues.number))
		}
		for i, r := range residues.number {
			combine(count[residues.least+i], modulus, r, prime)
		}
		modulus.Mul(modulus, new(big.Int).SetUint64(prime))
	}
	return count, ctx.Err()
}

func zeros(n int) []*big.Int {
	z := make([]*big.Int, n)
	for i := range z {
		z[i] = new(big.Int)
	}
	return z
}

// combine changes x, which is known modulo the modulus, to what it is modulo the product of that and the prime.
func combine(x, modulus *big.Int, residue, prime uint64) {
	p := new(big.Int).SetUint64(prime)
	d := new(big.Int).SetUint64(residue)
	d.Sub(d, x).Mul(d, new(big.Int).ModInverse(modulus, p)).Mod(d, p)
	x.Add(x, d.Mul(d, modulus))
}

func primeBelow(n uint64) uint64 {
	for n--; !new(big.Int).SetUint64(n).ProbablyPrime(0); n-- { // exact below 2^64
	}
	return n
}

// countBits returns a number of bits that the number of cut sets does not exceed; -1 if there are none.
func (s *Solution) countBits(ctx context.Context) int {
	if len(s.parts) == 0 {
		return -1
	}
	if sum := s.pass(ctx, families, slices.Repeat([]float64{1}, s.events)).top(); sum == 0 {
		return -1
	} else if sum < math.MaxFloat64 {
		return 2 + max(0, math.Ilogb(sum)) // rounding errors are far below a factor of 2
	}
	return margin + int(s.pass(ctx, logs, make([]float64, s.events)).top())
}

// margin is how many bits more than the sum of logarithms are counted on. Each of at most 2^28 levels rounds at most as many bits by a
// part of 2^-52: that is less than half of it.
const margin = 64

const looked = 1 << 10 // nodes between two looks at the context

// A tally is the numbers of sets by size, modulo a prime.
type tally struct {
	span
	number []uint64
}

func newTally(sizes span) tally { return tally{sizes, make([]uint64, sizes.len())} }

// one is the numbers of one set of a size.
func one(size int) tally { return tally{span{size, size + 1}, []uint64{1}} }

// A counter counts the sets up to a size, modulo a prime.
type counter struct {
	*Solution
	ctx   context.Context
	most  int
	prime uint64
}

// count counts the sets of the whole. The numbers of a part are dropped when the part around it has used them.
func (c *counter) count() tally {
	of := make([]tally, len(c.parts))
	for i := range c.parts {
		if c.ctx.Err() != nil {
			break
		}
		p := &c.parts[i]
		weight := make([]tally, len(p.family.stands))
		for level, x := range p.family.stands {
			weight[level] = one(1)
			if int(x) >= c.events {
				weight[level] = of[int(x)-c.events]
				of[int(x)-c.events] = tally{}
			}
		}
		of[i] = c.countPart(p.family.Diagram, weight)
	}
	return of[len(of)-1]
}

// countPart counts the sets of a diagram. A node's numbers are dropped when all that lead to it have used them.
func (c *counter) countPart(d dd.Diagram, weight []tally) tally {
	at, uses := make([]tally, len(d.Nodes)), uses(d)
	at[dd.One] = one(0)
	for r := 2; r < len(at) && (r%looked != 0 || c.ctx.Err() == nil); r++ {
		n := d.Nodes[r]
		at[r] = c.join(at[n.Hi], weight[n.Level], at[n.Lo])
		for _, below := range [...]dd.Ref{n.Hi, n.Lo} {
			if uses[below]--; uses[below] == 0 {
				at[below] = tally{}
			}
		}
	}
	return at[d.Root]
}

// join returns the numbers of what is a set of x with one of w, or a set of lo.
func (c *counter) join(x, w, lo tally) tally {
	if x.with(w.span, c.most).empty() {
		return lo
	}
	sum := newTally(x.with(w.span, c.most).or(lo.span))
	least := sum.least
	copy(sum.number[max(0, lo.least-least):], lo.number)
	if len(w.number) == 1 && w.number[0] == 1 { // an event
		c.add(sum.number[x.least+w.least-least:], x.number)
		return sum
	}
	for i, a := range x.number {
		from := x.least + i + w.least - least
		for j, b := range w.number[:max(0, min(len(w.number), len(sum.number)-from))] {
			n := &sum.number[from+j]
			high, low := bits.Mul64(a, b)
			low, carry := bits.Add64(low, *n, 0)
			_, *n = bits.Div64(high+carry, low, c.prime)
		}
	}
	return sum
}

// add adds numbers to as many of others as there are.
func (c *counter) add(to, x []uint64) {
	for i, a := range x[:min(len(x), len(to))] {
		if to[i] += a; to[i] >= c.prime { // primes are below 2^62
			to[i] -= c.prime
		}
	}
}
