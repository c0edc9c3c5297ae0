package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A call is what a run of the program was given.
type call struct {
	in  string
	env map[string]string
}

func (c call) run(ctx context.Context, args ...string) (status int, out, problems string) {
	var o, p bytes.Buffer
	s := sweep{in: strings.NewReader(c.in), out: &o, problems: &p, env: func(name string) string { return c.env[name] }}
	status = s.run(ctx, args)
	return status, o.String(), p.String()
}

func ask(t *testing.T, args ...string) (status int, out, problems string) {
	t.Helper()
	return call{}.run(t.Context(), args...)
}

// session runs one command after the other, and returns what a terminal shows; the folder is called DIR.
func session(t *testing.T, commands ...string) string {
	var text strings.Builder
	folder := filepath.Join(t.TempDir(), "results")
	for _, command := range commands {
		var args []string
		for i, quoted := range strings.Split(command, "'") {
			if i%2 == 1 {
				args = append(args, quoted)
			} else {
				args = append(args, strings.Fields(strings.ReplaceAll(quoted, "DIR", folder))...)
			}
		}
		status, out, problems := ask(t, args...)
		fmt.Fprintf(&text, "$ sweep %s\n%s%sexit status %d\n\n", command, problems, out, status)
	}
	return strings.ReplaceAll(text.String(), folder, "DIR")
}

func TestGolden(t *testing.T) {
	for name, commands := range map[string][]string{
		"one": {
			"-lose 'any 30 of server; any 2 of board' testdata/fleet.yaml",
			"-lose 'up to 3 of board' -holds testdata/fleet.yaml",
			"-lose 'independent board' testdata/fleet.yaml",
			"-lose 'each board' testdata/fleet.yaml",
		},
		"sampled": {"-lose 'random 30 of server' -samples 1000 -seed 7 testdata/uneven.yaml"},
		"shards": {
			"-lose 'any 30 of server' -shard 1/3 -out DIR testdata/fleet.yaml",
			"-merge DIR",
			"-lose 'any 30 of server' -shard 0/3 -out DIR testdata/fleet.yaml",
			"-lose 'any 30 of server' -shard 2/3 -out DIR testdata/fleet.yaml",
			"-lose 'any 30 of server' -shard 2/3 -out DIR testdata/fleet.yaml",
			"-merge DIR",
			"-lose 'any 30 of server' testdata/fleet.yaml",
			"-lose 'any 29 of server' -shard 2/3 -out DIR testdata/fleet.yaml",
		},
		"faults": {
			"testdata/none.yaml",
			"-lose 'any 9 of board' testdata/fleet.yaml",
			"-serve 2 testdata/fleet.yaml",
			"-shard 3/3 -out DIR testdata/fleet.yaml",
			"-shard three -out DIR testdata/fleet.yaml",
			"-shard auto -out DIR testdata/fleet.yaml",
			"-merge DIR",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, golden := session(t, commands...), "testdata/"+name+".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		status int
		args   []string
	}{
		{0, []string{"-help"}},
		{0, []string{"-lose", "each board", "testdata/fleet.yaml"}},
		{1, []string{"-lose", "any 2 of board", "testdata/fleet.yaml"}},
		{2, []string{"-lose", "any 2 of", "testdata/fleet.yaml"}},
		{2, []string{"-samples", "-1", "testdata/fleet.yaml"}},
		{2, []string{"-workers", "-1", "testdata/fleet.yaml"}},
		{2, []string{"-shard", "0/2", "testdata/fleet.yaml"}},
		{2, []string{"-out", "x", "testdata/fleet.yaml"}},
		{2, []string{"-shards", "2", "testdata/fleet.yaml"}},
		{2, []string{"-merge", "x", "testdata/fleet.yaml"}},
		{2, []string{"-merge", "x", "-holds"}},
		{2, []string{"-merge", "testdata"}},
		{2, []string{}},
		{2, []string{"testdata/fleet.yaml", "more"}},
	} {
		status, _, problems := ask(t, c.args...)
		require.Equal(t, c.status, status, "%v: %s", c.args, problems)
		require.Equal(t, status == 2, strings.Contains(problems, "sweep: ") || strings.Contains(problems, "invalid value"), "%v: %s", c.args, problems)
	}
}

func TestStandardInputAndJSON(t *testing.T) {
	text, err := os.ReadFile("testdata/fleet.yaml")
	require.NoError(t, err)
	status, out, _ := call{in: string(text)}.run(t.Context(), "-json", "-lose", "each board", "-")
	require.Equal(t, 0, status)
	var s cascade.Screening
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	require.Equal(t, int64(4), s.Holding.Int64())
}

// Interrupted, it prints what is known.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	status, out, problems := call{}.run(ctx, "-lose", "any 3 of server", "testdata/uneven.yaml")
	require.Equal(t, 1, status)
	require.Contains(t, out, "of 161,700 scenarios 0 were looked at")
	require.Contains(t, problems, context.Canceled.Error())
}

func TestBar(t *testing.T) {
	var text bytes.Buffer
	b := &bar{w: &text, began: time.Now().Add(-10 * time.Second), first: 1000}
	b.show(cascade.Progress{Done: 25, Total: 100, Elapsed: 4 * time.Second, Left: 12 * time.Second})
	require.Equal(t, "\r\x1b[K[#####...............] 25 of 100 (25 %), 6.25/s, 12s left", text.String())
	b.piece(cascade.Span{From: 0, To: 4000}, cascade.Span{From: 2000, To: 3000})
	p := b.of(cascade.Progress{Done: 500, Total: 1000}, 15*time.Second)
	require.Equal(t, cascade.Progress{Done: 2500, Total: 4000, Elapsed: 25 * time.Second, Left: 15 * time.Second}, p) // 1,500 anew, and as many to go
	text.Reset()
	b.end()
	b.end()
	require.Equal(t, "\r\x1b[K", text.String())
	require.Equal(t, "[####################]", draw(cascade.Progress{Done: 7, Total: 7}))
	require.Nil(t, newBar(&text))
}
