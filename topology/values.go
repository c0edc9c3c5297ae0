package topology

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// checkValues reports what is wrong with the values as written, before any name is looked up.
func (b *builder) checkValues() {
	for _, kind := range slices.Sorted(maps.Keys(b.t.spec.Kinds)) {
		c, at := b.t.spec.Kinds[kind], place{kind: kind}
		if kind == "" {
			b.fault(whole, []any{"kinds"}, NotFound, "a kind needs a name")
			continue
		}
		if c.Name != "" {
			b.fault(at, []any{"name"}, NotUnique, "a kind has no name of its own: leave it out")
		}
		if c.Kind != "" {
			b.fault(at, []any{"kind"}, NotUnique, "a kind is of no other kind: leave it out")
		}
		b.checkComponent(at, c)
	}
	for i, c := range b.t.spec.Components {
		b.checkComponent(place{component: i}, c)
		b.checkKindUnit(place{component: i}, c, b.t.spec.Kinds[c.Kind])
	}
	if len(b.t.spec.Components) == 0 {
		b.fault(whole, []any{"components"}, NotFound, "a fleet needs at least one component")
	}
}

func (b *builder) checkComponent(at place, c Component) {
	b.checkNumber(at, c.Capacity, "capacity")
	b.checkNumber(at, c.Demand, "demand")
	b.checkOverload(at, c.Overload)
	b.checkStart(at, c)
	b.checkFailing(at, c.Failing)
	for key := range c.Labels {
		if key == "" {
			b.fault(at, []any{"labels"}, NotFound, "a label needs a name")
		}
	}
	for i, s := range c.Supplies {
		b.checkSupply(at, i, s)
	}
}

// checkKindUnit reports a component that takes a load from its kind, and has another unit.
func (b *builder) checkKindUnit(at place, c, kind Component) {
	takes := c.Capacity == 0 && kind.Capacity != 0 || c.Demand == 0 && kind.Demand != 0
	if takes && c.Unit != "" && kind.Unit != "" && c.Unit != kind.Unit {
		b.fault(at, []any{"unit"}, UnitClash, "it is %s, and what it takes from its kind is in %s: a component has one unit", c.Unit, kind.Unit)
	}
}

// Loads, capacities and factors lie between these, or are 0: products of them stay finite.
const least, most = 1e-50, 1e50

func (b *builder) checkNumber(at place, x float64, path ...any) bool {
	switch {
	case x == 0 || x >= least && x <= most:
		return true
	case x > 0 && !math.IsInf(x, 0):
		b.fault(at, path, BadNumber, "%v: give 0, or a number from %v to %v", x, least, most)
	default:
		b.fault(at, path, BadNumber, "%v: give a finite number that is not negative", x)
	}
	return false
}

func (b *builder) checkFraction(at place, x float64, path ...any) {
	if !(x >= 0 && x <= 1) {
		b.fault(at, path, BadNumber, "%v: give a fraction from 0 to 1", x)
	}
}

func (b *builder) checkDuration(at place, d time.Duration, path ...any) {
	if d < 0 {
		b.fault(at, path, BadNumber, "%v: give a duration that is not negative", d)
	}
}

func (b *builder) checkOverload(at place, o Overload) {
	b.checkDuration(at, o.After, "overload", "after")
	b.checkNumber(at, o.TMS, "overload", "tms")
	switch o.Curve {
	case "", SI, VI, EI, LTI:
	default:
		b.fault(at, []any{"overload", "curve"}, NotFound, "no curve %q: there are SI, VI, EI and LTI", string(o.Curve))
	}
	if o.After != 0 && o.Curve != "" {
		b.fault(at, []any{"overload", "after"}, BadNumber, "a component trips after a delay or by a curve: give one of them")
	}
	if o.TMS != 0 && o.Curve == "" {
		b.fault(at, []any{"overload", "tms"}, BadNumber, "a time multiplier is for a curve: give one, or leave it out")
	}
}

