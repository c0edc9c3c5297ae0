package netbox

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// What each file in testdata becomes, component by component, with its findings.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			got := story(t, string(text), Options{})
			golden := strings.TrimSuffix(file, ".json") + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

// story writes a fleet and its findings for people.
func story(t *testing.T, text string, o Options) string {
	t.Helper()
	spec, found, err := Read(strings.NewReader(text), o)
	require.NoError(t, err)
	_, err = topology.New(spec)
	require.NoError(t, err)
	var b strings.Builder
	for _, c := range spec.Components {
		fmt.Fprintf(&b, "%s: %s", c.Kind, c.Name)
		if c.Capacity > 0 {
			fmt.Fprintf(&b, ", of %v %s", c.Capacity, c.Unit)
		}
		if c.Demand > 0 {
			fmt.Fprintf(&b, ", draws %v %s", c.Demand, c.Unit)
		}
		if len(c.Needs) > 0 {
			fmt.Fprintf(&b, ", needs %s", strings.Join(c.Needs, ", "))
		}
		for _, s := range c.Supplies {
			fmt.Fprintf(&b, ", draws on %s", strings.Join(s.Members, ", "))
			if s.Share != "" {
				fmt.Fprintf(&b, " (%s %v)", s.Share, s.Weights)
			}
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\n%v\n", found)
	return b.String()
}

// faults returns what Read complains of.
func faults(t *testing.T, text string) topology.Faults {
	t.Helper()
	_, _, err := Read(strings.NewReader(text), Options{})
	var all topology.Faults
	require.True(t, errors.As(err, &all), "%v", err)
	require.NotEmpty(t, all)
	return all
}

// found returns the finding of a reason, and whether there is one.
func found(all topology.Findings, reason topology.Reason) (topology.Finding, bool) {
	for _, f := range all {
		if f.Reason == reason {
			return f, true
		}
	}
	return topology.Finding{}, false
}

const demo = "../../../shared/data/netbox/netbox-demo-v3.6.json"

// The figures of NetBox's own demo data: 24 sites, 42 racks, 72 devices, 4 panels, 48 feeds of 220 V × 20 A × 80 % =
// 3,520 W. No feed is cabled, and no power port has an allocated draw.
func TestDemo(t *testing.T) {
	text, err := os.ReadFile(demo)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("NetBox's demo data is not at %s", demo)
	}
	require.NoError(t, err)
	data, err := read(bytes.NewReader(text))
	require.NoError(t, err)
	require.Len(t, data.ports.all, 75)
	require.Len(t, data.outlets.all, 104)
	for _, p := range data.ports.all {
		require.True(t, p.allocated != p.allocated, "%v", p.allocated)
	}
	for from := range data.wires() {
		require.NotEqual(t, "powerfeed", from.model)
	}

	spec, all, err := Read(bytes.NewReader(text), Options{})
	require.NoError(t, err)
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	require.Equal(t, "24 × site, 4 × location, 42 × rack, 4 × power panel, 48 × power feed, 7 × rack power, 13 × pdu, 72 × device",
		fleet.String())
	roles := map[string]int{}
	for _, c := range spec.Components {
		if c.Kind == "power feed" {
			roles[c.Labels["type"]]++
			require.Equal(t, 3520.0, c.Capacity)
		}
	}
	require.Equal(t, map[string]int{"primary": 24, "redundant": 24}, roles)
	notJudged, _ := found(all, NotJudged)
	require.Len(t, notJudged.About, 24) // all racks that have feeds
	noPort, _ := found(all, NoPort)
	require.Len(t, noPort.About, 19) // the patch panels
	notFed, _ := found(all, NotFed)
	require.Len(t, notFed.About, 29) // 13 routers and 13 switches in closets, 3 switches in racks without feeds
	unknown, _ := found(all, UnknownDraw)
	require.Len(t, unknown.About, 11)
	require.Equal(t, "demand", unknown.Field)

	// If each of them drew 2,000 W, the four racks with two switches would draw 4,000 W: 57 % of two feeds, 114 % of one.
	_, all, err = Read(bytes.NewReader(text), Options{Draw: 2000})
	require.NoError(t, err)
	paper, _ := found(all, RedundantOnPaper)
	require.Equal(t, []string{"rack/MDF/R105", "rack/MDF/R106", "rack/MDF/R107", "rack/MDF/R108"}, paper.About)
	// At 1,760 W it is exactly what a feed has available.
	_, all, err = Read(bytes.NewReader(text), Options{Draw: 1760})
	require.NoError(t, err)
	_, there := found(all, RedundantOnPaper)
	require.False(t, there)
}
