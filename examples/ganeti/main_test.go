package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
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
			status := run([]string{file}, &out, &out)
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

func TestUsage(t *testing.T) {
	var out, errors bytes.Buffer
	require.Equal(t, 2, run(nil, &out, &errors))
	require.Equal(t, "usage: ganeti FILE\n", errors.String())
	require.Equal(t, 2, run([]string{"testdata/none.data"}, &out, &errors))
	require.Empty(t, out.String())
}
