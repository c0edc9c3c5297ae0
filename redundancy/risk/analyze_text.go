package risk

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// String tells it in a few lines: how many groups there are, the single points, the likeliest groups, how likely the top is down
// and what would be taken for that, and which components matter most. Overload comes on top.
func (a *Analysis) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s goes down, by needs alone, with %s.\n", a.Top, a.counted())
	if text := a.beware(); text != "" {
		fmt.Fprintf(&b, "  beware             %s\n", text)
	}
	if a.UpTo > 0 {
		fmt.Fprintf(&b, "  larger groups      are not counted: these are all of up to %d\n", a.UpTo)
	}
	if alone := a.Alone(); len(alone) > 0 {
		fmt.Fprintf(&b, "  alone              %s\n", phrase.List(alone, 6))
	}
	if !a.rated() {
		if len(a.q) > 0 { // else nothing that may fail is in reach, and no more is to be said
			b.WriteString("  probability        not determined: nothing of it has an unavailability\n")
		}
		return strings.TrimRight(b.String(), "\n")
	}
	fmt.Fprintf(&b, "  unavailability     %s (%s)\n", a.available(), a.Certainty)
	fmt.Fprintf(&b, "  often taken for it %.4g (min-cut bound), %.4g (sum over the groups)\n", a.MinCut, a.RareEvents)
	if a.Frequency > 0 {
		fmt.Fprintf(&b, "  frequency          %s, for %s in the mean until it is repaired; a restart comes on top\n", often(a.Frequency), clock.About(a.Lasts))
		if len(a.Untimed) > 0 {
			fmt.Fprintf(&b, "  not in frequency   outages begun by %s: no MTBF is given\n", phrase.List(a.Untimed, 6))
		}
	}
	for i, g := range a.Likeliest(3) {
		if g.Probability < told*a.RareEvents {
			break
		}
		fmt.Fprintf(&b, "  %s %.4g  %s\n", label(i, "likeliest groups"), g.Probability, g)
	}
	for i, m := range a.fixFirst(3) {
		fmt.Fprintf(&b, "  %s %s: its groups are %.3g %% of the sum%s\n", label(i, "fix first"), m.Component, 100*m.FussellVesely, a.better(m))
	}
	if len(a.Unrated) > 0 {
		fmt.Fprintf(&b, "  taken for perfect  %s: no unavailability is given\n", phrase.List(a.Unrated, 6))
	}
	return strings.TrimRight(b.String(), "\n")
}

// told is the part of the whole from which on groups and components are worth a line.
const told = .001

// label stands in the first of some lines.
func label(i int, text string) string {
	if i > 0 {
		text = ""
	}
	return fmt.Sprintf("%-18s", text)
}

func first[T any](all []T, n int) []T { return all[:min(n, len(all))] }

// counted returns "1 group of 1, 30 of 2 and 4 of 3", or that there is none; after three sizes the rest is counted together.
func (a *Analysis) counted() string {
	var parts []string
	larger := new(big.Int)
	for size, n := range a.Count {
		if !some(n) {
			continue
		}
		if len(parts) == 3 {
			larger.Add(larger, n)
			continue
		}
		many := phrase.Whole(n)
		if len(parts) == 0 {
			many += " group"
			if !equal(n, 1) {
				many += "s"
			}
		}
		parts = append(parts, fmt.Sprintf("%s of %d", many, size))
	}
	if larger.Sign() > 0 {
		parts = append(parts, phrase.Whole(larger)+" larger")
	}
	switch n := len(parts); n {
	case 0:
		if a.UpTo > 0 {
			return fmt.Sprintf("no group of up to %d", a.UpTo)
		}
		return "no failure of what may fail"
	case 1:
		return parts[0]
	default:
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
}

// some reports whether a number, which may be missing in what was read from JSON, is above 0.
func some(n *big.Int) bool { return n != nil && n.Sign() > 0 }

// equal reports whether a number is one that is small.
func equal(n *big.Int, x int64) bool { return n != nil && n.IsInt64() && n.Int64() == x }

// available returns "1.2e-05: 4.92 nines, 6m19s a year", or between what it is.
func (a *Analysis) available() string {
	q := a.Unavailability.High
	switch {
	case q == 0 && len(a.Unrated) > 0:
		return "0, with what has none given taken for perfect"
	case q == 0:
		return "0"
	case a.Certainty == cascade.Bounded && q >= 1:
		return fmt.Sprintf("at least %.6g; no upper bound was found", a.Unavailability.Low)
	case a.Certainty == cascade.Bounded:
		return fmt.Sprintf("%.6g to %.6g: at least %.3g nines", a.Unavailability.Low, q, nines(q))
	}
	return fmt.Sprintf("%.6g: %.3g nines, %s a year", q, nines(q), clock.About(hours(q*year.Hours())))
}

// nines returns 3 for .001; 0, and not -0, for what is always down.
func nines(q float64) float64 { return 0 - math.Log10(min(q, 1)) }

// often puts a frequency into words.
func often(perYear float64) string {
	if perYear < 1 {
		return fmt.Sprintf("once in %s years", topology.Quantity(1/perYear, ""))
	}
	return topology.Quantity(perYear, "times a year")
}

// better says what a component's never failing would do, if that is known.
func (a *Analysis) better(i Importance) string {
	switch {
	case a.Certainty != cascade.Exact:
		return ", by the groups that are told"
	case i.RRW == 0:
		return "; if it never failed, nothing would be left"
	case i.RRW > 1000:
		return "; if it never failed, less than a thousandth would be left"
	case i.RRW < 1.001:
		return "; if it never failed, hardly any would be gone"
	default:
		return fmt.Sprintf("; if it never failed, %.3g %% would be left", 100/i.RRW)
	}
}
