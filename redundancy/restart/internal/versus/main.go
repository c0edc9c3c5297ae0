// Versus holds restart.Make beside solvers of constraints, whole process against whole process, on the same instances of PSPLIB in the
// same run: how many each proves.
//
//	npm install --prefix /tmp/peers minizinc or-tools-wasm
//	go run ./redundancy/restart/internal/versus -dir ../shared/data/psplib -npm /tmp/peers -set j30 -every 8 -limit 10s
//
// The peers are CP-SAT (npm: or-tools-wasm) with one worker, Chuffed (npm: minizinc) with free search, both compiled to WebAssembly,
// and Gecode (Debian: minizinc). Those that are not here are left out, and it is said how to install them. All have the same
// model: a start for each job, and a cumulative constraint for each resource; MiniZinc's search takes the job first that can
// start first, as early as it can. This side is this program itself, started anew: it reads the instance, expresses it as a fleet and makes its earliest way back, which
// passes restart.Verify.
//
// The limit is of the time of a core that the processes of a side take, all told, so it does not matter what else
// the machine does. What a side takes for three jobs, for WebAssembly several seconds, is how long it takes to start, and not counted.
//
// The table has a line for each set and side: how many finishes are proven, and the mean time, where what is not proven
// counts the limit. If a finish is proven that another side, or what is known, shows to be wrong, the exit status is 1.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/psplib"
	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
)

func main() {
	var r race
	flag.StringVar(&r.library, "dir", "", "directory of the sets")
	flag.StringVar(&r.set, "set", "j30", "the set: j30, j60 or j120")
	flag.StringVar(&r.npm, "npm", ".", "directory in which npm has installed the peers")
	flag.IntVar(&r.every, "every", 8, "take each such instance only")
	flag.DurationVar(&r.limit, "limit", 10*time.Second, "the longest time of a core that a side may take")
	flag.BoolVar(&r.each, "each", false, "print what each side says of each instance")
	instance := flag.String("instance", "", "only find the earliest finish of the instance in this file, and print it")
	flag.Parse()
	err := error(nil)
	if *instance != "" {
		err = solve(context.Background(), os.Stdout, *instance)
	} else {
		err = r.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

// A race is a run of all sides on some instances of a set.
type race struct {
	library, set, npm string
	every             int
	limit             time.Duration
	each              bool
}

func (r *race) run(ctx context.Context) error {
	if r.every < 1 || r.limit < time.Second {
		return fmt.Errorf("-every %d -limit %v: give 1 or more, and a second or more", r.every, r.limit)
	}
	all, err := psplib.Set(r.library, r.set)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "versus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	npm, err := filepath.Abs(r.npm)
	if err != nil {
		return err
	}
	sides, err := sides(work, npm)
	if err != nil {
		return err
	}
	var lines []line
	for _, s := range sides {
		if s.missing != "" {
			fmt.Printf("%s is not here: %s\n", s.name, s.missing)
			continue
		}
		lines = append(lines, line{side: s})
	}
	if err := r.warm(ctx, lines, work); err != nil {
		return err
	}
	for i := 0; i < len(all); i += r.every {
		if err := r.compare(ctx, all[i], lines, work); err != nil {
			return fmt.Errorf("%s: %w", all[i].Name, err)
		}
	}
	r.print(lines)
	return nil
}

// warm finds how long each side takes to start.
func (r *race) warm(ctx context.Context, lines []line, work string) error {
	if err := write(work, three()); err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		a, err := ask(ctx, time.Minute, l.command)
		if err == nil && (!a.proven || a.finish != 7) {
			err = fmt.Errorf("it found %d for jobs that take 7", a.finish)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		l.start = a.took
	}
	return nil
}

// three returns jobs of 3, 4 and 5, of which the second comes after the first, and two can run at once.
func three() psplib.Instance {
	p := schedule.Problem{Capacity: []int64{2}}
	for d := range 3 {
		p.Jobs = append(p.Jobs, schedule.Job{Duration: int64(3 + d), Uses: []schedule.Use{{Resource: 0, During: 1}}})
	}
	p.Jobs[1].After = []int{0}
	return psplib.Instance{Name: "three", Problem: p, Lower: 7, Upper: 7}
}

// compare lets all sides solve an instance.
func (r *race) compare(ctx context.Context, in psplib.Instance, lines []line, work string) error {
	if err := write(work, in); err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		a, err := ask(ctx, r.limit+l.start, l.command)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		if a.took = max(a.took-l.start, 0); !a.proven {
			a.took = r.limit
		} else if a.finish < in.Lower || a.finish > in.Upper {
			return fmt.Errorf("%s has proven %d; known are %d to %d", l.name, a.finish, in.Lower, in.Upper)
		} else {
			in.Lower, in.Upper = a.finish, a.finish // for the sides that follow
		}
		l.add(a)
		if r.each {
			fmt.Printf("%-12s %-8s %v\n", in.Name, l.name, a)
		}
	}
	return nil
}

// write writes what the sides read.
func write(work string, in psplib.Instance) error {
	for name, content := range map[string]any{own: in, shared: newProject(in.Problem)} { // in any order
		text, err := json.Marshal(content)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(work, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (r *race) print(lines []line) {
	fmt.Printf("%s, %s/%s, %v of a core for each\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, r.limit)
	fmt.Println("| set | side | proven | mean time |")
	fmt.Println("| --- | --- | ---: | ---: |")
	for _, l := range lines {
		fmt.Printf("| %s %v\n", r.set, &l)
	}
}

// A line is a line of the table.
type line struct {
	side
	solved, proven int
	start, took    time.Duration
}

func (l *line) add(a answer) {
	l.solved++
	l.took += a.took
	if a.proven {
		l.proven++
	}
}

// String returns a line after the name of the set.
func (l *line) String() string {
	name := l.name
	if l.version != "" {
		name += " (" + l.version + ")"
	}
	return fmt.Sprintf("| %s | %d of %d | %.2f s |", name, l.proven, l.solved, l.took.Seconds()/float64(max(l.solved, 1)))
}
