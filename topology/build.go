package topology

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// build makes a topology in stages, each of which reports all that is wrong with its part:
// the values as written, the names, the links, the order in which load flows.
func build(spec Spec, src *source) (*Topology, error) {
	b := &builder{src: src, reported: map[report]bool{}, t: &Topology{
		spec: clone(spec), byKind: map[string][]ID{}, byTag: map[tag][]ID{},
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
		b.sortFaults()
		return nil, b.faults
	}
	return b.t, nil
}

type builder struct {
	t        *Topology
	src      *source
	faults   Faults
	reported map[report]bool
	resolver
	members int // of all sets and pools
}

// A report is made once for a declaration, however many names it has.
type report struct {
	at     string
	field  string
	reason Reason
}

// A place is the declaration that a fault is found in: a component, or a kind.
type place struct {
	component int
	kind      string // if not ""
}

func (b *builder) label(at place) string {
	switch {
	case at.kind != "":
		return fmt.Sprintf("kind %q", at.kind)
	case b.t.spec.Components[at.component].Name == "":
		return fmt.Sprintf("components[%d]", at.component)
	default:
		return b.t.spec.Components[at.component].Name
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
}

func (b *builder) path(at place, path []any) []any {
	if at.kind != "" {
		return append([]any{"kinds", at.kind}, path...)
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

// sortFaults puts faults in the order of the file, or of the components where there is none.
func (b *builder) sortFaults() {
	slices.SortStableFunc(b.faults, func(x, y Fault) int {
		if x.Line != y.Line {
			return x.Line - y.Line
		}
		return x.Column - y.Column
	})
}

// declare gives every component its name and ID.
func (b *builder) declare() {
	t := b.t
	b.makeRoom()
	for i := range t.spec.Components {
		b.declareOne(i)
	}
	for id, name := range t.names {
		kind := t.spec.Components[t.declared[id]].Kind
		if others := t.byKind[name]; len(others) > 0 && (name != kind || len(others) > 1) {
			b.fault(place{component: int(t.declared[id])}, []any{"name"}, NotUnique,
				"%q is also the kind of %s: a name must not be the kind of another component", name, t.names[otherThan(others, ID(id))])
		}
	}
}

// makeRoom allocates once what declare fills.
func (b *builder) makeRoom() {
	t, n := b.t, 0
	for _, c := range t.spec.Components {
		if p, err := parsePattern(c.Name); err == nil {
			n = min(n+min(p.count(), MaxComponents), MaxComponents)
		}
	}
	t.ids = make(map[string]ID, n)
	t.names = make([]string, 0, n)
	t.declared = make([]int32, 0, n)
	t.brackets = make([][]string, 0, n)
	t.demand, t.capacity, t.shed = make([]float64, 0, n), make([]float64, 0, n), make([]bool, 0, n)
}

func otherThan(ids []ID, id ID) ID {
	if ids[0] == id {
		return ids[1]
	}
	return ids[0]
}

func (b *builder) declareOne(i int) {
	t, at := b.t, place{component: i}
	decl := t.spec.Components[i]
	if decl.Name == "" {
		b.fault(at, []any{"name"}, NotFound, "a component needs a name")
		return
	}
	p, err := parsePattern(decl.Name)
	if err != nil {
		b.fault(at, []any{"name"}, BadSyntax, "%v", err)
		return
	}
	if n := p.count(); n > MaxComponents-len(t.names) {
		b.fault(at, []any{"name"}, TooLarge, "%q stands for %d names; a topology has at most %d components", decl.Name, n, MaxComponents)
		return
	}
	c := inherit(decl, t.spec.Kinds[decl.Kind])
	withTemplate := templated(c)
	p.each(func(name string, brackets []string) bool {
		if first, ok := t.ids[name]; ok {
			b.fault(at, []any{"name"}, NotUnique, "there is a second %q (the first is declared as %q)", name, t.spec.Components[t.declared[first]].Name)
			return true
		}
		if !withTemplate {
			brackets = nil
		}
		b.add(i, name, brackets, c)
		return true
	})
}

func (b *builder) add(i int, name string, brackets []string, c Component) {
	t, id := b.t, ID(len(b.t.names))
	t.ids[name] = id
	t.names = append(t.names, name)
	t.declared = append(t.declared, int32(i))
	t.brackets = append(t.brackets, slices.Clone(brackets))
	t.demand = append(t.demand, c.Demand)
	t.shed = append(t.shed, c.Overload.Shed)
	t.sheds = t.sheds || c.Overload.Shed
	if c.Capacity == 0 {
		c.Capacity = math.Inf(1)
	}
	t.capacity = append(t.capacity, c.Capacity)
	if t.byKind[c.Kind] == nil {
		t.kinds = append(t.kinds, c.Kind)
	}
	t.byKind[c.Kind] = append(t.byKind[c.Kind], id)
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		value, err := fillLabel(c.Labels[key], brackets)
		if err != nil {
			b.fault(place{component: i}, []any{"labels", key}, NotFound, "%v", err)
			continue
		}
		t.byTag[tag{key, value}] = append(t.byTag[tag{key, value}], id)
	}
}

// inherit returns a component with what it leaves out taken from its kind.
func inherit(c, kind Component) Component {
	c.Labels = inheritLabels(c.Labels, kind.Labels)
	or(&c.Capacity, kind.Capacity)
	or(&c.Demand, kind.Demand)
	or(&c.Unit, kind.Unit)
	or(&c.Overload, kind.Overload)
	or(&c.Start, kind.Start)
	or(&c.Gated, kind.Gated)
	or(&c.Reopen, kind.Reopen)
	or(&c.Failing, kind.Failing)
	if len(c.Needs) == 0 {
		c.Needs = kind.Needs
	}
	if len(c.StartNeeds) == 0 {
		c.StartNeeds = kind.StartNeeds
	}
	if len(c.Supplies) == 0 {
		c.Supplies = kind.Supplies
	}
	return c
}

func or[T comparable](field *T, kind T) {
	var zero T
	if *field == zero {
		*field = kind
	}
}

func inheritLabels(own, kind map[string]string) map[string]string {
	if len(own) == 0 || len(kind) == 0 {
		if len(own) == 0 {
			return kind
		}
		return own
	}
	all := maps.Clone(kind)
	maps.Copy(all, own)
	return all
}

// templated reports whether anything in c refers to a bracket or a label.
func templated(c Component) bool {
	for _, value := range c.Labels {
		if hasTemplate(value) {
			return true
		}
	}
	if slices.ContainsFunc(c.Needs, hasTemplate) || slices.ContainsFunc(c.StartNeeds, hasTemplate) {
		return true
	}
	return slices.ContainsFunc(c.Supplies, func(s Supply) bool { return slices.ContainsFunc(s.Members, hasTemplate) })
}

// fill replaces {1} and {label} in a component's labels and lists.
func fill(c Component, brackets []string) (Component, error) {
	labels := make(map[string]string, len(c.Labels))
	var err error
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		if labels[key], err = fillLabel(c.Labels[key], brackets); err != nil {
			return c, err
		}
	}
	c.Labels = labels
	if c.Needs, err = fillNames(c.Needs, brackets, labels); err != nil {
		return c, err
	}
	if c.StartNeeds, err = fillNames(c.StartNeeds, brackets, labels); err != nil {
		return c, err
	}
	c.Supplies = slices.Clone(c.Supplies)
	for i := range c.Supplies {
		if c.Supplies[i].Members, err = fillNames(c.Supplies[i].Members, brackets, labels); err != nil {
			return c, err
		}
	}
	return c, nil
}

func fillNames(names Names, brackets []string, labels map[string]string) (Names, error) {
	if !slices.ContainsFunc(names, hasTemplate) {
		return names, nil
	}
	filled := make(Names, len(names))
	for i, name := range names {
		s, err := substitute(name, brackets, labels)
		if err != nil {
			return nil, err
		}
		filled[i] = s
	}
	return filled, nil
}

// fillLabel replaces {1} in a label's value, which is no pattern: nothing in it is escaped.
func fillLabel(value string, brackets []string) (string, error) {
	if !hasTemplate(value) {
		return value, nil
	}
	filled, err := substitute(value, brackets, nil)
	if err != nil {
		return "", err
	}
	return unescape(filled), nil
}

func clone(s Spec) Spec {
	kinds := s.Kinds
	if kinds != nil {
		s.Kinds = make(map[string]Component, len(kinds))
		for name, kind := range kinds {
			s.Kinds[name] = copyOf(kind)
		}
	}
	s.Components = slices.Clone(s.Components)
	for i, c := range s.Components {
		s.Components[i] = copyOf(c)
	}
	return s
}

func copyOf(c Component) Component {
	c.Labels = maps.Clone(c.Labels)
	c.Needs = slices.Clone(c.Needs)
	c.StartNeeds = slices.Clone(c.StartNeeds)
	c.Supplies = slices.Clone(c.Supplies)
	for i := range c.Supplies {
		c.Supplies[i].Members = slices.Clone(c.Supplies[i].Members)
		c.Supplies[i].Weights = slices.Clone(c.Supplies[i].Weights)
	}
	return c
}
