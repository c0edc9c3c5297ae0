package yaml

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxDepth   = 90 // below that of topology.Read, so that the fault is found here
	freeValues = 100_000
	maxGrowth  = 10 // times the values written
)

// A writer writes YAML nodes as JSON, each value and key on a line of its own.
type writer struct {
	text   strings.Builder
	places []place // by line
	depth  int
	left   int // values that may still be written
}

type place struct{ line, column int }

func newWriter(root *yaml.Node) *writer {
	return &writer{left: freeValues + maxGrowth*count(root)}
}

// count returns how many nodes are written in the text, each alias counting as one.
func count(n *yaml.Node) int {
	total := 1
	for _, child := range n.Content {
		total += count(child)
	}
	return total
}

func fault(n *yaml.Node, reason topology.Reason, format string, args ...any) *topology.Fault {
	return &topology.Fault{Line: n.Line, Column: n.Column, Reason: reason, Text: fmt.Sprintf(format, args...)}
}

// line writes a line that comes from n.
func (w *writer) line(n *yaml.Node, text string) {
	w.text.WriteString(text)
	w.text.WriteByte('\n')
	w.places = append(w.places, place{n.Line, n.Column})
}

// value writes a node and all that stands in it.
func (w *writer) value(n *yaml.Node) *topology.Fault { return w.after("", n) }

// after writes a node behind some text on the same line.
func (w *writer) after(before string, n *yaml.Node) *topology.Fault {
	if f := w.enter(n); f != nil {
		return f
	}
	defer func() { w.depth-- }()
	switch n.Kind {
	case yaml.AliasNode:
		return w.after(before, n.Alias)
	case yaml.MappingNode:
		return w.mapping(before, n)
	case yaml.SequenceNode:
		return w.sequence(before, n)
	}
	text, f := scalar(n)
	if f == nil {
		w.line(n, before+text)
	}
	return f
}

// enter counts a node against the limits.
func (w *writer) enter(n *yaml.Node) *topology.Fault {
	w.depth++
	w.left--
	switch {
	case w.depth > maxDepth:
		return fault(n, topology.BadSyntax, "more than %d levels deep: no field of a fleet is", maxDepth)
	case w.left < 0:
		return fault(n, topology.TooLarge, "the aliases stand for more than %d times what is written: write fewer, or patterns such as a-[1-9]", maxGrowth)
	}
	return nil
}

func (w *writer) sequence(before string, n *yaml.Node) *topology.Fault {
	if f := checkTag(n, "!!seq"); f != nil {
		return f
	}
	w.line(n, before+"[")
	before = ""
	for _, item := range n.Content {
		if f := w.after(before, item); f != nil {
			return f
		}
		before = ","
	}
	w.line(n, "]")
	return nil
}

func (w *writer) mapping(before string, n *yaml.Node) *topology.Fault {
	if f := checkTag(n, "!!map"); f != nil {
		return f
	}
	members, f := w.members(n)
	if f != nil {
		return f
	}
	w.line(n, before+"{")
	before = ""
	for _, m := range members {
		w.line(m.key, before+quoted(m.name)+":")
		if f := w.value(m.value); f != nil {
			return f
		}
		before = ","
	}
	w.line(n, "}")
	return nil
}

// A member is a key and its value.
type member struct {
	name       string
	key, value *yaml.Node
}

// members returns the members of a mapping, and then those that it merges and does not have itself.
func (w *writer) members(n *yaml.Node) (own []member, f *topology.Fault) {
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := follow(n.Content[i]), n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			return nil, fault(n.Content[i], topology.BadSyntax, "a list or a mapping cannot be the name of a field: write a text")
		case key.Tag == "!!merge":
			merged = append(merged, value)
		default:
			own = append(own, member{key.Value, n.Content[i], value})
		}
	}
	has := map[string]bool{}
	for _, m := range own {
		has[m.name] = true
	}
	for _, value := range merged {
		more, f := w.merge(value)
		if f != nil {
			return nil, f
		}
		for _, m := range more {
			if !has[m.name] {
				has[m.name] = true
				own = append(own, m)
			}
		}
	}
	return own, nil
}

// merge returns the members of what stands behind <<: a mapping or a list of them, of which the first counts most.
func (w *writer) merge(n *yaml.Node) (members []member, f *topology.Fault) {
	if f := w.enter(n); f != nil {
		return nil, f
	}
	defer func() { w.depth-- }()
	switch from := follow(n); from.Kind {
	case yaml.MappingNode:
		if members, f = w.members(from); f == nil {
			w.left -= len(members)
		}
		return members, f
	case yaml.SequenceNode:
		for _, item := range from.Content {
			more, f := w.merge(item)
			if f != nil {
				return nil, f
			}
			members = append(members, more...)
		}
		return members, nil
	}
	return nil, fault(n, topology.BadSyntax, "<< merges a mapping or a list of them: write an alias of one")
}

// follow returns what an alias stands for.
func follow(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func checkTag(n *yaml.Node, right ...string) *topology.Fault {
	if slices.Contains(right, n.Tag) {
		return nil
	}
	return fault(n, topology.BadSyntax, "the tag %s says nothing about a fleet: leave it out", n.Tag)
}

// scalar returns a scalar as JSON. What YAML takes for a number and JSON has not, such as .inf, stays a text: where a
// number is wanted, that is the fault.
func scalar(n *yaml.Node) (string, *topology.Fault) {
	switch n.Tag {
	case "!!null":
		return "null", nil
	case "!!bool":
		return strings.ToLower(n.Value), checkBool(n)
	case "!!int", "!!float":
		if number, ok := number(n.Value); ok {
			return number, nil
		}
	}
	return quoted(n.Value), checkTag(n, "!!str", "!!int", "!!float", "!!timestamp", "!!merge")
}

// checkBool reports what is a boolean only because its tag says so.
func checkBool(n *yaml.Node) *topology.Fault {
	switch strings.ToLower(n.Value) {
	case "true", "false":
		return nil
	}
	return fault(n, topology.BadSyntax, "%q is no boolean: write true or false", n.Value)
}

func quoted(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) < 0 {
		return `"` + s + `"`
	}
	text, _ := json.Marshal(s) // a string has no errors
	return string(text)
}

// number writes a YAML number as JSON does: 1_000, +1, 0x10, .5 and 1. are not JSON.
func number(s string) (string, bool) {
	s = strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(s, "_", "")), "+")
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", rest
	}
	if len(s) > 1 && s[0] == '0' && strings.IndexByte("xob", s[1]) >= 0 {
		n, err := strconv.ParseUint(s, 0, 64)
		return sign + strconv.FormatUint(n, 10), err == nil
	}
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	mantissa, exponent, found := strings.Cut(s, "e")
	if found {
		exponent = "e" + exponent
	}
	s = sign + strings.TrimSuffix(mantissa, ".") + exponent
	return s, json.Valid([]byte(s)) && strings.Trim(s, "-+.0123456789eE") == ""
}
