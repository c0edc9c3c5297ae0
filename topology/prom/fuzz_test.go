package prom

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
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

// What Prometheus' own parser of the text format accepts, Read reads as the same samples.
func FuzzText(f *testing.F) {
	seeds(f, "a 1", "a{b=\"c\"}1 2", "# TYPE a counter\na 1\n", "a{} +Inf -7\n", "a { b = \"c\" , } 1")
	f.Fuzz(func(t *testing.T, text string) {
		begin := strings.TrimSpace(text)
		if begin == "" || begin[0] == '{' || strings.Contains("\n"+text, "\n\"") || strings.ContainsAny(text, "\r\x00") || strings.Contains(text, "# EOF") {
			return
		}
		want, ok := official(text)
		if !ok {
			return
		}
		series, _, err := Read(strings.NewReader(text))
		if err != nil && (strings.Contains(err.Error(), "not unique") || strings.Contains(err.Error(), "no time in")) {
			return // stricter than that parser, which leaves these to the server
		}
		require.NoError(t, err)
		got := map[string]float64{}
		for _, s := range series {
			for _, p := range s.Points {
				got[s.String()+" "+p.Time.String()] = p.Value
			}
		}
		for key, value := range want {
			require.Contains(t, got, key)
			require.True(t, got[key] == value || math.IsNaN(got[key]) && math.IsNaN(value), key)
		}
		require.Len(t, got, len(want))
	})
}

// official returns the samples that prometheus/common reads; false where it cannot, as of "{}", at which v0.67.5
// panics, and of histograms and summaries, which it takes apart.
func official(text string) (samples map[string]float64, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader([]byte(text)))
	if err != nil {
		return nil, false
	}
	samples = map[string]float64{}
	for name, family := range families {
		if kind := family.GetType(); kind == dto.MetricType_HISTOGRAM || kind == dto.MetricType_SUMMARY {
			return nil, false
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{nameLabel: name}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			point := Point{}
			if m.TimestampMs != nil {
				point.Time = at(0)
				if t, err := inMilliseconds(strconv.FormatInt(m.GetTimestampMs(), 10)); err == nil {
					point.Time = t
				}
			}
			value := m.GetUntyped().GetValue() + m.GetGauge().GetValue() + m.GetCounter().GetValue()
			samples[Series{Labels: labels}.String()+" "+point.Time.String()] = value
		}
	}
	return samples, true
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
