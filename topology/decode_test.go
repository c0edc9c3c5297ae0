package topology

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each file with all that Read finds wrong with it.
func TestReadFaults(t *testing.T) {
	for _, test := range []struct{ file, want string }{{
		// Text that is not JSON: the first place where it is not.
		``, `1:1: bad syntax: found the end of the text where a value is wanted`,
	}, {
		`{"components": [{"name": "a"},]}`, `1:31: bad syntax: found "]" where a value is wanted`,
	}, {
		"{\n  name: 1}", `2:3: bad syntax: found "name" where the name of a field is wanted, in quotes`,
	}, {
		`{"ü": "ü", "name" "b"}`, `1:19: bad syntax: found """ where ":" is wanted`,
	}, {
		`{"components": [{"name": web}]}`, `1:26: bad syntax: found "web" where a value is wanted: text stands in quotes`,
	}, {
		`{"components": [{"name": "web}]}`, `1:26: bad syntax: the text that begins here is not closed`,
	}, {
		"{\"name\": \"a\tb\"}", `1:12: bad syntax: a text has the control character '\t': write \n for a new line, \t for a tab, \u0009 for this one`,
	}, {
		`{"name": "a\d"}`, `1:12: bad syntax: a backslash stands before something else than " \ / b f n r t or u and four digits: write \\ for the character itself`,
	}, {
		`{"name": 012}`, `1:10: bad syntax: found "012" where a number is wanted: write digits before and after the point, as in -0.5e3, and no zeros in front`,
	}, {
		`{"components": []} {}`, `1:20: bad syntax: found "{" after the end: leave it out`,
	}, {
		"{\"name\": \"ü\xff\"}", `1:12: bad syntax: the text is not valid UTF-8 here: save the file as UTF-8`,
	}, {
		strings.Repeat("[", 200), `1:101: bad syntax: more than 100 levels deep: no field of a fleet is`,
	}, {
		// Values of another type.
		`[1]`, `1:1: bad syntax: a list where an object with fields is wanted`,
	}, {
		`{"name": 1, "kinds": [], "components": {}}`, `
		1:10: name: bad syntax: 1 where text is wanted: write "1"
		1:22: kinds: bad syntax: a list where an object with kinds is wanted
		1:40: components: bad syntax: an object where a list of components is wanted`,
	}, {
		`{"components": [
		  7,
		  {"name": "a", "labels": {"zone": 12, "on": true, "row": null, "row": "1"}, "gated": "yes"},
		  {"name": "b", "needs": [1, "a"], "startNeeds": {}, "supplies": {"members": "a"}},
		  {"name": ["c"], "start": "26m", "supplies": [{"members": 3}, "a"]}]}`, `
		2:3: components[0]: bad syntax: 7 where an object with fields is wanted
		3:36: a: labels.zone: bad syntax: 12 where text is wanted: write "12"
		3:46: a: labels.on: bad syntax: true where text is wanted: write "true"
		3:59: a: labels.row: bad syntax: nothing is given: give text, or leave the field out
		3:65: a: labels.row: not unique: the label is given twice: leave one out
		3:87: a: gated: bad syntax: the text "yes" where true or false is wanted
		4:27: b: needs[0]: bad syntax: 1 where text is wanted: write "1"
		4:50: b: startNeeds: bad syntax: an object where a pattern or a list of patterns is wanted: a text that begins with { stands in quotes
		4:66: b: supplies: bad syntax: an object where a list is wanted
		5:12: components[3]: name: bad syntax: a list where text is wanted: a text that begins with [ stands in quotes
		5:28: components[3]: start: bad syntax: the text "26m" where an object with fields is wanted
		5:60: components[3]: supplies[0].members: bad syntax: 3 where a pattern or a list of patterns is wanted: write "3"
		5:64: components[3]: supplies[1]: bad syntax: the text "a" where an object with fields is wanted`,
	}, {
		// Fields.
		`{"component": [], "version": 2,
		  "kinds": {"se.rver": {"Capacity": 3, "start_needs": "x", "dmeand": 3, "a b": 1, "": 1}, "se.rver": {}}}`, `
		1:2: component: not found: no such field; did you mean "components"?
		1:19: version: not found: no such field: there are name, kinds, components
		2:25: kind "se.rver": Capacity: not found: no such field; did you mean "capacity"?
		2:40: kind "se.rver": start_needs: not found: no such field; did you mean "startNeeds"?
		2:60: kind "se.rver": dmeand: not found: no such field; did you mean "demand"?
		2:73: kind "se.rver": "a b": not found: no such field: there are name, kind, labels, capacity, demand, unit, overload, needs, startNeeds, supplies, start, gated, reopen, failing
		2:83: kind "se.rver": "": not found: no such field: there are name, kind, labels, capacity, demand, unit, overload, needs, startNeeds, supplies, start, gated, reopen, failing
		2:91: kind "se.rver": not unique: the kind is given twice: leave one out`,
	}, {
		`{"components": [{"name": "a", "demand": 1, "demand": 2, "supplies": [{}, {"member": "a"}]}, {"kind": "b"}, {"nmae": "c"}]}`, `
		1:44: a: demand: not unique: the field is given twice: leave one out
		1:70: a: supplies[0].members: not found: a supply needs members
		1:75: a: supplies[1].member: not found: no such field; did you mean "members"?
		1:93: components[1]: name: not found: a component needs a name
		1:109: components[2]: nmae: not found: no such field; did you mean "name"?`,
	}, {
		// Numbers and units.
		`{"components": [
		  {"name": "a", "capacity": "NaN W", "demand": 1e400},
		  {"name": "b", "capacity": "1e-400W", "demand": [1]},
		  {"name": "c", "capacity": "40kW", "demand": "3 requests/s"},
		  {"name": "d", "capacity": "40kW", "demand": "3 requests/s", "unit": "VA"},
		  {"name": "e", "start": {"cold": "0.4", "boot": 5, "warmUp": "5 min"}, "failing": {"mtbf": 1e9, "mttr": true}},
		  {"name": "f", "supplies": [{"members": "a", "need": 1.5, "base": "lots", "weights": [1, "2"]}]},
		  {"name": "g", "supplies": [{"members": "a", "need": 1e10, "inrush": {}}, {"members": "a", "need": "2"}]}]}`, `
		2:29: a: capacity: bad number: "NaN W" is no number with a unit: write 40, "40kW" or "100 requests/s"
		2:48: a: demand: bad number: 1e400 is too large
		3:29: b: capacity: bad number: "1e-400W" is too small to tell it from 0
		3:50: b: demand: bad syntax: a list where a number (40, "40kW") is wanted
		4:47: c: demand: unit clash: "3 requests/s" is in requests/s, but the capacity is in W: a component has one unit
		5:29: d: capacity: unit clash: "40kW" is in W, but the field unit says VA: a component has one unit
		5:47: d: demand: unit clash: "3 requests/s" is in requests/s, but the field unit says VA: a component has one unit
		6:35: e: start.cold: bad syntax: the text "0.4" where a number is wanted: write it without quotes
		6:50: e: start.boot: bad number: 5 has no unit: write "5s" for seconds, "5m" for minutes, "5h" for hours
		6:63: e: start.warmUp: bad number: "5 min" is no duration: write a number with a unit, such as "250ms", "26m" or "2d12h", of at most 292 years
		6:93: e: failing.mtbf: bad number: 1e9 has no unit: write "1e9s" for seconds, "1e9m" for minutes, "1e9h" for hours
		6:106: e: failing.mttr: bad syntax: true where a duration ("26m") is wanted
		7:55: f: supplies[0].need: bad number: 1.5 is not whole: write a whole number
		7:68: f: supplies[0].base: bad number: "lots" is no number with a unit: write 40, "40kW" or "100 requests/s"
		7:91: f: supplies[0].weights[1]: bad syntax: the text "2" where a number is wanted: write it without quotes
		8:55: g: supplies[0].need: bad number: 1e10 is too large
		8:71: g: supplies[0].inrush: bad syntax: an object where a number (40, "40kW") is wanted
		8:101: g: supplies[1].need: bad syntax: the text "2" where a whole number is wanted: write it without quotes`,
	}, {
		// A field that is like no other does not hide what New finds.
		`{"components": [{"name": "a", "comment": "x", "needs": "b"}, {"name": "c", "needs": "d"}]}`, `
		1:31: a: comment: not found: no such field: there are name, kind, labels, capacity, demand, unit, overload, needs, startNeeds, supplies, start, gated, reopen, failing
		1:56: a: needs[0]: not found: no component and no kind is named "b"
		1:85: c: needs[0]: not found: no component and no kind is named "d"`,
	}, {
		`{"components": [{"name": "a-[3-1]"}, {"name": "b", "needs": ["a-1", "0 of a-1"]}]}`, `
		1:26: a-[3-1]: name: bad syntax: "a-[3-1]": 3-1 falls: write 1-3
		1:62: b: needs[0]: not found: no component and no kind is named "a-1"
		1:69: b: needs[1]: bad number: "0 of a-1" asks for nothing: write a number from 1, or leave it out`,
	}} {
		fleet, err := Read(strings.NewReader(strings.ReplaceAll(test.file, "\n\t\t", "\n")))
		require.Nil(t, fleet)
		require.EqualError(t, err, strings.ReplaceAll(strings.TrimPrefix(test.want, "\n\t\t"), "\t", ""), test.file)
	}
}

