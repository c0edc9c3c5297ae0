package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/yaml"
)

// A question is what the command line asks.
type question struct {
	file    string
	lose    cascade.Family
	options cascade.Options
	json    bool

	shard  string // "0/100", or auto
	shards int
	folder string
	merge  string
}

func (q *question) parse(args []string, problems io.Writer) error {
	flags := flag.NewFlagSet("sweep", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: sweep [flags] FILE, or - for standard input; sweep -merge DIR")
		flags.PrintDefaults()
	}
	flags.TextVar(&q.lose, "lose", cascade.Family{}, "what fails: 'any 2 of feed', 'random 30 of server', 'independent server'")
	flags.BoolVar(&q.options.OnlyHolds, "holds", false, "ask only what holds, not what becomes of the rest")
	flags.Float64Var(&q.options.Serve, "serve", 1, "the `fraction` of every demand that is enough in the end")
	flags.Int64Var(&q.options.Samples, "samples", 1_000_000, "how many scenarios to draw where there are too many")
	flags.Uint64Var(&q.options.Seed, "seed", 0, "of the samples")
	flags.IntVar(&q.options.Workers, "workers", 0, "how many cores to use; 0 is all")
	flags.BoolVar(&q.json, "json", false, "write the result as JSON")
	flags.StringVar(&q.shard, "shard", "", "do only shard `i/n`, counted from 0; auto takes both from Slurm or Kubernetes")
	flags.IntVar(&q.shards, "shards", 0, "of -shard auto: how many there are, where the environment does not tell")
	flags.StringVar(&q.folder, "out", "", "the `folder` that shards are written to")
	flags.StringVar(&q.merge, "merge", "", "put all shards of a `folder` together")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := q.check(flags); err != nil {
		fmt.Fprintln(problems, "sweep:", err)
		flags.Usage()
		return err
	}
	q.file = flags.Arg(0)
	return nil
}

func (q *question) check(flags *flag.FlagSet) error {
	switch {
	case q.merge != "" && flags.NFlag()+flags.NArg() > 1 && !(q.json && flags.NFlag() == 2 && flags.NArg() == 0):
		return errors.New("-merge takes what was asked from the shards: give it alone, or with -json")
	case q.merge != "":
		return nil
	case flags.NArg() != 1:
		return errors.New("one file is needed, after the flags")
	case (q.shard == "") != (q.folder == ""):
		return errors.New("-shard and -out go together")
	case q.shards != 0 && q.shard != "auto":
		return errors.New("-shards goes with -shard auto")
	}
	return nil
}

func read(file string, in io.Reader) (*topology.Topology, error) {
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
	default:
		return topology.ReadFile(file)
	}
}

func (s *sweep) print(result *cascade.Screening) error {
	if !s.json {
		_, err := fmt.Fprintln(s.out, result)
		if s.odds != nil {
			fmt.Fprintf(s.out, "In closed form: %v\n", s.odds)
		}
		return err
	}
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(result)
}
