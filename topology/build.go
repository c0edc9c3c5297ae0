package topology

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// build makes a topology of a spec, which it keeps, in stages, each of which reports all that is wrong with its part:
// the values as written, the names, the links, the order in which load flows. The spec may begin with that of a topology
// that was built before.
func build(spec Spec, src *source, before *Topology) (*Topology, error) {
	b := &builder{src: src, before: before, reported: map[report]bool{}, t: &Topology{
		spec: spec, patterns: map[int32]pattern{}, byKind: map[string][]ID{}, byTag: map[tag][]ID{},
	}}
	b.checkValues()
	b.declare()
	b.link()
	b.order()
	b.checkNeeds()
	if len(b.faults) == 0 { // else a demand may seem dead only because a link is missing
		b.checkDemands()
	}
	if len(b.faults) > 0 {
		return nil, b.inOrder()
	}
	return b.t, nil
}

// checkOnly reports what is wrong with the values of a spec that could be read in part.
func checkOnly(spec Spec, src *source) Faults {
	b := &builder{src: src, reported: map[report]bool{}, t: &Topology{spec: spec}}
	b.checkValues()
	return b.inOrder()
}

type builder struct {
	t        *Topology
	src      *source
	before   *Topology // whose names come first; nil if there is none
	faults   Faults
	places   []place // of the faults
	reported map[report]bool
	resolver
	members int  // of all sets and pools
	cyclic  bool // load comes back to where it came from, which is reported
	text    int  // bytes of all names
}

// A report is made once for a declaration, however many names it has.
type report struct {
	at     string
	field  string
	reason Reason
}

// A place is what a fault is found in: a declared component, or a kind, or the whole.
type place struct {
	component int    // -1: none
	kind      string // if not ""
}

var whole = place{component: -1}

func (b *builder) label(at place) string {
	switch {
	case at.kind != "":
		return fmt.Sprintf("kind %q", at.kind)
	case at == whole:
		return ""
	case b.t.spec.Components[at.component].Name == "":
		return fmt.Sprintf("components[%d]", at.component)
	default:
		return short(b.t.spec.Components[at.component].Name)
	}
}

// fault reports what is wrong with a field; path is its way from the component, as in "supplies", 0, "need".
func (b *builder) fault(at place, path []any, reason Reason, format string, args ...any) {
	f := Fault{Component: b.label(at), Field: fieldName(path), Reason: reason, Text: fmt.Sprintf(format, args...)}
	key := report{f.Component, f.Field, reason}
	if b.reported[key] {
		return
	}
	b.reported[key] = true
	if b.src != nil {
		f.File = b.src.file
		f.Line, f.Column = b.src.place(b.path(at, path)...)
	}
	b.faults = append(b.faults, f)
	b.places = append(b.places, at)
}

func (b *builder) path(at place, path []any) []any {
	if at.kind != "" {
		return append([]any{"kinds", at.kind}, path...)
	}
	if at == whole {
		return path
	}
	return append([]any{"components", at.component}, path...)
}

func fieldName(path []any) string {
	var s strings.Builder
	for _, p := range path {
		switch p := p.(type) {
		case int:
			fmt.Fprintf(&s, "[%d]", p)
		case string:
			if s.Len() > 0 {
				s.WriteByte('.')
			}
			s.WriteString(p)
		}
	}
	return s.String()
}

// inOrder returns the faults in the order of the file or, without one, of the components, after the kinds.
func (b *builder) inOrder() Faults {
	order := make([]int, len(b.faults))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		x, y := b.faults[i], b.faults[j]
		return cmp.Or(x.Line-y.Line, x.Column-y.Column, b.places[i].rank()-b.places[j].rank())
	})
	sorted := make(Faults, len(order))
	for i, from := range order {
		sorted[i] = b.faults[from]
	}
	return sorted
}

func (p place) rank() int {
	if p.kind != "" {
		return -1
	}
	return p.component
}
