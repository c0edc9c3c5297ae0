package growth_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/growth"
	"github.com/ridethrough/ridethrough/topology"
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// lone forecasts one server with a demand of 1: its margin is its capacity.
func lone(t *testing.T, margin float64, o growth.Options) growth.Deadline {
	t.Helper()
	got, err := growth.Forecast(ctx, pool(1, margin), cascade.Only(), o)
	require.NoError(t, err)
	require.Empty(t, got.First)
	return got.Intact
}

// At 100 % a month a margin of 2^m is used up after m months.
func TestMonthsAreDays(t *testing.T) {
	for _, c := range []struct {
		from   time.Time
		months float64
		want   string
	}{
		{date(2026, 1, 15), 0, "2026-01-15"},
		{date(2026, 1, 15), 1, "2026-02-15"},
		{date(2026, 1, 15), 12, "2027-01-15"},
		{date(2026, 1, 15), .5, "2026-01-30"},    // 15.5 of the 31 days to 15 February
		{date(2026, 1, 31), 1, "2026-02-28"},     // no 31 February
		{date(2028, 1, 31), 1, "2028-02-29"},     // leap year
		{date(2100, 1, 31), 1, "2100-02-28"},     // not one
		{date(2000, 1, 31), 1, "2000-02-29"},     // one
		{date(2026, 1, 31), 2, "2026-03-31"},     // and back on the 31st
		{date(2026, 1, 31), .5, "2026-02-14"},    // 14 of the 28 days to 28 February
		{date(2028, 1, 31), .5, "2028-02-14"},    // 14.5 of the 29 days to the 29th
		{date(2026, 1, 31), 1.5, "2026-03-15"},   // 15.5 of the 31 days from 28 February to 31 March
		{date(2028, 2, 29), 12, "2029-02-28"},    // a year after a leap day
		{date(2028, 2, 29), 12.5, "2029-03-14"},  // 14.5 of the 29 days to 29 March
		{date(2028, 2, 29), 48, "2032-02-29"},    // four years after
		{date(2026, 12, 31), 2, "2027-02-28"},    // over the end of a year
		{date(2026, 12, 31), .999, "2027-01-30"}, // 30.97 of 31 days: not yet the day
		{date(2026, 12, 31).Add(23 * time.Hour), 1, "2027-01-31"},
		{time.Date(2026, 12, 31, 23, 30, 0, 0, time.FixedZone("", -5*3600)), 1, "2027-01-31"}, // the day where it is
	} {
		got := lone(t, math.Pow(2, c.months), growth.Options{Monthly: 1, From: c.from})
		require.Equal(t, c.want, got.Until.Format("2006-01-02"), "%v and %v months", c.from, c.months)
		require.InDelta(t, c.months, got.Months, 1e-9)
	}
	// ln 1.25 / ln 1.03 = .223144/.029559 = 7.5491: 15 August and .5491 · 31 = 17.02 days
	require.Equal(t, date(2026, 9, 1), lone(t, 1.25, growth.Options{Monthly: .03, From: from}).Until)
	for months := range 1200 { // whole months are whole, whatever floating point makes of them
		got := lone(t, math.Pow(1.03, float64(months)), growth.Options{Monthly: .03, From: from})
		require.Equal(t, from.AddDate(0, months, 0), got.Until)
	}
}

// At its margin a scenario holds; it is used up there, and was used up before it is below 1.
func TestMarginsAboutOne(t *testing.T) {
	o := growth.Options{Monthly: .03, From: from}
	for _, c := range []struct {
		margin  float64
		already bool
		until   time.Time
		text    string
	}{
		{.5, true, from, "used up already"},
		{1 - 1e-8, true, from, "used up already"},
		{1 - 1e-10, false, from, "2026-01-15"}, // at capacity but for rounding: that holds
		{1, false, from, "2026-01-15"},
		{1 + 1e-8, false, from, "2026-01-15"},
		{1.001, false, from.AddDate(0, 0, 1), "2026-01-16"}, // .0338 · 31 = 1.05 days
		{1.03, false, date(2026, 2, 15), "2026-02-15"},
	} {
		got, err := growth.Forecast(ctx, pool(1, c.margin), cascade.Only(), o)
		require.NoError(t, err)
		require.Equal(t, c.already, got.Intact.Already(), c.margin)
		require.Equal(t, c.until, got.Intact.Until, c.margin)
		require.Contains(t, got.String(), c.text)
		require.Equal(t, c.already, got.Intact.Months == 0 && c.margin < 1-1e-9)
	}
}

