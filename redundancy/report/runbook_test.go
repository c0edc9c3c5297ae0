package report

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

const minute = time.Minute

// A wayBack is a fleet, and what it comes back from.
type wayBack struct {
	spec     topology.Spec
	scenario cascade.Scenario
	options  restart.Options
}

// hundred is 100 servers at 80 % on four boards.
func hundredServers(gated bool) topology.Spec {
	return topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: names{"board-4"}},
			{Name: "users", Demand: 8_000, Unit: "requests/s", Gated: gated, Supplies: []topology.Supply{{Members: names{"server"}}}},
		},
	}
}

// coldStart is two sorts of servers on boards that their in-rush loads, with a store behind, and users that surge.
var coldStart = topology.Spec{Components: []topology.Component{
	{Name: "main", Capacity: 30_000, Unit: "W"},
	{Name: "board-[1-3]", Kind: "board", Capacity: 10_000, Unit: "W", Supplies: []topology.Supply{{Members: names{"main"}}}},
	{Name: "db-[1-2]", Kind: "store", Capacity: 500, Start: topology.Start{Boot: 3 * minute}, Needs: names{"main"}},
	{Name: "web-[1-3]-[1-8]", Kind: "server", Capacity: 100, Unit: "requests/s", Start: topology.Start{Boot: 2 * minute, WarmUp: 10 * minute, Cold: .5},
		StartNeeds: names{"1 of store"},
		Supplies:   []topology.Supply{{Members: names{"board-{1}"}, Base: 300, PerUnit: 2, Inrush: 1_000}, {Members: names{"store"}, PerUnit: .4}}},
	{Name: "big-[1-3]-[1-2]", Kind: "server", Capacity: 160, Unit: "requests/s", Start: topology.Start{Boot: 4 * minute},
		StartNeeds: names{"1 of store"},
		Supplies:   []topology.Supply{{Members: names{"board-{1}"}, Base: 500, PerUnit: 2, Inrush: 1_500}, {Members: names{"store"}, PerUnit: .4}}},
	{Name: "users", Demand: 2_000, Unit: "requests/s", Gated: true, Reopen: topology.Reopen{Surge: .5, Decay: 5 * minute},
		Supplies: []topology.Supply{{Members: names{"server"}}}},
}}

// waves is n servers in racks of 40.
func waves(n int) topology.Spec {
	return topology.Spec{Components: []topology.Component{
		{Name: "main"},
		{Name: fmt.Sprintf("board-[1-%d]", n/40), Kind: "board", Capacity: 20_000, Unit: "W", Needs: names{"main"}},
		{Name: fmt.Sprintf("s-[1-%d]-[1-40]", n/40), Kind: "server", Capacity: 100, Start: topology.Start{Boot: 2 * minute},
			Supplies: []topology.Supply{{Members: names{"board-{1}"}, Base: 400, Inrush: 450}}},
		{Name: "users", Demand: 80 * float64(n), Gated: true, Supplies: []topology.Supply{{Members: names{"server"}}}},
	}}
}

// waysBack are the runbooks of testdata.
func waysBack() map[string]wayBack {
	back := map[string]time.Duration{"board-1": 26 * minute}
	tooFew := hundredServers(true)
	alone := topology.Spec{Components: []topology.Component{
		{Name: "web-[1-2]", Kind: "server", Capacity: 100},
		{Name: "weak", Capacity: 1, Overload: topology.Overload{Shed: true}},
		{Name: "more", Demand: 10, Supplies: []topology.Supply{{Members: names{"weak"}}}},
	}}
	return map[string]wayBack{
		"waves":   {waves(1_000), cascade.Lose("main"), restart.Options{AtOnce: map[string]int{"server": 10}}},
		"hundred": {hundredServers(true), cascade.Lose("board-1"), restart.Options{Return: back}},
		"ungated": {hundredServers(false), cascade.Lose("board-1"), restart.Options{Return: back}},
		"too-few": {tooFew, cascade.Lose("board-1"), restart.Options{Return: map[string]time.Duration{"board-1": -1}}},
		"cold-start": {coldStart, cascade.Lose("main"), restart.Options{Return: map[string]time.Duration{"main": 5 * minute},
			AtOnce: map[string]int{"server": 12}}},
		"undetermined": {alone, cascade.Lose("web-1"), restart.Options{}},
	}
}

func made(t testing.TB, w wayBack) (*topology.Topology, *restart.Plan) {
	f := fleet(t, w.spec)
	p, err := restart.Make(context.Background(), f, w.scenario, w.options)
	require.NoError(t, err)
	return f, p
}

