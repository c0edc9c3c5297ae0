package topology

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func write(t testing.TB, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}

func TestPlace(t *testing.T) {
	s := &source{text: " {\"kinds\": {\"a.b[0]\": {\"unit\": \"ü\"}},\n\"components\": [{\"name\": \"ü\", \"needs\": [\"x\", \"y\"]},\n  {\"supplies\": [{\"base\": \"2kW\"}]}]}"}
	for _, test := range []struct {
		way          []any
		line, column int
	}{
		{nil, 1, 2},
		{[]any{"kinds", "a.b[0]", "unit"}, 1, 32},
		{[]any{"kinds", "a.b[0]", "capacity"}, 1, 23},
		{[]any{"kinds", "none"}, 1, 12},
		{[]any{"components"}, 2, 15},
		{[]any{"components", 0}, 2, 16},
		{[]any{"components", 0, "needs", 1}, 2, 45},
		{[]any{"components", 0, "needs", 2}, 2, 39},
		{[]any{"components", 0, "name", "deeper"}, 2, 25},
		{[]any{"components", 1, "supplies", 0, "base"}, 3, 26},
		{[]any{"components", 2}, 2, 15},
		{[]any{"components", -1}, 2, 15},
		{[]any{"none"}, 1, 2},
	} {
		line, column := s.place(test.way...)
		require.Equal(t, []int{test.line, test.column}, []int{line, column}, test.way)
	}
	var none *source
	line, column := none.place("name")
	require.Zero(t, line)
	require.Zero(t, column)
	require.Empty(t, none.unit("name"))
}

// In a large file places are found as in a small one.
func TestPlaceInLargeFile(t *testing.T) {
	var b strings.Builder
	b.WriteString("{\"components\": [\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "{\"name\": \"a-%d\", \"labels\": {\"a]\\\"}\": \"[\", \"b\": \"c\"}},\n", i)
	}
	b.WriteString("{\"name\": \"b\"}],\n\"kinds\": {\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "\"k-%d\": {\"unit\": \"W\"},\n", i)
	}
	b.WriteString("\"k-7\": {}}}")
	s := &source{text: b.String()}
	for range 2 { // before and after it is remembered
		for i := range 1000 {
			line, column := s.place("components", i, "labels", "b")
			require.Equal(t, []int{2 + i, 46 + len(strconv.Itoa(i))}, []int{line, column})
			line, _ = s.place("kinds", "k-"+strconv.Itoa(i), "unit")
			require.Equal(t, 1004+i, line)
		}
	}
	line, column := s.place("components", 1001)
	require.Equal(t, []int{1, 16}, []int{line, column})
	line, column = s.place("kinds", "none", "unit")
	require.Equal(t, []int{1003, 10}, []int{line, column})
}

func TestUnitAsWritten(t *testing.T) {
	text := `{"components": [{"name": "a", "capacity": "1W", "supplies": [{"members": "a", "base": "2 kW", "perUnit": 3, "inrush": "5"}]}]}`
	var spec Spec
	d, ok := decode(text, "", &spec)
	require.True(t, ok)
	require.Equal(t, "W", d.src.unit("components", 0, "supplies", 0, "base"))
	for _, field := range []string{"perUnit", "inrush", "none"} {
		require.Empty(t, d.src.unit("components", 0, "supplies", 0, field))
	}
}

// The marks give what counting from the beginning gives.
func TestPlaceOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"\n", "a", "ü", "日本", strings.Repeat("x", 700), strings.Repeat("ü", 513), "\r\n", "😀"}), 1, 8).Draw(t, "parts")
		text := strings.Join(parts, "")
		s := &source{text: text}
		for at := range text {
			line, column := s.placeOf(at)
			before := text[:at]
			require.Equal(t, 1+strings.Count(before, "\n"), line)
			require.Equal(t, 1+utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]), column)
		}
	})
}
