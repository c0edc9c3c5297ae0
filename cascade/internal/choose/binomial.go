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
