// Checks a file of a fleet: prints everything wrong with it, or the report.
//
//	go build -o analyze ./examples/analyze    (go run ends with 1 where analyze ends with 2)
//	analyze fleet.json
//	analyze -lose 'any 2 of feed' -return board-1=26m -atonce server=10 fleet.yaml
//	analyze -lose 'each rack' servers.csv
//	cat fleet.yaml | analyze -json -
//
// Files that end in .yaml or .yml are YAML, in .csv a table of servers (package topology/csv; what it could not know is on
// standard error), others JSON; standard input ("-") is JSON if it begins with a brace, else YAML.
//
// Exit status: 0 every scenario holds; 1 some does not, or that is not known; 2 the input is bad, and all that is wrong
// with it is on standard error, one a line.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/csv"
	"github.com/ridethrough/ridethrough/topology/yaml"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, in io.Reader, out, problems io.Writer) int {
	q, err := parse(args, problems)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2 // it has been printed
	}
	fleet, err := read(q.file, in, problems)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	q.options.Progress = progress(problems)
	report, err := redundancy.Analyze(ctx, fleet, q.options)
	if report == nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	if printing := q.print(out, report); printing != nil {
		fmt.Fprintln(problems, printing)
		return 2
	}
	if err != nil {
		fmt.Fprintln(problems, err) // what is known by then has been printed
		return 1
	}
	if !report.Holds() {
		return 1
	}
	return 0
}

// progress returns what tells a person at a terminal how far long work is; nil if nobody is there.
func progress(w io.Writer) func(cascade.Progress) {
	file, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(p cascade.Progress) {
		if p.Elapsed > 2*time.Second {
			fmt.Fprintf(w, "\r\x1b[K%v", p)
		}
	}
}

// A question is what the command line asks.
type question struct {
	file    string
	json    bool
	options redundancy.Options
}

func parse(args []string, problems io.Writer) (question, error) {
	var q question
	back, most := times{}, counts{}
	flags := flag.NewFlagSet("analyze", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: analyze [flags] FILE, or - for standard input")
		flags.PrintDefaults()
	}
	flags.TextVar(&q.options.Scenarios, "lose", cascade.Family{}, "what fails: 'each board', 'any 2 of feed', 'board-1 + ups-2'")
	flags.Float64Var(&q.options.Serve, "serve", 1, "the `fraction` of every demand that is enough in the end")
	flags.Var(&back, "return", "when what is lost can be started again: board-1=26m, or never; may be repeated")
	flags.Var(&most, "atonce", "how many may boot together: server=10; may be repeated")
	flags.BoolVar(&q.json, "json", false, "write the report as JSON")
	if err := flags.Parse(args); err != nil {
		return q, err
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(problems, "analyze: one file is needed, after the flags")
		flags.Usage()
		return q, errors.New("one file is needed")
	}
	q.file, q.options.Return, q.options.AtOnce = flags.Arg(0), back, most
	return q, nil
}

func read(file string, in io.Reader, problems io.Writer) (*topology.Topology, error) {
	switch {
	case file == "-":
		text, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		if bytes.HasPrefix(bytes.TrimLeft(text, "\ufeff \t\r\n"), []byte("{")) {
			return topology.Read(bytes.NewReader(text))
		}
		return yaml.Read(bytes.NewReader(text))
	case filepath.Ext(file) == ".yaml" || filepath.Ext(file) == ".yml":
		return yaml.ReadFile(file)
	case filepath.Ext(file) == ".csv":
		return readTable(file, problems)
	default:
		return topology.ReadFile(file)
	}
}

// readTable reads a table of servers, and tells what it could not know.
func readTable(file string, problems io.Writer) (*topology.Topology, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	spec, findings, err := csv.Read(f, csv.Options{})
	var faults topology.Faults
	if errors.As(err, &faults) {
		for i := range faults {
			faults[i].File = file
		}
	}
	if err != nil {
		return nil, err
	}
	if len(findings) > 0 {
		fmt.Fprintln(problems, findings)
	}
	return topology.New(spec)
}

func (q question) print(out io.Writer, report *redundancy.Report) error {
	if !q.json {
		_, err := fmt.Fprintln(out, report)
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(report)
}
