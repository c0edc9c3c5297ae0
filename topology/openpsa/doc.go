// Package openpsa reads fault trees in the Open-PSA Model Exchange Format (MEF, XML), version 2.0d, as a topology.
//
// A fault tree says of what failures a failure follows; a topology says what a component needs. The one is the other:
//
//  1. A gate is a component of the kind [Gate] that does not fail of itself. It is down when its formula is true. An "or"
//     of failures needs all of its arguments; an "and" needs any one of them; "atleast k" of n needs n−k+1 of them. A
//     "cardinality" whose upper bound cannot be exceeded is an atleast. A gate that no other refers to has the label
//     top=yes.
//  2. A formula nested in another is a gate of its own, named by its place in the gate: "pumps/2" is the second argument
//     of pumps, "pumps/2/1" the first of that.
//  3. A basic event is a component of the kind [BasicEvent]. Its unavailability is its probability.
//  4. House events and constants are no components. What they decide is folded: a true one is left out of an and, and makes
//     an or true. A gate that they decide is never down or, with a finding, a basic event of probability 1.
//  5. Not, xor, iff, nand, nor, imply and a cardinality with an upper bound are mended by failures, and so are outside the
//     model: a fault for each gate, reason [NotCoherent], unless constants decide the formula.
//  6. A CCF group of the models beta-factor, MGL and alpha-factor: each of its members is a basic event of what is left of
//     its probability without common causes, and needs a basic event with the label common-cause=yes for each set of members
//     that it is in: "pumps/all", "pumps/1+3" for the first and third member of the group pumps. Sets of probability 0 are
//     left out. The formulas are those of the format (chapter Common Cause Groups); of the phi-factor it gives none, and
//     that is a fault.
//  7. Names are those of the text; of what is private, with its containers: "tree.train.pump". A name within a container
//     means what is declared in it, else in those around it, else what is public; paths with dots work from any of these.
//     An event named as one of the two kinds has its sort behind its name: "gate (gate)".
//  8. Labels and attributes become labels of the component, the label as "label". Containers pass on their attributes.
//
// So what may fail of itself is all that has the kind [BasicEvent]: an analysis of cut sets asks about these and no gate.
//
// A probability is a constant, a parameter, or an expression of the format: arithmetic, conditions, the distributions
// exponential, GLM, Weibull and periodic-test with 4 or 5 arguments, and system-mission-time. Uncertain numbers (deviates,
// histograms) are taken by their means. An extern-function or a periodic-test with 11 arguments is not computed, and the
// event is one without probability. Units are not converted; a parameter that is taken in another unit than it is declared
// in is a fault.
//
// Several files make one model, whatever comes first; a basic event may be declared in another file than its gate. No file
// that is named in one is opened, and no entity is expanded. Event trees, sequences, alignments and substitutions are left
// out, with a finding.
//
// The format: https://open-psa.github.io/mef. Where it lets the last of several declarations of a name count, here they are a
// fault.
package openpsa