// Without growth nothing is used up, but for what is already; what shrinks is taken to stay.
func TestNoGrowthIsNever(t *testing.T) {
	for _, rate := range []float64{0, -.02, -1} {
		for _, margin := range []float64{1, 1.5, .9} {
			got := lone(t, margin, growth.Options{Monthly: rate, From: from})
			require.Equal(t, margin < 1, got.Already())
			if margin >= 1 {
				require.True(t, math.IsInf(got.Months, 1))
				require.Zero(t, got.Until)
			}
		}
	}
	got, err := growth.Forecast(ctx, pool(1, 3, 3), cascade.Each("server"), growth.Options{})
	require.NoError(t, err)
	require.Equal(t, `each server, 0 % a month: exact.
  nothing lost     600 % of the load  never used up  s-a is full
  s-a and 1 alike  300 % of the load  never used up  s-b is full
  no longer hold, of 2 scenarios: 0 now`, got.String())
}

// Beyond a hundred years no day is told, nor without a day to begin with.
func TestNoDay(t *testing.T) {
	got, err := growth.Forecast(ctx, pool(1, 4), cascade.Only(), growth.Options{Monthly: 1e-4, From: from})
	require.NoError(t, err)
	require.Zero(t, got.Intact.Until)
	require.InDelta(t, math.Log(4)/math.Log1p(1e-4), got.Intact.Months, 1e-6) // 13,863.6
	require.Contains(t, got.String(), "after 100 years")
	got, err = growth.Forecast(ctx, pool(1, 1.25), cascade.Only(), growth.Options{Monthly: .03})
	require.NoError(t, err)
	require.Zero(t, got.Intact.Until)
	require.Contains(t, got.String(), "in 7.5 months")
	for _, text := range []string{"1e-300", "1e-15", "5e-324"} {
		var rate float64
		require.NoError(t, json.Unmarshal([]byte(text), &rate))
		require.Zero(t, lone(t, 2, growth.Options{Monthly: rate, From: from}).Until)
		require.Equal(t, from, lone(t, 1, growth.Options{Monthly: rate, From: from}).Until)
	}
}

// Batch doubles each month, users stay: 40 + 10·2^m = 100 at m = log₂ 6 = 2.585. With one of two servers lost, 40 + 10·2^m
// = 50 at once: it is at capacity, and today is the day.
func TestRatesOfTheirOwn(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[1-2]", Kind: "server", Capacity: 50},
		{Name: "users", Demand: 40, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "batch", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	got, err := growth.Forecast(ctx, fleet, cascade.Each("server"), growth.Options{Rates: map[string]float64{"batch": 1}, From: from})
	require.NoError(t, err)
	require.InDelta(t, 2, got.Intact.Margin, 1e-12)
	require.InDelta(t, math.Log2(6), got.Intact.Months, 1e-8)
	require.Equal(t, date(2026, 4, 2), got.Intact.Until) // 15 March and .585 · 31 = 18.1 days
	require.Equal(t, from, got.First[0].Until)
	require.False(t, got.First[0].Already())
	data, err := json.Marshal(got)
	require.NoError(t, err)
	var again growth.Outlook
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, *got, again)
}

// A scenario that cuts the users off is used up already, and comes first.
func TestCutOff(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "core", Kind: "switch"},
		{Name: "edge", Kind: "switch"},
		{Name: "s-[1-2]", Kind: "server", Capacity: 10, Needs: topology.Names{"core"}},
		{Name: "users", Demand: 5, Needs: topology.Names{"edge"}, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	got, err := growth.Forecast(ctx, fleet, cascade.Each("switch"), growth.Options{Monthly: .1, From: from})
	require.NoError(t, err)
	require.Equal(t, `each switch, 10 % a month from 2026-01-15: exact.
  nothing lost  400 % of the load  2027-03-31       s-1 is full
  core          0 % of the load    used up already  a demand is cut off
  edge          0 % of the load    used up already  a demand is cut off
  no longer hold, of 2 scenarios: 2 now`, got.String())
}

