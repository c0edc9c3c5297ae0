package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func ask(t *testing.T, in string, args ...string) (status int, out, problems string) {
	t.Helper()
	var o, p bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(in), &o, &p)
	return status, o.String(), p.String()
}

// What stands on standard output, on standard error, and the exit status, for good and for faulty files.
func TestGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"holds":  {"-lose", "each board", "testdata/holds.yaml"},
		"fleet":  {"-lose", "each board", "-return", "board-1=26m", "-atonce", "server=10", "testdata/fleet.json"},
		"faulty": {"testdata/faulty.json"},
		"yaml":   {"testdata/faulty.yaml"},
		"lose":   {"-lose", "each rack", "testdata/fleet.json"},
		"csv":    {"-lose", "each rack; each feed", "testdata/servers.csv"},
		"table":  {"testdata/faulty.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, problems := ask(t, "", args...)
			got := fmt.Sprintf("$ analyze %s\n%s%sexit status %d\n", strings.Join(args, " "), out, problems, status)
			golden := "testdata/" + name + ".txt"
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
		{0, []string{"-lose", "each board", "testdata/holds.yaml"}},
		{0, []string{"-help"}},
		{1, []string{"-lose", "any 2 of board", "testdata/holds.yaml"}},
		{1, []string{"-lose", "each board", "testdata/fleet.json"}},
		{2, []string{"testdata/faulty.json"}},
		{2, []string{"testdata/none.json"}},
		{2, []string{"-lose", "any 2 of", "testdata/fleet.json"}},
		{2, []string{"-lose", "any 9 of board", "testdata/fleet.json"}},
		{2, []string{"-return", "board-1", "testdata/fleet.json"}},
		{2, []string{"-return", "board-1=soon", "testdata/fleet.json"}},
		{2, []string{"-return", "board-1=-5m", "testdata/fleet.json"}},
		{2, []string{"-atonce", "server=0", "testdata/fleet.json"}},
		{2, []string{}},
	} {
		status, _, problems := ask(t, "", c.args...)
		require.Equal(t, c.status, status, "%v: %s", c.args, problems)
		if status == 2 {
			require.NotEmpty(t, problems, c.args)
		}
	}
}

// Standard input is told apart by its first brace, and its faults have no file name.
func TestStandardInput(t *testing.T) {
	for _, file := range []string{"testdata/holds.yaml", "testdata/fleet.json"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		wantStatus, want, _ := ask(t, "", "-lose", "each board", file)
		status, out, problems := ask(t, string(text), "-lose", "each board", "-")
		require.Equal(t, wantStatus, status)
		require.Equal(t, want, out)
		require.Empty(t, problems)
	}
	status, _, problems := ask(t, `{"components": [{"nmae": "x"}]}`, "-")
	require.Equal(t, 2, status)
	require.True(t, strings.HasPrefix(problems, "1:"), problems)
}

func TestJSON(t *testing.T) {
	status, out, _ := ask(t, "", "-json", "-lose", "each board", "testdata/fleet.json")
	require.Equal(t, 1, status)
	var report struct {
		Screening struct {
			Family    string
			Certainty string
			Run       int
			Holding   int
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	require.Equal(t, "each board", report.Screening.Family)
	require.Equal(t, 2, report.Screening.Run)     // boards of thirty, boards of twenty
	require.Equal(t, 2, report.Screening.Holding) // of 20 servers, 80 are left for 8,000 requests/s: at capacity
}

// Interrupted, it says so, and does not say that the fleet holds.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, problems bytes.Buffer
	status := run(ctx, []string{"-lose", "each board", "testdata/holds.yaml"}, nil, &out, &problems)
	require.Equal(t, 1, status)
	require.Contains(t, problems.String(), context.Canceled.Error())
}

func TestFlags(t *testing.T) {
	q, err := parse([]string{"-return", "zone=a=1h30m", "-return", "ups-1=never", "-atonce", "server=10", "f"}, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, "1h30m0s", q.options.Return["zone=a"].String())
	require.Negative(t, q.options.Return["ups-1"])
	require.Equal(t, map[string]int{"server": 10}, q.options.AtOnce)
}
