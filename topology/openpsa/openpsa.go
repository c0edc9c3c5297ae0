package openpsa

import (
	"io"

	"github.com/ridethrough/ridethrough/topology"
)

// The kinds of components. What may fail of itself is of the kind BasicEvent, and nothing else is.
const (
	Gate       = "gate"
	BasicEvent = "basic event"
)

// The reason of a fault that Open-PSA alone has.
const NotCoherent topology.Reason = "not coherent" // a formula that may be mended by a failure: not, xor and their like

// What looks wrong.
const (
	AlwaysFailed topology.Reason = "always failed" // a gate, by its constants and house events
	NeverFails   topology.Reason = "never fails"   // a gate, by its constants and house events
	NamedTwice   topology.Reason = "named twice"   // an argument of a formula
)

// What is missing.
const (
	NoProbability topology.Reason = "no probability" // of a basic event: not given, or not computed
	NotDeclared   topology.Reason = "not declared"   // basic events, in files that declare none
	NotModelled   topology.Reason = "not modelled"   // event trees, alignments, substitutions and the like
	NotRead       topology.Reason = "not read"       // a file that a file names
)

// What was assumed.
const (
	MeanTaken   topology.Reason = "mean taken"   // of an uncertain parameter
	MissionTime topology.Reason = "mission time" // which the format leaves to the tool
)

// Options say what a model does not. The zero value works.
type Options struct {
	MissionTime float64 // system-mission-time, in the unit of time of the model's rates; 0: 8760, the hours of a year
}

// Read reads the files of one model, in any order. A file with a method Name, as *os.File has, is called so in faults.
//
// The spec has the gates, each followed by its nested formulas, and the basic events, in the order of the text, then the
// common causes. It builds with [topology.New]; findings come in the order of their reasons above.
//
// An error of a reader is returned as it is. Any other is a [topology.Faults], each with file, line and column, sorted by
// these and at most 100: text that is not XML in UTF-8, or has declarations of entities; an element that does not belong
// where it is; names that are declared twice or not at all; formulas that are not coherent, unless constants decide them;
// gates or parameters that depend on themselves, with the cycle; numbers that are none, or no probability; no gate at
// all; files of together more than 64 MiB or a million elements, elements more than 64 deep, more than 100,000 common
// causes, two million attributes.
//
// It takes time in proportion to the text.
func Read(o Options, files ...io.Reader) (topology.Spec, topology.Findings, error) {
	r := newReader(o)
	if err := r.readAll(files); err != nil {
		return topology.Spec{}, nil, err
	}
	if !r.lost { // else much would seem not to be declared
		r.link()
		r.solve()
	}
	if len(r.faults) > 0 {
		return topology.Spec{}, nil, r.sorted()
	}
	spec := r.spec()
	return spec, r.findings(), nil
}
