package compose

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// requireSound checks that files are read, and build a fleet, or that all faults name a place.
func requireSound(t testing.TB, o Options, texts ...string) {
	t.Helper()
	var files []io.Reader
	for _, text := range texts {
		files = append(files, strings.NewReader(text))
	}
	spec, findings, err := Read(o, files...)
	if err != nil {
		requirePlaces(t, err)
		return
	}
	_, err = topology.New(spec)
	require.NoError(t, err)
	for _, f := range findings {
		require.NotEmpty(t, f.About)
		require.NotEmpty(t, f.Text)
	}
	for i := range files {
		files[i] = strings.NewReader(texts[i])
	}
	again, findingsAgain, err := Read(o, files...)
	require.NoError(t, err)
	require.Equal(t, spec, again)
	require.Equal(t, findings, findingsAgain)
}

func requirePlaces(t testing.TB, err error) {
	t.Helper()
	var faults topology.Faults
	require.ErrorAs(t, err, &faults)
	require.NotEmpty(t, faults)
	for _, f := range faults {
		require.NotEmpty(t, f.Text)
		if f.Component != "Options" {
			require.NotEmpty(t, f.File, "%v", f)
			require.GreaterOrEqual(t, f.Line, 1, "%v", f)
			require.GreaterOrEqual(t, f.Column, 1, "%v", f)
		}
	}
}

// Texts that would take more time or memory than there is, if something went by what they stand for.
func TestBombs(t *testing.T) {
	var aliases, merges, extends, waits strings.Builder
	aliases.WriteString("x-a0: &a0 {A_ADDR: x}\n")
	merges.WriteString("x-a0: &a0 {A_ADDR: x, B_ADDR: y}\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&aliases, "x-a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
		fmt.Fprintf(&merges, "x-a%d: &a%d {<<: [*a%d, *a%d, *a%d]}\n", i, i, i-1, i-1, i-1)
	}
	extends.WriteString("services:\n  s0: {environment: [A_ADDR=x]}\n")
	waits.WriteString("services:\n  s0: {}\n")
	for i := 1; i < 20_000; i++ {
		fmt.Fprintf(&extends, "  s%d: {extends: s%d, environment: [A%d_ADDR=x]}\n", i, i-1, i)
		fmt.Fprintf(&waits, "  s%d: {depends_on: [s%d]}\n", i, i-1)
	}
	var many strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&many, "A%d_ADDR: x, ", i)
	}
	var wide strings.Builder
	wide.WriteString("x-e: &e {" + many.String() + "}\nservices:\n")
	for i := range 3000 {
		wide.WriteString(fmt.Sprintf("  s%d: {environment: *e}\n", i))
	}
	env := map[string]string{"BIG": strings.Repeat("x", 1<<20)}
	files := fstest.MapFS{}
	for i := range 30 {
		files[fmt.Sprintf("f%d.yaml", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "include: [{path: f%d.yaml, env_file: a.env}, {path: f%d.yaml, env_file: b.env}]\nservices: {s%d: {}}\n", i+1, i+1, i)}
	}
	files["f30.yaml"] = &fstest.MapFile{Data: []byte("services: {s30: {}}\n")}
	files["a.env"], files["b.env"] = &fstest.MapFile{}, &fstest.MapFile{}
	for name, text := range map[string]string{
		"aliases":         aliases.String() + "services: {a: {environment: *a39}}",
		"aliases as list": aliases.String() + "services: {a: {profiles: *a39}}",
		"merges":          merges.String() + "services: {a: {environment: *a39}}",
		"merge of itself": "services: {a: &a {<<: *a}}",
		"wide":            wide.String(),
		"extends":         extends.String(),
		"cycles":          strings.ReplaceAll(waits.String(), "]", ", s20000]") + "  s20000: {depends_on: [s19999]}\n",
		"marked":          "x: !override {}\n" + extends.String() + "  s20000: {scale: !reset }\n",
		"lists":           strings.Repeat("[", 1_000_000),
		"mappings":        strings.Repeat("{a: ", 200_000),
		"dashes":          strings.Repeat("- ", 1_000_000),
		"questions":       strings.Repeat("? ", 300_000),
		"open quote":      "\"" + strings.Repeat("x\n\n", 200_000),
		"too long":        strings.Repeat("# comment\n", 500_000),
		"replicas":        "services: {a: {deploy: {replicas: 1000000000}}}",
		"replicas in all": "services: {a: {scale: 60000}, b: {scale: 60000}}",
		"huge number":     "services: {a: {scale: " + strings.Repeat("9", 1_000_000) + "}}",
		"huge exponent":   "services: {a: {cpus: 1e999999, mem_limit: 1e999p, healthcheck: {interval: 1e9w, retries: 2000000000}}}",
		"variables":       "services: {a: {restart: \"" + strings.Repeat("$BIG", 1000) + "\"}}",
		"defaults":        "services: {a: {restart: \"" + strings.Repeat("${NONE:-", 100_000) + strings.Repeat("}", 100_000) + "\"}}",
		"open braces":     "services: {a: {restart: \"" + strings.Repeat("${NONE:-", 100_000) + "\"}}",
		"includes":        "include: [f0.yaml]",
		"includes itself": "include: [f0.yaml, own.yaml]",
	} {
		files["own.yaml"] = &fstest.MapFile{Data: []byte("include: [own.yaml]")}
		start, before := time.Now(), allocated()
		_, _, err := Read(Options{Env: env, Files: files}, strings.NewReader(text))
		t.Log(name, time.Since(start), (allocated()-before)>>20, "MiB")
		require.Less(t, time.Since(start), 10*time.Second, name)
		require.Less(t, allocated()-before, uint64(500<<20), name)
		require.Error(t, err, name)
		requirePlaces(t, err)
		require.Less(t, len(err.Error()), 1<<20, name)
	}
	start := time.Now()
	spec, _, err := Read(Options{}, strings.NewReader(waits.String())) // large, and no bomb
	require.NoError(t, err)
	require.Len(t, spec.Components, 1+2*20_000)
	require.Less(t, time.Since(start), 10*time.Second)
}

func TestEnvBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("A0=xxxxxxxxxx\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&b, "A%d=$A%d$A%d\n", i, i-1, i-1)
	}
	for _, text := range []string{b.String(), strings.Repeat("A=1\n", 2_000_000), "A=" + strings.Repeat("${B:-", 100_000)} {
		start, before := time.Now(), allocated()
		_, err := ReadEnv(strings.NewReader(text))
		require.ErrorAs(t, err, &topology.Faults{})
		require.Less(t, time.Since(start), 10*time.Second)
		require.Less(t, allocated()-before, uint64(200<<20))
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// Files reach nothing but what the caller gives.
func TestReachesNothingElse(t *testing.T) {
	t.Setenv("CART_ADDR", "cart:1")
	for _, path := range []string{"/etc/passwd", "../secret.env", "a/../../secret.env", "file:///etc/passwd", `C:\x`, "git@github.com:a/b"} {
		text := fmt.Sprintf("services: {web: {env_file: %q, environment: [CART_ADDR]}, cart: {}}", path)
		opened := &recording{}
		spec, findings, err := Read(Options{Files: opened}, strings.NewReader(text))
		require.NoError(t, err)
		require.Empty(t, opened.names, path)
		require.Empty(t, spec.Components[1].Needs, "the environment of the process is not looked at")
		require.Contains(t, findings.String(), "CART_ADDR: no value")
		require.Contains(t, findings.String(), "not in the folder")

		for _, field := range []string{"extends: {service: a, file: %q}", "restart: always}}\ninclude: [%q]\nx: {x: {"} {
			_, _, err := Read(Options{Files: opened}, strings.NewReader("services: {web: {"+fmt.Sprintf(field, path)+"}}"))
			require.ErrorContains(t, err, "not in the folder")
			for _, name := range opened.names {
				require.True(t, strings.HasSuffix(name, ".env"), name)
			}
		}
	}
}

// recording notes what is opened.
type recording struct{ names []string }

func (r *recording) Open(name string) (fs.File, error) {
	r.names = append(r.names, name)
	return nil, fs.ErrNotExist
}

// Good files with a few mistakes each are read, or give faults that all name their place.
func TestMutatedFiles(t *testing.T) {
	for _, text := range goodFiles(t) {
		for seed := range uint64(300) {
			requireSound(t, Options{Files: os.DirFS("testdata")}, string(mutate(text, seed)))
		}
		requireSound(t, Options{}, string(text), string(text))
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
			const bytes = "\"'{}[]:,-?*&!|>%@0aZ\t\x00\xff \n=\\$"
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

func goodFiles(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.yaml")
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

func TestReaderErrors(t *testing.T) {
	_, _, err := Read(Options{}, iotest.ErrReader(os.ErrClosed))
	require.Equal(t, os.ErrClosed, err)
	_, err = ReadEnv(iotest.ErrReader(os.ErrClosed))
	require.Equal(t, os.ErrClosed, err)
	_, _, err = Read(Options{})
	require.ErrorContains(t, err, "no service")
}

func FuzzRead(f *testing.F) {
	for _, text := range goodFiles(f) {
		f.Add(string(text), "services: {web: {depends_on: !reset []}}", "A=b")
	}
	f.Add("services: {a: {extends: a}}", "services: {a: !override {scale: 2}}\n---\nservices: {b: }", "X=${Y:-z}")
	f.Add("? [a]\n: b", "services: {a: {environment: {A_ADDR: a}, links: [a:b]}}", "export A='b\nc'")
	f.Add("services: &s {a: &a {<<: [*a, {scale: 1}]}, b: *a}", "services: {a: {deploy: , healthcheck: {test: [NONE]}}}", "A: b # c")
	f.Add("services: {a: {scale: 0}}", " ", "A")
	f.Fuzz(func(t *testing.T, first, second, env string) {
		variables, err := ReadEnv(strings.NewReader(env))
		if err != nil {
			var faults topology.Faults
			require.ErrorAs(t, err, &faults)
		}
		o := Options{Env: variables, Files: fstest.MapFS{"a.yaml": {Data: []byte(second)}, "a.env": {Data: []byte(env)}}}
		requireSound(t, o, first, second)
		requireSound(t, Options{Profiles: []string{"*"}, Swarm: true, Load: 0.5}, second, first)
	})
}
