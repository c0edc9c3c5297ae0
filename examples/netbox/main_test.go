package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const data = "../../topology/netbox/testdata/"

func ask1(t *testing.T, in string, args ...string) (status int, out, problems string) {
	t.Helper()
	var o, p bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(in), &o, &p)
	return status, o.String(), p.String()
}

// What stands on standard output, on standard error, and the exit status, for each of the reader's files and some more.
func TestGolden(t *testing.T) {
	cases := map[string][]string{
		"holds":  {"testdata/holds.json"},
		"strict": {"-strict", data + "rest-v2.json"},
		"racks":  {"-lose", "each rack", data + "dump-v3.json"},
		"lone":   {"testdata/lone.json"},
		"draw":   {"-draw", "900", "testdata/uncabled.json"},
		"nodraw": {"testdata/uncabled.json"},
		"inlet":  {"testdata/inlet.json"},
		"dark":   {"testdata/dark.json"}, // what is known of the rack is lost, and it is said that not all is known
		"faulty": {"testdata/faulty.json"},
	}
	files, err := filepath.Glob(data + "*.json")
	require.NoError(t, err)
	for _, file := range files {
		cases[strings.TrimSuffix(filepath.Base(file), ".json")] = []string{file}
	}
	for name, args := range cases {
		t.Run(name, func(t *testing.T) {
			status, out, problems := ask1(t, "", args...)
			got := fmt.Sprintf("$ netbox %s\n%s%sexit status %d\n", strings.ReplaceAll(strings.Join(args, " "), data, ""), out, problems, status)
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
		{0, []string{"-help"}},
		{0, []string{"testdata/holds.json"}},
		{0, []string{"-strict", "testdata/holds.json"}},
		{0, []string{"-lose", "each power feed", "testdata/holds.json"}},
		{1, []string{"-lose", "any 2 of power feed", "testdata/holds.json"}},
		{1, []string{"testdata/uncabled.json"}},
		{2, []string{"-strict", "testdata/uncabled.json"}},
		{2, []string{"-lose", "any 2 of", "testdata/holds.json"}},
		{2, []string{"-lose", "each ups", "testdata/holds.json"}},
		{2, []string{"-draw", "-1", "testdata/holds.json"}},
		{2, []string{"-draw", "NaN", "testdata/holds.json"}},
		{2, []string{"testdata/none.json"}},
		{2, []string{}},
	} {
		status, _, problems := ask1(t, "", c.args...)
		require.Equal(t, c.status, status, "%v: %s", c.args, problems)
		if status == 2 {
			require.NotEmpty(t, problems, c.args)
		}
	}
}

// One file cut in pieces, standard input among them, is the same as the whole.
func TestSeveralFiles(t *testing.T) {
	text, err := os.ReadFile(data + "rest-v4.json")
	require.NoError(t, err)
	answers := strings.SplitAfter(string(text), "\n]}\n")
	require.Greater(t, len(answers), 4)
	file := filepath.Join(t.TempDir(), "first.json")
	require.NoError(t, os.WriteFile(file, []byte(strings.TrimSpace(answers[0])), 0o644))
	_, want, _ := ask1(t, "", data+"rest-v4.json")
	_, got, problems := ask1(t, strings.Join(answers[1:], ""), file, "-")
	require.Equal(t, want, got)
	require.Empty(t, problems)
	_, got, _ = ask1(t, string(text))
	require.Equal(t, want, got)
}

// Interrupted, it says so, and does not say that the fleet holds.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, problems bytes.Buffer
	require.Equal(t, 1, run(ctx, []string{"testdata/holds.json"}, nil, &out, &problems))
	require.Contains(t, problems.String(), context.Canceled.Error())
}

// NetBox's own demo data: no draw is known of what has feeds, so nothing can be said but that none loses its last
// feed. With 2,000 W a device, the four racks with two switches each are lost with any one of their feeds (4,000 of
// 3,520 W), and all four with a panel.
func TestDemo(t *testing.T) {
	const demo = "../../../shared/data/netbox/netbox-demo-v3.6.json"
	if _, err := os.Stat(demo); err != nil {
		t.Skipf("NetBox's demo data is not at %s", demo)
	}
	status, out, _ := ask1(t, "", demo)
	require.Equal(t, 1, status)
	require.Contains(t, out, "24 × site, 4 × location, 42 × rack, 4 × power panel, 48 × power feed")
	require.Contains(t, out, "24 primary, 24 redundant, 169 kW available. Draw: of no device.")
	require.Contains(t, out, "none of 52 losses takes anything else down")
	require.Contains(t, out, "No power feed is known of 29 devices.\n  No draw, or only part of it, is known of 11 devices.")
	status, out, _ = ask1(t, "", "-draw", "2000", demo)
	require.Equal(t, 1, status)
	require.Contains(t, out, "of 52 losses, 10 take devices or feeds down")
	require.Contains(t, out, "one loss takes down all of which a power feed is known: 4 of 7: rack/MDF/R[105-108]")
	require.Contains(t, out, "panel/MDF/Panel 1       feed/MDF/Panel 2/P2-5B tripped at 4,000 of 3,520 W, and 3 more; 8 of 11 devices dark")
}
