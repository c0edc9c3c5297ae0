package tipping

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
)

// A curve is what random losses do, by their number.
type curve struct {
	*finder
	limits   [2]*Limit // by question
	points   map[int]Loss
	rises    bool // collapse is no less likely with more lost
	inClosed bool // [cascade.Chance] has a closed form
}

const (
	fewComponents = 32 // every number of which is asked for
	firstPoints   = 4  // of more
)

// chances finds what random losses do, and how many may be lost with 95, 50 and 5 %.
func (f *finder) chances(ctx context.Context, p *Point) error {
	c := &curve{finder: f, limits: [2]*Limit{&p.Limit, p.Surviving}, points: map[int]Loss{}, rises: f.monotone()}
	if f.pool != nil && f.told == nil {
		odds, err := cascade.Chance(ctx, f.t, cascade.Random(1, p.Of), f.o)
		if err != nil {
			return err
		}
		c.inClosed = odds.Reason == ""
		c.rises = c.rises || f.pool.SurvivalOf(f.ids) != nil
	}
	err := c.draw(ctx)
	for _, k := range c.numbers() {
		p.Random = append(p.Random, c.points[k])
	}
	for q, l := range c.limits {
		for _, chance := range thresholds {
			l.Odds = append(l.Odds, c.odds(question(q), chance))
		}
	}
	return err
}

var thresholds = []float64{.95, .5, .05}

// draw finds as many points as are needed.
func (c *curve) draw(ctx context.Context) error {
	n := len(c.ids)
	if n <= fewComponents || c.told != nil {
		for k := 0; k <= n; k++ {
			if err := c.find(ctx, k); err != nil {
				return err
			}
		}
		return nil
	}
	for q := range question(2) {
		l := c.limits[q]
		for i := range firstPoints + 1 { // well up to the first, not at the last, if it is not well there
			low, high := max(0, l.Any), min(n, max(0, l.SomeMost)+1)
			if err := c.find(ctx, low+(high-low)*i/firstPoints); err != nil {
				return err
			}
		}
	}
	for q := range question(2) {
		for _, chance := range thresholds {
			for _, enough := range []func(Loss) bool{
				func(p Loss) bool { return 1-p.of(q).High >= chance },
				func(p Loss) bool { return 1-p.of(q).Low >= chance },
			} {
				if err := c.halve(ctx, enough); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// halve looks between the first point that is not enough and the one before it until they are neighbours.
func (c *curve) halve(ctx context.Context, enough func(Loss) bool) error {
	for {
		known := c.numbers()
		i := slices.IndexFunc(known, func(k int) bool { return !enough(c.points[k]) })
		if i <= 0 || known[i]-known[i-1] == 1 {
			return nil
		}
		if err := c.find(ctx, (known[i-1]+known[i])/2); err != nil {
			return err
		}
	}
}

func (c *curve) numbers() []int {
	var all []int
	for k := range c.points {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// of returns the probability that it is not well.
func (p Loss) of(q question) cascade.Interval {
	if q == holding {
		return p.Fail
	}
	return p.Collapse
}

// odds reads off how many may be lost with a probability.
func (c *curve) odds(q question, chance float64) Odds {
	o := Odds{Chance: chance, Certainty: cascade.Exact, Lost: -1, Most: len(c.ids)}
	last, enough := -1, true
	for _, k := range c.numbers() {
		p := c.points[k].of(q)
		switch {
		case c.points[k].Certainty != cascade.Exact:
			o.Certainty = cascade.Sampled
		case o.Certainty == cascade.Exact && !c.between(q, last, k):
			o.Certainty = cascade.Bounded
		}
		if 1-p.Low < chance {
			o.Most = k - 1
			break
		}
		if enough = enough && 1-p.High >= chance; enough {
			o.Lost = k
		}
		last = k
	}
	return o
}

// between reports whether it is known what is between two points: nothing, or numbers of which any may be lost, or what
// is no less likely than at the one and no more than at the other.
func (c *curve) between(q question, last, k int) bool {
	return k == last+1 || k <= c.limits[q].Any || q == surviving && c.rises
}

// find finds a point.
func (c *curve) find(ctx context.Context, k int) error {
	if _, ok := c.points[k]; ok {
		return nil
	}
	p := Loss{Lost: k, Certainty: cascade.Exact}
	fail, failKnown := c.certain(holding, k)
	collapse, collapseKnown := c.certain(surviving, k)
	var err error
	switch {
	case c.told != nil:
		p.Fail, p.Collapse = c.told[holding].chance(k), c.told[surviving].chance(k)
	case failKnown && collapseKnown:
		p.Fail, p.Collapse = fail, collapse
	case k == 0 || c.sizes.of(k) <= float64(c.counted()) && !c.inClosed:
		p.Fail, p.Collapse, err = c.level(ctx, k)
	default:
		p, err = c.drawn(ctx, k)
	}
	if err == nil {
		c.points[k] = p
	}
	return err
}

// certain returns the probability that k lost are not well where a limit tells.
func (c *curve) certain(q question, k int) (p cascade.Interval, known bool) {
	l := c.limits[q]
	if l.Certainty == cascade.Undetermined {
		return p, false
	}
	if k > l.SomeMost {
		return cascade.Interval{Low: 1, High: 1}, true
	}
	return p, k <= l.Any
}

// drawn asks [cascade.Chance], which has a closed form or screens, and samples what would take long to count.
func (c *curve) drawn(ctx context.Context, k int) (Loss, error) {
	o := c.o
	o.Cases = int64(c.counted())
	odds, err := cascade.Chance(ctx, c.t, cascade.Random(k, c.pattern), o)
	if err != nil {
		return Loss{}, err
	}
	c.inClosed = odds.Reason == ""
	return Loss{Lost: k, Certainty: odds.Certainty, Fail: odds.Fail, Collapse: odds.Collapse}, nil
}

// counted is how many choices are counted rather than sampled.
func (c *curve) counted() int { return max(c.steps, 100_000) }
