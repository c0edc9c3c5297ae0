package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each cluster in testdata is answered as in the golden file beside it, errors and exit status included.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.data")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var out bytes.Buffer
			status := run([]string{file}, nil, &out, &out)
			out.WriteString("exit status " + string(rune('0'+status)) + "\n")
			golden := file + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), out.String())
		})
	}
}

// Standard input has no name; its faults have none either.
func TestStandardInput(t *testing.T) {
	text, err := os.ReadFile("testdata/nplus1.data")
	require.NoError(t, err)
	var out, problems bytes.Buffer
	require.Equal(t, 0, run([]string{"-"}, bytes.NewReader(text), &out, &problems))
	require.Contains(t, out.String(), "cluster: 2 nodes, 2 instances, of which 2 are mirrored.\n")
	require.Empty(t, problems.String())
	require.Equal(t, 2, run([]string{"-"}, strings.NewReader("g\n"), &out, &problems))
	require.True(t, strings.HasPrefix(problems.String(), "1:1: "), problems.String())
}

func TestUsage(t *testing.T) {
	var out, problems bytes.Buffer
	for _, args := range [][]string{nil, {"-h"}} {
		problems.Reset()
		require.Equal(t, 2, run(args, nil, &out, &problems))
		require.Equal(t, "usage: ganeti FILE, or - for standard input\n", problems.String())
	}
	require.Equal(t, 2, run([]string{"testdata/none.data"}, nil, &out, &problems))
	require.Empty(t, out.String())
}
