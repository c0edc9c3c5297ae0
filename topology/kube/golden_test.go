package kube_test

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

var update = flag.Bool("update", false, "write the golden files")

func open(t testing.TB, files ...string) io.Reader {
	var all []io.Reader
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		all = append(all, strings.NewReader(string(text)))
	}
	return io.MultiReader(all...)
}

// What is made of a cluster, with and without measurements, and of manifests.
func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		files   []string
		options kube.Options
	}{
		"requests":  {[]string{"testdata/cluster.json"}, kube.Options{Domains: []string{"example.com/rack"}}},
		"measured":  {[]string{"testdata/cluster.json", "testdata/metrics.json"}, kube.Options{MemoryAtRest: 0.5}},
		"odd":       {[]string{"testdata/odd.yaml"}, kube.Options{Domains: []string{"example.com/rack"}}},
		"manifests": {[]string{"testdata/manifests.yaml"}, kube.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			spec, findings, err := kube.Read(open(t, c.files...), c.options)
			require.NoError(t, err)
			_, err = topology.New(spec)
			require.NoError(t, err)
			written, err := json.MarshalIndent(spec, "", " ")
			require.NoError(t, err)
			golden(t, name+".txt", findings.String()+"\n\n"+string(written)+"\n")
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
