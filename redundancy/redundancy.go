// Package redundancy says whether a fleet's redundancy is real.
//
// [Analyze] asks of a fleet and a family of losses all that one would ask after an outage, before it:
//
//   - Does it hold? Each scenario is run; what does not hold is told round by round, with the cause of every failure.
//   - How much could be lost? The tipping point of each kind. [tipping.Find] tells more of it: what brings a collapse and
//     how soon, what chance makes of both, and how far load may grow.
//   - What takes a demand down whatever the load? Redundancy that is only on paper, single points of failure and, where
//     unavailabilities are given, how likely it is. [risk.Analyze] tells more of it: every group of failures, and what to fix first.
//   - What was missing? The least spare capacity with which every scenario holds, where to put it, and why less will not do.
//   - What can be saved? The least load to refuse right after the loss so that the rest lives.
//   - How does it come back? An order of restart in which nothing is overloaded at any instant.
//
// Each part says how sure it is: see [cascade.Certainty]. What cannot be said is "not determined", with the reason;
// nothing is guessed. All of it is told for any fleet; the minimum reserves what the nameplates say (see package spare). A plan
// of restart is safe always, and says how far from the best possible it may be.
package redundancy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/redundancy/tipping"
	"github.com/ridethrough/ridethrough/topology"
)

// Options of [Analyze]. The zero value asks for the loss of each component alone.
type Options struct {
	Scenarios cascade.Family
	Serve     float64                  // fraction of every demand that must be served in the end, else it is a collapse; 0 is 1
	Offers    []spare.Offer            // as in [spare.Options]
	Return    map[string]time.Duration // as in [restart.Options]
	AtOnce    map[string]int           // as in [restart.Options]
	Workers   int                      // 0 is GOMAXPROCS; the report does not depend on it
	Progress  func(cascade.Progress)   // of the screening
}

// A Report is what [Analyze] found. It prints for people and marshals for programs.
type Report struct {
	Fleet     *topology.Topology `json:"-"`
	Intact    *cascade.Outcome   `json:"intact"`           // with nothing lost
	Screening *cascade.Screening `json:"screening"`        // how many hold
	Cases     []Case             `json:"cases"`            // of up to 12 scenarios all, in their order; of more the worst that do not hold, worst first
	Tipping   []*tipping.Point   `json:"tipping"`          // of each kind that has several components, and no demand
	Shared    risk.Sharings      `json:"shared,omitempty"` // redundancy that is only on paper
	Points    risk.Points        `json:"points,omitempty"` // what alone takes demands down, by what they need
	Risks     []*risk.Analysis   `json:"risks,omitempty"`  // how likely demands are down by what they need, with the groups of one: see Analyze
	Spare     *spare.Plan        `json:"spare,omitempty"`  // with which every scenario would hold
}

// A Case is a scenario, and what to do when it comes.
type Case struct {
	Outcome *cascade.Outcome `json:"outcome"`
	Shed    *spare.Shedding  `json:"shed,omitempty"`    // if it does not hold
	InTime  *spare.Timeline  `json:"inTime,omitempty"`  // of the first that does not hold, if something trips later than at once
	Restart *restart.Plan    `json:"restart,omitempty"` // if it collapses
}

// Analyze runs every scenario of a family and answers what follows from it: see the package. The error names what the
// topology does not have. When ctx ends, it returns what is known by then together with ctx's error.
//
// How likely demands are down is told of those, in order of declaration, that rest on up to 128 components each, and 512 together,
// and are quickly known; and only where anything has an unavailability. [risk.Analyze] has no such limits.
func Analyze(ctx context.Context, t *topology.Topology, o Options) (*Report, error) {
	if err := o.check(t); err != nil {
		return nil, err
	}
	r := &Report{Fleet: t}
	var err error
	if r.Intact, err = cascade.Run(t, cascade.Scenario{}); err != nil {
		return nil, err
	}
	r.Intact.Verdict = r.Intact.Judge(cmp.Or(o.Serve, 1))
	r.Screening, err = cascade.Screen(ctx, t, o.Scenarios, cascade.Options{
		Serve: o.Serve, Workers: o.Workers, Progress: o.Progress,
	})
	if r.Screening == nil {
		return nil, err
	}
	for _, step := range []func(context.Context, Options) error{r.cases, r.tipping, r.shared, r.needs, r.spare} {
		if err != nil {
			return r, err
		}
		err = step(ctx, o)
	}
	return r, err
}

