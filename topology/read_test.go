package topology

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReadGoodFiles(t *testing.T) {
	for name := range goodFiles(t) {
		fleet, err := ReadFile(name)
		require.NoError(t, err)
		text, err := json.Marshal(fleet)
		require.NoError(t, err)
		again, err := Read(bytes.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, withoutEmpty(fleet.Spec()), withoutEmpty(again.Spec()))
	}
}

// The files by hand that the interface was designed with, where they are at hand.
func TestReadDesignFiles(t *testing.T) {
	names, err := filepath.Glob("../../shared/api/files/*.json")
	require.NoError(t, err)
	if len(names) == 0 {
		t.Skip("../shared is not here: the files of the interface's design cannot be read")
	}
	for _, name := range names {
		_, err := ReadFile(name)
		require.NoError(t, err)
	}
}

func TestReadErrors(t *testing.T) {
	_, err := Read(iotest.ErrReader(io.ErrUnexpectedEOF))
	require.Equal(t, io.ErrUnexpectedEOF, err)
	fleet, err := Read(strings.NewReader("\ufeff{\"components\": [{\"name\": \"a\"}]}"))
	require.NoError(t, err)
	require.Equal(t, 1, fleet.Len())
}

// A hundred good files with a few mistakes each load, or give faults that all name their place.
func TestMutatedFiles(t *testing.T) {
	for name, text := range goodFiles(t) {
		faulty := 0
		for seed := range uint64(100) {
			bad := mutate(text, seed)
			_, err := Read(bytes.NewReader(bad))
			if err != nil {
				faulty++
			}
			requirePlaces(t, err, bad, name)
		}
		require.Greater(t, faulty, 50, name)
	}
}

// requirePlaces checks that an error is made of faults, each with a line that the text has.
func requirePlaces(t testing.TB, err error, text []byte, name string) {
	t.Helper()
	if err == nil {
		return
	}
	var faults Faults
	require.ErrorAs(t, err, &faults, name)
	require.NotEmpty(t, faults)
	lines := bytes.Split(text, []byte("\n"))
	for _, f := range faults {
		require.True(t, 1 <= f.Line && f.Line <= len(lines), "%s: %v\n%s", name, f, text)
		require.True(t, 1 <= f.Column && f.Column <= len(lines[f.Line-1])+1, "%s: %v\n%s", name, f, text)
		require.NotEmpty(t, f.Reason)
	}
}

// mutate makes one to three mistakes in a text.
func mutate(text []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	text = bytes.Clone(text)
	for range 1 + r.IntN(3) {
		i, j := r.IntN(len(text)), r.IntN(len(text))
		switch r.IntN(6) {
		case 0: // leave out a byte
			text = append(text[:i], text[i+1:]...)
		case 1: // change a byte
			const bytes = "\"{}[]:,-0aZ\x00\xff \n=\\"
			text[i] = bytes[r.IntN(len(bytes))]
		case 2: // exchange two bytes
			text[i], text[j] = text[j], text[i]
		case 3: // write a line twice
			lines := bytes.SplitAfter(text, []byte("\n"))
			k := r.IntN(len(lines))
			text = bytes.Join(append(append(append([][]byte{}, lines[:k]...), lines[k]), lines[k:]...), nil)
		default: // give one value or key for another
			text = replaceToken(text, r)
		}
	}
	return text
}

// replaceToken puts a word in quotes, or a number, in the place of a word in quotes.
func replaceToken(text []byte, r *rand.Rand) []byte {
	words := bytes.Split(text, []byte(`"`))
	if len(words) < 3 {
		return text
	}
	k := 1 + 2*r.IntN((len(words)-1)/2)
	if other := 1 + 2*r.IntN((len(words)-1)/2); r.IntN(2) == 0 {
		words[k] = words[other]
		return bytes.Join(words, []byte(`"`))
	}
	value := []string{"3", "-1", "true", "null", "{}", "[]", "1.5", `["a"]`, `""`, `"-5W"`, `"0 of x"`}[r.IntN(11)]
	before := append(bytes.Join(words[:k], []byte(`"`)), value...)
	return append(before, bytes.Join(words[k+1:], []byte(`"`))...)
}