func (b *builder) checkStart(at place, c Component) {
	b.checkDuration(at, c.Start.Boot, "start", "boot")
	b.checkDuration(at, c.Start.WarmUp, "start", "warmUp")
	b.checkFraction(at, c.Start.Cold, "start", "cold")
	if c.Start.Cold > 0 && c.Start.WarmUp == 0 {
		b.fault(at, []any{"start", "cold"}, BadNumber, "a cold component warms up: give warmUp, or leave cold out")
	}
	b.checkNumber(at, c.Reopen.Surge, "reopen", "surge")
	b.checkDuration(at, c.Reopen.Decay, "reopen", "decay")
	if c.Reopen.Surge > 0 && c.Reopen.Decay == 0 {
		b.fault(at, []any{"reopen", "surge"}, BadNumber, "a surge decays: give decay, or leave surge out")
	}
}

func (b *builder) checkFailing(at place, f Failing) {
	b.checkFraction(at, f.Unavailability, "failing", "unavailability")
	b.checkFraction(at, f.OnDemand, "failing", "onDemand")
	b.checkDuration(at, f.MTBF, "failing", "mtbf")
	b.checkDuration(at, f.MTTR, "failing", "mttr")
	if f.Unavailability != 0 && (f.MTBF != 0 || f.MTTR != 0) {
		b.fault(at, []any{"failing", "unavailability"}, BadNumber, "give the unavailability, or MTBF and MTTR, not both")
	}
	if f.MTBF > 0 && f.MTTR == 0 || f.MTTR > 0 && f.MTBF == 0 && f.OnDemand == 0 {
		b.fault(at, []any{"failing"}, BadNumber, "give both MTBF and MTTR")
	}
}

func (b *builder) checkSupply(at place, i int, s Supply) {
	if len(s.Members) == 0 {
		b.fault(at, []any{"supplies", i, "members"}, NotFound, "a supply needs members")
	}
	if s.Need < 0 {
		b.fault(at, []any{"supplies", i, "need"}, BadNumber, "%d: give the number of members that must be up", s.Need)
	}
	if s.Need != 0 && s.Optional {
		b.fault(at, []any{"supplies", i, "optional"}, BadNumber, "an optional supply needs no member: leave out need, or optional")
	}
	b.checkNumber(at, s.Base, "supplies", i, "base")
	b.checkNumber(at, s.PerUnit, "supplies", i, "perUnit")
	b.checkNumber(at, s.Inrush, "supplies", i, "inrush")
	b.checkShare(at, i, s)
}

func (b *builder) checkShare(at place, i int, s Supply) {
	switch s.Share {
	case "", Equal, Weighted, Proportional, Tiered, Waterfall, Each:
	default:
		b.fault(at, []any{"supplies", i, "share"}, NotFound, "no share %q: there are equal, weighted, proportional, tiered, waterfall and each", string(s.Share))
	}
	b.checkNumber(at, s.Overprovision, "supplies", i, "overprovision")
	b.checkNumber(at, s.Limit, "supplies", i, "limit")
	b.onlyFor(at, i, "weights", len(s.Weights) > 0, s.Share, Weighted)
	b.onlyFor(at, i, "overprovision", s.Overprovision != 0, s.Share, Tiered)
	b.onlyFor(at, i, "limit", s.Limit != 0, s.Share, Waterfall)
	if s.Share == Weighted {
		b.checkWeights(at, i, s)
	}
}

func (b *builder) onlyFor(at place, i int, field string, given bool, share, right Share) {
	if given && share != right {
		b.fault(at, []any{"supplies", i, field}, BadNumber, "only a %s share has this: set share to it, or leave this out", right)
	}
}

func (b *builder) checkWeights(at place, i int, s Supply) {
	path := []any{"supplies", i, "weights"}
	if len(s.Weights) != len(s.Members) {
		b.fault(at, path, BadNumber, "%s for %s: give one for each entry of members",
			count(len(s.Weights), "weight"), count(len(s.Members), "entry of members", "entries of members"))
		return
	}
	sum := 0.0
	for j, w := range s.Weights {
		if !b.checkNumber(at, w, "supplies", i, "weights", j) {
			return
		}
		sum += w
	}
	if sum == 0 || math.IsInf(sum, 0) {
		b.fault(at, path, BadNumber, "the weights sum to %v: give at least one above 0, and a finite sum", sum)
	}
}

// count writes "1 weight", "2 weights"; the plural may be given.
func count(n int, one string, many ...string) string {
	if n == 1 {
		return "1 " + one
	}
	if len(many) == 0 {
		many = []string{one + "s"}
	}
	return fmt.Sprintf("%d %s", n, many[0])
}
