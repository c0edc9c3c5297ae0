package topology

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// maxFaults is how many faults of a file are listed.
const maxFaults = 1000

// A decoder turns nodes into the values of a Spec and collects all that is wrong with them.
type decoder struct {
	src    *source
	fields map[reflect.Type]fields
	loads  bool // the component that is being read has a load that is written as text
	faults Faults
	broken bool // what was read is not what was meant: what else is wrong with it would be a consequence
	full   bool // maxFaults is reached

	// The place that is being read.
	owner string   // the kind or component as a fault names it; "" for a component until there is a fault
	self  node     // the component, if it is in one,
	nth   int      // and which it is
	path  []string // from the kind or component on: "supplies", "[0]", "need"
}

// The fields of a struct, by their names in a file.
type fields struct {
	names []string
	index map[string]int
}

func newDecoder(src *source) *decoder {
	return &decoder{src: src, fields: map[reflect.Type]fields{}, path: make([]string, 0, 16)}
}

func (d *decoder) fieldsOf(t reflect.Type) fields {
	f, ok := d.fields[t]
	if !ok {
		f.index = map[string]int{}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			f.names, f.index[name] = append(f.names, name), i
		}
		d.fields[t] = f
	}
	return f
}

// fault reports what is wrong with the value or key n.
func (d *decoder) fault(n node, reason Reason, format string, args ...any) {
	d.broken = true
	d.report(n, reason, fmt.Sprintf(format, args...))
}

func (d *decoder) report(n node, reason Reason, text string) {
	if d.full {
		return
	}
	line, column := d.src.placeOf(n.at)
	f := Fault{File: d.src.file, Line: line, Column: column, Component: d.component(), Reason: reason, Text: text}
	f.Field = strings.ReplaceAll(strings.Join(d.path, "."), ".[", "[")
	d.faults = append(d.faults, f)
	if len(d.faults) == maxFaults {
		d.full, d.broken = true, true
		d.faults = append(d.faults, Fault{File: f.File, Line: line, Column: column, Reason: TooLarge,
			Text: fmt.Sprintf("there are more faults than these %d: what follows was not read", maxFaults)})
	}
}

// component returns the declared name of the component that is being read.
func (d *decoder) component() string {
	if d.owner == "" && d.self.text != "" {
		d.owner = "components" + index(d.nth)
		if name, ok := d.self.member("name"); ok && name.kind() == '"' && name.str() != "" {
			d.owner = name.str()
		}
	}
	return d.owner
}

// at reads a value that stands one step further along the path.
func (d *decoder) at(step string, read func()) {
	d.path = append(d.path, step)
	read()
	d.path = d.path[:len(d.path)-1]
}

// value reads n into v.
func (d *decoder) value(n node, v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *Spec:
		d.readSpec(n, p)
	case *Component:
		d.readComponent(n, p)
	case *Supply:
		d.readSupply(n, p)
	case *[]Component:
		d.readComponents(n, p)
	case *map[string]Component:
		d.readKinds(n, p)
	case *map[string]string:
		d.readLabels(n, p)
	case *Names:
		d.readNames(n, p)
	case *time.Duration:
		d.readDuration(n, p)
	case *int:
		d.readInt(n, p)
	case *bool:
		d.readBool(n, p)
	case *float64:
		d.readFloat(n, p)
	default:
		d.readKind(n, v)
	}
}

// readKind reads what needs nothing but its kind to be known.
func (d *decoder) readKind(n node, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.text(n))
	case reflect.Struct:
		d.readStruct(n, v)
	case reflect.Slice:
		if n.kind() != '[' {
			d.wrong(n, "a list")
		}
		for item := range n.items() {
			if i := v.Len(); !d.full {
				v.Grow(1)
				v.SetLen(i + 1)
				d.at(index(i), func() { d.value(item, v.Index(i)) })
			}
		}
	}
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// readStruct reads the members of an object into the fields of v.
func (d *decoder) readStruct(n node, v reflect.Value) {
	if n.kind() != '{' {
		d.wrong(n, "an object with fields")
		return
	}
	known, seen := d.fieldsOf(v.Type()), uint64(0)
	for key, value := range n.members() {
		if d.full {
			return
		}
		name := key.str()
		i, ok := known.index[name]
		if !ok {
			d.unknown(key, name, known.names)
			continue
		}
		d.at(known.names[i], func() {
			if seen&(1<<i) != 0 {
				d.fault(key, NotUnique, "the field is given twice: leave one out")
			}
			d.value(value, v.Field(i))
		})
		seen |= 1 << i
	}
}

// unknown reports a field that does not exist. If it is one that does, written in another way, what it says is missing
// there; if it is not, the rest is as it was meant.
func (d *decoder) unknown(key node, name string, known []string) {
	d.at(fieldStep(name), func() {
		if meant := misspelt(name, known); meant != "" {
			d.fault(key, NotFound, "no such field; did you mean %q?", meant)
			return
		}
		d.report(key, NotFound, "no such field: there are "+strings.Join(known, ", "))
	})
}

// missing reports a field that an object must have, unless it is there in another spelling.
func (d *decoder) missing(n node, field, text string) {
	if n.kind() != '{' {
		return
	}
	for key := range n.members() {
		if name := key.str(); name == field || misspelt(name, []string{field}) != "" {
			return
		}
	}
	d.at(field, func() { d.fault(n, NotFound, "%s", text) })
}

// misspelt returns the known name that is probably meant; "" if there is none.
func misspelt(name string, known []string) string {
	if len(name) > maxQuote {
		return ""
	}
	plain := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, name)
	for _, other := range known {
		if similar(plain, other) || anagrams(plain, other) {
			return other
		}
	}
	return ""
}

// fieldStep returns a name from a file as a step of a path: in quotes, if it would not read as one.
func fieldStep(name string) string {
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '"' }
	if name == "" || len(name) > maxQuote || strings.ContainsFunc(name, odd) {
		return quote(name)
	}
	return name
}

// anagrams reports whether two words have the same letters, as when two are exchanged.
func anagrams(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
