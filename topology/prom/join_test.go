package prom

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// shop is a fleet that an importer made of manifests.
func shop() topology.Spec {
	return topology.Spec{
		Name:  "shop",
		Kinds: map[string]topology.Component{"pod": {Unit: "cores", Demand: 1}},
		Components: []topology.Component{
			{Name: "node-[1-3]", Kind: "node"},
			{Name: "shop/web-[1-3]", Kind: "pod", Needs: topology.Names{"node-{1}"}, Labels: map[string]string{"row": "{1}"}},
			{Name: "shop/db", Kind: "pod"},
			{Name: "users", Supplies: []topology.Supply{{Members: topology.Names{"pod"}}}},
		},
	}
}

func exposed(t *testing.T, text string) []Series {
	t.Helper()
	series, _, err := Read(strings.NewReader(text))
	require.NoError(t, err)
	return series
}

func byName(t *testing.T, spec topology.Spec) map[string]topology.Component {
	t.Helper()
	expanded, err := spec.Expand()
	require.NoError(t, err)
	all := map[string]topology.Component{}
	for _, c := range expanded.Components {
		names, err := topology.Expand(c.Name)
		require.NoError(t, err)
		all[names[0]] = c
	}
	return all
}

func cpu(field Field) Rule {
	return Rule{Metric: "cpu", Component: "{namespace}/{pod}", Field: field, Unit: "cores"}
}

func TestJoin(t *testing.T) {
	series := exposed(t, `
cpu{namespace="shop",pod="web-1",container="app"} 0.5
cpu{namespace="shop",pod="web-1",container="proxy"} 0.25
cpu{namespace="shop",pod="web-2",container="app"} 2
cpu{namespace="shop",pod="web-3",container="app"} 0
cpu{namespace="shop",pod="db"} 3
requests{handler="/"} 40
requests{handler="/cart"} 2
limit{node="node-2"} 2000
`)
	spec := shop()
	before := byName(t, spec)
	earlier := topology.Findings{
		{Class: topology.Assumed, Reason: "guess", About: []string{"shop/web-1", "shop/gone"}, Field: "demand", Text: "1 core each"},
		{Class: topology.Assumed, Reason: "guess", About: []string{"node-2"}, Field: "capacity", Text: "2 cores"},
		{Class: topology.Suspect, Reason: "odd", About: []string{"shop/db"}, Field: "demand", Text: "odd"},
	}
	got, findings, err := Join(spec, earlier, series, cpu(Demand),
		Rule{Metric: "requests", Component: "users", Field: Demand, Unit: "requests/s"},
		Rule{Metric: "limit", Component: "{node}", Field: Capacity, Factor: 1e-3, Unit: "cores", Of: "node-2"})
	require.NoError(t, err)
	all := byName(t, got)
	require.Equal(t, 0.75, all["shop/web-1"].Demand)
	require.Equal(t, 2.0, all["shop/web-2"].Demand)
	require.Zero(t, all["shop/web-3"].Demand, "measured, and not that of its kind")
	require.Equal(t, 3.0, all["shop/db"].Demand)
	require.Equal(t, 42.0, all["users"].Demand)
	require.Equal(t, "requests/s", all["users"].Unit)
	require.Equal(t, 2.0, all["node-2"].Capacity)
	require.Zero(t, all["node-1"].Capacity)
	require.Equal(t, before["shop/web-2"].Needs, all["shop/web-2"].Needs)
	require.Equal(t, "2", all["shop/web-2"].Labels["row"])
	require.Equal(t, topology.Findings{
		{Class: topology.Assumed, Reason: "guess", About: []string{"shop/gone"}, Field: "demand", Text: "1 core each"},
		{Class: topology.Suspect, Reason: "odd", About: []string{"shop/db"}, Field: "demand", Text: "odd"},
	}, findings)
	require.Equal(t, shop(), spec, "what was given stays as it was")
}

