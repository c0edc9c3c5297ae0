package prom

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// seeds adds the files in testdata, and some with mistakes.
func seeds(f *testing.F, more ...string) {
	names, err := filepath.Glob("testdata/*.*")
	require.NoError(f, err)
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(data))
	}
	for _, text := range more {
		f.Add(text)
	}
}

// Whatever is read is series that can be joined, or faults.
func FuzzRead(f *testing.F) {
	seeds(f, `{"status":"success","data":{"result":[1,"2"]}}`, `{"status":"error","error":"x"}`, "{", "[", `{"a"} 1`, "a{b=\"\\\"\\n\"}1", "a 1 1\n# EOF\na 1 1")
	f.Fuzz(func(t *testing.T, text string) {
		series, _, err := Read(strings.NewReader(text))
		if err != nil {
			var faults topology.Faults
			require.True(t, errors.As(err, &faults), "%v", err)
			return
		}
		again, _, err := Read(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, written(series), written(again))
		spec := topology.Spec{Components: []topology.Component{{Name: "[a,b]", Kind: "k", Demand: 1, Capacity: 2}}}
		joined, _, err := Join(spec, nil, series, Rule{Component: "{instance%:*}", Field: Demand}, Rule{Component: "a", Field: Capacity})
		require.NoError(t, err)
		_, err = topology.New(joined)
		require.NoError(t, err)
		_, _, err = Calls(series, "", "")
		require.NoError(t, err)
	})
}

// Rules are written by people.
func FuzzRule(f *testing.F) {
	for _, seed := range [][3]string{{"up", "{instance%:*}", "web-1:9100"}, {`a{b=~"c.*",d!="e"}`, `\{{pod%-*-*}`, "web-a-b"}, {`{"x"}`, "a", ""}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, metric, component, value string) {
		rules, err := compile([]Rule{{Metric: metric, Component: component, Field: Demand}})
		if err != nil {
			var faults topology.Faults
			require.True(t, errors.As(err, &faults))
			return
		}
		labels := map[string]string{nameLabel: value, "pod": value, "instance": value, "b": value}
		rules[0].selector.selects(labels)
		_, _ = rules[0].template.fill(labels)
	})
}
