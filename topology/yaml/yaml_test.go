package yaml

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/ridethrough/ridethrough/topology"
)

// Each file with all that Read finds wrong with it.
func TestReadFaults(t *testing.T) {
	for _, test := range []struct{ file, want string }{{
		// Text that is not YAML: the first place where it is not.
		``, `1:1: bad syntax: the text is empty: write the components of a fleet`,
	}, {
		"# nothing\n", `1:1: bad syntax: the text is empty: write the components of a fleet`,
	}, {
		"name: ü\nx: \a", `2:4: bad syntax: the control character '\a' is not allowed: leave it out`,
	}, {
		"ü: \xff", `1:4: bad syntax: the text is not valid UTF-8 here: save the file as UTF-8`,
	}, {
		"components:\n- {name: a-[1-3]}\n", `2:1: bad syntax: did not find expected ',' or '}': in braces and brackets a text that has some in it stands in quotes, as in {name: "a-[1-3]"}`,
	}, {
		"components:\n- name: a\n  kind: b: c\n", `3:1: bad syntax: mapping values are not allowed in this context: a text with ": " in it stands in quotes`,
	}, {
		"components:\n- name: a\n kind: b\n", `3:1: bad syntax: did not find expected key: the fields of one component begin in the same column`,
	}, {
		"components:\n- name: @a\n", "2:1: bad syntax: found character that cannot start any token: a text that begins with @ or ` or % stands in quotes, and lines are indented with spaces",
	}, {
		"components:\n- name: ü\n  needs: [ü, *x]\n", `3:14: bad syntax: there is no anchor &x before this`,
	}, {
		"name: a\n--- \nname: b\n", `2:1: bad syntax: a second document begins here: write one`,
	}, {
		"name: a\n--- \n- [\n", `4:1: bad syntax: did not find expected node content`,
	}, {
		"components:\n- name: !rack a\n", `2:9: bad syntax: the tag !rack says nothing about a fleet: leave it out`,
	}, {
		"components: !!set {a}\n", `1:13: bad syntax: the tag !!set says nothing about a fleet: leave it out`,
	}, {
		"components:\n- name: a\n  gated: !!bool 3\n", `3:10: bad syntax: "3" is no boolean: write true or false`,
	}, {
		"components:\n- [a]: b\n", `2:3: bad syntax: a list or a mapping cannot be the name of a field: write a text`,
	}, {
		"components:\n- <<: 3\n", `2:7: bad syntax: << merges a mapping or a list of them: write an alias of one`,
	}, {
		"components: &a [*a]\n", `1:17: bad syntax: more than 90 levels deep: no field of a fleet is`,
	}, {
		"components: &a {<<: [*a]}\n", `1:21: bad syntax: more than 90 levels deep: no field of a fleet is`,
	}, {
		// What YAML can say and a fleet cannot.
		`- a`, `1:1: bad syntax: a list where an object with fields is wanted`,
	}, {
		`just text`, `1:1: bad syntax: the text "just text" where an object with fields is wanted`,
	}, {
		"name: x\nname: y\ncomponents:\n", `
		2:1: name: not unique: the field is given twice: leave one out
		3:12: components: bad syntax: nothing is given: give a list of components, or leave the field out`,
	}, {
		`components:
		- {name: a, labels: {zone: 12, on: true, row: }, gated: yes}
		- {name: b, capacity: .inf, demand: -.NaN, needs: {1}}
		- name: c          # ü
		  nedds: a
		  start: {boot: 1:30, warmUp: 60}
		  supplies:
		  - need: 1.5
		    base: 012
		    members: [1_000, ü, "{9}"]
		    weights: !!int "3"`, `
		2:28: a: labels.zone: bad syntax: 12 where text is wanted: write "12"
		2:36: a: labels.on: bad syntax: true where text is wanted: write "true"
		2:47: a: labels.row: bad syntax: nothing is given: give text, or leave the field out
		2:57: a: gated: bad syntax: the text "yes" where true or false is wanted
		3:23: b: capacity: bad number: ".inf" is no number with a unit: write 40, "40kW" or "100 requests/s"
		3:37: b: demand: bad number: "-.NaN" is no number with a unit: write 40, "40kW" or "100 requests/s"
		3:51: b: needs: bad syntax: an object where a pattern or a list of patterns is wanted: a text that begins with { stands in quotes
		5:3: c: nedds: not found: no such field; did you mean "needs"?
		6:17: c: start.boot: bad number: "1:30" is no duration: write a number with a unit, such as "250ms", "26m" or "2d12h", of at most 292 years
		6:31: c: start.warmUp: bad number: 60 has no unit: write "60s" for seconds, "60m" for minutes, "60h" for hours
		8:11: c: supplies[0].need: bad number: 1.5 is not whole: write a whole number
		9:11: c: supplies[0].base: bad number: "012" is no number with a unit: write 40, "40kW" or "100 requests/s"
		10:15: c: supplies[0].members[0]: bad syntax: 1000 where text is wanted: write "1000"
		11:14: c: supplies[0].weights: bad syntax: 3 where a list is wanted`,
	}, {
		// What comes from an anchor has its faults there.
		"kinds:\n  a: &a\n    capacity: ~\n  b:\n    <<: *a\n    demand: ~\ncomponents:\n- name: c\n", `
		3:15: kind "a": capacity: bad syntax: nothing is given: give a number (40, "40kW"), or leave the field out
		3:15: kind "b": capacity: bad syntax: nothing is given: give a number (40, "40kW"), or leave the field out
		6:13: kind "b": demand: bad syntax: nothing is given: give a number (40, "40kW"), or leave the field out`,
	}, {
		"components:\n- name: c\n  needs: d\n", `
		3:10: c: needs[0]: not found: no component and no kind is named "d"`,
	}} {
		fleet, err := Read(strings.NewReader(strings.ReplaceAll(test.file, "\n\t\t", "\n")))
		require.Nil(t, fleet)
		require.EqualError(t, err, strings.ReplaceAll(strings.TrimPrefix(test.want, "\n\t\t"), "\t", ""), test.file)
	}
}

