package ridethrough_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The report that README shows is the one that examples/hundred prints, up to what follows the first scenario.
func TestReadmeShowsTheReport(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	printed, err := os.ReadFile("examples/hundred/testdata/hundred.txt")
	require.NoError(t, err)
	_, shown, _ := strings.Cut(string(readme), "\n```\n")
	shown, _, _ = strings.Cut(shown, "\n```\n")
	require.True(t, strings.HasPrefix(string(printed), shown), "README shows another report")
	require.Contains(t, shown, "When it comes: board-1")
}

// The screening that README shows is that of an example.
func TestReadmeShowsTheScreening(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	example, err := os.ReadFile("cascade/example_readme_test.go")
	require.NoError(t, err)
	_, output, ok := strings.Cut(string(example), "// Output:\n")
	require.True(t, ok)
	for line := range strings.Lines(output) {
		if text, ok := strings.CutPrefix(line, "\t// "); ok {
			require.Contains(t, string(readme), text)
		}
	}
}
