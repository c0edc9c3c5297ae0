// Command table solves the instances of PSPLIB and prints how far the schedules are above the critical path, and how many
// are proven.
//
//	go run ./redundancy/restart/internal/schedule/internal/table -dir ../shared/data/psplib -set j120 -schedules 1000,5000
//	go run ./redundancy/restart/internal/schedule/internal/table -dir ../shared/data/psplib -set j30 -conflicts 1000000
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/psplib"
	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
)

var (
	dir       = flag.String("dir", "", "directory of the sets")
	set       = flag.String("set", "j30", "the set: j30, j60 or j120")
	every     = flag.Int("every", 1, "take each such instance only")
	schedules = flag.String("schedules", "1000", "schedules to generate, several numbers for several tables")
	conflicts = flag.Int("conflicts", 0, "of the proof, at most")
	within    = flag.Duration("within", time.Hour, "time for an instance, at most")
	each      = flag.Bool("each", false, "print each instance")
)

func main() {
	flag.Parse()
	instances, err := psplib.Set(*dir, *set)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := range strings.SplitSeq(*schedules, ",") {
		n, err := strconv.Atoi(n)
		if err == nil {
			err = table(instances, schedule.Options{Schedules: n, Conflicts: *conflicts})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// table solves instances and prints a line on all of them.
func table(instances []psplib.Instance, o schedule.Options) error {
	var above, known, below float64
	var proven, best, done int
	var times []time.Duration
	for i := 0; i < len(instances); i += *every {
		in := &instances[i]
		ctx, cancel := context.WithTimeout(context.Background(), *within)
		from := time.Now()
		r, err := schedule.Solve(ctx, in.Problem, o)
		times = append(times, time.Since(from))
		cancel()
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err := schedule.Check(in.Problem, r.Start); err != nil {
			return fmt.Errorf("%s: %w", in.Name, err)
		}
		if r.Bound > in.Upper || r.Finish < in.Lower || r.Proven && r.Finish != r.Bound {
			return fmt.Errorf("%s: finish %d, bound %d, known are %d to %d", in.Name, r.Finish, r.Bound, in.Lower, in.Upper)
		}
		path := float64(in.Problem.Path())
		above += 100 * (float64(r.Finish) - path) / path
		known += 100 * (float64(in.Upper) - path) / path
		below += 100 * (float64(r.Bound) - path) / path
		done++
		if r.Proven {
			proven++
		}
		if r.Finish <= in.Upper {
			best++
		}
		if *each {
			fmt.Printf("%-12s finish %4d (known %4d) bound %4d (known %4d) proven %-5v %7d conflicts %8.2f s\n",
				in.Name, r.Finish, in.Upper, r.Bound, in.Lower, r.Proven, r.Conflicts, times[len(times)-1].Seconds())
		}
	}
	slices.SortFunc(times, func(a, b time.Duration) int { return cmp.Compare(b, a) })
	sum := time.Duration(0)
	for _, t := range times {
		sum += t
	}
	n := float64(done)
	fmt.Printf("%s: %d instances, %d schedules, %d conflicts: %.2f %% above the critical path (best known %.2f, bound %.2f), "+
		"%d as good as known, %d proven, mean %.3f s, worst %.2f s\n", *set, done, o.Schedules, o.Conflicts,
		above/n, known/n, below/n, best, proven, sum.Seconds()/n, times[0].Seconds())
	return nil
}