// Patterns stay patterns where nothing in them was measured; and a kind's demand goes to those that had it from there.
func TestJoinKeepsPatterns(t *testing.T) {
	got, _, err := Join(shop(), nil, exposed(t, `cpu{namespace="shop",pod="db"} 3`), cpu(Demand))
	require.NoError(t, err)
	want := shop()
	want.Components[2].Demand, want.Components[2].Unit = 3, "cores"
	require.Equal(t, want, got)

	got, _, err = Join(shop(), nil, exposed(t, `cpu{namespace="shop",pod="db"} 0`), cpu(Demand))
	require.NoError(t, err)
	want.Kinds["pod"] = topology.Component{Unit: "cores"}
	want.Components[1].Demand, want.Components[2].Demand = 1, 0
	require.Equal(t, want, got)
	require.Equal(t, 1.0, shop().Kinds["pod"].Demand)
}

// Without a rule, or a series, nothing changes.
func TestJoinNothing(t *testing.T) {
	got, findings, err := Join(shop(), nil, nil)
	require.NoError(t, err)
	require.Equal(t, shop(), got)
	require.Empty(t, findings)
	got, findings, err = Join(shop(), nil, nil, Rule{Metric: "cpu", Component: "{pod}", Field: Demand, Of: "pod"})
	require.NoError(t, err)
	require.Equal(t, shop(), got)
	require.Equal(t, "missing: demand: there is no series cpu: is that the name, and was it asked for?\n"+
		"missing: shop/web-[1-3], shop/db: demand: no series is theirs; the demand stays as it was, which was not measured", findings.String())
}

// Values that say nothing are findings, and the field stays as it was: here all have a demand of 1 core and no
// capacity.
func TestJoinUnusable(t *testing.T) {
	for name, c := range map[string]struct {
		value  string
		field  Field
		reason topology.Reason
	}{
		"NaN": {"NaN", Demand, NotFinite}, "infinite": {"+Inf", Capacity, NotFinite}, "negative": {"-1e-9", Demand, Negative},
		"minus infinite": {"-Inf", Demand, NotFinite}, "no capacity": {"0", Capacity, Zero}, "overflow": {"1e308", Demand, NotFinite},
	} {
		series := exposed(t, strings.ReplaceAll(`
cpu{namespace="shop",pod="web-1",container="a"} V
cpu{namespace="shop",pod="web-1",container="b"} V
cpu{namespace="shop",pod="web-2",container="a"} V
cpu{namespace="shop",pod="web-2",container="b"} V
cpu{namespace="shop",pod="web-3"} 1
cpu{namespace="shop",pod="db"} 1
`, "V", c.value))
		got, findings, err := Join(shop(), nil, series, cpu(c.field))
		require.NoError(t, err)
		require.Len(t, findings, 1, name)
		require.Equal(t, c.reason, findings[0].Reason, name)
		require.Equal(t, topology.Suspect, findings[0].Class)
		require.Equal(t, []string{"shop/web-1", "shop/web-2"}, findings[0].About)
		require.Equal(t, string(c.field), findings[0].Field)
		require.Contains(t, findings[0].Text, `cpu{container="a",namespace="shop",pod="web-1"}`)
		require.Equal(t, byName(t, shop())["shop/web-1"], byName(t, got)["shop/web-1"])
	}
}

// One container of two that is NaN makes the sum unknown.
func TestJoinUnusableInPart(t *testing.T) {
	series := exposed(t, "cpu{namespace=\"shop\",pod=\"db\",container=\"a\"} 1\ncpu{namespace=\"shop\",pod=\"db\",container=\"b\"} NaN\n")
	values, findings, err := Values(series, cpu(Demand))
	require.NoError(t, err)
	require.Empty(t, values)
	require.Equal(t, `looks wrong: shop/db: demand: cpu{container="b",namespace="shop",pod="db"} is NaN; the value is not used: `+
		"was something divided by nothing? Ask for a time at which it was measured, or declare it", findings.String())
}