func TestRunbook(t *testing.T) {
	for name, w := range waysBack() {
		t.Run(name, func(t *testing.T) {
			f, p := made(t, w)
			var out bytes.Buffer
			require.NoError(t, Runbook(context.Background(), &out, f, p))
			checkRunbook(t, p, out.String())
			golden(t, "runbook-"+name+".txt", out.String())
		})
	}
}

// Ladders are tables; who stops where, the conditions say.
func TestRunbookOfGuardedPlan(t *testing.T) {
	w := waysBack()["cold-start"]
	w.options.Return = nil
	f, p := made(t, w)
	guarded, err := p.Guard(context.Background(), f, restart.Spread{})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, Runbook(context.Background(), &out, f, guarded))
	checkRunbook(t, guarded, out.String())
	golden(t, "runbook-guarded.txt", out.String())
}

var (
	stepLine  = regexp.MustCompile(`(?m)^ +([0-9]+)(?:-([0-9]+))?  +[0-9:.]* +(?:when .*: |if .*: )?(power on|rotate in|admit|go on)`)
	andSoOn   = regexp.MustCompile(`with step ([0-9]+) to [0-9:]+ with step ([0-9]+);`)
	chartLine = regexp.MustCompile(`(?m)^.{10} \|(.*)$`)
	noNumber  = regexp.MustCompile(`NaN|Inf|%!`)
)

// checkRunbook reads a runbook back: each step is there, or between two that are said to be alike, and the chart fits.
func checkRunbook(t require.TestingT, p *restart.Plan, text string) {
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		require.NoError(t, err)
		return n
	}
	seen := make([]int, len(p.Steps)+1)
	for _, m := range stepLine.FindAllStringSubmatch(text, -1) {
		for n := number(m[1]); n <= number(cmp.Or(m[2], m[1])); n++ {
			seen[n]++
		}
	}
	for _, m := range andSoOn.FindAllStringSubmatch(text, -1) {
		for n := number(m[1]); n <= number(m[2]); n++ {
			seen[n]++
		}
	}
	for n, times := range seen[1:] {
		require.Equal(t, 1, times, "step %d in:\n%s", n+1, text)
	}
	for _, m := range chartLine.FindAllStringSubmatch(text, -1) {
		require.LessOrEqual(t, utf8.RuneCountInString(m[1]), chartColumns)
	}
	require.NotRegexp(t, noNumber, text)
}

// Whatever the fleet, the runbook has all of its plan, twice the same, and no undoing in it is unsafe.
func TestRunbookOfAnyColdStart(t *testing.T) {
	t.Parallel()
	undone, steps := 0, 0
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 4))
		w := wayBack{spec: fleet(t, coldStart).Spec(), scenario: cascade.Lose("main"), options: restart.Options{
			Return: map[string]time.Duration{"board-1": time.Duration(r.IntN(40)-2) * minute},
			AtOnce: map[string]int{"server": 1 + r.IntN(12)}, Grid: time.Duration(1+r.IntN(3)) * 30 * time.Second,
		}}
		c := w.spec.Components
		c[1].Capacity = float64(4_000 + 1_000*r.IntN(10))
		c[3].Start.Boot, c[4].Capacity = time.Duration(r.IntN(5))*minute, float64(50+10*r.IntN(20))
		users := &c[len(c)-1]
		users.Gated, users.Demand, users.Reopen.Surge = r.IntN(5) > 0, float64(500+100*r.IntN(20)), float64(r.IntN(3))/2
		users.Supplies[0].Share = []topology.Share{topology.Equal, topology.Proportional}[r.IntN(2)]
		f, p := made(t, w)
		var out, again bytes.Buffer
		require.NoError(t, Runbook(context.Background(), &out, f, p))
		require.NoError(t, Runbook(context.Background(), &again, f, p))
		require.Equal(t, out.String(), again.String())
		checkRunbook(t, p, out.String())
		undone += strings.Count(out.String(), "(replayed: safe)")
		steps += len(p.Steps)
		require.NotContains(t, out.String(), "none that is safe", "seed %d", seed)
	}
	t.Log(undone, "undone of", steps)
	require.Greater(t, undone, 200)
}

