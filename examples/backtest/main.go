// Was the prediction right? Takes a loss that has happened, and what Prometheus had measured before and after it, and
// puts prediction beside measurement:
//
//	curl -s 'http://prometheus:9090/api/v1/query_range' -d start=11:50… -d end=12:10… -d step=15s \
//	     --data-urlencode 'query=sum by (instance) (rate(http_requests_total[1m]))' >loads.json
//	go run ./examples/backtest -lose board-b -demand users -component '{instance%:*}' \
//	     -before 2026-03-14T11:58:00Z -after 2026-03-14T12:03:00Z fleet.yaml loads.json
//
// The fleet is a file as examples/analyze reads it. Its component users gets the sum of what was measured before as its
// demand. The times are the first and the last of any series if they are not given; "-" is standard input.
//
// Exit status: 0 every survivor was predicted to 10 % or better (-within), and none was missed; 1 not so; 2 the input is
// bad.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology/prom"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, in io.Reader, out, problems io.Writer) int {
	q, err := parse(args, problems)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2 // it has been printed
	}
	result, findings, err := q.answer(in)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	if len(findings) > 0 {
		fmt.Fprintf(out, "%v\n\n", findings)
	}
	fmt.Fprint(out, result)
	if !right(result, q.within) {
		return 1
	}
	return 0
}

// A question is what the command line asks.
type question struct {
	fleet, loads  string
	lose          []string
	demand        string
	measured      prom.Rule
	before, after time.Time
	within        float64
}

func parse(args []string, problems io.Writer) (q question, err error) {
	flags := flag.NewFlagSet("backtest", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: backtest -lose NAMES -demand NAME [flags] FLEET LOADS")
		flags.PrintDefaults()
	}
	lose := flags.String("lose", "", "what was lost: `names` or patterns, such as 'board-b, web-[07,09]'")
	flags.StringVar(&q.demand, "demand", "", "the component whose demand is the sum of all that was measured: `users`")
	flags.StringVar(&q.measured.Component, "component", "{instance%:*}", "the component of a series, made of its `labels`")
	flags.StringVar(&q.measured.Metric, "metric", "", "the series that are loads, if the file has others: a name or `selector`")
	flags.Func("before", "a `time` before the loss, such as 2026-03-14T11:58:00Z (default the first of any series)", into(&q.before))
	flags.Func("after", "a `time` after it, when loads have settled (default the last)", into(&q.after))
	flags.Float64Var(&q.within, "within", .1, "the `fraction` of its load to which each survivor should be predicted")
	if err := flags.Parse(args); err != nil {
		return q, err
	}
	if flags.NArg() != 2 || *lose == "" || q.demand == "" {
		flags.Usage()
		return q, errors.New("something is missing")
	}
	q.lose = split(*lose)
	q.fleet, q.loads = flags.Arg(0), flags.Arg(1)
	return q, nil
}

// into returns what reads a time of a flag.
func into(at *time.Time) func(string) error {
	return func(text string) (err error) {
		if *at, err = time.Parse(time.RFC3339, text); err != nil {
			return errors.New("write it as 2026-03-14T11:58:00Z")
		}
		return nil
	}
}

// split cuts at the commas that are not in brackets, nor after a backslash.
func split(list string) (names []string) {
	start, inside := 0, false
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == '\\':
			i++
		case list[i] == '[' || list[i] == ']':
			inside = list[i] == '['
		case list[i] == ',' && !inside:
			names = append(names, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
	}
	return append(names, strings.TrimSpace(list[start:]))
}
