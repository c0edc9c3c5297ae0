package prom

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Series is the values of one thing in time.
type Series struct {
	Labels map[string]string // the metric's name is __name__; what a query computed has none, a scalar no label
	Points []Point           // in order of time
}

// A Point is a value at a time. NaN and infinities are values, as in Prometheus.
type Point struct {
	Time  time.Time // zero: not said, as by most exporters; then it counts at any time
	Value float64
}

// nameLabel is the label that holds the name of a metric.
const nameLabel = "__name__"

// String returns the series as it is written in a query: up{instance="web-1:9100"}.
func (s Series) String() string {
	var b strings.Builder
	b.WriteString(s.Labels[nameLabel])
	open := "{"
	for _, label := range slices.Sorted(maps.Keys(s.Labels)) {
		if label == nameLabel {
			continue
		}
		b.WriteString(open + label + "=" + strconv.Quote(s.Labels[label]))
		open = ","
	}
	if open == "," {
		b.WriteString("}")
	}
	if b.Len() == 0 {
		return "{}"
	}
	return b.String()
}

// staleBits is the NaN by which Prometheus marks that a series has ended.
const staleBits = 0x7ff0000000000002

func isStale(value float64) bool { return math.Float64bits(value) == staleBits }

// fiveMinutes is Prometheus' own lookback.
const fiveMinutes = 5 * time.Minute

// At returns the series as they are at one time: each with its last point that is not later, given that time, as an
// instant query gives it. If that point is older than the lookback, the series has ended, and its value is the stale
// marker, the NaN with the bits 0x7ff0000000000002. A series that begins later has no point.
//
// The zero time is the latest of any point. A lookback of 0 is Prometheus' five minutes; but in an answer of
// query_range, where Prometheus itself has looked back at each step, a series without a point at the step has ended.
// Points are taken for such an answer if all are whole steps apart, and some series has two that are one step apart; so
// ask all queries for the same steps, or give the lookback: else what ended counts for five minutes more.
func At(series []Series, t time.Time, lookback time.Duration) []Series {
	if t.IsZero() {
		t = latest(series)
	}
	if lookback == 0 {
		lookback = fiveMinutes
		if s := step(series); s > 0 {
			lookback = min(lookback, s-1) // with long steps nothing counts for longer than in Prometheus
		}
	}
	now := make([]Series, len(series))
	for i, s := range series {
		now[i] = Series{Labels: s.Labels, Points: s.at(t, lookback)}
	}
	return now
}

func (s Series) at(t time.Time, lookback time.Duration) []Point {
	after, _ := slices.BinarySearchFunc(s.Points, t, func(p Point, t time.Time) int {
		if p.Time.After(t) {
			return 1
		}
		return -1
	})
	if after == 0 {
		return nil
	}
	p := s.Points[after-1]
	if p.Time.IsZero() {
		return []Point{p}
	}
	if t.Sub(p.Time) > lookback {
		p.Value = math.Float64frombits(staleBits)
	}
	p.Time = t
	return []Point{p}
}

// latest returns the time of the latest point; zero if none has a time.
func latest(series []Series) time.Time {
	var t time.Time
	for _, s := range series {
		if n := len(s.Points); n > 0 && s.Points[n-1].Time.After(t) {
			t = s.Points[n-1].Time
		}
	}
	return t
}

// step returns the step of an answer of query_range: the greatest time of which all points are whole multiples apart,
// if in some series two are just that far apart; else 0.
func step(series []Series) time.Duration {
	var first time.Time
	var divisor, least time.Duration
	for _, s := range series {
		for i, p := range s.Points {
			if p.Time.IsZero() {
				continue
			}
			if first.IsZero() {
				first = p.Time
			}
			divisor = gcd(divisor, p.Time.Sub(first).Abs())
			if i > 0 && !s.Points[i-1].Time.IsZero() {
				if gap := p.Time.Sub(s.Points[i-1].Time); least == 0 || gap < least {
					least = gap
				}
			}
		}
	}
	if divisor != least {
		return 0
	}
	return divisor
}

func gcd(a, b time.Duration) time.Duration {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