// A plan whose steps wait, and say what to do with fewer, is not to be stopped for what is late or missing then.
func TestRunbookOfStepsWithConditions(t *testing.T) {
	fleet, p := made(t, waysBack()["cold-start"])
	var plain, guarded bytes.Buffer
	require.NoError(t, Runbook(t.Context(), &plain, fleet, p))
	require.Contains(t, plain.String(), "too few to go on at")
	p, err := p.Guard(t.Context(), fleet, restart.Spread{Runs: 20})
	require.NoError(t, err)
	require.NoError(t, Runbook(t.Context(), &guarded, fleet, p))
	require.Contains(t, guarded.String(), "if all goes as planned: with less ready less is let in")
	require.NotContains(t, guarded.String(), "too few to go on at")
}

// A limit on what boots in no time limits nothing, and is not to be read beside a step that starts more.
func TestRunbookOfALimitThatLimitsNothing(t *testing.T) {
	for boot, want := range map[time.Duration]string{
		0:      "at once       of server at most 1 may boot together: that limits nothing, for they boot in no time\n",
		minute: "at once       of server at most 1 may boot together\n",
	} {
		f := fleet(t, topology.Spec{Components: []topology.Component{
			{Name: "web-[1-2]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: boot}},
			{Name: "users", Demand: 150, Gated: true, Supplies: []topology.Supply{{Members: names{"server"}}}},
		}})
		p, err := restart.Make(t.Context(), f, cascade.Lose("server"), restart.Options{AtOnce: map[string]int{"server": 1}})
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, Runbook(t.Context(), &out, f, p))
		require.Contains(t, out.String(), want)
	}
}

// The users come at 5:00 by themselves: two servers carry them, one does not.
func TestRunbookWhereNobodyMayStop(t *testing.T) {
	f := fleet(t, topology.Spec{Components: []topology.Component{
		{Name: "web-[1-2]", Kind: "server", Capacity: 100},
		{Name: "dns", Start: topology.Start{Boot: 5 * minute}},
		{Name: "users", Demand: 150, StartNeeds: names{"dns"}, Supplies: []topology.Supply{{Members: names{"server"}}}},
	}})
	p := &restart.Plan{Scenario: cascade.Lose("web", "dns"), Steps: []restart.Step{
		{Do: restart.PowerOn, What: names{"dns", "server"}},
		{At: minute, Do: restart.Rotate, What: names{"web-1"}},
		{At: 2 * minute, Do: restart.Rotate, What: names{"web-2"}},
	}}
	p.Scenario = cascade.Lose("server", "dns")
	require.NoError(t, p.Measure(context.Background(), f))
	var out bytes.Buffer
	require.NoError(t, Runbook(context.Background(), &out, f, p))
	require.Contains(t, out.String(), `stopping      is not safe everywhere`)
	require.Equal(t, 1, strings.Count(out.String(), "do not stop here: at 5:00 web-1 would be overloaded: 150 of 100\n"))
	require.Contains(t, out.String(), "5:00  by itself\n")
	require.Contains(t, out.String(), "none: users cannot be held back\n")

	p.Steps[2].At = 6 * minute
	out.Reset()
	err := Runbook(context.Background(), &out, f, p)
	var v *restart.Violation
	require.ErrorAs(t, err, &v)
	require.Equal(t, restart.Overload, v.Reason)
	require.Empty(t, out.String(), "nobody is to follow it")
}

// A moment of waiting is all that each of more than a budget of replays costs.
func TestRunbookBudget(t *testing.T) {
	f, p := made(t, waysBack()["cold-start"])
	line, err := timelineOf(context.Background(), f, p)
	require.NoError(t, err)
	b := &runbook{ctx: context.Background(), t: f, p: p, line: line, budget: 100 * f.Len()}
	require.NoError(t, b.write())
	require.Regexp(t, `after each of the first [0-9]+ times written out below`, b.String())
	require.Contains(t, b.String(), "(not replayed)")
}

func TestRunbookErrors(t *testing.T) {
	f, p := made(t, waysBack()["hundred"])
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, Runbook(ctx, &bytes.Buffer{}, f, p), context.Canceled)
	require.ErrorIs(t, Runbook(context.Background(), broken{}, f, p), errFull)
	line, err := p.Timeline(context.Background(), f)
	require.NoError(t, err)
	require.ErrorIs(t, Chart(broken{}, line), errFull)
	p.Scenario = cascade.Lose("nothing")
	require.ErrorContains(t, Runbook(context.Background(), &bytes.Buffer{}, f, p), "nothing")
}

