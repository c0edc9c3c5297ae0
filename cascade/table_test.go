package cascade_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

var table = flag.Bool("table", false, "measure, and print the table of the README")

// TestTable prints the table of the README: each question by the engine, and by the loop that computes every load of every
// scenario anew (settle), in the same run.
func TestTable(t *testing.T) {
	if !*table {
		t.Skip("measures for two minutes; ask for it with -table")
	}
	w := io.Writer(os.Stdout)
	fmt.Fprintf(w, "%s, %s/%s, GOMAXPROCS %d\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	fmt.Fprintln(w, "| fleet | question | scenarios | loop, each | here, each | all of it |")
	fmt.Fprintln(w, "| --- | --- | ---: | ---: | ---: | ---: |")
	tabulatePools(w)
	tabulateHall(t, w)
	tabulateCluster(w)
	tabulateScreens(t, w)
}

// A line is one question, asked of many scenarios.
func line(w io.Writer, fleet, asked string, n int, loop, each time.Duration) {
	all := time.Duration(n) * each
	fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n", fleet, asked, topology.Quantity(float64(n), ""), brief(loop), brief(each), brief(all))
}

// brief writes a time with three digits.
func brief(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", d.Seconds()*1e6)
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", d.Seconds()*1e3)
	default:
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
}

// loop measures the naive loop on a few of the scenarios.
func (x build) loop(lost [][]topology.ID) time.Duration {
	n, began := 0, time.Now()
	for ; n < 3 || n < len(lost) && time.Since(began) < 300*time.Millisecond; n++ {
		settle(x.fleet, nil, nil, lost[n%len(lost)])
	}
	return time.Since(began) / time.Duration(n)
}

// each measures the engine on all of the scenarios, the best of three rounds.
func (x build) each(q question, lost [][]topology.ID) time.Duration {
	best := time.Duration(1 << 62)
	for range 3 {
		began := time.Now()
		for _, ids := range lost {
			x.engine.Lose(ids...)
			q.ask(x.engine)
			x.engine.Undo()
		}
		best = min(best, time.Since(began))
	}
	return best / time.Duration(len(lost))
}

func (x build) line(w io.Writer, fleet, asked string, q question, lost [][]topology.ID) {
	line(w, fleet, asked, len(lost), x.loop(lost), x.each(q, lost))
}

func tabulatePools(w io.Writer) {
	for _, n := range []int{100, 1_000_000} {
		x, fleet := flats[n](), topology.Quantity(float64(n), "")+" different servers"
		servers := x.kind("server")
		x.line(w, fleet, "any one: holds", holds, each(servers[:min(n, 100_000)]))
		x.line(w, fleet, "random 30: survives", survives, draws(10_000, 30, servers))
		if n > 1000 {
			x.line(w, fleet, "random 1,000: survives", survives, draws(1000, 1000, servers))
		}
	}
}

func tabulateHall(t *testing.T, w io.Writer) {
	x, fleet := halls[0].built(), "1,000,000 servers, 25,000 racks, 5,000 dual feeds, 40 UPS, 5 services"
	fmt.Fprintf(w, "| %s | build, compile; %.0f bytes a server | | | | %s |\n", fleet, float64(x.bytes)/1e6, brief(x.created+x.compiled))
	var singles [][]topology.ID
	for _, kind := range []string{"rack", "feed", "ups"} {
		singles = append(singles, each(x.kind(kind))...)
	}
	x.line(w, "", "any one rack, feed or UPS: holds", holds, singles)
	x.line(w, "", "the same: survives", survives, singles)
	began := time.Now()
	s, err := cascade.Screen(context.Background(), x.fleet, cascade.Any(2, "feed"), cascade.Options{OnlyHolds: true})
	require.NoError(t, err)
	took := time.Since(began)
	line(w, "", fmt.Sprintf("any two feeds: holds, on %d cores", runtime.GOMAXPROCS(0)), int(s.Run), x.loop(each(x.kind("feed"))[:3]), took/time.Duration(s.Run))
}

func tabulateCluster(w io.Writer) {
	x, fleet := cluster(), "150,000 pods, all different, on 5,000 nodes in 3 zones"
	zones := x.kind("zone")
	x.line(w, fleet, "any one node: survives", survives, each(x.kind("node")))
	x.line(w, "", "any two zones: survives", survives, [][]topology.ID{zones[:2], zones[1:], {zones[0], zones[2]}})
}

func tabulateScreens(t *testing.T, w io.Writer) {
	x := flats[100]()
	loop := x.loop(draws(1000, 30, x.kind("server")))
	for workers := 1; workers <= runtime.GOMAXPROCS(0); workers *= 2 {
		began := time.Now()
		s, err := cascade.Screen(context.Background(), x.fleet, cascade.Random(30, "server"), cascade.Options{Samples: 4_000_000, Workers: workers})
		require.NoError(t, err)
		took := time.Since(began)
		line(w, "100 different servers", fmt.Sprintf("random 30, drawn and followed to the end, on %d of the cores", workers), int(s.Run), loop, took/time.Duration(s.Run))
	}
	began := time.Now()
	s, err := cascade.Screen(context.Background(), hundred(), cascade.Any(30, "server"), cascade.Options{})
	require.NoError(t, err)
	fmt.Fprintf(w, "| 100 servers on boards of 30, 30, 20, 20 | any 30, in %s cases | 2.9 × 10²⁵ | | | %s |\n", topology.Quantity(float64(s.Run), ""), brief(time.Since(began)))
	began = time.Now()
	odds, err := cascade.Chance(context.Background(), x.fleet, cascade.Random(30, "server"), cascade.Options{})
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, odds.Certainty)
	fmt.Fprintf(w, "| 100 different servers | random 30: the exact probability | 2.9 × 10²⁵ | | | %s |\n", brief(time.Since(began)))
}
