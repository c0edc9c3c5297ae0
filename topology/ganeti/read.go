package ganeti

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxLine   = 1 << 20 // bytes: a node with as many tags as Ganeti allows has half of it
	maxFaults = 1000
)

// A reader keeps what it has read, and everything that is wrong with it.
type reader struct {
	cluster
	file    string
	line    int
	fields  []string // of the line
	faults  topology.Faults
	full    bool              // nothing more is to be read
	groups  map[string]string // their names, by uuid
	byName  map[string]int    // nodes
	names   map[string]bool   // of instances
	section int
}

func newReader(file string) *reader {
	return &reader{file: file, groups: map[string]string{}, byName: map[string]int{}, names: map[string]bool{}}
}

// readAll reads all lines, or as many as make maxFaults. The error is that of the text's source.
func (r *reader) readAll(from io.Reader) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxLine)
	for !r.full && lines.Scan() {
		r.line++
		r.readLine(lines.Text())
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		r.line++
		r.stop("the line has more than %d bytes: a line is a group, a node, an instance or a tag", maxLine-1)
	} else if lines.Err() != nil {
		return lines.Err()
	}
	r.checkSections()
	return nil
}

// readLine reads one line of the section that it is in; a blank one ends the section.
func (r *reader) readLine(line string) {
	sections := []func(){r.readGroup, r.readNode, r.readInstance, r.readTag, func() {}}
	switch {
	case line == "":
		r.section++
	case r.section >= len(sections):
		r.stop("a sixth section: give one cluster, of groups, nodes, instances, cluster tags and policies")
	case !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl):
		r.at("", "", -1, topology.BadSyntax, "the line is no text in UTF-8, or has control characters")
	default:
		r.fields = strings.Split(line, "|")
		sections[r.section]()
	}
}

// checkSections reports a text that is cut off or has no nodes, where nothing else says so.
func (r *reader) checkSections() {
	if len(r.faults) > 0 {
		return
	}
	r.line = 0
	if r.section < 3 {
		r.at("", "", -1, topology.BadSyntax, "the text ends before its fourth section: "+
			"write groups, nodes, instances and cluster tags, with a blank line after each")
	} else if len(r.nodes) == 0 {
		r.at("", "", -1, topology.NotFound, "there are no nodes: they stand in the second section, after the first blank line")
	}
}

// at reports what is wrong with a field of the line, from 0; -1 is the line itself.
func (r *reader) at(component, field string, column int, reason topology.Reason, format string, args ...any) {
	f := topology.Fault{File: r.file, Line: r.line, Component: component, Field: field, Reason: reason,
		Text: fmt.Sprintf(format, args...)}
	if f.Line > 0 {
		f.Column = 1
	}
	for k := range column {
		f.Column += utf8.RuneCountInString(r.fields[k]) + 1
	}
	r.fault(f)
}

// fault keeps a fault and, where there are too many, says so.
func (r *reader) fault(f topology.Fault) {
	if r.full {
		return
	}
	r.faults = append(r.faults, f)
	if len(r.faults) == maxFaults {
		r.stop("there are more faults than these %d: what follows was not read", maxFaults)
	}
}

// stop reports what is too large, and reads no more.
func (r *reader) stop(format string, args ...any) {
	r.full = true
	r.faults = append(r.faults, topology.Fault{File: r.file, Line: r.line, Column: 1, Reason: topology.TooLarge,
		Text: fmt.Sprintf(format, args...)})
}
