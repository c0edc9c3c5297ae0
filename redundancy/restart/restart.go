// Package restart plans the way back of a fleet that has fallen, and checks such plans.
//
// Time 0 is the end of a scenario's cascade: what is down then is dead, the rest runs, warm and in rotation, but for what
// the scenario drained. Operators power on what is dead, put servers in rotation, and admit a fraction of a gated
// demand. All steps of one instant take effect together.
//
//   - What is dead can be powered on from the time that it returns, and once all its needs, those only to start
//     included, and its supplies' needs are met by components that are ready. It boots for [s, s+boot), placing base and
//     in-rush on what it draws on; then it is ready. The sources of demand that nothing draws on need no step: they come up as
//     soon as what they need is ready.
//   - Members of a demand's supplies then wait to be put in rotation; all else is in rotation as soon as it is ready.
//     On entering it, a component has the cold part of its capacity, growing linearly to all of it while it warms up.
//   - A gated demand that fell is held at 0 until it is admitted. Each part Δf admitted at t₀ comes as
//     Δf · (1 + surge · e^(−(t−t₀)/decay)). A demand that is not gated cannot be held back: all of it, with its surge, is there
//     as soon as it is up and each of its supplies has a member in rotation.
//
// # Conditions
//
// A plan may be carried out in a world where boots take longer than they should, or fail. So a step may have conditions on what
// can be seen then. Steps of one time are taken together, and in order of time, as a runbook is read:
//
//   - When: they are taken at the first instant from their time on at which all their conditions hold. While they wait the plan's
//     clock stands still: all later steps come as much later, so that what warms up or decays between two steps has as long
//     for it as it was meant to. If the conditions never hold, neither these steps nor any later one are taken.
//   - If: a step whose conditions do not hold when it is its turn is left out, for good, and nothing waits for it.
//   - A power-on or rotate-in with conditions of either sort acts on those of What that can, and leaves out what cannot: what has
//     failed, or has not what it needs, or is not ready. Without conditions that is a violation.
//   - Admission still changes on the grid only: steps that come late and admit wait for the next time of it.
//
// What is ready or boots is counted after the boots that end at an instant; for an If also after the power-ons before it, and, of
// a rotate-in or an Admit, after all power-ons of the instant. Loads are those just before the instant's steps. Somebody
// looks whenever anything happens, and where Below is waited for on the grid besides, or each minute if there is none; after 500
// times at which nothing happened only every second time, then every fourth, and so on.
//
// A plan is safe when at no instant a component that runs or boots is overloaded, one that sheds included, and every
// start was allowed. [Verify] replays any plan, of any topology, and says what goes wrong first. [Make] finds one for
// any fleet: its figures come from the replay, and stand beside bounds that no safe plan beats. [Rehearse] tells how a plan goes
// where boots take other times or fail, and [Guard] finds conditions that keep it safe there; [Plan.Slack] says how far each step may be
// moved, and [Plan.Resume] plans the rest anew when things have gone otherwise.
package restart

import (
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Plan is the way back: plain data to print, to save as JSON, to edit, and to [Verify] again.
// Once edited, [Plan.Measure] brings its figures up to date.
type Plan struct {
	Scenario cascade.Scenario         `json:"scenario"`
	Return   map[string]time.Duration `json:"return,omitempty"` // as in [Options]
	AtOnce   map[string]int           `json:"atOnce,omitempty"`
	Value    map[string]float64       `json:"value,omitempty"`
	Soonest  bool                     `json:"soonest,omitempty"`
	Grid     time.Duration            `json:"grid,omitempty"` // admission changes at its multiples; 0 is at any time
	Steps    []Step                   `json:"steps"`          // in any order; those of one instant together

	Unserved      float64           `json:"unserved"`         // until Full: demand × minutes, by value
	LeastPossible float64           `json:"leastPossible"`    // nothing safe that serves as much in the end leaves less
	Full          time.Duration     `json:"full"`             // from then on all is served that can be
	Finish        time.Duration     `json:"finish"`           // all that is started is ready
	Earliest      time.Duration     `json:"earliest"`         // nothing safe that starts all that finishes earlier
	Certainty     cascade.Certainty `json:"certainty"`        // of the objective: Proven where it meets its bound
	Reason        string            `json:"reason,omitempty"` // why there is no plan, what it cannot bring back, or why it waits
	Served        []cascade.Served  `json:"served"`           // in the end: each demand that the scenario did not take down itself

	Deadlocks  []Deadlock `json:"deadlocks,omitempty"`  // a smallest one found, and others that have no component in common
	Break      []Need     `json:"break,omitempty"`      // the cheapest needs found without which all can start that is to
	BreakCost  float64    `json:"breakCost,omitempty"`  // of these
	BreakBound float64    `json:"breakBound,omitempty"` // nothing that suffices costs less
	Repair     []Repair   `json:"repair,omitempty"`     // if not all is served: what serves more if it returns, the best first
	Untried    int        `json:"untried,omitempty"`    // of what does not return, so many more for which no plan was made
}

// A Step is what is done at one time. Its JSON reads {"at":"26m0s","do":"power on","what":"chat-[001-010]"}.
type Step struct {
	At    time.Duration  `json:"at"`             // after the end of the cascade, on the plan's clock
	When  []Condition    `json:"when,omitempty"` // it waits until all of these hold, and all later steps with it
	If    []Condition    `json:"if,omitempty"`   // it is left out if any of these does not hold when it is its turn
	Do    Action         `json:"do"`
	What  topology.Names `json:"what"`
	Admit float64        `json:"admit,omitempty"` // of an Admit: the fraction, from 0 to 1, in place of the one before
}

// An Action is one of the things that operators control.
type Action string

// The actions.
const (
	PowerOn Action = "power on"  // harmless for what is on already
	Rotate  Action = "rotate in" // harmless for what is in rotation already
	Admit   Action = "admit"
	GoOn    Action = "go on" // nothing is done: it is there for what it waits for, and so that later steps come as much later
)
