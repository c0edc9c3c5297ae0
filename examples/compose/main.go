// What a Compose project survives, and in what order it starts:
//
//	go run ./examples/compose [flags] FILE...
//	docker compose config | go run ./examples/compose -
//
// The files are merged in order, as `docker compose -f a -f b` does; "-" is standard input. Variables come from the file
// that -env names, else from .env beside the first file. It prints what the files do not say or what looks wrong in
// them, what a lost service takes down, the waves in which `docker compose up` starts, and what becomes of each scenario
// that -lose names.
//
// Exit status: 0 every scenario holds; 1 some does not, or that is not known; 2 the input is bad, or, with -strict,
// something had to be assumed. (go run ends with 1 where the program ends with 2.)
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/compose"
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
	fleet, findings, err := q.read(in)
	if err == nil && q.strict {
		err = findings.Strict()
	}
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	screening, err := cascade.Screen(ctx, fleet, q.lose, cascade.Options{})
	if screening == nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	newView(fleet).print(out, findings)
	fmt.Fprintf(out, "\nScenarios\n%s\n", indent(screening.String()))
	if err != nil {
		fmt.Fprintln(problems, err)
		return 1
	}
	if !screening.Holds() {
		return 1
	}
	return 0
}

// A question is what the command line asks.
type question struct {
	files   []string
	env     string
	strict  bool
	lose    cascade.Family
	options compose.Options
}

func parse(args []string, problems io.Writer) (question, error) {
	var q question
	flags := flag.NewFlagSet("compose", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: compose [flags] FILE..., or - for standard input")
		flags.PrintDefaults()
	}
	flags.StringVar(&q.env, "env", "", "the `file` of variables; without it, .env beside the first file, if there is one")
	flags.TextVar(&q.lose, "lose", cascade.Each("container"), "what fails: 'each container', 'each host', 'service=cart'")
	flags.Float64Var(&q.options.Load, "load", 0, "what each container does, as a `fraction` of what it can; 0: what it reserves, else all of it")
	flags.BoolVar(&q.strict, "strict", false, "assume nothing: whatever is not in the files is an error")
	flags.BoolVar(&q.options.Swarm, "swarm", false, "it is deployed by docker stack deploy, on machines that are not known")
	flags.Func("profile", "a `profile` that is active; may be repeated", func(name string) error {
		q.options.Profiles = append(q.options.Profiles, name)
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return q, err
	}
	if q.files = flags.Args(); len(q.files) == 0 {
		flags.Usage()
		return q, errors.New("no file")
	}
	return q, nil
}

// read reads the files; those that they name are looked for in the folder of the first, and nowhere else.
func (q question) read(in io.Reader) (*topology.Topology, topology.Findings, error) {
	folder := filepath.Dir(q.files[0])
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	q.options.Files = root.FS()
	if q.options.Env, err = q.variables(folder); err != nil {
		return nil, nil, err
	}
	var readers []io.Reader
	for _, name := range q.files {
		if name == "-" {
			readers = append(readers, in)
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		readers = append(readers, f)
	}
	spec, findings, err := compose.Read(q.options, readers...)
	if err != nil {
		return nil, nil, err
	}
	fleet, err := topology.New(spec)
	return fleet, findings, err
}

func (q question) variables(folder string) (map[string]string, error) {
	name := q.env
	if name == "" {
		name = filepath.Join(folder, ".env")
	}
	f, err := os.Open(name)
	if q.env == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	env, err := compose.ReadEnv(f)
	var faults topology.Faults
	if errors.As(err, &faults) {
		for i := range faults {
			faults[i].File = name
		}
	}
	return env, err
}