// Texts that would take more time or memory than there is, if something went by what they stand for.
func bombs() map[string]string {
	return map[string]string{
		"names":       `{"components": [{"name": "a-[1-9999999999]"}]}`,
		"more names":  `{"components": [{"name": "` + strings.Repeat("[1-999999999]", 50) + `"}]}`,
		"members":     `{"components": [{"name": "a", "needs": "a-[1-9999999999]", "supplies": [{"members": "b-[1-999999999]"}]}]}`,
		"brackets":    `{"components": [{"name": "` + strings.Repeat("[", 100_000) + `"}]}`,
		"items":       `{"components": [{"name": "` + strings.Repeat("[a]", 100_000) + `"}]}`,
		"long names":  `{"components": [{"name": "` + strings.Repeat("x", 1_000_000) + `-[1-1000000]"}]}`,
		"lists":       strings.Repeat("[", 1_000_000),
		"objects":     strings.Repeat(`{"a":`, 1_000_000),
		"unknown":     `{"x": ` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `, "components": 1}`,
		"faults":      `{"components": [` + strings.Repeat("{},", 300_000) + `{}]}`,
		"fields":      `{"components": [{` + strings.Repeat(`"x":1,`, 100_000) + `"y":1}]}`,
		"digits":      `{"components": [{"name": "a", "capacity": ` + strings.Repeat("9", 1_000_000) + `}]}`,
		"exponent":    `{"components": [{"name": "a", "capacity": "1e` + strings.Repeat("9", 1_000_000) + `kW"}]}`,
		"prefixes":    `{"components": [{"name": "a", "capacity": "1` + strings.Repeat("k ", 500_000) + `W"}]}`,
		"durations":   `{"components": [{"name": "a", "start": {"boot": "` + strings.Repeat("1h", 500_000) + `x"}}]}`,
		"templates":   `{"components": [{"name": "a", "needs": "` + strings.Repeat("{1}", 300_000) + `"}]}`,
		"need cycle":  `{"components": [{"name": "a", "needs": "1 of [b,c]"}, {"name": "b", "needs": "1 of [a,c]"}, {"name": "c", "needs": "1 of [a,b]"}]}`,
		"load cycle":  `{"components": [{"name": "a", "demand": 1, "supplies": [{"members": "b"}]}, {"name": "b", "capacity": 2, "supplies": [{"members": "a"}]}]}`,
		"kinds":       `{"components": [{"name": "a"}], "kinds": {` + many(30_000, `"%d": {"capacity": -1}`) + `}}`,
		"supplies":    `{"components": [{"name": "a", "supplies": [` + many(30_000, `{"members": "b", "need": -%d}`) + `]}]}`,
		"labels":      `{"components": [{"name": "a", "labels": {` + many(30_000, `"%d": "{2}"`) + `}}]}`,
		"short lines": strings.Repeat("\n", 1_000_000) + "x",
	}
}

// many writes something once for each number.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestBombs(t *testing.T) {
	for name, text := range bombs() {

		start, before := time.Now(), allocated()
		_, err := Read(strings.NewReader(text))
		require.Less(t, time.Since(start), 5*time.Second, name)
		require.Less(t, allocated()-before, uint64(200<<20), name)
		requirePlaces(t, err, []byte(text), name)
		require.Error(t, err, name)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func FuzzRead(f *testing.F) {
	for _, text := range goodFiles(f) {
		f.Add(text)
	}
	for _, seed := range []string{``, `{}`, `{"components": [{"name": "a", "supplies": [{"members": ["a=b", "{1}"], "weights": [1e3]}]}]}`, `{"kinds": {"": {"unit": "kW"}}, "x": "\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fleet, err := Read(bytes.NewReader(text))
		requirePlaces(t, err, text, "")
		if err != nil {
			return
		}
		require.True(t, json.Valid(bytes.TrimPrefix(text, []byte("\ufeff"))))
		written, err := json.Marshal(fleet)
		require.NoError(t, err)
		again, err := Read(bytes.NewReader(written))
		require.NoError(t, err)
		require.Equal(t, withoutEmpty(fleet.Spec()), withoutEmpty(again.Spec()))
	})
}

// Read takes JSON for JSON where encoding/json does.
func FuzzSyntax(f *testing.F) {
	for _, seed := range []string{`{"a": [1, -0.5e+3, true, null, "\u00e4\n"]}`, `[`, `01`, `"\x"`, " 1 ", `{"a" 1}`, `-`, `1.`, `1e`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, wrong := checkSyntax(text)
		if strings.Contains(wrong, "levels deep") || strings.Contains(wrong, "UTF-8") {
			return
		}
		require.Equal(t, json.Valid([]byte(text)), wrong == "", "%d: %s", at, wrong)
		require.True(t, 0 <= at && at <= len(text))
	})
}

func BenchmarkRead100000(b *testing.B) {
	text := strings.Builder{}
	text.WriteString(`{"kinds": {"server": {"capacity": "100 requests/s"}}, "components": [{"name": "board-[0-999]"}`)
	for i := range 100_000 {
		fmt.Fprintf(&text, ",\n{\"name\": \"chat-%05d\", \"kind\": \"server\", \"needs\": \"board-%d\"}", i, i/100)
	}
	text.WriteString("]}")
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		_, err := Read(strings.NewReader(text.String()))
		require.NoError(b, err)
	}
}
