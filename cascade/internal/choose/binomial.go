package choose

import (
	"math"
	"math/big"
	"math/bits"
)

// binomial returns the number of choices of k out of n items; 0 <= k <= n.
func binomial(n, k int) *big.Int {
	if ways, fits := smallBinomial(n, k); fits {
		return new(big.Int).SetUint64(ways)
	}
	k = min(k, n-k)
	if k < 1000 {
		return new(big.Int).Binomial(int64(n), int64(k))
	}
	// Products of halves are of numbers equally long, which takes far less time than k products by one word each.
	over := new(big.Int).MulRange(int64(n-k+1), int64(n))
	return over.Quo(over, new(big.Int).MulRange(1, int64(k)))
}

// smallBinomial returns the number of choices of k out of n items; false if it does not fit. It takes at most 64 steps
// if it does not.
func smallBinomial(n, k int) (ways uint64, fits bool) {
	ways = 1
	for i := range min(k, n-k) {
		over, product := bits.Mul64(ways, uint64(n-i))
		if over > uint64(i) { // the quotient would be more than a word
			return math.MaxUint64, false
		}
		ways, _ = bits.Div64(over, product, uint64(i+1))
	}
	return ways, true
}

// Ways are numbers of choices out of a class, each found from the one that was asked for before. They are for one
// goroutine at a time.
type Ways struct{ last map[class]*ways }

// A class is known by the positions of its first item, and after its last.
type class struct{ from, to int32 }

type ways struct {
	k    int
	ways *big.Int
}

// of returns the number of choices of k items of a class. It is not to be changed.
func (w *Ways) of(c class, k int) *big.Int {
	last, ok := w.last[c]
	if !ok {
		if w.last == nil {
			w.last = map[class]*ways{}
		}
		last = &ways{k: -1}
		w.last[c] = last
	}
	n := int(c.to - c.from)
	if last.k < 0 || 4*max(k-last.k, last.k-k) > min(k, n-k) {
		*last = ways{k, binomial(n, k)}
	}
	last.step(n, k)
	return last.ways
}

// step goes from one number to the next, up or down.
func (w *ways) step(n, k int) {
	var by big.Int
	for ; w.k < k; w.k++ {
		w.ways.Mul(w.ways, by.SetInt64(int64(n-w.k)))
		w.ways.Quo(w.ways, by.SetInt64(int64(w.k+1)))
	}
	for ; w.k > k; w.k-- {
		w.ways.Mul(w.ways, by.SetInt64(int64(w.k)))
		w.ways.Quo(w.ways, by.SetInt64(int64(n-w.k+1)))
	}
}
