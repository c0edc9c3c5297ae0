package compose

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// The table of the Compose specification (Interpolation), for a variable that is set, empty, and not set.
func TestExpand(t *testing.T) {
	env := map[string]string{"SET": "s", "EMPTY": "", "OTHER": "o"}
	lookup := func(name string) (string, bool) { value, ok := env[name]; return value, ok }
	for _, test := range []struct{ text, want, err string }{
		{"", "", ""},
		{"plain", "plain", ""},
		{"$SET-$SET.${SET}", "s-s.s", ""},
		{"$SETX|", "|", ""},
		{"$$SET $$$SET", "$SET $s", ""},
		{"5$ $1 $", "5$ $1 $", ""},
		{"${SET:-d}${SET-d}", "ss", ""},
		{"${EMPTY:-d}${EMPTY-d}", "d", ""},
		{"${NONE:-d}${NONE-d}", "dd", ""},
		{"${SET:+r}${SET+r}", "rr", ""},
		{"${EMPTY:+r}${EMPTY+r}", "r", ""},
		{"${NONE:+r}${NONE+r}", "", ""},
		{"${SET:?e}${SET?e}${EMPTY?e}", "ss", ""},
		{"${NONE:-${OTHER}${NONE:-$SET}}}", "os}", ""},
		{"${NONE:-{a}}b", "{a}b", ""},
		{"${NONE:-a:-b}", "a:-b", ""},
		{"${NONE}", "", ""},
		{"${EMPTY:?give it}", "", "the variable EMPTY must be set: give it"},
		{"${NONE?$OTHER}", "", "the variable NONE must be set: o"},
		{"${", "", "${ is no variable: write ${NAME}, ${NAME:-default}, or $$ for a dollar"},
		{"${SET", "", "${SET is no variable: write ${NAME}, ${NAME:-default}, or $$ for a dollar"},
		{"${1}", "", "${1} is no variable: write ${NAME}, ${NAME:-default}, or $$ for a dollar"},
		{"${SET!}", "", "${SET!} is no variable: behind the name stands one of :- - :+ + :? ?"},
		{"${SET:}", "", "${SET:} is no variable: behind the name stands one of :- - :+ + :? ?"},
		{strings.Repeat("${NONE:-", 50) + "x" + strings.Repeat("}", 50), "x", ""},
		{strings.Repeat("${NONE:-", 51) + "x" + strings.Repeat("}", 51), "", "variables stand in each other more than 50 levels deep"},
	} {
		var unset ordered
		e := expander{lookup: lookup, unset: unset.add, room: func(int) bool { return true }}
		got := e.expand(test.text, 0)
		if test.err != "" {
			require.EqualError(t, e.err, test.err, test.text)
			continue
		}
		require.NoError(t, e.err, test.text)
		require.Equal(t, test.want, got, test.text)
		require.Equal(t, strings.Contains(test.text, "${NONE}") || strings.Contains(test.text, "$SETX"), len(unset.all) > 0, test.text)
	}
}

func TestReadEnv(t *testing.T) {
	env, err := ReadEnv(strings.NewReader("\ufeff# comment\n\n  A=1 # comment\r\nexport B = two words  \nC: 3\nD='$A # no comment'\nE=\"$A \\\"x\\\" \\$A\\n\" # c\nF=${A}${NONE:-d}$NONE\nG=\nH='a\nb'\nI=x#y\nexport=e\nA=2\nJ\nK=$A\nL=\"\"\nM=# c"))
	require.NoError(t, err)
	require.Equal(t, map[string]string{
		"A": "2", "B": "two words", "C": "3", "D": "$A # no comment", "E": "1 \"x\" $A\n", "F": "1d", "G": "", "H": "a\nb",
		"I": "x#y", "export": "e", "K": "2", "L": "", "M": "",
	}, env)

	_, err = ReadEnv(strings.NewReader("A=1\nnot a name=2\nB='\n\n'\n=3\nC=${\nD=${E:?give it}\nF=\"open\nG=1"))
	require.EqualError(t, err, strings.Join([]string{
		`2:1: bad syntax: "not a name=2" is no variable: write NAME=value`,
		`6:1: bad syntax: "=3" is no variable: write NAME=value`,
		`7:1: bad syntax: C: ${ is no variable: write ${NAME}, ${NAME:-default}, or $$ for a dollar`,
		`8:1: not found: D: the variable E must be set: give it`,
		`9:1: bad syntax: F: the quote is not closed`,
	}, "\n"))
}

// Variables of the caller count more than those of the file.
func TestParseEnvOutside(t *testing.T) {
	got, faults := parseEnv([]byte("A=1\nB=$A\nC\n"), map[string]string{"A": "2", "C": "3"})
	require.Empty(t, faults)
	require.Equal(t, []variable{{"A", "1"}, {"B", "2"}, {"C", "3"}}, got)
}

