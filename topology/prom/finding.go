package prom

import "github.com/ridethrough/ridethrough/topology"

// The reasons of findings.
const (
	Warned     topology.Reason = "warned"         // Read: the server answered, and warned
	NotFinite  topology.Reason = "not finite"     // NaN, as of 0/0, or infinite
	Negative   topology.Reason = "negative"       // below zero
	Zero       topology.Reason = "zero"           // a capacity of 0, which in a Spec would be none
	Stale      topology.Reason = "stale"          // the series has ended, or its last value is too old
	Partial    topology.Reason = "partial"        // some of the series of a component have ended, or begin later
	Counter    topology.Reason = "counter"        // it counts since its process began, and is no rate
	NoValue    topology.Reason = "no value"       // a native histogram, or a series that begins later
	Unmatched  topology.Reason = "unmatched"      // no component for a series, or no series for a rule
	Unmeasured topology.Reason = "unmeasured"     // no series for a component
	Exceeded   topology.Reason = "above capacity" // a component's own demand exceeds its capacity
	Twice      topology.Reason = "twice"          // a component has a demand, and load comes to it from others
)
