package prom_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/backtest"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/prom"
)

var update = flag.Bool("update", false, "write what the server answers to testdata")

// Ten servers share 1000 requests/s, each within 3 % of its part. Then three are lost: two are no longer measured, and
// one is measured as NaN.
const (
	servers = 10
	left    = 7
	demand  = 1000.0
	noise   = 0.03
)

// An exporter says what the servers carry.
type exporter struct{ lost atomic.Bool }

func (e *exporter) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	up := servers
	if e.lost.Load() {
		up = left
	}
	fmt.Fprintln(w, "# HELP load Requests a second.\n# TYPE load gauge")
	for i := 1; i <= up; i++ {
		fmt.Fprintf(w, "load{server=\"web-%02d\"} %v\n", i, demand/float64(up)*(1+uneven(i)))
	}
	if up == left {
		fmt.Fprintf(w, "load{server=\"web-%02d\"} NaN\n", servers)
	}
	for i := 1; i <= servers; i++ {
		fmt.Fprintf(w, "capacity{server=\"web-%02d\"} 160\n", i)
	}
}

// uneven is how far a server is from its equal part; of all ten, and of the first seven, it sums to 0.
func uneven(i int) float64 {
	return noise * [servers]float64{1, -1, 0.5, -0.5, 0.25, -0.25, 0, 0.75, -0.75, 0}[i-1]
}

// answers is what the server was asked: the loads before and after, and all the time between.
type answers struct{ before, after, ranged, capacity []byte }

func TestServer(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("prometheus is not on PATH: it is in Debian's package prometheus")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 28*time.Second)
	defer cancel()
	e := &exporter{}
	target := httptest.NewServer(e)
	defer target.Close()
	api := start(ctx, t, program, target.Listener.Addr().String())

	var a answers
	begin := until(ctx, t, api, "count(load)", servers)
	a.before = ask(ctx, t, api+"/query", "query", "load", "time", stamp(begin))
	a.capacity = ask(ctx, t, api+"/query", "query", "capacity")
	e.lost.Store(true)
	end := until(ctx, t, api, "count(load)", left+1)
	a.after = ask(ctx, t, api+"/query", "query", "load", "time", stamp(end))
	a.ranged = ask(ctx, t, api+"/query_range", "query", "load", "start", stamp(begin), "end", stamp(end), "step", "0.1")
	judge(t, a)

	_, _, err = prom.Read(bytes.NewReader(ask(ctx, t, api+"/query", "query", "load(")))
	require.ErrorContains(t, err, "the server did not answer, but says bad_data: ")
	scraped := ask(ctx, t, "http://"+target.Listener.Addr().String()+"/metrics")
	series, _, err := prom.Read(bytes.NewReader(scraped))
	require.NoError(t, err)
	require.Len(t, series, left+1+servers)
	if *update {
		a.write(t)
	}
}

// The same with what a server once answered.
func TestRecordedAnswers(t *testing.T) {
	var a answers
	for name, into := range a.files() {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		*into = data
	}
	judge(t, a)
}

func (a *answers) files() map[string]*[]byte {
	files := map[string]*[]byte{}
	for name, into := range map[string]*[]byte{"before": &a.before, "after": &a.after, "ranged": &a.ranged, "capacity": &a.capacity} {
		files[filepath.Join("testdata", "server-"+name+".json")] = into
	}
	return files
}

func (a *answers) write(t *testing.T) {
	for name, data := range a.files() {
		require.NoError(t, os.WriteFile(name, *data, 0o644))
	}
}

