package draw

import (
	"iter"
	"math"
	"slices"
	"sort"
)

// A Binomial is the number of successes of n independent trials. Make one with [NewBinomial]. Many goroutines may draw
// from it at once, each with its own source.
type Binomial struct {
	first uint32    // the first number of successes that counts
	sums  []float64 // by number from the first on: the probability of as many or fewer; the last is 1
}

// negligible is the weight, against that of the likeliest number, of numbers that are left out: all of them together
// are less likely than the least number other than 0 that [Source.Float] returns.
const negligible = 1e-18

// NewBinomial returns n trials of a probability of success from 0 to 1; one below counts as 0, one above as 1, and NaN
// as 0. It keeps some 20 standard deviations of numbers: 80 kB for a million trials, 5 MB for 1<<32.
func NewBinomial(n uint32, probability float64) *Binomial {
	switch {
	case !(probability > 0):
		return &Binomial{0, []float64{1}}
	case probability >= 1:
		return &Binomial{n, []float64{1}}
	}
	first, sums := weights(float64(n), probability)
	for i := range sums[1:] {
		sums[i+1] += sums[i]
	}
	all := sums[len(sums)-1]
	for i := range sums {
		sums[i] /= all
	}
	return &Binomial{uint32(first), sums}
}

// Draw returns a number of successes: the least for which the probability of as many or fewer is above a [Source.Float].
func (b *Binomial) Draw(from *Source) uint32 {
	u := from.Float()
	return b.first + uint32(sort.Search(len(b.sums), func(i int) bool { return b.sums[i] > u }))
}

// weights returns how likely the numbers of successes are that count, from the first of them on, against the likeliest.
func weights(n, p float64) (first float64, weights []float64) {
	q, mode := 1-p, likeliest(n, p)
	for _, w := range climb(n-mode, n, q, p) {
		weights = append(weights, w)
	}
	slices.Reverse(weights)
	first = mode - float64(len(weights))
	weights = append(weights, 1)
	for _, w := range climb(mode, n, p, q) {
		weights = append(weights, w)
	}
	return first, weights
}

// likeliest returns the likeliest number of successes, or one next to it that rounding takes for it.
func likeliest(n, p float64) float64 { return min(math.Floor((n+1)*p), n) }

// climb returns the numbers of successes after x, each with how much likelier it is than x, until that is negligible; p
// and q are the probabilities of success and failure. What is below x is what is above n-x failures, with p for q.
func climb(x, n, p, q float64) iter.Seq2[float64, float64] {
	return func(yield func(x, weight float64) bool) {
		w := 1.0
		for x := x; x < n; {
			w = float64(w * ((n - x) * p / ((x + 1) * q)))
			x++
			if w < negligible || !yield(x, w) {
				return
			}
		}
	}
}
