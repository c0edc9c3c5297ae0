package topology

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	schema, err := c.Compile("schema.json")
	require.NoError(t, err)
	return schema
}

// validate reports whether a JSON text follows the schema.
func validate(t testing.TB, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return schema.Validate(value)
}

func TestSchemaAcceptsGoodFiles(t *testing.T) {
	schema := compiledSchema(t)
	for name, text := range goodFiles(t) {
		require.NoError(t, validate(t, schema, text), name)
		fleet, err := Read(bytes.NewReader(text))
		require.NoError(t, err, name)
		written, err := json.Marshal(fleet)
		require.NoError(t, err)
		require.NoError(t, validate(t, schema, written), name)
	}
}

// What the schema rejects, Read rejects with a place. Read is stricter: it also wants numbers with a unit that can be
// read, patterns that can be expanded, fields that are given once, names that exist, and what else New wants.
func TestSchemaRejects(t *testing.T) {
	schema, rejected := compiledSchema(t), 0
	for name, text := range goodFiles(t) {
		for seed := range uint64(300) {
			bad := mutate(text, seed)
			if !json.Valid(bad) || validate(t, schema, bad) == nil {
				continue
			}
			rejected++
			_, err := Read(bytes.NewReader(bad))
			requirePlaces(t, err, bad, name)
			require.Error(t, err, "%s, seed %d: the schema rejects it\n%s", name, seed, bad)
		}
	}
	require.Greater(t, rejected, 100)
}

// Every field of the types is in the schema, and nothing else is.
func TestSchemaHasAllFields(t *testing.T) {
	text, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	type object struct {
		Properties map[string]any
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(text, &schema))
	for def, v := range map[string]any{"component": Component{}, "supply": Supply{}, "overload": Overload{}, "start": Start{}, "reopen": Reopen{}, "failing": Failing{}} {
		require.ElementsMatch(t, tagsOf(v), keys(schema.Defs[def].Properties), def)
	}
	require.ElementsMatch(t, tagsOf(Spec{}), keys(schema.Properties))
	require.ElementsMatch(t, tagsOf(Component{}), append(keys(schema.Defs["kind"].Properties), "name", "kind"))
}

func tagsOf(v any) []string {
	var tags []string
	for i := range reflect.TypeOf(v).NumField() {
		tag, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
		tags = append(tags, tag)
	}
	return tags
}

func keys[V any](m map[string]V) []string {
	var all []string
	for key := range m {
		all = append(all, key)
	}
	return all
}

// goodFiles returns the files of testdata by name.
func goodFiles(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.json")
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