// judge joins what was measured to the fleet, and holds the prediction of the loss against it.
func judge(t *testing.T, a answers) {
	load := prom.Rule{Metric: "load", Component: "{server}"}
	before, none, err := prom.Values(read(t, a.before), load)
	require.NoError(t, err)
	require.Empty(t, none)
	after, nan, err := prom.Values(read(t, a.after), load)
	require.NoError(t, err)
	require.Len(t, nan, 1)
	require.Equal(t, prom.NotFinite, nan[0].Reason)
	require.Equal(t, []string{"web-10"}, nan[0].About)
	require.Len(t, before, servers)
	require.Len(t, after, left)

	ranged := read(t, a.ranged)
	first, _, err := prom.Values(prom.At(ranged, earliest(ranged), 0), load)
	require.NoError(t, err)
	require.Equal(t, before, first)
	last, findings, err := prom.Values(ranged, load)
	require.NoError(t, err)
	require.Equal(t, after, last)
	require.Equal(t, []string{"web-08", "web-09"}, findings[1].About)
	require.Equal(t, prom.Stale, findings[1].Reason)

	spec := topology.Spec{Components: []topology.Component{
		{Name: "web-[01-10]", Kind: "server"},
		{Name: "users", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	series := append(read(t, a.before), read(t, a.capacity)...)
	spec, findings, err = prom.Join(spec, nil, series,
		prom.Rule{Metric: "load", Component: "users", Field: prom.Demand, Unit: "requests/s"},
		prom.Rule{Metric: "capacity", Component: "{server}", Field: prom.Capacity, Unit: "requests/s", Of: "server"})
	require.NoError(t, err)
	require.Empty(t, findings)
	fleet, err := topology.New(spec)
	require.NoError(t, err)

	result, err := backtest.Run(fleet, cascade.Lose("web-[08-10]"), before, after)
	require.NoError(t, err)
	require.Equal(t, cascade.Holds, result.Outcome.Verdict)
	require.InDelta(t, 1, result.Ratio, 1e-9)
	require.Equal(t, servers, result.Before.Components)
	require.Equal(t, left, result.After.Components)
	require.Greater(t, result.After.Mean, 0.0)
	for _, fit := range []backtest.Fit{result.Before, result.After, result.AfterScaled} {
		require.LessOrEqual(t, math.Abs(fit.Most), noise/(1-noise)+1e-9, "x off 1+x is at most x/(1-x)")
	}
	t.Log("\n" + result.String())
}

func read(t *testing.T, answer []byte) []prom.Series {
	t.Helper()
	series, findings, err := prom.Read(bytes.NewReader(answer))
	require.NoError(t, err)
	require.Empty(t, findings)
	return series
}

func earliest(series []prom.Series) time.Time {
	first := series[0].Points[0].Time
	for _, s := range series {
		if s.Points[0].Time.Before(first) {
			first = s.Points[0].Time
		}
	}
	return first
}

// start runs the server on a free port of the loopback until the test ends, and returns where its API is.
func start(ctx context.Context, t *testing.T, program, target string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
global: {scrape_interval: 500ms, scrape_timeout: 500ms}
scrape_configs: [{job_name: fleet, static_configs: [{targets: ["%s"]}]}]
`, target), 0o600))
	command := exec.CommandContext(ctx, program, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address, "--log.level=warn")
	var log bytes.Buffer
	command.Stdout, command.Stderr, command.WaitDelay = &log, &log, time.Second
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // it was killed
		if t.Failed() {
			t.Logf("prometheus said:\n%s", log.String())
		}
	})
	return "http://" + address + "/api/v1"
}

// until asks until a query has a value, and returns a time at which it has.
func until(ctx context.Context, t *testing.T, api, query string, want float64) time.Time {
	t.Helper()
	for {
		now := time.Now().Truncate(100 * time.Millisecond)
		if answer, err := get(ctx, api+"/query", "query", query, "time", stamp(now)); err == nil {
			series, _, err := prom.Read(bytes.NewReader(answer))
			if err == nil && len(series) == 1 && series[0].Points[0].Value == want {
				return now
			}
		}
		select {
		case <-ctx.Done():
			require.FailNow(t, "the server did not come to it in time", "%s = %v", query, want)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func stamp(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }

func ask(ctx context.Context, t *testing.T, address string, parameters ...string) []byte {
	t.Helper()
	answer, err := get(ctx, address, parameters...)
	require.NoError(t, err)
	return answer
}

func get(ctx context.Context, address string, parameters ...string) ([]byte, error) {
	values := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		values.Set(parameters[i], parameters[i+1])
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"?"+values.Encode(), nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	return io.ReadAll(response.Body)
}
