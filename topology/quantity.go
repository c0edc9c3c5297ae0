package topology

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A factor is what a unit's prefixes stand for: 10^ten · 2^two.
type factor struct{ ten, two int }

// A quantity is a number of a unit: "40kW" is 40, a factor of 10^3, and "W".
type quantity struct {
	number string // as JSON writes it
	factor factor
	unit   string
}

// readQuantity reads a number, or a number with a unit.
func readQuantity(s string) (quantity, error) {
	number := strings.TrimPrefix(strings.TrimSpace(s), "+")
	end := numberEnd(number)
	unit := strings.TrimSpace(number[end:])
	if end == 0 || !isUnit(unit) || strings.TrimPrefix(number[:end], "-") == "0" && isRadix(unit) {
		return quantity{}, fmt.Errorf(`%s is no number with a unit: write 40, "40kW" or "100 requests/s"`, quote(s))
	}
	q := quantity{number: number[:end]}
	q.factor, q.unit = baseUnit(unit)
	return q, nil
}

func isUnit(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return s == "" || unicode.IsLetter(first) || strings.ContainsRune("%°/", first)
}

// isRadix reports whether what follows a 0 makes it a number of another radix: 0x10, 0o17, 0b1.
func isRadix(s string) bool {
	return len(s) > 1 && (s[0]|0x20 == 'x' || strings.IndexByte("ob", s[0]|0x20) >= 0 && isDigit(s[1]))
}

// baseUnit takes the prefixes off a unit: of "kW" it leaves "W", of "k requests/s" "requests/s", of "GiB" "B". A unit
// that it does not know stays as written.
func baseUnit(unit string) (f factor, base string) {
	unit = strings.TrimSpace(unit)
	for unit != "" && strings.IndexByte("kMG", unit[0]) >= 0 && (len(unit) == 1 || unit[1] == ' ') {
		f.ten += decimal(unit[0])
		unit = strings.TrimLeft(unit[1:], " ")
	}
	if rest := strings.TrimSuffix(unit, "/s"); len(rest) == len("KiB") && rest[1:] == "iB" && strings.IndexByte("KMGT", rest[0]) >= 0 {
		f.two = 10 * (1 + strings.IndexByte("KMGT", rest[0]))
		return f, unit[2:]
	}
	if unit != "" && decimal(unit[0]) != 0 && takesPrefix(unit[0], unit[1:]) {
		f.ten += decimal(unit[0])
		unit = unit[1:]
	}
	return f, unit
}

func decimal(prefix byte) int {
	switch prefix {
	case 'm':
		return -3
	case 'k':
		return 3
	case 'M':
		return 6
	case 'G':
		return 9
	case 'T':
		return 12
	}
	return 0
}

// takesPrefix reports whether a unit is one that has prefixes. Bytes have no thousandth: who writes mB means MB.
func takesPrefix(prefix byte, unit string) bool {
	switch strings.TrimSuffix(unit, "/s") {
	case "W", "VA", "A", "V", "Hz", "J", "Wh":
		return true
	case "B", "b", "bit", "bits", "byte", "bytes":
		return prefix != 'm'
	}
	return false
}

var (
	errTooLarge = errors.New("is too large")
	errTooSmall = errors.New("is too small to tell it from 0")
)

// value returns the number in its base unit, as close as a float64 can be: "0.1kW" is read as 0.1e3.
func (q quantity) value() (float64, error) {
	number := q.number
	if q.factor.ten != 0 {
		mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
		e, err := strconv.Atoi(exponent)
		if err != nil && exponent != "" {
			e = math.MaxInt32 // more digits than an exponent can have
			if exponent[0] == '-' {
				e = -e
			}
		}
		number = mantissa + "e" + strconv.Itoa(e+q.factor.ten)
	}
	x, err := strconv.ParseFloat(number, 64)
	if x = math.Ldexp(x, q.factor.two); err != nil || math.IsInf(x, 0) {
		return 0, errTooLarge
	}
	if x == 0 && strings.Trim(mantissaOf(q.number), "-0.") != "" {
		return 0, errTooSmall
	}
	return x, nil
}

func mantissaOf(number string) string {
	mantissa, _, _ := strings.Cut(strings.ToLower(number), "e")
	return mantissa
}

// readDuration reads what [time.ParseDuration] reads, with weeks and days in front: "1w2d", "2d12h", "26m", "250ms".
func readDuration(s string) (time.Duration, error) {
	rest, sum := s, time.Duration(0)
	for _, unit := range []struct {
		name  string
		hours time.Duration
	}{{"w", 7 * 24}, {"d", 24}} {
		number, after, ok := strings.Cut(rest, unit.name)
		if !ok || strings.Trim(number, "0123456789.") != "" {
			continue
		}
		d, err := time.ParseDuration(number + "h")
		if err != nil || d > (math.MaxInt64-sum)/unit.hours {
			return 0, badDuration(s)
		}
		sum, rest = sum+d*unit.hours, after
	}
	if rest == "" && rest != s {
		return sum, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil || rest != s && (d < 0 || d > math.MaxInt64-sum) {
		return 0, badDuration(s)
	}
	return sum + d, nil
}

func badDuration(s string) error {
	return fmt.Errorf(`%s is no duration: write a number with a unit, such as "250ms", "26m" or "2d12h", of at most 292 years`, quote(s))
}