// Users place 40 on two servers, and these were measured at 20 and 21, which is the same load: 40 is theirs twice. A
// server to which nothing comes, and one that was measured with nothing, have theirs once.
func TestJoinTwice(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "web-[1-2]", Capacity: 90, Unit: "requests/s", Needs: topology.Names{"not yet there"}}, {Name: "idle", Unit: "requests/s"}, {Name: "alone"},
		{Name: "users", Demand: 40, Supplies: []topology.Supply{{Members: topology.Names{"web-[1-2]"}}}},
		{Name: "others", Demand: 3, Supplies: []topology.Supply{{Members: topology.Names{"idle"}}}},
	}}
	series := exposed(t, "load{i=\"web-1\"} 20\nload{i=\"web-2\"} 21\nload{i=\"idle\"} 0\nload{i=\"alone\"} 5\n")
	rule := Rule{Metric: "load", Component: "{i}", Field: Demand}
	_, findings, err := Join(spec, nil, series, rule)
	require.NoError(t, err)
	require.Equal(t, "looks wrong: web-1, web-2: demand: others draw on it besides, with 20 requests/s: if what was measured has that in it, "+
		"it counts twice: give it to those who cause it", findings.String())
	rule.Field = Capacity
	_, findings, err = Join(spec, nil, exposed(t, "load{i=\"web-1\"} 20\n"), rule)
	require.NoError(t, err)
	require.Empty(t, findings)
}

func TestJoinCounter(t *testing.T) {
	for _, name := range []string{"requests_total", "request_seconds_count", "request_seconds_sum", "request_seconds_bucket"} {
		spec, findings, err := Join(shop(), nil, exposed(t, name+" 1e9\n"), Rule{Metric: name, Component: "users", Field: Demand})
		require.NoError(t, err)
		require.Equal(t, shop(), spec)
		require.Len(t, findings, 1)
		require.Equal(t, Counter, findings[0].Reason)
	}
	for _, name := range []string{"total", "request_count_now", "requests"} {
		_, findings, err := Join(shop(), nil, exposed(t, name+" 9\n"), Rule{Metric: name, Component: "users", Field: Demand})
		require.NoError(t, err)
		require.Empty(t, findings)
	}
}

// In a range, a server that has no point at the last step has ended; one of two series that has is only a part.
func TestJoinStale(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{{Name: "[a,b]", Kind: "server", Demand: 7}}}
	series := readFile(t, "matrix.json")
	rule := Rule{Metric: "load", Component: "{instance%:*}", Field: Demand}
	got, findings, err := Join(spec, nil, series, rule)
	require.NoError(t, err)
	require.Equal(t, 3.0, byName(t, got)["a"].Demand)
	require.Equal(t, 7.0, byName(t, got)["b"].Demand)
	require.Len(t, findings, 1)
	require.Equal(t, Stale, findings[0].Reason)
	require.Equal(t, []string{"b"}, findings[0].About)

	rule.Component = "a"
	got, findings, err = Join(spec, nil, series, rule)
	require.NoError(t, err)
	require.Equal(t, 3.0, byName(t, got)["a"].Demand)
	require.Equal(t, Partial, findings[0].Reason)
	require.Contains(t, findings[0].Text, `for they have ended or begin later, as load{instance="b:9100"}`)
	require.Equal(t, Unmeasured, findings[1].Reason)

	got, findings, err = Join(spec, nil, At(series, at(1700000010), 0), rule)
	require.NoError(t, err)
	require.Equal(t, 22.0, byName(t, got)["a"].Demand)
	require.Len(t, findings, 1, "only b is not measured")
}

// A server that took the place of another began after this time; the users' demand is what the others had.
func TestJoinBeginsLater(t *testing.T) {
	series := At([]Series{
		{Labels: map[string]string{"i": "new"}, Points: []Point{{at(60), 9}}},
		{Labels: map[string]string{"i": "a"}, Points: []Point{{at(0), 3}, {at(60), 4}}},
		{Labels: map[string]string{"i": "b"}, Points: []Point{{at(0), 5}}},
	}, at(0), 0)
	values, findings, err := Values(series, Rule{Component: "users"})
	require.NoError(t, err)
	require.Equal(t, map[string]float64{"users": 8}, values)
	require.Equal(t, `looks wrong: users: some of its series have no value then, for they have ended or begin later, as {i="new"}; `+
		"the value is the sum of the others: look whether something was not measured", findings.String())
	values, findings, err = Values(series, Rule{Component: "{i}"})
	require.NoError(t, err)
	require.Equal(t, map[string]float64{"a": 3, "b": 5}, values)
	require.Equal(t, []string{"new"}, findings[0].About)
	require.Equal(t, NoValue, findings[0].Reason)
}

