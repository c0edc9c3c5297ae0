package compose

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// number reads a number of cores.
func (l *loader) number(v *value, example string) float64 {
	x, err := strconv.ParseFloat(strings.TrimSpace(v.text), 64)
	if err != nil || x != 0 && !(1e-6 <= x && x <= 1e6) {
		l.fault(v.where, topology.BadNumber, "%s is no number from 0.000001 to 1000000, nor 0: write it as %s", quoted(v), example)
		return 0
	}
	return x
}

// wholeNumber reads a whole number of at least 0.
func (l *loader) wholeNumber(v *value) int {
	n, err := strconv.ParseUint(strings.TrimSpace(v.text), 10, 31)
	if err != nil {
		l.fault(v.where, topology.BadNumber, "%s is no whole number from 0 to 2147483647", quoted(v))
	}
	return int(n)
}

// memory reads an amount of memory, in bytes: "300M" is 300 · 1024², as for Docker.
func (l *loader) memory(v *value) float64 {
	s := strings.ToLower(strings.TrimSpace(v.text))
	digits := strings.TrimRight(s, "bikmgtp ")
	unit := strings.TrimSpace(s[len(digits):])
	unit = strings.TrimSuffix(strings.TrimSuffix(unit, "b"), "i")
	power := strings.Index("kmgtp", unit)
	x, err := strconv.ParseFloat(digits, 64)
	if err != nil || len(unit) > 1 || power < 0 || !(0 <= x && x <= 1e15) {
		l.fault(v.where, topology.BadNumber, `%s is no amount of memory: write it as "300M" or "1.5gb"`, quoted(v))
		return 0
	}
	if unit == "" {
		return x
	}
	return math.Ldexp(x, 10*(power+1))
}

// duration reads "1m30s", "2d", "1w".
func (l *loader) duration(v *value) time.Duration {
	rest, total := strings.TrimSpace(v.text), 0.0
	for rest != "" {
		n := strings.IndexFunc(rest, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		if n <= 0 {
			break
		}
		x, err := strconv.ParseFloat(rest[:n], 64)
		if err != nil {
			break
		}
		unit, after := timeUnit(rest[n:])
		if unit == 0 {
			break
		}
		total, rest = total+float64(x*unit), after
	}
	if rest != "" || v.text == "" || total > float64(100*365*24*time.Hour) {
		l.fault(v.where, topology.BadNumber, `%s is no duration of at most 100 years: write it as "30s" or "1m30s"`, quoted(v))
		return 0
	}
	return time.Duration(total)
}

// durationOr reads a duration, or takes another if none is given, or 0, which is none for Docker.
func (l *loader) durationOr(other time.Duration, v *value) time.Duration {
	if v == nil {
		return other
	}
	return cmp.Or(l.duration(v), other)
}

// timeUnit returns the unit that a text begins with, in nanoseconds, and what stands behind it; 0 if there is none.
func timeUnit(s string) (float64, string) {
	for _, unit := range []struct {
		name string
		long time.Duration
	}{
		{"ns", 1}, {"us", time.Microsecond}, {"µs", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second},
		{"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour},
	} {
		if after, ok := strings.CutPrefix(s, unit.name); ok {
			return float64(unit.long), after
		}
	}
	return 0, s
}

// truth reads a boolean.
func (l *loader) truth(v *value) bool {
	switch strings.ToLower(strings.TrimSpace(v.text)) {
	case "true", "yes", "on", "y", "t", "1":
		return true
	case "false", "no", "off", "n", "f", "0":
		return false
	}
	l.fault(v.where, topology.BadSyntax, "%s is neither true nor false", quoted(v))
	return false
}

// quoted writes a text for a fault.
func quoted(v *value) string {
	if v.text == "" {
		return `"" (is a variable not set?)`
	}
	return strconv.Quote(short(v.text))
}