func TestReadFileNamesTheFile(t *testing.T) {
	for _, text := range []string{"{", `{"components": []}`, `{"componens": []}`} {
		name := t.TempDir() + "/fleet.json"
		write(t, name, text)
		_, err := ReadFile(name)
		require.ErrorContains(t, err, name+":1:")
	}
	_, err := ReadFile(t.TempDir() + "/none.json")
	require.ErrorContains(t, err, "no such file")
}

func TestFaultsAreBounded(t *testing.T) {
	_, err := Read(strings.NewReader(`{"components": [1` + strings.Repeat(",1", 5000) + `]}`))
	var faults Faults
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults, 1001)
	require.EqualError(t, faults[1000], "1:2015: too large: there are more faults than these 1000: what follows was not read")
}

// A number without a unit is in the unit of the component or else of its kind.
func TestUnits(t *testing.T) {
	for text, want := range map[string]Component{
		`{"name": "a", "capacity": "40kW"}`:                                            {Capacity: 40_000, Unit: "W"},
		`{"name": "a", "capacity": 40, "unit": "W", "demand": "2kW"}`:                  {Capacity: 40, Demand: 2000, Unit: "W"},
		`{"name": "a", "capacity": "2GiB"}`:                                            {Capacity: 2 << 30, Unit: "B"},
		`{"name": "a", "demand": "8k requests/s", "capacity": 5}`:                      {Demand: 8000, Capacity: 5, Unit: "requests/s"},
		`{"name": "a", "demand": "8k", "unit": "requests/s"}`:                          {Demand: 8000, Unit: "requests/s"},
		`{"name": "a", "kind": "k", "capacity": 0.1}`:                                  {Kind: "k", Capacity: 0.1},
		`{"name": "a", "supplies": [{"members": "b", "base": "0.2kW", "perUnit": 3}]}`: {Supplies: []Supply{{Members: Names{"b"}, Base: 200, PerUnit: 3}}},
	} {
		var s Spec
		require.NoError(t, json.Unmarshal([]byte(`{"components": [`+text+`], "kinds": {"k": {"unit": "W"}}}`), &s), text)
		want.Name = "a"
		require.Equal(t, want, s.Components[0], text)
	}
}

