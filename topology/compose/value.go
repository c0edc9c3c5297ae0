package compose

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ridethrough/ridethrough/topology"
)

// A value is what stands in a field, with aliases followed and variables put in.
type value struct {
	where
	null   bool
	text   string
	items  []*value
	names  []string // of fields, in order
	fields map[string]*value

	reset, override bool // !reset leaves out what stood here before, !override replaces it
}

// set gives a field a value.
func (v *value) set(name string, field *value) {
	if v.fields == nil {
		v.fields = map[string]*value{}
	}
	if _, ok := v.fields[name]; !ok {
		v.names = append(v.names, name)
	}
	v.fields[name] = field
}

// get returns what stands in a field of a field; nil if nothing does.
func (v *value) get(path ...string) *value {
	for _, name := range path {
		if v == nil {
			return nil
		}
		v = v.fields[name]
	}
	if v == nil || v.null || v.reset {
		return nil
	}
	return v
}

// textOf returns the text in a field; "" if there is none.
func (v *value) textOf(path ...string) string {
	if field := v.get(path...); field != nil {
		return field.text
	}
	return ""
}

// A reading is one document while it is read.
type reading struct {
	*loader
	*file
}

// value reads what a node says of a shape. It never returns nil.
func (r *reading) value(n *yaml.Node, s shape, w where) *value {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	w.line, w.column = n.Line, n.Column
	v := &value{where: w, override: n.Tag == "!override", reset: n.Tag == "!reset"}
	r.marked = r.marked || v.override || v.reset
	empty := n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || v.override && n.Value == "")
	if v.null = v.reset || empty || !r.take(&r.values, 1, w, "values"); v.null {
		return v
	}
	switch s.form {
	case text, whole:
		r.scalar(v, n, s)
	case list:
		r.list(v, n, s)
	case table:
		r.table(v, n)
	case named:
		r.named(v, n, s)
	case fields:
		r.mapping(v, n, s)
	}
	return v
}

func (r *reading) scalar(v *value, n *yaml.Node, s shape) {
	switch {
	case n.Kind == yaml.ScalarNode:
		before := len(r.faults)
		v.text = r.expand(n.Value, v.where)
		v.null = len(r.faults) > before // one fault is enough
	case n.Kind == yaml.SequenceNode && s.form == whole:
		if len(n.Content) > 0 { // more than the first word is not needed
			v.text = r.value(n.Content[0], shape{}, v.where).text
		}
	default:
		r.fault(v.where, topology.BadSyntax, "%s where a text or a number is wanted", called(n))
	}
}

func (r *reading) list(v *value, n *yaml.Node, s shape) {
	items := []*yaml.Node{n}
	switch n.Kind {
	case yaml.SequenceNode:
		items = n.Content
	case yaml.MappingNode:
		if s.each.form != fields {
			r.fault(v.where, topology.BadSyntax, "a mapping where a list is wanted: write - before each")
			return
		}
	}
	for _, item := range items {
		if one := r.value(item, *s.each, v.where); !one.null {
			v.items = append(v.items, one)
		}
	}
}

// table reads environment variables, but only those that may hold an address.
func (r *reading) table(v *value, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for _, m := range r.members(n, v.where, 0) {
			if r.address(m.name) {
				v.set(m.name, r.inherited(m.name, r.value(m.value, shape{}, v.in(m.name))))
			}
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			r.assignment(v, item)
		}
	default:
		r.fault(v.where, topology.BadSyntax, "%s where variables are wanted: write - NAME=value, or NAME: value", called(n))
	}
}

// assignment reads NAME=value, and NAME, whose value is what the caller's variables say.
func (r *reading) assignment(v *value, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	w := v.where
	w.line, w.column = n.Line, n.Column
	if n.Kind != yaml.ScalarNode {
		r.fault(w, topology.BadSyntax, "%s where a variable is wanted: write NAME=value", called(n))
		return
	}
	name, rest, given := strings.Cut(n.Value, "=")
	if strings.Contains(name, "$") {
		name, rest, given = strings.Cut(r.expand(n.Value, w), "=")
	} else if r.address(name) {
		rest = r.expand(rest, w)
	}
	if r.address(name) && r.take(&r.values, 1, w, "values") {
		v.set(name, r.inherited(name, &value{where: w.in(name), text: rest, null: !given}))
	}
}

// inherited gives a variable without a value the caller's.
func (r *reading) inherited(name string, v *value) *value {
	if text, ok := r.lookup(name); ok && v.null && !v.reset {
		v.null, v.text = false, text
	}
	return v
}

// address reports whether a variable of this name holds an address.
func (l *loader) address(name string) bool {
	return slices.ContainsFunc(l.o.Variables, func(suffix string) bool { return strings.HasSuffix(name, suffix) })
}

func (r *reading) named(v *value, n *yaml.Node, s shape) {
	if n.Kind == yaml.MappingNode {
		for _, m := range r.members(n, v.where, 0) {
			v.set(m.name, r.value(m.value, shape{form: fields, of: s.of}, v.in(m.name)))
		}
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(v.where, topology.BadSyntax, "%s where names are wanted: write a list, or a mapping", called(n))
		return
	}
	for _, item := range n.Content {
		name := r.value(item, shape{}, v.where)
		one := &value{where: name.in(name.text)}
		for i := 0; i+1 < len(s.plain); i += 2 {
			one.set(s.plain[i], &value{where: one.where, text: s.plain[i+1]})
		}
		if v.fields[name.text] != nil {
			r.fault(one.where, topology.NotUnique, "it stands here twice: leave one out")
		}
		v.set(name.text, one)
	}
}

func (r *reading) mapping(v *value, n *yaml.Node, s shape) {
	switch {
	case n.Kind == yaml.ScalarNode && s.short != "":
		one := r.value(n, s.of[s.short], v.where)
		v.set(s.short, one)
	case n.Kind != yaml.MappingNode:
		r.fault(v.where, topology.BadSyntax, "%s where a mapping is wanted", called(n))
	default:
		for _, m := range r.members(n, v.where, 0) {
			if of, ok := s.of[m.name]; ok {
				v.set(m.name, r.value(m.value, of, v.in(m.name)))
			}
		}
	}
}

// called names what a node is.
func called(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a text"
}
