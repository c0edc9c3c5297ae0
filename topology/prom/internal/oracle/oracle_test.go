// Package oracle holds the text parser of topology/prom against Prometheus' own, in a module of its own, so that the
// library does not depend on that.
package oracle

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology/prom"
)

// What Prometheus' own parser of the text format accepts, Read reads as the same samples.
func FuzzText(f *testing.F) {
	names, err := filepath.Glob("../../testdata/*.*")
	require.NoError(f, err)
	require.NotEmpty(f, names)
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(data))
	}
	for _, text := range []string{"a 1", "a{b=\"c\"}1 2", "# TYPE a counter\na 1\n", "a{} +Inf -7\n", "a { b = \"c\" , } 1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.TrimSpace(text) == "" || unlike.MatchString(text) {
			return
		}
		want, ok := official(text)
		if !ok {
			return
		}
		series, _, err := prom.Read(strings.NewReader(text))
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
		require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
		for key, value := range want {
			require.True(t, got[key] == value || math.IsNaN(got[key]) && math.IsNaN(value), key)
		}
	})
}

// unlike is what the two take for something else, each with a reason: a sample without a name (that parser counts it to the
// metric before), a quoted name without braces, other ends of lines, OpenMetrics, and JSON.
var unlike = regexp.MustCompile("(?m)^[ \\t]*[{\"\\[]|[\\r\\x00]|# EOF")

// official returns the samples that prometheus/common reads; false where it cannot, as of "{}", at which v0.67.5
// panics, and of histograms and summaries, which it takes apart.
func official(text string) (samples map[string]float64, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, false
	}
	samples = map[string]float64{}
	for name, family := range families {
		if kind := family.GetType(); kind == dto.MetricType_HISTOGRAM || kind == dto.MetricType_SUMMARY {
			return nil, false
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{"__name__": name}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			var at time.Time
			if m.TimestampMs != nil {
				at = time.UnixMilli(m.GetTimestampMs()).UTC()
			}
			value := m.GetUntyped().GetValue() + m.GetGauge().GetValue() + m.GetCounter().GetValue()
			samples[prom.Series{Labels: labels}.String()+" "+at.String()] = value
		}
	}
	return samples, true
}
