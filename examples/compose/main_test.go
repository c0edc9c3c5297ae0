package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// What stands on standard output, on standard error, and the exit status.
func TestGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"shop":     {"-load", "0.5", "testdata/shop.yaml"},
		"observe":  {"-env", "testdata/observe.env", "-lose", "each host; each container; service=cart", "testdata/shop.yaml"},
		"single":   {"-load", "0.5", "-env", os.DevNull, "testdata/single.yaml"},
		"override": {"-load", "0.8", "-profile", "observe", "testdata/shop.yaml", "testdata/single.yaml"},
		"swarm":    {"-load", "0.5", "-swarm", "testdata/single.yaml"},
		"faulty":   {"testdata/faulty.yaml"},
		"strict":   {"-strict", "testdata/single.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, problems bytes.Buffer
			status := run(t.Context(), args, nil, &out, &problems)
			got := fmt.Sprintf("$ compose %s\n%s%sexit status %d\n", strings.Join(args, " "), &out, &problems, status)
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
		{0, []string{"-load", "0.5", "testdata/single.yaml"}}, // one of two is lost: the other carries all of it
		{1, []string{"-load", "0.500001", "testdata/single.yaml"}},
		{1, []string{"-load", "0.5", "-lose", "each host", "testdata/single.yaml"}},
		{0, []string{"-help"}},
		{2, []string{}},
		{2, []string{"testdata/none.yaml"}},
		{2, []string{"none/none.yaml"}},
		{2, []string{"-env", "testdata/none.env", "testdata/single.yaml"}},
		{2, []string{"-env", "testdata/single.yaml", "-strict", "testdata/single.yaml"}},
		{2, []string{"-env", "testdata/shop.txt", "testdata/single.yaml"}},
		{2, []string{"-lose", "each rack", "testdata/single.yaml"}},
		{2, []string{"-load", "-1", "testdata/single.yaml"}},
	} {
		var out, problems bytes.Buffer
		require.Equal(t, c.status, run(t.Context(), c.args, nil, &out, &problems), "%v: %s", c.args, &problems)
		if c.status == 2 {
			require.NotEmpty(t, problems.String(), c.args)
			require.Empty(t, out.String(), c.args)
		}
	}
}

// What is piped in is answered as what stands in a file.
func TestStandardInput(t *testing.T) {
	text, err := os.ReadFile("testdata/single.yaml")
	require.NoError(t, err)
	var file, pipe bytes.Buffer
	require.Equal(t, 0, run(t.Context(), []string{"-load", "0.5", "testdata/single.yaml"}, nil, &file, &file))
	require.Equal(t, 0, run(t.Context(), []string{"-load", "0.5", "-"}, bytes.NewReader(text), &pipe, &pipe))
	require.Equal(t, file.String(), pipe.String())
}

// The demo of OpenTelemetry: what all wait for, and the longest chain, by hand from its depends_on.
func TestOpenTelemetryDemo(t *testing.T) {
	const folder = "../../../shared/data/compose/otel-demo/"
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("../shared is not here: %v", err)
	}
	var out, problems bytes.Buffer
	require.Equal(t, 1, run(t.Context(), []string{folder + "compose.yaml", folder + "compose.full.yaml"}, nil, &out, &problems), problems.String())
	require.Contains(t, out.String(), "1 × host, 23 × service, 23 × container\n")
	require.Contains(t, out.String(), "wave 6  load-generator\n")
	require.Contains(t, out.String(), "cart → checkout → frontend → frontend-proxy → load-generator\n")
	require.Contains(t, out.String(), "11 of the 22 others wait for flagd")
	require.Contains(t, out.String(), "17 of the 22 others wait for otel-collector")
}
