package yaml

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// Good files with a few mistakes each load, or give faults that all name their place.
func TestMutatedFiles(t *testing.T) {
	for name, text := range goodFiles(t) {
		faulty := 0
		for seed := range uint64(100) {
			bad := mutate(text, seed)
			_, err := Read(bytes.NewReader(bad))
			if err != nil {
				faulty++
			}
			requirePlaces(t, err, bad, fmt.Sprint(name, " ", seed))
		}
		require.Greater(t, faulty, 50, name)
	}
}

// mutate makes one to three mistakes in a text.
func mutate(text []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 2))
	text = bytes.Clone(text)
	for range 1 + r.IntN(3) {
		i, j := r.IntN(len(text)), r.IntN(len(text))
		lines := bytes.SplitAfter(text, []byte("\n"))
		k, l := r.IntN(len(lines)), r.IntN(len(lines))
		switch r.IntN(5) {
		case 0: // leave out a byte
			text = append(text[:i], text[i+1:]...)
		case 1: // change a byte
			const bytes = "\"'{}[]:,-?*&!|>%@0aZ\t\x00\xff \n=\\"
			text[i] = bytes[r.IntN(len(bytes))]
		case 2: // exchange two bytes
			text[i], text[j] = text[j], text[i]
		case 3: // exchange two lines
			lines[k], lines[l] = lines[l], lines[k]
			text = bytes.Join(lines, nil)
		case 4: // write a line twice
			text = bytes.Join(append(append(append([][]byte{}, lines[:k]...), lines[k]), lines[k:]...), nil)
		}
	}
	return text
}

// requirePlaces checks that an error is made of faults, each with a line that the text has.
func requirePlaces(t testing.TB, err error, text []byte, name string) {
	t.Helper()
	if err == nil {
		return
	}
	var faults topology.Faults
	require.True(t, errors.As(err, &faults), "%s: %v", name, err)
	require.NotEmpty(t, faults)
	lines := countLines(text)
	for _, f := range faults {
		require.True(t, 1 <= f.Line && f.Line <= lines, "%s: %v\n%s", name, f, text)
		require.GreaterOrEqual(t, f.Column, 1)
		require.NotContains(t, f.Error(), "JSON")
	}
}

// Texts that would take more time or memory than there is, if something went by what they stand for.
func TestBombs(t *testing.T) {
	aliases, merges := "a0: &a0 [x]\n", "a0: &a0 {x: 1, y: 2}\n"
	for i := 1; i < 40; i++ {
		aliases += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
		merges += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d, *a%d]}\n", i, i, i-1, i-1, i-1)
	}
	for name, text := range map[string]string{
		"aliases":    aliases,
		"merges":     merges,
		"lists":      strings.Repeat("[", 1_000_000),
		"mappings":   strings.Repeat("{a: ", 200_000),
		"dashes":     strings.Repeat("- ", 1_000_000),
		"questions":  strings.Repeat("? ", 300_000),
		"documents":  strings.Repeat("---\n", 100_000),
		"comments":   strings.Repeat("a: 1\n# x\n", 30_000),
		"lines":      strings.Repeat("\n", 1_000_000) + "[",
		"long key":   strings.Repeat("a", 1_000_000) + ": 1",
		"open quote": "\"" + strings.Repeat("x\n\n", 200_000),
		"anchors":    strings.Repeat("- &a x\n", 50_000),
		"steps":      steps(500),
	} {
		start, before := time.Now(), allocated()
		_, err := Read(strings.NewReader(text))
		require.Less(t, time.Since(start), 5*time.Second, name)
		require.Less(t, allocated()-before, uint64(300<<20), name)
		require.Error(t, err, name)
		requirePlaces(t, err, []byte(text), name)
	}
}

// steps returns mappings, each of which is indented more than the one before.
func steps(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func FuzzYAML(f *testing.F) {
	for _, text := range goodFiles(f) {
		f.Add(text)
	}
	for _, seed := range []string{"components: [{name: a, <<: {}}]", "a: &a [*a]", "? [a]\n: b", "- !!float .inf\n- 0x10\n- 1_0", "a: |\n  b\n", "--- \n...\n---\n", "\"\\ud800\"", "\n\n---"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fleet, err := Read(bytes.NewReader(text))
		requirePlaces(t, err, text, "")
		if err != nil {
			return
		}
		written, err := json.Marshal(fleet)
		require.NoError(t, err)
		_, err = topology.Read(bytes.NewReader(written))
		require.NoError(t, err)
	})
}
