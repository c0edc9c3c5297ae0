package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Jobs of 3 and 4 one after the other, and one of 5 beside them.
func TestSidesAgree(t *testing.T) {
	work := t.TempDir()
	require.NoError(t, write(work, three()))
	var out bytes.Buffer
	require.NoError(t, solve(t.Context(), &out, filepath.Join(work, own)))
	require.Equal(t, answer{finish: 7, proven: true}, read(out.Bytes()))

	all, err := sides(work, work)
	require.NoError(t, err)
	for _, s := range all[1:] {
		t.Run(s.name, func(t *testing.T) {
			if s.missing != "" {
				t.Skipf("it is not here: %s", s.missing)
			}
			a, err := ask(t.Context(), time.Minute, s.command)
			require.NoError(t, err)
			require.Equal(t, answer{finish: 7, proven: true, took: a.took}, a)
		})
	}
}

func TestProject(t *testing.T) {
	text, err := json.Marshal(newProject(three().Problem))
	require.NoError(t, err)
	require.JSONEq(t, `{"jobs": 3, "resources": 1, "pairs": 1, "latest": 12, "duration": [3, 4, 5], "capacity": [2], "use": [[1, 1, 1]],
		"before": [1], "after": [2]}`, string(text))
}

func TestRead(t *testing.T) {
	for text, a := range map[string]answer{
		"":          {},
		"no JSON\n": {},
		`{"type":"solution","output":{"json":{"finish":9}}}`: {finish: 9},
		`{"type":"warning","message":"deprecated"}
{"type":"solution","output":{"json":{"start":[1],"finish":9}}}
{"type": "solution", "output": {"json": {"finish" : 8}}}
{"type":"status","status":"OPTIMAL_SOLUTION"}`: {finish: 8, proven: true},
		`{"type":"status","status":"UNKNOWN"}`: {},
	} {
		require.Equal(t, a, read([]byte(text)), text)
	}
}

func TestAskWithinTheLimit(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("there is no shell that limits what a process takes")
	}
	a, err := ask(t.Context(), time.Second, []string{"sh", "-c", "while :; do :; done"})
	require.NoError(t, err)
	require.Equal(t, answer{took: time.Second}, a)
	_, err = ask(t.Context(), time.Second, []string{"sh", "-c", "echo no >&2; exit 3"})
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, "no")
}

func TestLine(t *testing.T) {
	require.Equal(t, "7 in 0.25 s", answer{finish: 7, proven: true, took: 250 * time.Millisecond}.String())
	require.Equal(t, "not proven", answer{took: time.Second}.String())
	l := line{side: side{name: "Gecode", version: "minizinc 2.6.4"}}
	l.add(answer{finish: 7, proven: true, took: 2 * time.Second})
	l.add(answer{took: 10 * time.Second})
	require.Equal(t, "| Gecode (minizinc 2.6.4) | 1 of 2 | 6.00 s |", l.String())
}
