package chance_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
)

// grid is what every float64 probability of the tests is a whole number of, as a power of two: products of them are
// integers, which need no reducing.
const grid = 62

// A fraction is an exact probability: a whole number of 2^-(grid·factors).
type fraction struct {
	of      *big.Int
	factors int
}

var one = fraction{big.NewInt(1), 0}

func (f fraction) times(p float64) fraction {
	return fraction{new(big.Int).Mul(f.of, exact(p)), f.factors + 1}
}

func (f fraction) without(p float64) fraction {
	rest := new(big.Int).Lsh(big.NewInt(1), grid)
	return fraction{rest.Mul(rest.Sub(rest, exact(p)), f.of), f.factors + 1}
}

func (f fraction) rat() *big.Rat {
	return new(big.Rat).SetFrac(f.of, new(big.Int).Lsh(big.NewInt(1), uint(grid*f.factors)))
}

func exact(p float64) *big.Int {
	x := math.Ldexp(p, grid)
	if x != math.Trunc(x) {
		panic("not on the grid")
	}
	i, _ := new(big.Float).SetFloat64(x).Int(nil)
	return i
}

// A ledger sums up what becomes of a pool, case by case.
type ledger struct {
	pool      chance.Pool
	survivors []fraction
	holds     fraction
	breaks    fraction
}

func newLedger(p chance.Pool, factors int) *ledger {
	l := &ledger{pool: p}
	zero := func() fraction { return fraction{new(big.Int), factors} }
	for range len(p.Capacity) + 1 {
		l.survivors = append(l.survivors, zero())
	}
	l.holds, l.breaks = zero(), zero()
	return l
}

// add counts one case: these are up after the losses.
func (l *ledger) add(up []bool, p fraction) {
	left, holds := rounds(l.pool, up)
	l.survivors[left].of.Add(l.survivors[left].of, p.of)
	if holds {
		l.holds.of.Add(l.holds.of, p.of)
	} else {
		l.breaks.of.Add(l.breaks.of, p.of)
	}
}

// rounds plays the cascade by its definition.
func rounds(p chance.Pool, up []bool) (left int, holds bool) {
	up = slices.Clone(up)
	holds = true
	for {
		live := 0
		for _, u := range up {
			if u {
				live++
			}
		}
		if live == 0 {
			return 0, holds && p.Demand == 0
		}
		load, tripped := p.Demand/float64(live), false
		for i, c := range p.Capacity {
			if up[i] && !(load <= c+float64(c*1e-9)) {
				up[i], tripped = false, true
			}
		}
		if !tripped {
			return live, holds
		}
		holds = false
	}
}

// each plays every case of who is lost.
func each(up []bool, at int, lost []float64, p fraction, play func(fraction)) {
	if at == len(up) {
		play(p)
		return
	}
	if lost[at] > 0 {
		up[at] = false
		each(up, at+1, lost, p.times(lost[at]), play)
	}
	if lost[at] < 1 {
		up[at] = true
		each(up, at+1, lost, p.without(lost[at]), play)
	}
}

// bruteRandom is Random by all subsets: the counts of cases.
func bruteRandom(p chance.Pool, k int) (*ledger, int) {
	n := len(p.Capacity)
	l, cases := newLedger(p, 0), 0
	for set := range 1 << n {
		up, lost := make([]bool, n), 0
		for i := range up {
			up[i] = set>>i&1 == 0
			lost += set >> i & 1
		}
		if lost == k {
			l.add(up, one)
			cases++
		}
	}
	return l, cases
}

func bruteIndependent(p chance.Pool, lost []float64) *ledger {
	l := newLedger(p, len(lost))
	up := make([]bool, len(lost))
	each(up, 0, lost, one, func(f fraction) { l.add(up, f) })
	return l
}

func bruteDomains(p chance.Pool, of []int, down, lost []float64) *ledger {
	l := newLedger(p, len(lost)+len(down))
	alive := make([]bool, len(down))
	each(alive, 0, down, one, func(f fraction) { l.servers(of, alive, lost, f) })
	return l
}

func bruteRandomDomains(p chance.Pool, of []int, domains, k int, lost []float64) (*ledger, int) {
	l, cases := newLedger(p, len(lost)), 0
	for set := range 1 << domains {
		alive, down := make([]bool, domains), 0
		for i := range alive {
			alive[i] = set>>i&1 == 0
			down += set >> i & 1
		}
		if down == k {
			l.servers(of, alive, lost, one)
			cases++
		}
	}
	return l, cases
}

// servers plays every case of who is lost by itself, given which domains are up.
func (l *ledger) servers(of []int, alive []bool, lost []float64, f fraction) {
	up := make([]bool, len(lost))
	each(up, 0, lost, f, func(f fraction) {
		left := slices.Clone(up)
		for i, d := range of {
			left[i] = up[i] && (d < 0 || alive[d])
		}
		l.add(left, f)
	})
}

// A fate is a random small case: loads meet capacities exactly, capacities are repeated, probabilities are 0 and 1 too.
type fate struct {
	pool       chance.Pool
	lost, down []float64
	of         []int
}

func newFate(r *rand.Rand, most, domains int) fate {
	n := r.IntN(most + 1)
	kinds := 1 + r.IntN(5)
	probabilities := []float64{0, 1, .5, .25, .125, .01, .75, 1e-3}
	f := fate{pool: chance.Pool{Demand: float64(r.IntN(3*n + 2))}}
	for range n {
		f.pool.Capacity = append(f.pool.Capacity, float64(r.IntN(kinds+1)*(1+r.IntN(2))))
		f.lost = append(f.lost, probabilities[r.IntN(len(probabilities))])
		f.of = append(f.of, r.IntN(domains+1)-1)
	}
	for range domains {
		f.down = append(f.down, probabilities[r.IntN(len(probabilities))])
	}
	switch r.IntN(4) { // interchangeable
	case 0:
		clear(f.lost)
	case 1:
		for i := range f.lost {
			f.lost[i] = .25
		}
	case 2:
		for i := range f.down {
			f.down[i] = .125
		}
	}
	return f
}