// YAML and JSON of the same fleet are the same.
func TestReadIsReadOfJSON(t *testing.T) {
	for text, want := range map[string]string{
		"components: [{name: a}]": `{"components": [{"name": "a"}]}`,
		"name: >\n  two\n  words\ncomponents:\n- name: 'it''s'\n  kind: \"\\xe4\\t\"\n- name: !!str 12\n- name: 2024-01-01\n- name: \"true\"": `{"name": "two words\n", "components": [{"name": "it's", "kind": "ä\t"}, {"name": "12"}, {"name": "2024-01-01"}, {"name": "true"}]}`,
		"components:\n- {name: a, demand: 1_000, capacity: 0x10, gated: True}\n- {name: b, demand: +.5, capacity: 1., supplies: [{members: a, need: 0o1, perUnit: 0b11, weights: [1.5E+3], share: weighted, base: !!float 2}]}": `{"components": [
			{"name": "a", "demand": 1000, "capacity": 16, "gated": true},
			{"name": "b", "demand": 0.5, "capacity": 1, "supplies": [{"members": "a", "need": 1, "perUnit": 3, "weights": [1500], "share": "weighted", "base": 2}]}]}`,
		"kinds: {k: &k {capacity: 5, labels: {1: x, true: y}}}\ncomponents:\n- {<<: *k, name: a, capacity: 6}\n- {name: b, <<: [{demand: 1}, {demand: 2, capacity: 3}]}\n- ? name\n  : c": `{"kinds": {"k": {"capacity": 5, "labels": {"1": "x", "true": "y"}}}, "components": [
			{"name": "a", "capacity": 6, "labels": {"1": "x", "true": "y"}}, {"name": "b", "demand": 1, "capacity": 3}, {"name": "c"}]}`,
		"name: &n x\ncomponents: &c\n- &e {*n : *n, name: a}\n": ``,
	} {
		fleet, err := Read(strings.NewReader(text))
		if want == "" {
			require.EqualError(t, err, "3:7: a: x: not found: no such field: there are name, kind, labels, capacity, demand, unit, overload, needs, startNeeds, supplies, start, gated, reopen, failing")
			continue
		}
		require.NoError(t, err, text)
		same, err := topology.Read(strings.NewReader(want))
		require.NoError(t, err)
		require.Equal(t, same.Spec(), fleet.Spec(), text)
	}
}

// What topology writes, read as YAML, of which JSON is a part.
func TestReadsJSON(t *testing.T) {
	names, err := filepath.Glob("../testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		fleet, err := ReadFile(name)
		require.NoError(t, err)
		same, err := topology.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, same.Spec(), fleet.Spec())
	}
}

// A number is what the parser itself takes it for; only numbers that begin with a 0 stay text, which it takes for octal.
func TestNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[-+]?[0-9_.]{0,4}(e[-+]?[0-9]{1,2})?|[-+]?0[xob][0-9a-f]{1,3}`).Draw(t, "s")
		var n yaml.Node
		if yaml.Unmarshal([]byte(s), &n) != nil || len(n.Content) == 0 || n.Content[0].Tag != "!!int" && n.Content[0].Tag != "!!float" {
			return
		}
		text, ok := number(s)
		if digits := strings.TrimLeft(s, "+-_"); len(digits) > 1 && digits[0] == '0' && !ok {
			return
		}
		var want, got float64
		require.True(t, ok)
		require.NoError(t, n.Decode(&want))
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, got, text)
	})
}

func TestReadFile(t *testing.T) {
	name := t.TempDir() + "/fleet.yaml"
	for text, place := range map[string]string{"": ":1:1: ", "a: [": ":1:1: ", "components:\n- nam: x\n": ":2:3: ", "components:\n- {name: x, needs: y}\n": ":2:20: "} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		_, err := ReadFile(name)
		require.ErrorContains(t, err, name+place)
	}
	_, err := ReadFile(t.TempDir() + "/none.yaml")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Read(iotest.ErrReader(os.ErrClosed))
	require.Equal(t, os.ErrClosed, err)
}

// The good files load, follow the schema, and say the same when written as JSON.
func TestGoodFiles(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../schema.json")
	require.NoError(t, err)
	for name, text := range goodFiles(t) {
		fleet, err := Read(bytes.NewReader(text))
		require.NoError(t, err, name)
		root, err := parse(text)
		require.NoError(t, err)
		w := newWriter(root)
		require.Nil(t, w.value(root.Content[0]))
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(w.text.String()))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(value), name)

		written, err := json.Marshal(fleet)
		require.NoError(t, err)
		again, err := topology.Read(bytes.NewReader(written))
		require.NoError(t, err)
		require.Equal(t, fleet.Spec(), again.Spec())
	}
}

// The files by hand that the interface was designed with, where they are at hand.
func TestDesignFiles(t *testing.T) {
	names, err := filepath.Glob("../../../shared/api/files/*.yaml")
	require.NoError(t, err)
	if len(names) == 0 {
		t.Skip("../shared is not here: the files of the interface's design cannot be read")
	}
	for _, name := range names {
		_, err := ReadFile(name)
		require.NoError(t, err)
	}
}

func goodFiles(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	files := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		files[name] = text
	}
	return files
}
