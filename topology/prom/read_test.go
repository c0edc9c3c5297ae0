package prom

import (
	"bufio"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func readFile(t testing.TB, name string) []Series {
	t.Helper()
	series, _, err := Read(strings.NewReader(text(t, name)))
	require.NoError(t, err)
	return series
}

func text(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(data)
}

func at(seconds float64) time.Time { return time.UnixMilli(int64(1000 * seconds)).UTC() }

// written writes series in a form that NaN compares in.
func written(series []Series) []string {
	var all []string
	for _, s := range series {
		var line strings.Builder
		line.WriteString(s.String())
		for _, p := range s.Points {
			line.WriteString(" " + strings.TrimSuffix(p.Time.Format("15:04:05.999"), "Z") + "=" + formatted(p.Value))
		}
		all = append(all, line.String())
	}
	return all
}

func formatted(x float64) string {
	if isStale(x) {
		return "stale"
	}
	return strings.ToLower(topology.Quantity(x, ""))
}

func TestReadVector(t *testing.T) {
	series, findings, err := Read(strings.NewReader(text(t, "vector.json")))
	require.NoError(t, err)
	require.Len(t, series, 3)
	require.Equal(t, map[string]string{"pod": "web-1", "namespace": "shop"}, series[0].Labels)
	require.Equal(t, []Point{{at(1700000000.25), 12.5}}, series[0].Points)
	require.True(t, math.IsNaN(series[1].Points[0].Value))
	require.False(t, isStale(series[1].Points[0].Value))
	require.True(t, math.IsInf(series[2].Points[0].Value, 1))
	require.Equal(t, topology.Findings{
		{Class: topology.Suspect, Reason: Warned, Text: "the server says: store eu-2 did not answer"},
		{Class: topology.Suspect, Reason: Warned, Text: "the server says: PromQL info: metric might not be a counter"},
	}, findings)
}

func TestReadMatrix(t *testing.T) {
	series := readFile(t, "matrix.json")
	require.Equal(t, []Point{{at(1700000000), 1}, {at(1700000010), 2}, {at(1700000020), 3}}, series[0].Points)
	require.Equal(t, `load{instance="b:9100"}`, series[1].String())
	require.Len(t, series[1].Points, 2)
	require.Equal(t, "h", series[2].Labels[nameLabel])
	require.Empty(t, series[2].Points, "a native histogram")
}

func TestReadScalar(t *testing.T) {
	series := readFile(t, "scalar.json")
	require.Equal(t, []Series{{Points: []Point{{at(1700000000), 8000}}}}, series)
	require.Equal(t, "{}", series[0].String())
}

// Answers after one another are one; what two of them say counts once, and points go by time.
func TestReadConcatenated(t *testing.T) {
	matrix := text(t, "matrix.json")
	earlier := `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"instance":"b:9100","__name__":"load"},"values":[[1699999990,"5"],[1700000000,"10"]]}]}}`
	series, findings, err := Read(strings.NewReader(matrix + earlier + "\n" + text(t, "vector.json") + text(t, "vector.json")))
	require.NoError(t, err)
	require.Len(t, series, 6)
	require.Equal(t, []Point{{at(1699999990), 5}, {at(1700000000), 10}, {at(1700000010), 20}}, series[1].Points)
	require.Len(t, findings, 2)
}

func TestReadText(t *testing.T) {
	series := readFile(t, "exporter.txt")
	require.Equal(t, []string{
		"node_load1 00:00:00=0.25",
		`http_requests{code="200",handler="/"} 22:13:20=1,027`,
		`http_requests{code="500",handler="/a\\b\"c\n"} 23:59:59.999=3`,
		`http.queue{path.name="ä"} 00:00:00=nan`,
		`rpc_bucket{le="+Inf"} 00:00:00=1,700`,
		`power_watts{outlet="1"} 00:00:00=+inf`,
	}, written(series))
	require.True(t, series[0].Points[0].Time.IsZero())
	require.Equal(t, map[string]string{nameLabel: "http_requests", "code": "500", "handler": "/a\\b\"c\n"}, series[2].Labels)
}

// In OpenMetrics times are seconds, also where they are whole, and exemplars follow; a second exposition is by itself.
func TestReadOpenMetrics(t *testing.T) {
	series, _, err := Read(strings.NewReader(text(t, "open.txt") + "\nup 1 1700000001000\n"))
	require.NoError(t, err)
	require.Equal(t, []string{
		`requests_total{pod="web-1"} 22:13:20.5=17`,
		`requests_total{pod="web-2"} 00:00:00=18`,
		`requests_total{pod="web-3"} 22:13:21=19`,
		`up 22:13:21=1`,
	}, written(series))
}

// The name of a metric may stand in braces, and then a text begins as JSON does.
func TestReadTextThatBeginsWithABrace(t *testing.T) {
	series, _, err := Read(strings.NewReader(`{"http.queue", a="b"} 3` + "\n" + `{"x"} 4`))
	require.NoError(t, err)
	require.Equal(t, []string{`http.queue{a="b"} 00:00:00=3`, "x 00:00:00=4"}, written(series))
}

func TestReadNothing(t *testing.T) {
	for _, empty := range []string{"# only a comment", `{"status":"success","data":{"resultType":"vector","result":[]}}`,
		`{"status":"success","data":{"resultType":"vector","result":null}}`} {
		series, findings, err := Read(strings.NewReader(empty))
		require.NoError(t, err)
		require.Empty(t, series)
		require.Empty(t, findings)
	}
}

func TestReadFaults(t *testing.T) {
	const good = `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}`
	element := func(text string) string {
		return `{"status":"success","data":{"result":[{"metric":{"a":"b"},"value":[1,"2"]},` + text + `]}}`
	}
	for in, want := range map[string]string{
		"":       "bad syntax: nothing is there",
		" \n\t ": "bad syntax: nothing is there",
		`{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}`: "answer 1: bad syntax: the server did not answer, but says bad_data: parse error: unexpected end",
		good + `{"status":"error","errorType":"timeout","error":"too slow","data":null}`:  "answer 2: bad syntax: the server did not answer, but says timeout: too slow",
		`{"data":{"result":[]}}`:                             `answer 1: status: bad syntax: "": want the answer of /api/v1/query`,
		`{"status":"success"}`:                               "answer 1: data: bad syntax: it is not there",
		`{"status":"success","data":["up","down"]}`:          "answer 1: data: bad syntax: want an object with a result",
		`{"status":"success","data":{"result":{}}}`:          "answer 1: data.result: bad syntax: want a list",
		`{"status":1}`:                                       "answer 1: status: bad syntax: here is JSON of the type number, where",
		`{"status":"success","data":{"result":[1,2`:          "answer 1: data.result: bad syntax: it ends in the middle",
		`{"status":"success","data":{"result":[1]}}`:         "answer 1: data.result: bad syntax: [1]: want a time and a value",
		`{"status":"success","data":{"result":[1,2]}}`:       "answer 1: data.result: bad syntax: [1,2]: want a time and a value",
		`{"status":"success","data":{"result":[1,"x"]}}`:     "answer 1: data.result: bad syntax: [1,\"x\"]: want a time and a value",
		`{"status":"success","data":{"result":[1,"2",3]}}`:   "answer 1: data.result[2]: bad syntax: want a series",
		`{"status":"success","data":{"result":[1e99,"2"]}}`:  "answer 1: data.result: bad syntax: 1e+99 is no time",
		element(`{"metric":{"a":"c"},"value":[1,"0x1p3"]}`):  "answer 1: data.result[1]: bad syntax: [1,\"0x1p3\"]: want a time",
		element(`{"metric":{"a":"c"},"value":[1,2]}`):        "answer 1: data.result[1]: bad syntax: [1,2]: want a time and a value",
		element(`{"metric":{"a":1},"value":[1,"2"]}`):        "answer 1: data.result[1].metric: bad syntax: here is JSON of the type number",
		element(`{"metric":[],"value":[1,"2"]}`):             "answer 1: data.result[1].metric: bad syntax: here is JSON of the type array",
		element(`{"metric":{"a":"c"},"values":[[1,"2"],4]}`): "answer 1: data.result[1]: bad syntax: 4: want a time and a value",
		element(`{"metric":{"a":"b"},"value":[1,"3"]}`):      `{a="b"}: not unique: the values 2 and 3 at the same time`,
		good + "up 1":            "answer 2: bad syntax: invalid character 'u'",
		good + "[]":              "answer 2: bad syntax: want an answer, which begins with {",
		`{"status":"success",]}`: "answer 1: bad syntax: invalid character ']'",
		"\n\nup":                 `3:3: bad syntax: "": want a value: a number, NaN`,
		"up 1\nup{a=b} 1":        `2:6: bad syntax: want a text in double quotes`,
		"up{a=\"b} 1":            "1:11: bad syntax: the text in quotes is not closed",
		"up{a=\"b\\":             "1:9: bad syntax: after a backslash want",
		"up{a=\"\\x\"} 1":        "1:8: bad syntax: after a backslash want",
		"up{a=\"b\" c=\"d\"} 1":  "1:10: bad syntax: want a comma or }",
		"up{1=\"b\"} 1":          "1:4: bad syntax: want the name of a label",
		"up{a \"b\"} 1":          "1:6: bad syntax: want = after a label",
		"up{a!=\"b\"} 1":         `1:11: bad syntax: "!=": want = after a label`,
		"up{a=\"b\",a=\"c\"} 1":  `1:16: bad syntax: the label "a" stands twice`,
		"{a=\"b\"} 1":            "answer 1: bad syntax: invalid character 'a'",
		"up 1 2 3":               `1:8: bad syntax: "3": want the end of the line`,
		"up 1 2.5":               `1:1: bad syntax: "2.5" is no time in milliseconds since 1970; OpenMetrics`,
		"up 1 x\n# EOF":          `1:1: bad syntax: "x" is no time in seconds`,
		"up 1 1e300\n# EOF":      `1:1: bad syntax: 1e+300 is no time`,
		"up 0x10":                `1:8: bad syntax: "0x10": want a value`,
		"up 1_0":                 `1:7: bad syntax: "1_0": want a value`,
		"up 1\nup 2":             "up: not unique: the values 1 and 2 at the same time: read the answers to different queries",
		"ä 1":                    "1:1: bad syntax: want the name of a metric",
		"a\xff 1":                "1:1: bad syntax: the line is not valid UTF-8",
		"<html>":                 "1:1: bad syntax: want the name of a metric",
	} {
		series, _, err := Read(strings.NewReader(in))
		require.ErrorContains(t, err, want, in)
		require.Nil(t, series)
		var faults topology.Faults
		require.True(t, errors.As(err, &faults), in)
	}
}

// Many bad lines are reported together, and not endlessly.
func TestReadManyFaults(t *testing.T) {
	_, _, err := Read(strings.NewReader(strings.Repeat("up 1 2.5\n-\n", 50)))
	var faults topology.Faults
	require.True(t, errors.As(err, &faults))
	require.Len(t, faults, maxFaults)
}

// An error of the reader is not a fault of the text.
func TestReadError(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, begin := range []string{"", "up 1\n", `{"status":`, `{"status":"success","data":{"result":[{"metric":{}`, text(t, "vector.json")} {
		_, _, err := Read(io.MultiReader(strings.NewReader(begin), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken, begin)
	}
}

// endless gives a text again and again.
type endless struct{ begin, again string }

func (e *endless) Read(p []byte) (int, error) {
	if e.begin == "" {
		e.begin = e.again
	}
	n := copy(p, e.begin)
	e.begin = e.begin[n:]
	return n, nil
}

// Input without end is refused before it fills the memory. Of what is counted in millions, most has come already.
func TestReadEndless(t *testing.T) {
	const head = `{"status":"success","data":{"resultType":"matrix","result":[`
	for name, c := range map[string]struct {
		in   endless
		want string
	}{
		"blanks in JSON": {endless{"{", strings.Repeat(" ", 4096)}, "too large"},
		"a string":       {endless{`{"status":"`, strings.Repeat("x", 4096)}, "longer than 16 MiB"},
		"a key":          {endless{`{"`, strings.Repeat("x", 4096)}, "longer than 16 MiB"},
		"one series":     {endless{head + `{"metric":{},"values":[`, strings.Repeat(`[1,"2"],`, 512)}, "data.result[0]: too large: longer than 16 MiB"},
		"nested":         {endless{head, "[[[[[[[[[[[[[[[["}, "bad syntax"},
		"points":         {endless{head, `{"metric":{},"values":[` + strings.Repeat(`[1,"2"],`, 999) + `[1,"2"]]},`}, "more than 5000000 points"},
		"a line":         {endless{"", strings.Repeat("x", 4096)}, "more than 1 MiB"},
		"labels":         {endless{"a{", `a="b",`}, "more than 1 MiB"},
		"lines":          {endless{"", "up 1 1\n"}, "more than 5000000 points"},
		"bad lines":      {endless{"", "-\n"}, "bad syntax"},
	} {
		before, start := allocated(), time.Now()
		err := readInto(&collector{index: map[string]int{}, points: maxPoints - 10_000}, &c.in)
		require.ErrorContains(t, err, c.want, name)
		require.Less(t, allocated()-before, uint64(200<<20), name)
		require.Less(t, time.Since(start), 20*time.Second, name)
	}
}

// readInto reads what Read does into a collector that already has something.
func readInto(c *collector, r io.Reader) error {
	in := bufio.NewReader(r)
	if first, err := in.Peek(1); err != nil || first[0] == '{' {
		return readAnswers(in, c)
	}
	return readText(in, c, 0)
}

// At each limit all is well; one more is refused.
func TestReadLimits(t *testing.T) {
	full := newCollector()
	full.series = make([]Series, maxSeries-1)
	for name, c := range map[string]struct {
		c    *collector
		want string
	}{
		"series": {full, "more than 1000000 series"},
		"points": {&collector{index: map[string]int{}, points: maxPoints - 1}, "more than 5000000 points"},
		"labels": {&collector{index: map[string]int{}, text: maxLabelText - len("a")}, "more than 256 MiB of labels"},
	} {
		require.NoError(t, readInto(c.c, strings.NewReader("a 1")), name)
		require.ErrorContains(t, readInto(c.c, strings.NewReader("b 1")), c.want, name)
	}
	line := "a{b=\"" + strings.Repeat("x", maxLine-len("a{b=\"\"} 1\n")) + "\"} 1\n"
	require.NoError(t, readInto(newCollector(), strings.NewReader(line)))
	require.ErrorContains(t, readInto(newCollector(), strings.NewReader(" "+line)), "a line of more than 1 MiB")
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