func TestForecastFaults(t *testing.T) {
	fleet := pool(5, 10, 10)
	const hint = ": give the part by which it grows in a month, from -1 to 1: .03 for 3 %"
	for want, o := range map[string]growth.Options{
		"monthly: NaN" + hint:        {Monthly: math.NaN()},
		"monthly: +Inf" + hint:       {Monthly: math.Inf(1)},
		"monthly: 3" + hint:          {Monthly: 3},
		"monthly: -1.5" + hint:       {Monthly: -1.5},
		`rates: "users": NaN` + hint: {Rates: map[string]float64{"users": math.NaN()}},
		`rates: "s-a": s-a has no demand of its own: name one that has`:          {Rates: map[string]float64{"s-a": .1}},
		`rates: "nobody": not found: no component and no kind is named "nobody"`: {Rates: map[string]float64{"nobody": .1}},
		`rates: "users": users has a rate by "user[s]" already`:                  {Rates: map[string]float64{"users": .1, "user[s]": .2}},
		"from: the year -5: give a day of the years 1 to 9000":                   {From: date(-5, 1, 1)},
		"from: the year 10000: give a day of the years 1 to 9000":                {From: date(10000, 1, 1)},
		"worst: -1: give from 1 to 100000; 0 is ten":                             {Screening: cascade.Options{Worst: -1}},
	} {
		got, err := growth.Forecast(ctx, fleet, cascade.Each("server"), o)
		require.EqualError(t, err, want)
		require.Nil(t, got)
	}
	got, err := growth.Forecast(ctx, fleet, cascade.Each("rack"), growth.Options{Monthly: .03})
	require.EqualError(t, err, `scenarios "each rack": not found: no component and no kind is named "rack"`)
	require.Nil(t, got)
}

// Of what is sampled no more is said than that.
func TestForecastOfASample(t *testing.T) {
	capacities := make([]float64, 26)
	for i := range capacities {
		capacities[i] = float64(10 + i)
	}
	o := growth.Options{Monthly: .03, From: from, Screening: cascade.Options{Cases: 100, Samples: 200, Worst: 3}}
	got, err := growth.Forecast(ctx, pool(100, capacities...), cascade.Any(4, "server"), o)
	require.NoError(t, err)
	require.Equal(t, cascade.Sampled, got.Certainty)
	require.Equal(t, "of 14,950 scenarios 200 were drawn: one that was not may go earlier.", got.Reason)
	require.Len(t, got.First, 3)
	for _, c := range got.Within {
		require.Nil(t, c.Used)
		require.LessOrEqual(t, c.Part.Low, c.Part.High)
	}
}

// Where scenarios have probabilities, these are told and not their number.
func TestForecastOfIndependentLosses(t *testing.T) {
	spec := pool(10, 10, 10, 10).Spec()
	for i := range 3 {
		spec.Components[i].Failing.Unavailability = .1
	}
	got, err := growth.Forecast(ctx, topology.Must(topology.New(spec)), cascade.Independent("server"), growth.Options{Monthly: 1})
	require.NoError(t, err)
	require.Nil(t, got.Within[0].Used)
	require.InDelta(t, .001, got.Within[0].Part.High, 1e-12) // all three lost: now; two: at any growth, .028; none: at three times
	require.InDelta(t, 1, got.Within[1].Part.Low, 1e-12)     // after three months it is eight times as much
}

func TestForecastDoesNotDependOnWorkers(t *testing.T) {
	var texts []string
	for _, workers := range []int{1, 3} {
		capacities := []float64{10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21}
		o := growth.Options{Monthly: .03, From: from, Screening: cascade.Options{Workers: workers}}
		forecast, err := growth.Forecast(ctx, pool(60, capacities...), cascade.UpTo(4, "server"), o)
		require.NoError(t, err)
		ledger, err := growth.Stranded(ctx, pool(60, capacities...), cascade.UpTo(4, "server"), o)
		require.NoError(t, err)
		data, err := json.Marshal([]any{forecast, ledger})
		require.NoError(t, err)
		texts = append(texts, string(data)+forecast.String()+ledger.String())
	}
	require.Equal(t, texts[0], texts[1])
}

