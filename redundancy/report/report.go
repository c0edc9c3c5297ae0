// Package report renders what was found for those who have to look at it.
//
// [DOT] and [Mermaid] draw a topology as a diagram: load flows down the solid lines, needs are dashed, needs to start
// dotted. With an outcome the colours tell its rounds: what was lost, and what that took down one after the other.
//
// [Runbook] writes the way back for those who carry it out, with what to watch and when to stop; [Chart] draws it.
//
// [Risk] writes a page on what takes users down by what they need: groups of failures, what to fix first, outages.
package report

import (
	"io"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// The limits of a diagram. GitHub draws a Mermaid diagram of at most 500 edges and 50,000 characters; long before that,
// nobody can read it.
const (
	MaxNodes = 80
	MaxEdges = 250

	maxText  = 45_000
	maxKinds = 6   // drawn apart at the coarsest
	maxLine  = 60  // characters of a line in a label
	maxTitle = 120 // and of the title
)

// DOT draws a topology for Graphviz: what draws on what, and what needs what. With an outcome, which may be nil, it
// shows by colours in which round each component went down, and what carries how much in the end.
//
// Components of one kind that are linked alike and have the same fate are one node: "chat-[001-030]". If even so there
// are more than [MaxNodes] nodes or [MaxEdges] edges, the diagram is by kind and fate, those without a kind by pattern;
// if that is too much as well, by the first six kinds, the rest in one node. Legend and title come on top.
//
// A percentage is load by capacity: in the end of the outcome or, without one, with nothing lost; of a node, the highest.
// The same topology and outcome give the same bytes. The error is that of the writer, or says that the outcome is not one
// of this topology. It takes time in proportion to the components and their links.
func DOT(w io.Writer, t *topology.Topology, outcome *cascade.Outcome) error {
	d, err := draw(t, outcome)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, d.dot())
	return err
}

// Mermaid draws the same as [DOT] for GitHub and other readers of Markdown: put it between lines of "```mermaid" and
// "```". It has at most 45,000 characters, or bytes.
func Mermaid(w io.Writer, t *topology.Topology, outcome *cascade.Outcome) error {
	d, err := draw(t, outcome)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, d.mermaid())
	return err
}
