package topology

import (
	"math"
	"strconv"
	"strings"
)

// Quantity writes a load or a capacity for people: with four digits or, if it has more before the point, all of these,
// in groups of three, and its unit: "8,000 requests/s", "114.3", "40 kW".
func Quantity(x float64, unit string) string {
	if (unit == "W" || unit == "VA") && math.Abs(x) >= 10_000 && !math.IsInf(x, 0) {
		x, unit = x/1000, "k"+unit
	}
	return strings.TrimRight(figure(x)+" "+unit, " ")
}

// LoadOf writes a load beside a capacity, both in one unit: "114.3 of 100 requests/s", "11 of 9 kW", "0.9 of 10 kW".
func LoadOf(load, capacity float64, unit string) string {
	if large := max(math.Abs(load), math.Abs(capacity)); (unit == "W" || unit == "VA") && large >= 10_000 && !math.IsInf(large, 0) {
		load, capacity, unit = load/1000, capacity/1000, "k"+unit
	}
	return strings.TrimRight(figure(load)+" of "+figure(capacity)+" "+unit, " ")
}

func figure(x float64) string {
	switch {
	case math.IsInf(x, 0) || math.IsNaN(x):
		return strconv.FormatFloat(x, 'g', -1, 64)
	case math.Abs(x) >= 1e15 || x != 0 && math.Abs(x) < 1e-4:
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	decimals := 3
	for bound := 10.0; decimals > 0 && math.Abs(x) >= bound; bound *= 10 {
		decimals--
	}
	for bound := 1.0; x != 0 && math.Abs(x) < bound; bound /= 10 {
		decimals++
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if decimals > 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	whole, fraction, _ := strings.Cut(s, ".")
	sign := ""
	if whole[0] == '-' {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}
