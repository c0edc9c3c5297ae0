package openpsa

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

// maxFaults are reported at most.
const maxFaults = 100

// year is the mission time where none is given, in hours.
const year = 8760

// A reader holds a model, and everything that is wrong with it.
type reader struct {
	o        Options
	faults   topology.Faults
	full     bool // more is wrong than faults
	files    []*file
	bytes    int  // that may still be read
	elements int  // that may still be read
	lost     bool // some file could not be read
	name     string

	root       *scope
	items      []*item // in the order of the text, but for those that no file declares
	names      map[string]*item
	public     map[key]*item
	groups     []*group
	causes     int  // that groups may still have
	attributes int  // that elements may still have
	declaring  bool // some file declares a basic event
	notRead    []string
	unmodelled []string
	twice      []string // components of formulas
	undeclared []*item
	operators  map[string]operator
}

func newReader(o Options) *reader {
	r := &reader{o: o, bytes: maxBytes, elements: maxElements, causes: maxCauses, attributes: maxAttributes, root: newScope(nil, ""),
		names: map[string]*item{}, public: map[key]*item{}, operators: operators()}
	if o.MissionTime != 0 && !(o.MissionTime > 0 && o.MissionTime <= 1e50) {
		r.fault(place{}, "Options", "MissionTime", topology.BadNumber, "%v is no time: give a number above 0, or 0 for %d", o.MissionTime, year)
	}
	return r
}

// A place is where an element begins.
type place struct {
	file   *file
	offset int64 // in its text
	line   int   // from 1
}

// column counts characters, from 1.
func (p place) column() int {
	before := p.file.text[:p.offset]
	return utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}

// fault reports something wrong.
func (r *reader) fault(at place, component, field string, reason topology.Reason, format string, args ...any) {
	if r.full {
		return
	}
	if len(r.faults) == maxFaults {
		r.full = true
		r.faults = append(r.faults, topology.Fault{Reason: topology.TooLarge, Text: fmt.Sprintf("there are more faults than these %d", maxFaults)})
		return
	}
	f := topology.Fault{Component: component, Field: field, Reason: reason, Text: fmt.Sprintf(format, args...)}
	if at.file != nil {
		f.File, f.Line, f.Column = at.file.name, at.line, at.column()
	}
	r.faults = append(r.faults, f)
}

// sorted returns the faults by their places, those without one last.
func (r *reader) sorted() topology.Faults {
	rank := map[string]int{"": len(r.files)}
	for i, f := range r.files {
		if _, ok := rank[f.name]; !ok {
			rank[f.name] = i
		}
	}
	slices.SortStableFunc(r.faults, func(a, b topology.Fault) int {
		return cmp.Or(rank[a.File]-rank[b.File], a.Line-b.Line, a.Column-b.Column)
	})
	return r.faults
}

// quote returns a text of the files in quotes, cut where it is long.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return fmt.Sprintf("%q", s)
}
