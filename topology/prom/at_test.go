package prom

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// raw is samples as scraped: of two targets, at times that are on no common grid.
func raw() []Series {
	return []Series{
		{Labels: map[string]string{nameLabel: "a"}, Points: []Point{{at(100), 1}, {at(115), 2}, {at(130), 3}}},
		{Labels: map[string]string{nameLabel: "b"}, Points: []Point{{at(103.137), 4}}},
		{Labels: map[string]string{nameLabel: "c"}, Points: []Point{{Value: 5}}},
		{Labels: map[string]string{nameLabel: "d"}},
	}
}

func TestAt(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    [3]string
	}{
		{99.999, [3]string{"a", "b", "c 00:00:00=5"}},
		{100, [3]string{"a 00:01:40=1", "b", "c 00:00:00=5"}},
		{114.999, [3]string{"a 00:01:54.999=1", "b 00:01:54.999=4", "c 00:00:00=5"}},
		{115, [3]string{"a 00:01:55=2", "b 00:01:55=4", "c 00:00:00=5"}},
		{403.137, [3]string{"a 00:06:43.137=3", "b 00:06:43.137=4", "c 00:00:00=5"}}, // b is just five minutes old
		{403.138, [3]string{"a 00:06:43.138=3", "b 00:06:43.138=stale", "c 00:00:00=5"}},
		{430, [3]string{"a 00:07:10=3", "b 00:07:10=stale", "c 00:00:00=5"}},
		{430.001, [3]string{"a 00:07:10.001=stale", "b 00:07:10.001=stale", "c 00:00:00=5"}},
	} {
		now := At(raw(), at(c.seconds), 0)
		require.Equal(t, append(c.want[:], "d"), written(now), c.seconds)
		require.Equal(t, written(now), written(At(now, time.Time{}, 0)), "what it returns is already as at that time")
	}
}

func TestAtLookback(t *testing.T) {
	require.Equal(t, "b 00:01:50.137=4", written(At(raw(), at(110.137), 7*time.Second))[1])
	require.Equal(t, "b 00:01:50.138=stale", written(At(raw(), at(110.138), 7*time.Second))[1])
}

// In an answer of query_range Prometheus has looked back already: b has no point at the last step, so it has ended.
func TestAtOfARange(t *testing.T) {
	series := readFile(t, "matrix.json")
	require.Equal(t, []string{`load{instance="a:9100"} 22:13:40=3`, `load{instance="b:9100"} 22:13:40=stale`, `h{instance="a:9100"}`},
		written(At(series, time.Time{}, 0)))
	require.Equal(t, `load{instance="b:9100"} 22:13:39.999=20`, written(At(series, at(1700000019.999), 0))[1])
	require.Equal(t, `load{instance="b:9100"} 22:13:40=20`, written(At(series, time.Time{}, time.Minute))[1])
}

// Between steps of an hour, a value counts for no longer than an instant query would take it.
func TestAtOfLongSteps(t *testing.T) {
	series := []Series{
		{Labels: map[string]string{nameLabel: "a"}, Points: []Point{{at(0), 1}, {at(3600), 2}, {at(7200), 3}}},
		{Labels: map[string]string{nameLabel: "b"}, Points: []Point{{at(0), 4}, {at(3600), 5}}},
	}
	require.Equal(t, []string{"a 02:00:00=3", "b 02:00:00=stale"}, written(At(series, time.Time{}, 0)))
	require.Equal(t, []string{"a 01:05:00=2", "b 01:05:00=5"}, written(At(series, at(3900), 0)))
	require.Equal(t, []string{"a 01:05:00.001=stale", "b 01:05:00.001=stale"}, written(At(series, at(3900.001), 0)))
	require.Equal(t, []string{"a 01:59:00=2", "b 01:59:00=5"}, written(At(series, at(7140), time.Hour)))
}

func TestStep(t *testing.T) {
	series := func(all ...[]float64) (series []Series) {
		for _, seconds := range all {
			s := Series{}
			for _, x := range seconds {
				s.Points = append(s.Points, Point{Time: at(x)})
			}
			series = append(series, s)
		}
		return series
	}
	for _, c := range []struct {
		series []Series
		want   time.Duration
	}{
		{series(), 0},
		{series([]float64{5}, []float64{5}), 0}, // instant
		{series([]float64{5, 20}, []float64{35}), 15 * time.Second},                  // a range
		{series([]float64{5, 20}, []float64{50, 65, 95}), 15 * time.Second},          // with a gap
		{series([]float64{5, 20, 35}, []float64{5.137, 20.137}), 0},                  // two targets
		{series([]float64{5}, []float64{20}), 0},                                     // no two points of one series
		{append(raw()[2:], series([]float64{5, 20})...), 15 * time.Second},           // besides one without a time
		{[]Series{{Points: []Point{{}, {Time: at(5)}, {Time: at(6)}}}}, time.Second}, // the same in one series
	} {
		require.Equal(t, c.want, step(c.series), c.series)
	}
}