// A unit of its own stays as it is written, prefix and all, and bare numbers are in it; numbers with a unit are in the
// unit without its prefix, so that the two cannot be mixed unseen.
func TestUnitsStayAsWritten(t *testing.T) {
	var s Spec
	require.NoError(t, json.Unmarshal([]byte(`{"components": [{"name": "a", "capacity": 40, "unit": "MiB"}]}`), &s))
	require.Equal(t, Component{Name: "a", Capacity: 40, Unit: "MiB"}, s.Components[0])
	_, err := Read(strings.NewReader(`{"components": [{"name": "a", "capacity": "40kW", "unit": "kW"}]}`))
	require.EqualError(t, err, `1:43: a: capacity: unit clash: "40kW" is in W, but the field unit says kW: a component has one unit`)
	_, err = Read(strings.NewReader(`{"components": [
	  {"name": "a", "capacity": 40, "unit": "kW"},
	  {"name": "b", "demand": "2kW", "supplies": [{"members": "a"}]},
	  {"name": "c", "demand": "2 requests/s", "supplies": [{"members": "a", "base": "200W"}]}]}`))
	require.ErrorContains(t, err, "b: supplies[0]: unit clash: it passes its load in W on to a, whose unit is kW")
	require.ErrorContains(t, err, "c: supplies[0].base: unit clash: it is given in W, and the unit of a is kW")
}

