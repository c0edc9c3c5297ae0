package topology

import (
	"time"
)

// A Spec is a fleet as people write it: the same in Go, in JSON and in YAML.
// Append to Components to build one; give it to [New].
type Spec struct {
	Name       string               `json:"name,omitempty"`
	Kinds      map[string]Component `json:"kinds,omitempty"` // what the components of a kind have where they leave it out
	Components []Component          `json:"components"`
}

// A Component is anything that can carry load or fail: a server, a board, a UPS, a zone, a service, the users.
//
// What a component leaves at its zero value it takes from its kind: field by field, and label by label.
type Component struct {
	Name   string            `json:"name,omitempty"` // a pattern declares one component for each of its names: "rack-[01-40]"
	Kind   string            `json:"kind,omitempty"` // free: "server", "board", "zone"
	Labels map[string]string `json:"labels,omitempty"`

	Capacity float64  `json:"capacity,omitempty"` // most load without being overloaded; 0 is no limit
	Demand   float64  `json:"demand,omitempty"`   // load of its own
	Unit     string   `json:"unit,omitempty"`     // of both: "W", "requests/s"
	Overload Overload `json:"overload,omitzero"`  // what it does above its capacity; zero trips at once

	Needs      Names    `json:"needs,omitempty"`      // up only while these are, without load: "board-1", "2 of etcd-[1-3]"
	StartNeeds Names    `json:"startNeeds,omitempty"` // the same, only to start: "registry"
	Supplies   []Supply `json:"supplies,omitempty"`   // what it draws on, and so passes load to

	Start   Start   `json:"start,omitzero"`  // how it comes up; zero is at once
	Gated   bool    `json:"gated,omitempty"` // its demand can be admitted by fractions
	Reopen  Reopen  `json:"reopen,omitzero"` // how its demand surges when it is readmitted
	Failing Failing `json:"failing,omitzero"`
}

// A Supply passes load to members, of which the owner needs some.
//
// While its owner is up it places Base + PerUnit × the load that the owner serves, split by Share over the members
// that take load. With Base and PerUnit both 0 it passes on all of the owner's load, as PerUnit 1 does:
// a number that is forgotten overstates load and never understates it.
type Supply struct {
	Members  Names `json:"members"`            // "chat-[001-100]", a kind "server", a label "zone=a"
	Need     int   `json:"need,omitempty"`     // members that must be up for the owner to be; 0 is 1
	Optional bool  `json:"optional,omitempty"` // none must

	Share         Share     `json:"share,omitempty"`         // "" is Equal
	Weights       []float64 `json:"weights,omitempty"`       // Weighted: one for each entry of Members, for each member of that entry
	Overprovision float64   `json:"overprovision,omitempty"` // Tiered: φ, each entry of Members being a tier; 0 is 1.4
	Limit         float64   `json:"limit,omitempty"`         // Waterfall: part of its capacity that a tier takes before it spills; 0 is 1

	Base    float64 `json:"base,omitempty"`    // load placed while the owner is up, in the members' unit
	PerUnit float64 `json:"perUnit,omitempty"` // load placed for each unit of the owner's
	Inrush  float64 `json:"inrush,omitempty"`  // load placed on top of Base while the owner boots
}

// A Share is the rule that splits a supply's load over the members that take load.
type Share string

// The shares. D is the load to be split.
const (
	Equal        Share = "equal"        // D / number of members
	Weighted     Share = "weighted"     // in proportion to Weights
	Proportional Share = "proportional" // in proportion to current capacity: a warming server gets less
	Tiered       Share = "tiered"       // the first healthy tiers: active/passive, Envoy's priorities
	Waterfall    Share = "waterfall"    // tiers filled by capacity, the rest spills to the next; each owner fills them as if it were alone
	Each         Share = "each"         // all of D to every member: replicated writes, fan-out
)

// Overload is what a component does when its load exceeds its capacity. The zero value trips at once.
// Shed together with After or Curve sheds, and trips if it stays overloaded that long.
type Overload struct {
	Shed  bool          `json:"shed,omitempty"`  // stays up, serves its capacity, rejects the rest
	After time.Duration `json:"after,omitempty"` // trips after a constant delay
	Curve Curve         `json:"curve,omitempty"` // trips by a breaker's curve
	TMS   float64       `json:"tms,omitempty"`   // time multiplier of the curve; 0 is 1
}

// A Curve is an inverse-time curve of IEC 60255-151: at r times its capacity a breaker trips after TMS·K/(r^α−1) seconds.
type Curve string

// The curves.
const (
	SI  Curve = "SI"  // standard inverse: K .14, α .02
	VI  Curve = "VI"  // very inverse: K 13.5, α 1
	EI  Curve = "EI"  // extremely inverse: K 80, α 2
	LTI Curve = "LTI" // long-time inverse: K 120, α 1
)

// Start is how a component comes up. The zero value is ready at once, with all of its capacity.
type Start struct {
	Boot   time.Duration `json:"boot,omitempty"`   // from power on until it is ready
	WarmUp time.Duration `json:"warmUp,omitempty"` // from Cold to all of its capacity, linearly, once it takes load
	Cold   float64       `json:"cold,omitempty"`   // fraction of its capacity, from 0 to 1, that it has when WarmUp begins
}

// Reopen is a surge of demand: each part readmitted comes as (1 + Surge·e^(−t/Decay)) of itself.
type Reopen struct {
	Surge float64       `json:"surge,omitempty"`
	Decay time.Duration `json:"decay,omitempty"`
}

// Failing is how often a component fails of itself. In time: its Unavailability, or its mean times between failures and to
// repair, of which the unavailability is MTTR/(MTBF+MTTR). On demand: how often it does not work when it is called on, as a
// generator that does not start, or a switch that does not change over. Both may be given.
type Failing struct {
	Unavailability float64       `json:"unavailability,omitempty"` // part of the time, from 0 to 1
	MTBF           time.Duration `json:"mtbf,omitempty"`
	MTTR           time.Duration `json:"mttr,omitempty"`     // of what fails on demand, too: it may stand there without an MTBF
	OnDemand       float64       `json:"onDemand,omitempty"` // probability, from 0 to 1
}

// Names is a list of patterns; in a file, one may stand without its brackets.
//
// A pattern is a component's name, a kind, or label=value. "a-[1-2,5]" stands for a-1, a-2 and a-5: see [Expand].
// In a component's own lists and label values {1} is what the first bracket of its name became, and in its lists {rack}
// is the value of its label rack; \{ is the brace itself. (In a label's value, which is no pattern, backslashes count only
// where there is a brace.) In Needs and StartNeeds "2 of etcd-[1-3]" asks for two of these, and a pattern without a number
// for all of them.
type Names []string
