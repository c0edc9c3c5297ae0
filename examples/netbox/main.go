// Is the power redundancy in NetBox real? Reads NetBox data and takes down each power feed and each power panel:
//
//	go build -o netbox ./examples/netbox      (go run ends with 1 where netbox ends with 2)
//	python3 manage.py dumpdata --natural-foreign dcim contenttypes >dump.json && netbox dump.json
//	netbox racks.json devices.json power-*.json cables.json    (answers of /api/dcim/racks/?limit=1000 and so on)
//	netbox -draw 400 -lose 'each power feed' dump.json
//
// It prints what NetBox does not say and what looks wrong in it, then what each loss takes down, worst first. A feed
// has what NetBox calls available power, volts × amperes × max utilization; one that has to carry more is taken to
// trip.
//
// Exit status: 0 every loss holds; 1 some does not, or that is not known, for draws or feeds are missing; 2 the input
// is bad, and what is wrong with it is on standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/netbox"
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
	fleet, found, err := q.read(in)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	if q.lose == "" {
		q.lose = usual(fleet)
	}
	a, err := ask(ctx, fleet, found, q.lose)
	if a == nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	fmt.Fprint(out, a.text())
	if err != nil {
		fmt.Fprintln(problems, err) // what is known by then has been printed
		return 1
	}
	if !a.holds() {
		return 1
	}
	return 0
}

// A question is what the command line asks.
type question struct {
	files   []string
	lose    string // a family of losses; "" is the usual one
	strict  bool
	options netbox.Options
}

func parse(args []string, problems io.Writer) (question, error) {
	var q question
	flags := flag.NewFlagSet("netbox", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: netbox [flags] [FILE...], or - for standard input")
		flags.PrintDefaults()
	}
	flags.StringVar(&q.lose, "lose", "",
		"what `fails`: 'each rack', 'any 2 of power feed', 'site/DC1' (default each power feed and each power panel)")
	flags.BoolVar(&q.strict, "strict", false, "take what NetBox does not say for an error")
	flags.Func("draw", "the `watts` that each device draws of which NetBox knows no draw", func(text string) (err error) {
		if q.options.Draw, err = strconv.ParseFloat(strings.TrimSuffix(text, "W"), 64); err != nil {
			return errors.New("write watts as a number, such as 350")
		}
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return q, err
	}
	if _, err := cascade.ParseFamily(q.lose); err != nil {
		fmt.Fprintln(problems, "-lose:", err)
		return q, err
	}
	if !(q.options.Draw >= 0 && q.options.Draw <= 1e6) {
		err := errors.New("-draw: give watts a device, from 0 to 1000000")
		fmt.Fprintln(problems, err)
		return q, err
	}
	q.files = flags.Args()
	if len(q.files) == 0 {
		q.files = []string{"-"}
	}
	return q, nil
}

// usual returns the losses to look at where it is not said: each power feed and each power panel that there is.
func usual(fleet *topology.Topology) string {
	var families []string
	for _, kind := range []string{"power feed", "power panel"} {
		if slices.Contains(fleet.Kinds(), kind) {
			families = append(families, "each "+kind)
		}
	}
	if families == nil {
		return "none"
	}
	return strings.Join(families, "; ")
}

// read reads the files, one after the other, as one fleet.
func (q question) read(in io.Reader) (*topology.Topology, topology.Findings, error) {
	var all []io.Reader
	for _, name := range q.files {
		if name == "-" {
			all = append(all, in)
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		all = append(all, f, strings.NewReader("\n"))
	}
	spec, found, err := netbox.Read(io.MultiReader(all...), q.options)
	if err == nil && q.strict {
		err = found.Strict()
	}
	if err != nil {
		return nil, nil, err
	}
	if len(spec.Components) == 0 {
		return nil, nil, fmt.Errorf("nothing is left of the data:\n%v", found)
	}
	fleet, err := topology.New(spec)
	return fleet, found, err
}