// A component has one unit, and so what it takes from its kind is in that.
func TestUnitOfAKind(t *testing.T) {
	_, err := Read(strings.NewReader(`{"kinds": {"k": {"capacity": "100 requests/s"}}, "components": [{"name": "a", "kind": "k", "demand": "5W"}]}`))
	require.ErrorContains(t, err, "a: unit: unit clash: it is W, and what it takes from its kind is in requests/s")
}

// Parts of a spec can be read alone, and null leaves them as they are.
func TestUnmarshalParts(t *testing.T) {
	var c Component
	require.NoError(t, json.Unmarshal([]byte(`{"capacity": "40kW", "needs": "a", "start": {"boot": "26m"}}`), &c))
	require.Equal(t, Component{Capacity: 40_000, Unit: "W", Needs: Names{"a"}, Start: Start{Boot: 26 * time.Minute}}, c)
	require.NoError(t, json.Unmarshal([]byte(`null`), &c))
	require.Equal(t, "W", c.Unit)
	require.EqualError(t, json.Unmarshal([]byte(`{"capasity": 3}`), &c), `1:2: capasity: not found: no such field; did you mean "capacity"?`)

	var n Names
	require.NoError(t, json.Unmarshal([]byte(`["a", "b\u00e4"]`), &n))
	require.Equal(t, Names{"a", "bä"}, n)
	var o Overload
	require.NoError(t, json.Unmarshal([]byte(`{"after": "2s", "curve": "SI", "tms": 0.1}`), &o))
	require.Equal(t, Overload{After: 2 * time.Second, Curve: SI, TMS: 0.1}, o)
	require.EqualError(t, json.Unmarshal([]byte(`{"after": 2}`), &o), `1:11: after: bad number: 2 has no unit: write "2s" for seconds, "2m" for minutes, "2h" for hours`)
	var s Supply
	require.NoError(t, json.Unmarshal([]byte(`{"members": "a", "share": "each", "base": "1kW"}`), &s))
	require.Equal(t, Supply{Members: Names{"a"}, Share: Each, Base: 1000}, s)
	var start Start
	require.NoError(t, json.Unmarshal([]byte(`{"boot": 0, "warmUp": "1d"}`), &start))
	require.Equal(t, Start{WarmUp: 24 * time.Hour}, start)
	var r Reopen
	require.NoError(t, json.Unmarshal([]byte(`{"surge": 1, "decay": "1m"}`), &r))
	require.Equal(t, Reopen{Surge: 1, Decay: time.Minute}, r)
	var f Failing
	require.NoError(t, json.Unmarshal([]byte(`{"mtbf": "1w", "mttr": "1h"}`), &f))
	require.Equal(t, Failing{MTBF: 168 * time.Hour, MTTR: time.Hour}, f)
}

// A misspelt kind would leave its components without limits, and nothing would seem to be overloaded.
func TestMisspeltKinds(t *testing.T) {
	for kind, meant := range map[string]bool{"Server": true, "servr": true, "servers": true, "server": false, "server2": false, "board": false, "": false} {
		_, err := Read(strings.NewReader(`{"kinds": {"server": {"capacity": 3}}, "components": [{"name": "a", "kind": "server"}, {"name": "b", "kind": "` + kind + `"}]}`))
		if !meant {
			require.NoError(t, err, kind)
			continue
		}
		require.EqualError(t, err, `1:110: b: kind: not found: "`+kind+`" is not among the kinds; did you mean "server"? If not, give the kind an entry of its own`)
	}
}

func TestNumbersStayFinite(t *testing.T) {
	for text, ok := range map[string]bool{"1e50": true, "1.1e50": false, "1e-50": true, "0.9e-50": false, "0": true} {
		_, err := Read(strings.NewReader(`{"components": [{"name": "a", "capacity": ` + text + `}]}`))
		require.Equal(t, ok, err == nil, "%s: %v", text, err)
	}
}

// What could be read is checked although other values could not.
func TestValuesAreCheckedBesideThoseThatCannotBeRead(t *testing.T) {
	_, err := Read(strings.NewReader(`{"components": [{"name": "a", "capacity": true, "overload": {"curve": "XI"}}, {"name": "b", "start": {"boot": "-10s"}, "supplies": [{"members": "x", "share": "wighted"}]}]}`))
	require.ErrorContains(t, err, "a: capacity: bad syntax")
	require.ErrorContains(t, err, "a: overload.curve: not found: no curve")
	require.ErrorContains(t, err, "b: start.boot: bad number")
	require.ErrorContains(t, err, "b: supplies[0].share: not found: no share")
}
