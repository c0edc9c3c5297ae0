// Package spare finds the least capacity to add, or the least load to refuse, so that a fleet holds.
//
// [Minimum] is asked before an outage: the cheapest purchase with which every scenario of a family, and the fleet with
// nothing lost, holds: no component is overloaded and every demand is served in full. [Shed] is asked during one: the
// least load to refuse so that what is left holds, when servers may be taken out of rotation or switched off as well;
// [ShedInTime] while a cascade is under way: what by when.
//
// All of them answer for any topology: several demands, pools that these share, every rule of sharing, chains of services, feeds above
// feeds. An answer says how sure it is, and has been run before it is given.
//
// # What a minimum is a minimum of
//
// A fleet that holds need not hold with one server more where servers draw power: the new one may take more from a board
// than it takes off its neighbours. [Minimum] therefore reserves power by nameplate, as planners do. What a component
// with a capacity, that takes a share of users' load, places on what it draws on is counted as if it carried its capacity:
// base + perUnit · capacity, of all that are up, old and new. What that reaches passes it on as it is. Not counted so is only
// what is known however load is spread: constant draws, and a supply without a base that all members of a pool have alike, as
// the calls of one service to the next (but no waterfall, for these fill apart).
//
// So counts all on which something that is bought places load, directly or further up; capacity that is bought for a component
// whose draws are counted by it is such a thing. A component on which nothing that is bought places load may be above its
// nameplate already, and stay so, as long as its true load fits. The result is the cheapest of all
// purchases that respect this. One that does not may be cheaper, and would not be safe to add to: [Options.TrueDraw] finds it.
// Either way a plan names what must not be bought on top of it.
//
// # How it is found, and proven
//
// Components that nothing tells apart are a class, of which there are those there are and as many as are bought. What a
// scenario that does not hold proves is a linear inequality: with D to be carried by members of weight w and capacity c,
// the weight W that is left must be at least w·D/c; with reservations, what is reserved must fit, or nothing is bought
// there. The cheapest purchase that
// keeps the inequalities known so far, and one of each such pair, is found in whole numbers, exactly, and the whole family is run
// on the fleet with it. What does not hold then gives the next ones. So a family of millions is never listed, and the first
// purchase that holds is the cheapest. Where loads are not linear, an inequality holds for a box of purchases, and boxes are split: the planes
// under a product and under 1/W are sharper the smaller the box (McCormick 1976, doi:10.1007/BF01580665).
//
// Whether a scenario ends in a collapse is not a matter of inequalities: more may bring down what survived. With
// [Options.Survive] purchases are run from the cheapest on, but for those that leave too little to carry what is asked
// for whatever trips; with [Options.Risk] they are asked how likely they are to hold.
package spare

import (
	"cmp"
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Options of [Minimum]. The zero value offers, at cost 1, one more like every server that has a capacity ([Shed] says what a
// server is); of those that are alike the first declared stands for all.
type Options struct {
	Offers   []Offer
	TrueDraw bool                   // count power as it is drawn, not by nameplate: more may then break what holds
	Survive  bool                   // a scenario need not hold, as long as in the end every demand is served; power counts as it is drawn
	Risk     float64                // if above 0, scenarios may fail as long as that is no more likely than this: see [cascade.Chance], which takes those of a family without probabilities as equally likely; power counts as it is drawn
	Serve    float64                // fraction of every demand that is enough in the end, with Survive or Risk; 0 is all
	Workers  int                    // for running scenarios; 0 is GOMAXPROCS; the result does not depend on it
	Progress func(cascade.Progress) // of running scenarios
}

// Minimum finds the cheapest purchase with which every scenario of a family, and the fleet with nothing lost, holds: see the
// package for what it is a minimum of. Of purchases that cost the same it takes, as far as the limits of the search reach,
// the one that buys most of the offer declared first, then of the second, and so on.
//
// The plan has been checked: every scenario was run on the enlarged fleet, of which the family may be larger than it was.
// The error names what the topology does not have, or an offer that makes no sense. When ctx ends, it returns what is known
// by then together with ctx's error.
func Minimum(ctx context.Context, t *topology.Topology, f cascade.Family, o Options) (*Plan, error) {
	columns, err := columnsOf(t, o.Offers)
	if err != nil {
		return nil, err
	}
	if !(o.Risk >= 0 && o.Risk < 1) {
		return nil, fmt.Errorf("risk %v: give a probability from 0 to 1; 0 is that no scenario may fail", o.Risk)
	}
	if !(o.Serve >= 0 && o.Serve <= 1) {
		return nil, fmt.Errorf("serve %v: give a fraction from 0 to 1; 0 is all", o.Serve)
	}
	if o.Serve != 0 && !o.Survive && o.Risk == 0 {
		return nil, fmt.Errorf("serve %v: what holds serves all of every demand: give it with survive or risk", o.Serve)
	}
	w := &work{t: t, family: f, options: o, columns: columns}
	return w.plan(ctx)
}

func (w *work) serve() float64 { return cmp.Or(w.options.Serve, 1) }
