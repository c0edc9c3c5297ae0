package topology

import (
	"cmp"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
)

// Read reads a [Spec] in JSON to the end of r and builds it, as [New] does.
//
// The fields are those of Spec and the types in it, by the names in their tags; schema.json in this package describes
// them to editors. In addition to what encoding/json reads:
//
//   - Capacity, Demand, Base, PerUnit and Inrush may be text with a unit: "40kW", "8k requests/s", "16GiB". The
//     prefixes m k M G T before W VA A V Hz J Wh, and k M G T before B b bit byte, with or without /s, become factors,
//     as do Ki Mi Gi Ti before B and a k M G that stands alone; any other unit is kept as written. The unit of
//     capacity and demand becomes the component's. Numbers without a unit are in the field unit, prefix and all.
//   - Durations are text: "250ms", "26m", "1h30m", "2d12h", "1w".
//   - A list of names that has only one may stand without its brackets.
//
// An error of r is returned as it is. Any other error is a [Faults], each with its line and column: text that is not
// JSON; fields that are unknown or given twice; values of a wrong type or a bad number, duration or unit, all of them
// together (but not more than 1000), and with them what [New] finds wrong with the other values; and unless a value
// could not be read, also what it finds wrong with names and links, for which all must be known.
func Read(r io.Reader) (*Topology, error) { return read(r, "") }

// ReadFile reads the named file as [Read] does. The faults name the file.
func ReadFile(name string) (*Topology, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(f, name)
}

func read(r io.Reader, file string) (*Topology, error) {
	var text strings.Builder // not io.ReadAll, of which a string would be a second copy
	if _, err := io.Copy(&text, r); err != nil {
		return nil, err
	}
	var spec Spec
	d, ok := decode(text.String(), file, &spec)
	if !ok {
		return nil, d.sorted()
	}
	if d.broken {
		d.add(checkOnly(spec, d.src))
		return nil, d.sorted()
	}
	t, err := build(spec, d.src, nil)
	var more Faults
	if errors.As(err, &more) {
		d.add(more)
	}
	if len(d.faults) > 0 {
		return nil, d.sorted()
	}
	return t, err
}

// add adds what was found later, but for fields that have a fault already: there it may be a consequence.
func (d *decoder) add(more Faults) {
	type field struct{ component, name string }
	of := func(f Fault) field {
		if i := strings.IndexAny(f.Field, ".["); i >= 0 {
			f.Field = f.Field[:i]
		}
		return field{f.Component, f.Field}
	}
	has := map[field]bool{{"", "components"}: d.broken}
	for _, f := range d.faults {
		has[of(f)] = true
	}
	for _, f := range more {
		if !has[of(f)] && !d.full {
			d.faults = append(d.faults, f)
		}
	}
}

// decode reads a text into what v points to. It reports whether the text is JSON at all.
func decode(text, file string, v any) (*decoder, bool) {
	text = strings.TrimPrefix(text, "\ufeff")
	d := newDecoder(&source{file: file, text: text})
	if at, wrong := checkSyntax(text); wrong != "" {
		d.fault(node{text, at}, BadSyntax, "%s", wrong)
		return d, false
	}
	d.value(node{text, skipSpace(text, 0)}, reflect.ValueOf(v).Elem())
	return d, true
}

// sorted returns the faults in the order of the file.
func (d *decoder) sorted() Faults {
	slices.SortStableFunc(d.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return d.faults
}

// unmarshal reads JSON into what v points to; null leaves it as it is, as is the custom of encoding/json.
func unmarshal[T any](data []byte, v *T) error {
	if string(data) == "null" {
		return nil
	}
	var x T
	if d, _ := decode(string(data), "", &x); len(d.faults) > 0 {
		return d.sorted()
	}
	*v = x
	return nil
}

// UnmarshalJSON reads what [Read] reads, and builds nothing. The error is a [Faults].
func (s *Spec) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }

// UnmarshalJSON reads what [Read] reads as a component. The error is a [Faults].
func (c *Component) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// UnmarshalJSON reads what [Read] reads as a supply. The error is a [Faults].
func (s *Supply) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }

// UnmarshalJSON reads a string or a list of strings. The error is a [Faults].
func (n *Names) UnmarshalJSON(data []byte) error { return unmarshal(data, n) }

// UnmarshalJSON reads durations as in "250ms". The error is a [Faults].
func (o *Overload) UnmarshalJSON(data []byte) error { return unmarshal(data, o) }

// UnmarshalJSON reads durations as in "26m". The error is a [Faults].
func (s *Start) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }

// UnmarshalJSON reads durations as in "10m". The error is a [Faults].
func (r *Reopen) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// UnmarshalJSON reads durations as in "8760h". The error is a [Faults].
func (f *Failing) UnmarshalJSON(data []byte) error { return unmarshal(data, f) }