// A chart ends after the last moment; its columns cover all of the time, without a gap.
func TestChartAxis(t *testing.T) {
	for last, end := range map[time.Duration]time.Duration{
		0: 4 * minute, 1: 4 * time.Second, 26 * minute: 40 * minute, 40 * minute: 60 * minute, time.Hour: 2 * time.Hour,
		96 * time.Hour: 192 * time.Hour, math.MaxInt64: math.MaxInt64,
	} {
		require.Equal(t, end, horizon(last), last)
		if end < math.MaxInt64 {
			require.Equal(t, end, horizon(beginOf(chartColumns-1, end)), "a look at the last column does not move the end")
		}
		require.Equal(t, end, beginOf(chartColumns, end))
	}
	line := &restart.Timeline{Demands: []restart.Demand{{Name: "users", Asked: 100}}}
	for i := range 1_000 {
		line.Moments = append(line.Moments, restart.Moment{At: time.Duration(i*i) * time.Second, Demands: []restart.Traffic{{Admitted: float64(i) / 10, Served: float64(i) / 10}}})
	}
	c := &chart{line: line, end: horizon(line.Moments[999].At)}
	c.cut()
	for i, s := range c.columns {
		require.LessOrEqual(t, line.Moments[s.first].At, beginOf(i, c.end))
		if i > 0 {
			require.LessOrEqual(t, s.first, c.columns[i-1].last+1)
		}
		require.True(t, s.last == 999 || line.Moments[s.last+1].At >= beginOf(i+1, c.end))
	}
	require.Equal(t, 999, c.columns[chartColumns-1].last)
	require.Empty(t, chartOf(&restart.Timeline{}))
}

// What is drawn is what is said: a level is marked from just at it on.
func TestChartLevels(t *testing.T) {
	for rotating, want := range map[int]string{0: ".....", 1: "#....", 24: "#....", 25: "##...", 99: "####.", 100: "#####"} {
		line := &restart.Timeline{Groups: []restart.Group{{Name: "s", Count: 100, Rotates: true}}, Moments: []restart.Moment{
			{Groups: []restart.Standing{{Rotating: rotating}}}, {At: minute, Groups: []restart.Standing{{Rotating: rotating}}},
		}}
		rows := chartLine.FindAllStringSubmatch(chartOf(line), -1)
		var got strings.Builder
		for row := chartRows - 1; row >= 0; row-- {
			got.WriteString(rows[row][1][:1])
		}
		require.Equal(t, want, got.String(), "%d", rotating)
	}
	for used, want := range map[float64]string{0: " ", .05: "0", .1: "1", .999: "9", 1: "F", 1 + 1e-12: "F", 1.1: "!"} {
		require.Equal(t, want, string(tenths(used)), fmt.Sprint(used))
	}
}

// tenThousand is a plan of 10,000 admissions, each of a little more.
func tenThousand(t testing.TB) (*topology.Topology, *restart.Plan) {
	f := fleet(t, hundredServers(true))
	p := &restart.Plan{Scenario: cascade.Lose("board-1"), Return: map[string]time.Duration{"board-1": -1}}
	p.Steps = []restart.Step{{Do: restart.PowerOn, What: names{"chat-[031-100]"}}, {Do: restart.Rotate, What: names{"chat-[031-100]"}}}
	for i := range 9_998 {
		p.Steps = append(p.Steps, restart.Step{At: time.Duration(i) * time.Second, Do: restart.Admit, What: names{"users"}, Admit: .875 * float64(i+1) / 9_998})
	}
	require.NoError(t, p.Measure(context.Background(), f))
	return f, p
}

func TestRunbookOfTenThousandSteps(t *testing.T) {
	f, p := tenThousand(t)
	var out bytes.Buffer
	require.NoError(t, Runbook(context.Background(), &out, f, p))
	checkRunbook(t, p, out.String())
	require.Less(t, strings.Count(out.String(), "\n"), 100)
}

func BenchmarkRunbook(b *testing.B) {
	for name, plan := range map[string]func(testing.TB) (*topology.Topology, *restart.Plan){
		"10,000 steps": tenThousand,
		"100,000 servers": func(t testing.TB) (*topology.Topology, *restart.Plan) {
			return made(t, wayBack{waves(100_000), cascade.Lose("main"), restart.Options{AtOnce: map[string]int{"server": 5_000}}})
		},
	} {
		b.Run(name, func(b *testing.B) {
			f, p := plan(b)
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, Runbook(context.Background(), &bytes.Buffer{}, f, p))
			}
		})
	}
}
