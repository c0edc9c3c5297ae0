package clock_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
)

func TestTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0:00", 26 * time.Minute: "26:00", 65 * time.Minute: "1:05:00", 1500 * time.Millisecond: "0:01.5", -time.Second: "-0:01",
		time.Nanosecond: "0:00.000000001", 59*time.Minute + 59*time.Second: "59:59", math.MaxInt64: "2562047:47:16.854775807",
	} {
		require.Equal(t, want, clock.Time(d))
	}
}

func TestAbout(t *testing.T) {
	const day = 24 * time.Hour
	for d, want := range map[time.Duration]string{
		0: "0s", 3: "3ns", 202_123_456: "202ms", 1_212_345_678: "1.21s", 59_960 * time.Millisecond: "1m", 379 * time.Second: "6m19s",
		2524 * time.Second: "42m", 2529 * time.Second: "42m10s", 3596 * time.Second: "1h", 8*time.Hour + 45*time.Minute + 58*time.Second: "8h46m",
		9*time.Hour + 3*time.Second: "9h", 12*time.Hour + 119*time.Second: "12h", 12*time.Hour + 42*time.Minute: "12h40m", 36*time.Hour + 40*time.Minute: "37h",
		100*time.Hour - 1: "100h", 100 * time.Hour: "4.17 days", 2430*time.Hour + 1220*time.Second: "101 days", 1234 * day: "1,230 days", math.MaxInt64: "107,000 days",
	} {
		require.Equal(t, want, clock.About(d))
	}
}

func TestTextIsReadBack(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 26 * time.Minute: "26m0s", clock.Never: "never", -time.Minute: "-1m0s", math.MaxInt64: "2562047h47m16.854775807s",
	} {
		text, err := clock.Text(d).MarshalText()
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		var read clock.Text
		require.NoError(t, read.UnmarshalText(text))
		require.Equal(t, clock.Text(d), read)
	}
	require.ErrorContains(t, new(clock.Text).UnmarshalText([]byte("26")), `"26" is no time: write "26m"`)
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 26 * time.Minute: "26m", 2 * time.Hour: "2h", 65 * time.Minute: "1h5m", 90 * time.Second: "1m30s", 20 * time.Millisecond: "20ms",
		time.Hour + time.Second: "1h0m1s",
	} {
		require.Equal(t, want, clock.Span(d))
	}
}
