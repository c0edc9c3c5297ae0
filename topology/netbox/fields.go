package netbox

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/ridethrough/ridethrough/topology"
)

// Fields are those of one object, of which few are ever looked at.
type fields struct {
	r   *reader
	of  string // the object, for faults
	all map[string]json.RawMessage
}

func (f fields) fault(field string, reason topology.Reason, format string, args ...any) {
	f.r.fault(f.of, field, reason, format, args...)
}

// has reports whether a field is there, and not null.
func (f fields) has(key string) bool { return len(f.all[key]) > 0 && string(f.all[key]) != "null" }

// first returns the first of the keys that is there: NetBox has renamed some.
func (f fields) first(keys ...string) string {
	for _, key := range keys {
		if f.has(key) {
			return key
		}
	}
	return keys[0]
}

// object returns the fields of a nested object.
func (f fields) object(key string) (fields, bool) {
	n := fields{r: f.r, of: f.of}
	return n, f.has(key) && json.Unmarshal(f.all[key], &n.all) == nil
}

// text returns a text in one line; "" if there is none.
func (f fields) text(key string) string {
	if !f.has(key) {
		return ""
	}
	var s string
	if json.Unmarshal(f.all[key], &s) != nil {
		s = string(f.all[key])
	}
	return oneLine(s)
}

// oneLine makes one line of a text, for it will stand in reports.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// choice returns the value of a choice: text in a dump, {"value", "label"} in an answer. Up to v2.6 it is a number,
// whose label in an answer is what the value is now; in a dump the number itself is returned.
func (f fields) choice(key string) string {
	n, nested := f.object(key)
	if !nested {
		return f.text(key)
	}
	if s := n.text("value"); s != "" && strings.Trim(s, "0123456789") != "" {
		return s
	}
	return strings.ReplaceAll(strings.ToLower(n.text("label")), " ", "-")
}

// id returns the number of an object, 1 or more; 0 if it is wrong, which is a fault.
func (f fields) id(key string) int64 {
	id, err := strconv.ParseInt(string(f.all[key]), 10, 64)
	if err != nil || id < 1 {
		f.fault(key, topology.BadNumber, "%s is no id: NetBox numbers its objects from 1", brief(f.all[key]))
		return 0
	}
	return id
}

// ref returns the number of the object of a model that a field refers to; 0 if it refers to none. It keeps the name
// that the REST API tells beside it.
func (f fields) ref(model, key string) int64 {
	if !f.has(key) {
		return 0
	}
	n, nested := f.object(key)
	if !nested {
		return f.id(key)
	}
	if !n.has("id") {
		f.fault(key, topology.BadSyntax, "it refers to an object without an id")
		return 0
	}
	id := n.id("id")
	if name := n.text(n.first("name", "display")); id != 0 && name != "" {
		f.r.data.beside[end{model, id}] = name
	}
	return id
}

// number returns a number that is known to lie in a range; NaN if there is none.
func (f fields) number(key string, low, high float64) float64 {
	if !f.has(key) {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(f.text(key), 64)
	if err != nil || !(x >= low && x <= high) {
		f.fault(key, topology.BadNumber, "%s: it is from %s to %s", brief(f.all[key]), plain(low), plain(high))
		return math.NaN()
	}
	return x
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// brief returns a value for a message.
func brief(raw json.RawMessage) string {
	const most = 40
	if s := oneLine(string(raw)); len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(string(raw[:most]), "") + "…"
}
