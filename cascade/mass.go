package cascade

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
)

// A mass is a sum of probabilities, exact whatever the order: in units of the least float64.
type mass struct{ *big.Int }

const massUnit = -1074 // of 2

func (m *mass) plus(other mass) {
	if other.Int != nil {
		if m.Int == nil {
			m.Int = new(big.Int)
		}
		m.Add(m.Int, other.Int)
	}
}

// value returns the sum, at most 1.
func (m *mass) value() float64 {
	if m.Int == nil {
		return 0
	}
	f := new(big.Float).SetInt(m.Int)
	x, _ := f.SetMantExp(f, massUnit).Float64()
	return min(1, x)
}

// An accumulator adds probabilities up exactly, without memory of their own: a number of fixed point, in words of 64 bits,
// the lowest first (Kulisch's long accumulator). It has room for 2^77 probabilities.
type accumulator [18]uint64

func (a *accumulator) add(x float64) {
	exponent, digits := math.Float64bits(x)>>52, math.Float64bits(x)&(1<<52-1)
	if exponent > 0 {
		digits |= 1 << 52
		exponent--
	}
	at, carry := exponent/64, uint64(0)
	a[at], carry = bits.Add64(a[at], digits<<(exponent%64), 0)
	a[at+1], carry = bits.Add64(a[at+1], digits>>(64-exponent%64), carry)
	for at += 2; carry > 0; at++ {
		a[at], carry = bits.Add64(a[at], 0, carry)
	}
}

func (a *accumulator) mass() mass {
	var text []byte
	for i := len(a) - 1; i >= 0; i-- {
		text = binary.BigEndian.AppendUint64(text, a[i])
	}
	return mass{new(big.Int).SetBytes(text)}
}

// masses are the probabilities of what is independent.
type masses struct{ all, failing, collapsing mass }

// accumulators are masses that are being added up.
type accumulators struct{ all, failing, collapsing accumulator }

func (a *accumulators) masses() masses {
	if a == nil {
		return masses{}
	}
	return masses{a.all.mass(), a.failing.mass(), a.collapsing.mass()}
}

func (m *masses) add(other masses) {
	m.all.plus(other.all)
	m.failing.plus(other.failing)
	m.collapsing.plus(other.collapsing)
}
