package restart

import (
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// missing says what a plan cannot bring back, in numbers, or how many servers a demand without a gate takes at once; "" if
// there is nothing to say.
func (f *fleet) missing(p *Plan, b *bounds) string {
	level := p.Served[0].Fraction
	name, unit := f.t.Name(f.users), f.t.Unit(f.users)
	each := f.capacity
	asked := f.base + float64(f.rate*f.demand)
	if !f.gated {
		asked, each = f.base+float64(f.rate*f.demand*(1+f.reopening().Surge)), f.capacity*f.warmth(0)
	}
	enough := math.Ceil(asked / each * (1 - topology.Tolerance))
	if level >= 1-topology.Tolerance {
		mayWarm := each < f.capacity && (f.need > 1 || len(f.t.Links(f.users)) > 1) // in rotation, before users come
		if f.gated || f.open || f.survivors > 0 || !(enough > 1) || mayWarm || math.IsInf(enough, 1) {
			return ""
		}
		return fmt.Sprintf("%s is not gated and comes back all at once: at least %.0f servers have to enter rotation together", name, enough)
	}
	text := fmt.Sprintf("%s of %s is served in the end", fraction(level), name)
	if level == 0 {
		text = name + " cannot be served"
	}
	if b.opens < 0 {
		return text + ": what it needs, or servers enough, can never be ready"
	}
	if !f.gated {
		text += fmt.Sprintf(": it is not gated, so %s come at once", topology.Quantity(asked, unit))
	} else {
		text += fmt.Sprintf(": all of it takes %s", topology.Quantity(asked, unit))
	}
	if b.servers() > 0 && each > 0 && f.survivors == 0 && float64(b.servers())*each < asked {
		how := ""
		if each < f.capacity {
			how = " cold"
		}
		text += fmt.Sprintf(", and the %s that can start carry %s%s: %.0f would be needed", phrase.Plural(b.servers(), "server"),
			topology.Quantity(float64(b.servers())*each, unit), how, enough)
	} else if b.top < asked {
		text += fmt.Sprintf(", and what powers the servers lets them carry %s at most", topology.Quantity(b.top, unit))
	} else if n := f.startedBy(p).servers; n < b.servers()-b.drained {
		text += fmt.Sprintf(", and %d of %s start: for the others there is no room beside these", n, phrase.Plural(b.servers()-b.drained, "server"))
	}
	return text
}
