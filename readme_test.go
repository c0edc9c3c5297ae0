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

// So is the one of a Kubernetes cluster, up to what may be lost.
func TestReadmeShowsTheCluster(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	printed, err := os.ReadFile("examples/kubernetes/testdata/cluster.txt")
	require.NoError(t, err)
	shown, _, ok := strings.Cut(string(printed), "\n\nWhat may be lost")
	require.True(t, ok)
	require.True(t, strings.Contains(string(readme), "```\n"+shown+"\n```\n"), "README shows another report")
}

// So are the findings on a shared board.
func TestReadmeShowsTheBoard(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	printed, err := os.ReadFile("examples/sharedboard/testdata/sharedboard.txt")
	require.NoError(t, err)
	first, rest, _ := strings.Cut(string(printed), "\n\nWhat takes")
	_, built, ok := strings.Cut(rest, "\n\nAs built:\n")
	require.True(t, ok)
	require.True(t, strings.Contains(string(readme), "```\n"+first+"\n\nAs built:\n"+built+"```\n"), "README shows other findings")
}

// The screening, the backtest, the purchase, the rehearsal, the resumed plan and the maintenance that README shows are those of examples.
func TestReadmeShowsExamples(t *testing.T) {
	for _, file := range []string{"cascade/example_readme_test.go", "cascade/backtest/example_test.go", "redundancy/spare/example_readme_test.go",
		"redundancy/restart/example_conditions_test.go", "redundancy/restart/example_readme_test.go", "redundancy/maintenance/example_test.go"} {
		requireShown(t, file)
	}
}

// requireShown checks that README has each line of the first output of a file of examples.
func requireShown(t *testing.T, file string) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	example, err := os.ReadFile(file)
	require.NoError(t, err)
	_, output, ok := strings.Cut(string(example), "// Output:\n")
	require.True(t, ok)
	output, _, _ = strings.Cut(output, "\n}")
	for line := range strings.Lines(output + "\n") {
		if text, ok := strings.CutPrefix(line, "\t// "); ok {
			require.True(t, strings.Contains(string(readme), text), text)
		}
	}
}
