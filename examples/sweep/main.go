// Looks at every scenario of a family: on one machine, or in shards on many.
//
//	go build -o sweep ./examples/sweep        (go run ends with 1 where sweep ends with 2)
//
// On a laptop:
//
//	sweep -lose 'any 2 of feed' fleet.yaml
//	sweep -lose 'random 30 of server' -samples 10000000 -seed 1 fleet.yaml
//
// As an array of Slurm jobs (sbatch --array=0-99 sweep.sh), in a folder that all see:
//
//	sweep -lose 'up to 4 of rack' -shard auto -shards 100 -out results fleet.yaml
//	sweep -merge results                      (when all are done)
//
// As an Indexed Job of Kubernetes:
//
//	apiVersion: batch/v1
//	kind: Job
//	metadata: {name: sweep}
//	spec:
//	  completionMode: Indexed
//	  completions: 100
//	  parallelism: 20
//	  template:
//	    spec:
//	      restartPolicy: OnFailure
//	      volumes: [{name: data, persistentVolumeClaim: {claimName: sweep}}]
//	      containers:
//	      - name: sweep
//	        image: sweep
//	        args: [-lose, up to 4 of rack, -shard, auto, -shards, "100", -out, /data/results, /data/fleet.yaml]
//	        volumeMounts: [{name: data, mountPath: /data}]
//
// A shard writes what it has piece by piece, so that one that was killed goes on where it stopped, and one that is done
// is not done again.
//
// Exit status: 0 every scenario holds, or a shard is done; 1 some scenario does not hold, or that is not known; 2 the
// input is bad, or shards do not go together, and what is wrong is on standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	s := sweep{in: os.Stdin, out: os.Stdout, problems: os.Stderr, env: os.Getenv}
	status := s.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

// A sweep is a run of this program.
type sweep struct {
	question
	in            io.Reader
	out, problems io.Writer
	env           func(string) string

	odds *cascade.Odds // exact, beside a sample; nil if there are none
}

func (s *sweep) run(ctx context.Context, args []string) int {
	switch err := s.parse(args, s.problems); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2 // it has been printed
	}
	result, err := s.answer(ctx)
	if result != nil {
		if printing := s.print(result); printing != nil {
			return s.fail(printing)
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.problems, err) // what is known by then has been printed
		return 1
	case err != nil:
		return s.fail(err)
	case s.shard == "" && !result.Holds():
		return 1
	}
	return 0
}

func (s *sweep) fail(err error) int {
	fmt.Fprintln(s.problems, "sweep:", err)
	return 2
}

// answer returns what is known, also where the error says that it is not all.
func (s *sweep) answer(ctx context.Context) (*cascade.Screening, error) {
	if s.merge != "" {
		return merge(s.merge)
	}
	fleet, err := read(s.file, s.in)
	if err != nil {
		return nil, err
	}
	if s.shard != "" {
		return s.doShard(ctx, fleet)
	}
	bar := newBar(s.problems)
	defer bar.end()
	s.options.Progress = bar.progress()
	result, err := cascade.Screen(ctx, fleet, s.lose, s.options)
	if err == nil && result.Certainty == cascade.Sampled {
		err = s.findOdds(ctx, fleet)
	}
	return result, err
}

// findOdds works out in closed form, where there is one, how likely that is of which there was only a sample.
func (s *sweep) findOdds(ctx context.Context, fleet *topology.Topology) error {
	odds, err := cascade.Chance(ctx, fleet, s.lose, cascade.Options{Serve: s.options.Serve, Samples: 1})
	if err == nil && odds.Certainty == cascade.Exact {
		s.odds = odds
	}
	return err
}

func (s *sweep) doShard(ctx context.Context, fleet *topology.Topology) (*cascade.Screening, error) {
	number, of, err := which(s.shard, s.shards, s.env)
	if err != nil {
		return nil, err
	}
	bar := newBar(s.problems)
	defer bar.end()
	s.options.Progress = bar.progress()
	plan, err := cascade.NewPlan(fleet, s.lose, s.options)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.folder, 0o777); err != nil {
		return nil, err
	}
	say := func(format string, args ...any) {
		bar.end()
		fmt.Fprintf(s.problems, format+"\n", args...)
	}
	sh := shard{folder: s.folder, number: number, of: of, plan: plan, bar: bar, say: say}
	return sh.do(ctx)
}
