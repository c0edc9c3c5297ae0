// Package redundancytest fails your test if the fleet would not survive.
//
//	func TestNoBoardKillsUs(t *testing.T) {
//		fleet := topology.Must(topology.ReadFile("testdata/fleet.json"))
//		redundancytest.Holds(t, fleet, cascade.Each("board"))
//	}
//
// A failure tells the story of the worst scenario, round by round, and how many others fail as well. What would pass
// only because nothing was looked at fails: an empty family, a fleet in which nothing could be overloaded, scenarios
// that leave no demand to be judged, owners without any redundancy, users that rest on nothing that may fail.
//
// Every scenario is run, so the time is that of [cascade.Screen]. The package imports neither testing nor any test
// framework.
package redundancytest

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// TB is the part of [testing.TB] used here.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Holds fails t with the story of the worst scenario unless every scenario of the family holds: nothing is overloaded,
// and every demand that the scenario does not take down itself is served in full.
//
// It also fails t if the fleet does not hold with nothing lost, and where the answer would say nothing: the family is
// empty, no load in the fleet can reach a capacity, or all scenarios take down every demand themselves. So it does if
// the family names what the fleet does not have, or has more cases than [cascade.MaxScenarios], for then a sample is all
// that could be looked at.
func Holds(t TB, fleet *topology.Topology, family cascade.Family) {
	t.Helper()
	p := promise{fleet: fleet, family: family, one: "does not hold", many: "do not hold"}
	p.broken = func(s *cascade.Screening) (*big.Int, error) { return s.Failing, nil }
	if problem := p.check(cascade.Options{Worst: 1, OnlyHolds: true}); problem != "" {
		t.Errorf("%s", problem)
	}
}

// Survives is the weaker promise: components may trip and load may be rejected on the way, but in the end every demand
// that the scenario does not take down itself is served in full. No scenario ends in a collapse. Where the order in which
// components trip may matter, it is that of their trip times.
//
// It fails t also in all the cases in which [Holds] does, and if the fleet has no demand, for then nothing could go
// unserved. With nothing lost the fleet must hold, not only survive: it has to be sound on a good day.
func Survives(t TB, fleet *topology.Topology, family cascade.Family) {
	t.Helper()
	p := promise{fleet: fleet, family: family, one: "ends in a collapse", many: "end in a collapse", served: true}
	p.broken = p.collapses
	if problem := p.check(cascade.Options{Worst: 1}); problem != "" {
		t.Errorf("%s", problem)
	}
}

// A promise is what a test asks of every scenario.
type promise struct {
	fleet     *topology.Topology
	family    cascade.Family
	broken    func(*cascade.Screening) (*big.Int, error) // scenarios in which it is not kept
	one, many string                                     // what these do
	served    bool                                       // it is about demands alone
}

// check returns what is wrong, "" if the promise is kept.
func (p promise) check(o cascade.Options) string {
	if p.fleet == nil {
		return "there is no fleet: it is nil"
	}
	if problem := p.vacuous(); problem != "" {
		return problem
	}
	intact, err := cascade.Run(p.fleet, cascade.Scenario{})
	if err != nil {
		return err.Error()
	}
	if intact.Verdict != cascade.Holds {
		return fmt.Sprintf("the fleet does not hold even with nothing lost:\n%s", intact)
	}
	screening, err := cascade.Screen(context.Background(), p.fleet, p.family, o)
	if err != nil {
		return err.Error()
	}
	return p.story(screening)
}

// collapses counts the scenarios that collapse: those of plain rounds, unless the order of trips may matter.
func (p promise) collapses(s *cascade.Screening) (*big.Int, error) {
	if s.Timing.Sign() == 0 {
		return s.Collapsing, nil
	}
	scenarios, err := p.family.All(p.fleet)
	if err != nil {
		return nil, err
	}
	n, least := new(big.Int), 1.0
	for scenario := range scenarios {
		o, err := cascade.Run(p.fleet, scenario)
		switch {
		case err != nil:
			return nil, err
		case o.Verdict != cascade.Collapses:
			continue
		}
		n.Add(n, big.NewInt(1))
		for _, demand := range o.Served {
			if demand.Fraction < least {
				least, s.Worst = demand.Fraction, []cascade.Case{{Scenario: scenario}}
			}
		}
	}
	return n, nil
}

// story tells how many scenarios break the promise, and how the worst of them comes about; "" if none does.
func (p promise) story(s *cascade.Screening) string {
	n, err := p.broken(s)
	switch {
	case err != nil:
		return err.Error()
	case n.Sign() == 0 && s.Certainty != cascade.Exact:
		return fmt.Sprintf("%q: there are %v scenarios, too many to look at all; of %d drawn none %s, which proves nothing", p.family, s.Scenarios, s.Run, p.one)
	case n.Sign() == 0:
		return ""
	}
	worst, err := cascade.Run(p.fleet, s.Worst[0].Scenario)
	if err != nil {
		return err.Error()
	}
	do := p.many
	if n.IsInt64() && n.Int64() == 1 {
		do = p.one
	}
	return fmt.Sprintf("%v of %s of %q %s; the worst:\n%s", n, scenarios(s), p.family, do, worst)
}

func scenarios(s *cascade.Screening) string {
	switch {
	case s.Certainty == cascade.Sampled:
		return fmt.Sprintf("%d samples", s.Run)
	case s.Scenarios.IsInt64() && s.Scenarios.Int64() == 1:
		return "1 scenario"
	default:
		return fmt.Sprintf("%v scenarios", s.Scenarios)
	}
}