func TestJoinNoValue(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{{Name: "a", Kind: "server", Demand: 7}}}
	_, findings, err := Join(spec, nil, readFile(t, "matrix.json"), Rule{Metric: "h", Component: "{instance%:*}", Field: Demand})
	require.NoError(t, err)
	require.Len(t, findings, 1)
	require.Equal(t, NoValue, findings[0].Reason)
}

// The first rule that has a value counts; what it could not say is then no longer open.
func TestJoinFallsBack(t *testing.T) {
	series := exposed(t, `
limit{pod="web-1"} 4
limit{pod="web-2"} 0
request{pod="web-1"} 1
request{pod="web-2"} 2
request{pod="web-3"} 3
`)
	got, findings, err := Join(shop(), nil, series,
		Rule{Metric: "limit", Component: "shop/{pod}", Field: Capacity}, Rule{Metric: "request", Component: "shop/{pod}", Field: Capacity})
	require.NoError(t, err)
	all := byName(t, got)
	require.Equal(t, []float64{4, 2, 3}, []float64{all["shop/web-1"].Capacity, all["shop/web-2"].Capacity, all["shop/web-3"].Capacity})
	require.Equal(t, "missing: shop/db: capacity: no series is theirs; the capacity stays as it was, which was not measured", findings.String())
}

func TestJoinUnmatched(t *testing.T) {
	_, findings, err := Join(shop(), nil, exposed(t, `
cpu{namespace="shop",pod="web-1"} 2
cpu{namespace="test",pod="web-1"} 1.5
cpu{namespace="test",pod="web-2"} 0.5
cpu{namespace="test",pod="web-3"} NaN
cpu{namespace="test",pod="web-4"} 1
cpu{node="node-1"} 1
`), cpu(Demand))
	require.NoError(t, err)
	require.Equal(t, strings.Join([]string{
		"missing: test/web-[1-4]: demand: no component has this name; left out of cpu is 3 of 5 cores",
		`missing: cpu{node="node-1"}: demand: the series lacks a label of {namespace}/{pod}, and is left out`,
		"missing: shop/web-2, shop/web-3, shop/db: demand: no series is theirs; the demand stays as it was, which was not measured",
	}, "\n"), findings.String())
}

// At its capacity a component is not overloaded; above it, it is so with nothing lost.
func TestJoinExceeded(t *testing.T) {
	for demand, above := range map[string]bool{"3.99": false, "4": false, "4.01": true} {
		_, findings, err := Join(shop(), nil, exposed(t, "cpu "+demand+"\nlimit 4\n"),
			Rule{Metric: "cpu", Component: "users", Field: Demand}, Rule{Metric: "limit", Component: "users", Field: Capacity})
		require.NoError(t, err)
		require.Equal(t, above, len(findings) == 1, demand)
		if above {
			require.Equal(t, Exceeded, findings[0].Reason)
			require.Equal(t, []string{"users"}, findings[0].About)
			require.Contains(t, findings[0].Text, "4.01 of 4")
		}
	}
}

