package topology

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestQuantity(t *testing.T) {
	type want struct {
		value float64
		unit  string
	}
	for text, want := range map[string]want{
		"40":               {40, ""},
		"-1.5e2":           {-150, ""},
		"40kW":             {40_000, "W"},
		"40 kW":            {40_000, "W"},
		" +1.5 MW ":        {1_500_000, "W"},
		"0.1kW":            {100, "W"}, // 0.1 · 1000 is 100.00000000000001 in some orders of work
		"0.3kW":            {300, "W"},
		"1.1e-3kW":         {1.1, "W"},
		"200mW":            {0.2, "W"},
		"2GVA":             {2e9, "VA"},
		"1THz":             {1e12, "Hz"},
		"3kWh":             {3000, "Wh"},
		"10Mbit/s":         {10_000_000, "bit/s"},
		"5kB/s":            {5000, "B/s"},
		"16GiB":            {16 << 30, "B"},
		"1.5KiB/s":         {1536, "B/s"},
		"2Ti":              {2, "Ti"}, // before B only
		"100 requests/s":   {100, "requests/s"},
		"8k requests/s":    {8000, "requests/s"},
		"8k":               {8000, ""},
		"2M users":         {2_000_000, "users"},
		"2G":               {2_000_000_000, ""},
		"2 k kW":           {2_000_000, "W"},
		"5m":               {5, "m"},
		"5T":               {5, "T"},
		"5mB":              {5, "mB"},
		"5kg":              {5, "kg"},
		"5KW":              {5, "KW"},
		"5eV":              {5, "eV"},
		"5E":               {5, "E"},
		"50%":              {50, "%"},
		"1e3W":             {1000, "W"},
		"0kW":              {0, "W"},
		"9007199254740993": {9007199254740992, ""},
	} {
		q, err := readQuantity(text)
		require.NoError(t, err, text)
		x, err := q.value()
		require.NoError(t, err, text)
		require.Equal(t, want.value, x, text)
		require.Equal(t, want.unit, q.unit, text)
	}
}

func TestQuantityFaults(t *testing.T) {
	for _, text := range []string{"", " ", "W", "NaN", "NaN W", "inf", "+Inf", "-inf W", ".5W", "5.W", "012W", "0x10", "-0x10", "0b1", "0o7 W", "1,000W", "1_000W", "1.2.3", "5-W", "--5", "+-+5", "ten W"} {
		_, err := readQuantity(text)
		require.EqualError(t, err, `"`+text+`" is no number with a unit: write 40, "40kW" or "100 requests/s"`)
	}
	for text, want := range map[string]error{
		"1e400": errTooLarge, "1e308kW": errTooLarge, "1e99999999999999999999": errTooLarge, "1e308TiB": errTooLarge,
		"1e-400": errTooSmall, "1e-99999999999999999999W": errTooSmall, "1e-99999999999999999999kW": errTooSmall, "0.0001e-322mW": errTooSmall,
	} {
		q, err := readQuantity(text)
		require.NoError(t, err, text)
		_, err = q.value()
		require.Equal(t, want, err, text)
	}
}

// What has lost its prefixes has none.
func TestBaseUnitTwice(t *testing.T) {
	for _, unit := range []string{"", "W", "kW", "k", "k k W", "kkW", "M GiB", "mB", "requests/s", " W ", "kk", "mW/s", "GB/s", "MiB/s", "iB", "µW"} {
		_, once := baseUnit(unit)
		f, twice := baseUnit(once)
		require.Equal(t, factor{}, f, unit)
		require.Equal(t, once, twice, unit)
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "250ms": 250 * time.Millisecond, "26m": 26 * time.Minute, "1h30m": 90 * time.Minute,
		"2d": 48 * time.Hour, "2d12h": 60 * time.Hour, "1w": 168 * time.Hour, "1w1d1s": 192*time.Hour + time.Second, "1.5d": 36 * time.Hour,
		"-5s": -5 * time.Second, "3µs": 3 * time.Microsecond, "15250w1d23h47m16.854775807s": 1<<63 - 1,
	} {
		d, err := readDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, d, text)
	}
	for _, text := range []string{"", "5", "d", "w", "1h2", "1h3d", "2d3w", "1d2d", "1d-2h", "-2d", "1..5d", "5 min", "9999999h", "15251w", "106752d", "15250w1d23h47m16.854775808s", "1e3s", "P1D", "NaNs"} {
		_, err := readDuration(text)
		require.EqualError(t, err, `"`+text+`" is no duration: write a number with a unit, such as "250ms", "26m" or "2d12h", of at most 292 years`)
	}
}

func TestQuantityForPeople(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 8000: "8,000", 114.2857: "114.3", 1.2345678: "1.235", 0.164084: "0.1641", -0.0298: "-0.0298",
		0.0002998: "0.0002998", 1e-4: "0.0001", 0.99999: "1", 0.00002083: "2.083e-05",
	} {
		require.Equal(t, want, Quantity(x, ""), x)
	}
	require.Equal(t, "0.0002998 %", Quantity(0.0002998, "%"))
	require.Equal(t, "40 kW", Quantity(40_000, "W"))
}
