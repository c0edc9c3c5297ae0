package cutset

import (
	"bufio"
	"context"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// Trees with NOT or XOR, which are not coherent.
var negated = map[string]bool{"das9601": true, "das9701": true}

// An expectation is a line of expected.tsv.
type expectation struct {
	name        string
	sets        string
	probability float64
	bySize      []string
}

func expectations(t testing.TB) []expectation {
	file, err := os.Open(filepath.Join(aralia, "expected.tsv"))
	if err != nil {
		t.Skip("the Aralia trees are not here: ", err)
	}
	defer file.Close()
	var all []expectation
	for lines := bufio.NewScanner(file); lines.Scan(); {
		f := strings.Split(lines.Text(), "\t")
		if p, err := strconv.ParseFloat(f[2], 64); err == nil && !negated[f[0]] {
			all = append(all, expectation{f[0], f[1], p, strings.Fields(f[4])})
		}
	}
	require.Len(t, all, 23)
	return all
}

func percent(events int) []float64 {
	q := make([]float64, events)
	for e := range q {
		q[e] = .01
	}
	return q
}

// Numbers of cut sets by size, and probabilities, of the published trees.
func TestAralia(t *testing.T) {
	for _, want := range expectations(t) {
		t.Run(want.name, func(t *testing.T) {
			f, _ := readTree(t, want.name)
			s, err := Solve(context.Background(), f, Options{})
			require.NoError(t, err)
			require.InEpsilon(t, want.probability, s.Probability(percent(f.Events)), 1e-9)
			sum, sizes := new(big.Int), []string{}
			for _, n := range count(s, All)[1:] { // the column begins with size 1, whatever its head says
				sum.Add(sum, n)
				sizes = append(sizes, n.String())
			}
			require.Equal(t, want.bySize, sizes)
			require.Equal(t, want.sets, sum.String())
		})
	}
}

// All of them, solved and counted.
func BenchmarkAralia(b *testing.B) {
	var trees []*tree.Tree
	for _, want := range expectations(b) {
		f, _ := readTree(b, want.name)
		trees = append(trees, f)
	}
	for b.Loop() {
		for _, f := range trees {
			s, err := Solve(context.Background(), f, Options{})
			require.NoError(b, err)
			count(s, All)
		}
	}
}
