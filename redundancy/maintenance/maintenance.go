// Package maintenance says whether something may be taken out of a running fleet now, and plans a rolling restart, so
// that meanwhile a family of scenarios still holds: any one board may be lost at each step.
//
// What is taken out goes through these phases, and with it all that goes down with it: the servers of a board.
//
//   - drained: out of rotation, and running. That is for what takes a share of users' load; all else just stops.
//   - off: powered off, and whatever needs too many of those down with them.
//   - booting: powered on once what it needs, that only to start included, is ready; it places base and in-rush on what it
//     draws on. What boots in no time places no in-rush.
//   - ready: running, out of rotation.
//   - cold: in rotation, with the cold part of its capacity, which grows to all of it while it warms up.
//
// In each phase the fleet must hold with nothing else lost, and each scenario of the family must hold on top of it, or not
// collapse, if that is what is asked for. [Check] answers for one group, [Roll] divides many into groups of which one
// is taken out after the other, each once the one before is warm again.
//
// # What order is safe
//
// Machines of one group go out, and come back, at about the same time, but not at the same instant. So by default a group
// is safe only if the fleet holds whichever of it are in whichever phase: then so does every part of a safe group. Losing
// more can make a fleet hold, and half of a group may be worse than all of it: among unequal servers the strong one alone may
// leave a weak one overloaded, and a board is drawn on most while the servers of the others are out. That all of this holds is
// proven by a bound: what is out takes nothing, and places all that it could if it were back alone, cold and warm, with its
// in-rush on top. Where the bound is exceeded, every combination of phases is looked at if they are few; else it is not
// determined, which is not safe. [Options.Together] asks for whole groups only: all of a group changes phase at one instant.
//
// # What is not looked at
//
// Trips take no part in a phase's own state, for nothing is overloaded there. With [Options.Survive] what warms up keeps
// the capacity it has when a cascade begins. Of a surge of demand, of sessions that are cut and of caches behind what is
// restarted nothing is known.
package maintenance

import (
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Options of Check, Roll and Verify. The zero value asks that each component alone may be lost at any time.
type Options struct {
	Family cascade.Family   // what must hold in every phase; the zero value is each component alone
	Now    cascade.Scenario // what is lost or drained already, and the factor on the load

	Survive bool    // a scenario of the family need not hold, as long as in the end every demand is served
	Serve   float64 // Survive: fraction of every demand that is enough; 0 is all
	Except  bool    // what fails with nothing taken out is left out of the family; else nothing is safe as long as something does

	Together bool           // all of a group changes phase at one instant
	By       string         // Roll: a pattern; what goes down with the same component of it stays in one group: "board"
	AtOnce   map[string]int // pattern: most that may boot together; missing is no limit, 0 is none
	Drain    time.Duration  // how long it takes to drain a group

	Cases   int64 // most cases of the family to look at: see [cascade.Plan]; 0 is 20,000
	Workers int   // 0 is GOMAXPROCS; the result does not depend on it
}

// A Phase is what a group is doing.
type Phase string

// The phases, in order. Mixed is a group of which some are in one phase and some in another.
const (
	Before  Phase = "before" // nothing of it is out yet
	Drained Phase = "drained"
	Off     Phase = "off"
	Booting Phase = "booting"
	Ready   Phase = "ready"
	Cold    Phase = "cold"
	Mixed   Phase = "mixed"
)

// A Strain is what a scenario does in some phase: the component that is fullest then, or what goes unserved.
type Strain struct {
	Phase    Phase            `json:"phase"`
	Of       topology.Names   `json:"of,omitempty"` // of a group that is not in one phase as a whole: those that are not in rotation as ever
	Scenario cascade.Scenario `json:"scenario"`     // on top of it; the zero value is nothing else lost

	Component string  `json:"component,omitempty"` // "" if nothing that is up has a capacity
	Load      float64 `json:"load,omitempty"`
	Capacity  float64 `json:"capacity,omitempty"` // in this phase
	Unit      string  `json:"unit,omitempty"`
	Unserved  string  `json:"unserved,omitempty"` // a demand that is not served in full; with Survive not enough
}

// Asked is what an answer or a rolling was asked for, as in [Options].
type Asked struct {
	Family   cascade.Family `json:"family"`
	Survive  bool           `json:"survive,omitempty"`
	Together bool           `json:"together,omitempty"`
	By       string         `json:"by,omitempty"` // of a rolling
}

// An Answer says whether something may be taken out now. It prints as that.
type Answer struct {
	What topology.Names `json:"what"`
	Asked
	Safe      bool              `json:"safe"`             // known to be safe: nothing fails in any phase, nor before
	Certainty cascade.Certainty `json:"certainty"`        // Exact: all was looked at; Proven: by a bound; Undetermined: not known to be safe, for a Reason
	Reason    string            `json:"reason,omitempty"` // why it is not determined, or cannot come back
	Down      topology.Names    `json:"down,omitempty"`   // what goes down with it
	Takes     time.Duration     `json:"takes"`            // to drain, boot and warm up

	// Margin is the factor by which load may grow before something no longer holds in some phase of the whole, that before it is
	// taken out included; below 1, it must shrink to. 0: something does not hold at any load; no more than 1000 is looked for.
	Margin float64 `json:"margin"`

	Phases   []Strain `json:"phases"`             // of each phase of the whole the worst: what goes unserved, or is fullest
	Smallest *Strain  `json:"smallest,omitempty"` // of those that fail, the one that loses fewest; nil if none does
	Already  []Strain `json:"already,omitempty"`  // scenarios that fail with nothing taken out, at most ten
	Failing  int      `json:"failing,omitempty"`  // and how many these are: cases, each of which may stand for many alike
}

// A Rolling is a division into groups that are taken out one after the other. It prints as a runbook.
type Rolling struct {
	What topology.Names `json:"what"`
	Asked
	Groups    []Group           `json:"groups"`           // in order
	Bound     int               `json:"bound"`            // fewer groups are not enough
	Certainty cascade.Certainty `json:"certainty"`        // Proven: Bound is their number; Bounded; Exact: there can be none, for a Reason; Undetermined: none is known
	Reason    string            `json:"reason,omitempty"` // why there are none
	Takes     time.Duration     `json:"takes"`            // all of them
	Stuck     []Stuck           `json:"stuck,omitempty"`  // in no group, for alone they are not safe; at most ten are told
	Left      int               `json:"left,omitempty"`   // how many components that is in all
	Already   []Strain          `json:"already,omitempty"`
}

// A Group is taken out together.
type Group struct {
	What     topology.Names `json:"what"`
	Count    int            `json:"count"`
	Takes    time.Duration  `json:"takes"`
	Tightest Strain         `json:"tightest"` // of its phases as a whole
}

// Stuck is what cannot be taken out even alone, and why.
type Stuck struct {
	What   topology.Names `json:"what"`
	Strain *Strain        `json:"strain,omitempty"` // that fails, alone; nil if it is not determined, or cannot come back
	Reason string         `json:"reason,omitempty"` // why it cannot, or what is not known
}
