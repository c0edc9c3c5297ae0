package compose

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// open opens files in testdata; their names in faults are those on every machine.
func open(t testing.TB, names ...string) (files []io.Reader) {
	t.Helper()
	for _, name := range names {
		f, err := os.Open("testdata/" + name)
		require.NoError(t, err)
		t.Cleanup(func() { f.Close() })
		files = append(files, f)
	}
	return files
}

// What files become, what was found, or everything that is wrong with them.
func TestGolden(t *testing.T) {
	for name, test := range map[string]struct {
		o     Options
		files []string
	}{
		"shop":     {Options{Env: map[string]string{"CART_ADDR": "cart:7070"}}, []string{"shop.yaml"}},
		"override": {Options{Env: map[string]string{"CART_ADDR": "cart:7070"}, Load: 0.6, Profiles: []string{"debug"}, Host: "box-7"}, []string{"shop.yaml", "shop.override.yaml"}},
		"faults":   {Options{}, []string{"faults.yaml"}},
		"old":      {Options{}, []string{"old.yaml"}},
		"syntax":   {Options{}, []string{"shop.yaml", "syntax.yaml"}},
		"whole":    {Options{Files: os.DirFS("testdata")}, []string{"whole.yaml"}},
		"alone":    {Options{}, []string{"whole.yaml"}},
		"swarm":    {Options{Swarm: true}, []string{"swarm.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			spec, findings, err := Read(test.o, open(t, test.files...)...)
			got := ""
			if err != nil {
				require.ErrorAs(t, err, &topology.Faults{})
				got = err.Error() + "\n"
			} else {
				text, err := json.MarshalIndent(spec, "", "  ")
				require.NoError(t, err)
				fleet, err := topology.New(spec)
				require.NoError(t, err)
				got = string(text) + "\n\n" + fleet.String() + "\n\n" + findings.String() + "\n"
			}
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