// check finds what is wrong with the options before anything is run.
func (o Options) check(t *topology.Topology) error {
	if !(o.Serve >= 0 && o.Serve <= 1) {
		return fmt.Errorf("serve: %v: give the fraction of every demand that is enough, from 0 to 1", o.Serve)
	}
	for _, pattern := range slices.Sorted(maps.Keys(o.Return)) {
		if _, err := t.Select(pattern); err != nil {
			return fmt.Errorf("return: %w", err)
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(o.AtOnce)) {
		if _, err := t.Select(pattern); err != nil {
			return fmt.Errorf("at once: %w", err)
		}
	}
	return nil
}

// Holds reports whether every scenario is known to hold, and the fleet with nothing lost: see [cascade.Screening.Holds].
func (r *Report) Holds() bool { return r.Screening != nil && r.Screening.Holds() }

// fewCases is the number of scenarios up to which all are told.
const fewCases = 12

func (r *Report) cases(ctx context.Context, o Options) error {
	scenarios, err := r.told(o)
	if err != nil {
		return err
	}
	for _, s := range scenarios {
		c, err := r.examine(ctx, s, o)
		if c.Outcome != nil {
			r.Cases = append(r.Cases, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// examine runs a scenario and finds what to do when it comes.
func (r *Report) examine(ctx context.Context, s cascade.Scenario, o Options) (c Case, err error) {
	if c.Outcome, err = cascade.Run(r.Fleet, s); err != nil {
		return c, err
	}
	c.Outcome.Verdict = c.Outcome.Judge(cmp.Or(o.Serve, 1))
	if c.Outcome.Verdict == cascade.Holds {
		return c, nil
	}
	if c.Shed, err = spare.Shed(ctx, r.Fleet, s, nil); err != nil {
		return c, err
	}
	if r.foremost() < 0 && leavesTime(c.Outcome) {
		if c.InTime, err = spare.ShedInTime(ctx, r.Fleet, s, nil); err != nil {
			return c, err
		}
	}
	if c.Outcome.Verdict != cascade.Collapses {
		return c, nil
	}
	c.Restart, err = restart.Make(ctx, r.Fleet, s, restart.Options{Return: o.Return, AtOnce: o.AtOnce})
	return c, err
}

// leavesTime reports whether anything trips, and the first of it later than at once.
func leavesTime(o *cascade.Outcome) bool {
	i := slices.IndexFunc(o.Failures, func(f cascade.Failure) bool { return f.Cause == cascade.Tripped })
	return i >= 0 && o.Failures[i].At > 0
}

// few reports whether all scenarios are told.
func (r *Report) few() bool { return r.Screening.Scenarios.Cmp(big.NewInt(fewCases)) <= 0 }

// told returns the scenarios to tell.
func (r *Report) told(o Options) ([]cascade.Scenario, error) {
	var told []cascade.Scenario
	if !r.few() {
		for _, c := range r.Screening.Worst {
			told = append(told, c.Scenario)
		}
		return told, nil
	}
	all, err := o.Scenarios.All(r.Fleet)
	if err != nil {
		return nil, err
	}
	for s := range all {
		told = append(told, s)
	}
	return told, nil
}

func (r *Report) tipping(ctx context.Context, _ Options) error {
	for _, kind := range r.Fleet.Kinds() {
		ids, err := r.Fleet.Select(kind)
		if err != nil {
			return err
		}
		if len(ids) < 2 || slices.ContainsFunc(ids, func(id topology.ID) bool { return r.Fleet.Demand(id) > 0 }) {
			continue
		}
		p, err := tipping.Holding(ctx, r.Fleet, kind)
		if p != nil {
			r.Tipping = append(r.Tipping, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Report) shared(ctx context.Context, _ Options) (err error) {
	r.Shared, err = risk.Shared(ctx, r.Fleet, nil)
	if errors.Is(err, risk.ErrTooMany) {
		return nil // which is told as not determined
	}
	return err
}

func (r *Report) spare(ctx context.Context, o Options) (err error) {
	r.Spare, err = spare.Minimum(ctx, r.Fleet, o.Scenarios, spare.Options{Offers: o.Offers, Workers: o.Workers})
	return err
}