func TestNumbers(t *testing.T) {
	l := newLoader(Options{})
	for text, want := range map[string]float64{"0": 0, "1024": 1024, "1k": 1024, "300M": 300 << 20, "1.5gb": 1.5 * (1 << 30), "2 GiB": 2 << 30, "5b": 5, "1T": 1 << 40} {
		require.Equal(t, want, l.memory(&value{text: text}), text)
	}
	for text, want := range map[string]string{"90s": "1m30s", "1m30s": "1m30s", "1d12h": "36h0m0s", "1w": "168h0m0s", "1.5h": "1h30m0s", "250ms": "250ms", "3us": "3µs", "7ns": "7ns", "0s": "0s", "36500d": "876000h0m0s"} {
		require.Equal(t, want, l.duration(&value{text: text}).String(), text)
	}
	require.Equal(t, 0.5, l.number(&value{text: "0.5"}, ""))
	require.Equal(t, 1e6, l.number(&value{text: "1000000"}, ""))
	require.Equal(t, 2147483647, l.wholeNumber(&value{text: "2147483647"}))
	require.Empty(t, l.faults)
	for _, bad := range []string{"", "-1", "1x", "k", "1kk", "NaN", "Inf", "1e16"} {
		l.memory(&value{text: bad})
		l.duration(&value{text: bad})
		l.number(&value{text: bad}, "")
		l.wholeNumber(&value{text: bad})
	}
	require.Len(t, l.faults, 8*4)
	l.faults = nil
	for _, f := range []func(){
		func() { l.number(&value{text: "1000001"}, "") }, func() { l.number(&value{text: "0.0000009"}, "") },
		func() { l.wholeNumber(&value{text: "2147483648"}) }, func() { l.duration(&value{text: "36501d"}) }, func() { l.duration(&value{text: "30"}) },
	} {
		f()
	}
	require.Len(t, l.faults, 5)
}

func TestHosts(t *testing.T) {
	for text, want := range map[string][]string{
		"user:pw@tcp(db:3306)/shop?x=y": {"db"}, "root@unix(/run/sock)/": {""},
		"cart:7070": {"cart"}, "cart": {"cart"}, "": nil, ":80": {""}, "http://user:p@ss@cart:1/x?y": {"cart"},
		"a:1,b:2": {"a", "b"}, "http://a:1;http://b": {"a", "b"}, "[::1]:80": {"::1"}, "fe80::1": {"fe80::1"}, "postgres://h/db#x": {"h"},
	} {
		require.Equal(t, want, hosts(text), text)
	}
	for _, host := range []string{"", "localhost", "127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "*"} {
		require.True(t, isItself(host), host)
	}
	for _, host := range []string{"cart", "10.0.0.1", "example.com"} {
		require.False(t, isItself(host), host)
	}
}

// Beside the fields that say the same, the later counts; Options have their limits.
func TestOptions(t *testing.T) {
	for load, ok := range map[float64]bool{0: true, 1e-6: true, 0.9e-6: false, 1e6: true, 1.1e6: false, -1: false} {
		_, _, err := Read(Options{Load: load}, strings.NewReader("services: {a: }"))
		require.Equal(t, ok, err == nil, load)
	}
	for host, ok := range map[string]bool{"": true, "host": true, "box": true, "a[1]": true, "a": false, "service": false, "container": false, "container memory": false, "job": false} {
		spec, _, err := Read(Options{Host: host}, strings.NewReader("services: {a: }"))
		require.Equal(t, ok, err == nil, host)
		if ok {
			_, err = topology.New(spec)
			require.NoError(t, err)
		}
	}
	spec, _, err := Read(Options{Env: map[string]string{"COMPOSE_PROFILES": "x, y"}, Variables: []string{"_HOST", "_URL"}}, strings.NewReader(
		"services: {a: {environment: {B_HOST: b, C_ADDR: c, D_URL: 'http://d/'}}, b: {profiles: [y]}, c: {}, d: {networks: {n: {aliases: [z]}}}, e: {profiles: [e]}, f: {environment: [Z_HOST=z]}}"))
	require.NoError(t, err)
	require.Len(t, spec.Components, 1+2*5)
	require.Equal(t, topology.Names{"b", "d"}, spec.Components[1].Needs)
	require.Equal(t, topology.Names{"d"}, spec.Components[9].Needs)
}

// The demo of OpenTelemetry: 20 services, 46 depends_on edges (open-telemetry/opentelemetry-demo); with the full layer three
// services more, of which two wait for two, and checkout for kafka: 46 + 2 + 2 + 1 = 51. Calls by *_ADDR, its own left out:
// cart 1, checkout 6, frontend 7, recommendation 1, shipping 1, otel-collector 1; with the full layer checkout, otel-collector,
// accounting and fraud-detection call kafka too: 17 and 21.
func TestOpenTelemetryDemo(t *testing.T) {
	const folder = "../../../shared/data/compose/otel-demo/"
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("../shared is not here: %v", err)
	}
	text, err := os.ReadFile(folder + ".env")
	require.NoError(t, err)
	env, err := ReadEnv(bytes.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, "frontend:8080", env["FRONTEND_ADDR"])
	for _, test := range []struct {
		files                  []string
		services, edges, calls int
	}{{[]string{"compose.yaml"}, 20, 46, 17}, {[]string{"compose.yaml", "compose.full.yaml"}, 23, 51, 21}} {
		var files []io.Reader
		for _, name := range test.files {
			text, err := os.ReadFile(folder + name)
			require.NoError(t, err)
			files = append(files, bytes.NewReader(text), bytes.NewReader(text)) // what is said twice counts once
		}
		spec, findings, err := Read(Options{Env: env}, files...)
		require.NoError(t, err)
		_, err = topology.New(spec)
		require.NoError(t, err)
		services, edges, calls := 0, 0, 0
		for _, c := range spec.Components {
			if c.Kind == kindService {
				services++
				calls += len(c.Needs)
			}
			edges += len(c.StartNeeds)
		}
		require.Equal(t, []int{test.services, test.edges, test.calls}, []int{services, edges, calls})
		require.NotContains(t, findings.String(), "no value is given")
	}
}
