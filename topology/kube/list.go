package kube

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// maxLists is how deep lists may stand in lists.
const maxLists = 8

// A typeMeta is what an object says of its type.
type typeMeta struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

// isList reports whether the kind is that of a list.
func (t typeMeta) isList() bool { return strings.HasSuffix(t.Kind, "List") }

// ofItems returns the type of the items of a typed list, which do not say it; none for a List.
func (t typeMeta) ofItems() typeMeta {
	return typeMeta{t.APIVersion, strings.TrimSuffix(t.Kind, "List")}
}

// object reads an object or a list, of which the items go one by one. Its type may not yet be known; depth is in how
// many lists it stands.
func (r *reader) object(dec *json.Decoder, t typeMeta, depth int) error {
	if _, err := dec.Token(); err != nil { // the brace
		return err
	}
	var text bytes.Buffer // of the object, but for the items of a list
	items := false
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key == "items" && (t.Kind == "" || t.isList()) {
			items = true
			if err := r.items(dec, t, depth); err != nil {
				return err
			}
			continue
		}
		if err := copyField(dec, key.(string), &t, &text); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	if !items && !t.isList() {
		if text.Len() == 0 {
			text.WriteByte('{')
		}
		text.WriteByte('}')
		r.keep(t, text.Bytes(), r.place())
	}
	return nil
}

// copyField appends a field to the text of an object, and notes its type.
func copyField(dec *json.Decoder, key string, t *typeMeta, text *bytes.Buffer) error {
	var value json.RawMessage
	if err := dec.Decode(&value); err != nil {
		return err
	}
	switch key {
	case "apiVersion":
		_ = json.Unmarshal(value, &t.APIVersion) // what is no text is no known type
	case "kind":
		_ = json.Unmarshal(value, &t.Kind)
	}
	separator := byte(',')
	if text.Len() == 0 {
		separator = '{'
	}
	text.WriteByte(separator)
	quoted, _ := json.Marshal(key) // a string: no error
	text.Write(quoted)
	text.WriteByte(':')
	text.Write(value)
	return nil
}

// items reads the items of a list of type t, which may not yet be known.
func (r *reader) items(dec *json.Decoder, t typeMeta, depth int) error {
	open, err := dec.Token()
	if err != nil || open == nil { // null: none
		return err
	}
	if open != json.Delim('[') {
		return topology.Faults{{Reason: topology.BadSyntax, Text: "items is not a list"}}
	}
	var text json.RawMessage
	for i := 0; dec.More(); i++ {
		r.in.reset()
		if err := dec.Decode(&text); err != nil {
			return err
		}
		if len(r.faults) < maxFaults {
			r.item(text, t.ofItems(), fmt.Sprintf("%s, item %d", r.place(), i+1), depth)
		}
	}
	_, err = dec.Token()
	return err
}

// item keeps an item of a list, which may be a list itself.
func (r *reader) item(text []byte, t typeMeta, place string, depth int) {
	if t.Kind == "" {
		t = typeOf(text)
	}
	switch {
	case !t.isList():
		r.keep(t, text, place)
	case depth == maxLists:
		r.fault(place, "items", topology.BadSyntax, "lists stand in lists, more than %d deep: write one List", maxLists)
	default:
		if err := r.object(json.NewDecoder(bytes.NewReader(text)), t, depth+1); err != nil {
			r.fault(place, "", topology.BadSyntax, "%v", err)
		}
	}
}

// typeOf returns the type of an object, reading no further than it has to: kubectl writes it first.
func typeOf(text []byte) (t typeMeta) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return t
	}
	for dec.More() && (t.Kind == "" || t.APIVersion == "") {
		key, err := dec.Token()
		if err != nil {
			return t
		}
		var into any = new(json.RawMessage)
		switch key {
		case "apiVersion":
			into = &t.APIVersion
		case "kind":
			into = &t.Kind
		}
		_ = dec.Decode(into) // what is no text is no known type
	}
	return t
}