// When the context ends, what is known is that nothing was looked at in full.
func TestForecastStops(t *testing.T) {
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	got, err := growth.Forecast(stopped, pool(5, 10, 10), cascade.Each("server"), growth.Options{Monthly: .03, From: from})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, cascade.Undetermined, got.Certainty)
	require.InDelta(t, 4, got.Intact.Margin, 1e-12)

	late, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	capacities := make([]float64, 26)
	for i := range capacities {
		capacities[i] = float64(10 + i)
	}
	begin := time.Now()
	_, err = growth.Forecast(late, pool(100, capacities...), cascade.Any(11, "server"), growth.Options{Monthly: .03})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(begin), 3*time.Second)
}

// Demands of one pattern may have rates of their own, whatever they are called: three of 15 are too many for 30, and if the
// second doubles in a month, they fill 60 then.
func TestRatesWithinAPattern(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"users": {Demand: 15}},
		Components: []topology.Component{
			{Name: "s-[1-2]", Kind: "server", Capacity: 30},
			{Name: `users\[[1-3]\]`, Kind: "users", Supplies: []topology.Supply{{Members: topology.Names{"s-1"}}}, Needs: topology.Names{"rack-{1}"}},
			{Name: "rack-[1-3]"},
			{Name: "batch", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"s-2"}}}},
		},
	}))
	got, err := growth.Forecast(ctx, fleet, cascade.Each("rack-[1-3]"), growth.Options{Rates: map[string]float64{`users\[2\]`: 1, "batch": .5}, From: from})
	require.NoError(t, err)
	require.True(t, got.Intact.Already()) // 45 of 30
	spec := fleet.Spec()
	spec.Components[0].Capacity = 60
	got, err = growth.Forecast(ctx, topology.Must(topology.New(spec)), cascade.Each("s-2"), growth.Options{Rates: map[string]float64{`users\[2\]`: 1, "batch": .5}, From: from})
	require.NoError(t, err)
	require.InDelta(t, 1, got.Intact.Months, 1e-8) // 15 + 30 + 15
	require.Equal(t, "s-1", got.Intact.Full)
	require.Contains(t, got.String(), `each s-2, 0 % a month (batch 50 %, users\[2\] 100 %) from 2026-01-15: exact.`)
}

// What a family's scenarios ask for comes back as it was written.
func TestLoadsOfScenariosAreKept(t *testing.T) {
	f, err := cascade.ParseFamily("s-a + load 1.2; s-a + load .7; s-a + load 1.1; s-b + load 0.3333333333333333; s-a")
	require.NoError(t, err)
	got, err := growth.Forecast(ctx, pool(1, 7, 7, 3), f, growth.Options{Monthly: .03, From: from})
	require.NoError(t, err)
	var loads []float64
	for _, d := range got.First {
		loads = append(loads, d.Scenario.Load)
	}
	require.Equal(t, []float64{1.2, 1.1, 0, .7, .3333333333333333}, loads)
}

func TestProgressIsTold(t *testing.T) {
	n := 0
	o := growth.Options{Monthly: .03, Screening: cascade.Options{Progress: func(cascade.Progress) { n++ }}}
	_, err := growth.Forecast(ctx, pool(1, 7, 7, 3), cascade.Each("server"), o)
	require.NoError(t, err)
	require.Positive(t, n)
}

// Factors as large as can be are an answer or an error.
func TestHugeLoads(t *testing.T) {
	for _, text := range []string{"s-a + load 1e30", "s-a + load 1e-30", "s-a + load 1e50", "s-a + load 1e-300"} {
		f, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		got, err := growth.Forecast(ctx, pool(1, 7, 7), f, growth.Options{Monthly: .03, From: from})
		if err == nil {
			require.Equal(t, cascade.Exact, got.Certainty)
		}
		_, _ = growth.Safe(ctx, pool(1, 7, 7), f, growth.Options{})
		_, _ = growth.Stranded(ctx, pool(1, 7, 7), f, growth.Options{})
	}
}