func TestJoinUnits(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{{Name: "web-[1-5]", Capacity: 4, Unit: "cores"}}}
	series := exposed(t, `r{i="1"} 1
r{i="2"} 1
r{i="3"} 1
r{i="4"} 1
c{i="1"} 3
`)
	rule := Rule{Metric: "r", Component: "web-{i}", Field: Demand, Unit: "requests/s"}
	_, _, err := Join(spec, nil, series, rule)
	var faults topology.Faults
	require.True(t, errors.As(err, &faults))
	require.Equal(t, "web-1, web-2, web-3 and 1 more: unit clash: the demand is in requests/s (r), the capacity in cores (as declared): "+
		"give a rule for both, or a Factor that turns one into the other", err.Error())

	_, _, err = Join(spec, nil, series, Rule{Metric: `r{i="1"}`, Component: "web-{i}", Field: Demand, Unit: "requests/s"},
		Rule{Metric: "c", Component: "web-{i}", Field: Capacity, Unit: "requests/s"})
	require.NoError(t, err)
	rule.Unit = ""
	got, _, err := Join(spec, nil, series, rule)
	require.NoError(t, err)
	require.Equal(t, "cores", byName(t, got)["web-1"].Unit)

	spec.Components[0] = topology.Component{Name: "web-1", Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"node"}, PerUnit: .1}}}
	for unit, want := range map[string]string{"requests/s": "", "": "", "cores": "web-1: unit clash: what it draws is given for each requests/s, " +
		"and this would be in cores (r): give a Factor that turns one into the other"} {
		_, _, err = Join(spec, nil, series, Rule{Metric: "r", Component: "web-{i}", Field: Demand, Unit: unit})
		require.Equal(t, want != "", err != nil)
		if err != nil {
			require.EqualError(t, err, want)
		}
	}
}

// Names from outside mean themselves.
func TestJoinNames(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{{Name: `a\[1\]`, Demand: 1}, {Name: `k\=v`, Demand: 1}}}
	got, findings, err := Join(spec, nil, exposed(t, `x{n="a[1]"} 2
x{n="k=v"} 3
`), Rule{Metric: "x", Component: "{n}", Field: Demand})
	require.NoError(t, err)
	require.Empty(t, findings)
	require.Equal(t, 2.0, got.Components[0].Demand)
	require.Equal(t, 3.0, got.Components[1].Demand)
	require.Equal(t, `a\[1\]`, got.Components[0].Name)
}

func TestJoinFaults(t *testing.T) {
	for want, try := range map[string]func() error{
		"rule 1: Of: not found: the spec has no kind and no component \"web\"": func() error {
			_, _, err := Join(shop(), nil, nil, Rule{Component: "a", Field: Demand, Of: "web"})
			return err
		},
		"rule 2: Of: not found: ": func() error {
			_, _, err := Join(shop(), nil, nil, cpu(Capacity), Rule{Component: "a", Field: Demand, Of: "web["})
			return err
		},
		"rule 2: Metric: not unique: {} is there twice": func() error {
			twice := append(readFile(t, "scalar.json"), readFile(t, "scalar.json")...)
			_, _, err := Join(shop(), nil, twice, cpu(Capacity), Rule{Component: "users", Field: Demand})
			return err
		},
		"rule 1: Metric: not unique": func() error {
			_, _, err := Values(append(readFile(t, "vector.json"), readFile(t, "vector.json")...), Rule{Component: "users", Field: Demand})
			return err
		},
		"name: bad syntax": func() error {
			_, _, err := Join(topology.Spec{Components: []topology.Component{{Name: "a["}}}, nil, nil, cpu(Demand))
			return err
		},
		"rule 1: Component: bad syntax": func() error { _, _, err := Join(shop(), nil, nil, Rule{Field: Demand}); return err },
		"rule 1: Component: bad":        func() error { _, _, err := Values(nil, Rule{Field: Demand}); return err },
	} {
		var faults topology.Faults
		require.True(t, errors.As(try(), &faults), want)
		require.ErrorContains(t, try(), want)
	}
}

// A scalar is a series without labels.
func TestValuesOfScalar(t *testing.T) {
	values, findings, err := Values(readFile(t, "scalar.json"), Rule{Component: "users", Field: Demand, Factor: 0.5})
	require.NoError(t, err)
	require.Empty(t, findings)
	require.Equal(t, map[string]float64{"users": 4000}, values)
	require.False(t, math.Signbit(values["users"]))
}
