// Package peer runs programs side by side: each in a process of its own, on one core, within a limit of the time of it, so that it does
// not matter what else the machine does.
package peer

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// A Result is what a program printed, and what it took.
type Result struct {
	Out     []byte
	Took    time.Duration // of a core, by all of its processes
	Peak    int64         // bytes: the most that was resident; 0 if the system does not tell
	Stopped bool          // it took more than the limit, which Took is then, and Out is nothing
}

// patience is how many times the limit a program may take on the clock, if others use the machine.
const patience = 30

// Run runs a command. What takes more than a limit counts as stopped; what would take much more is, by a limit of the shell's that each
// of its processes has. The error of a program that fails is an *[exec.ExitError] with what it said.
func Run(ctx context.Context, limit time.Duration, command ...string) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, patience*limit)
	defer cancel()
	const limited = `ulimit -t "$1" && shift && exec "$@"`
	c := exec.CommandContext(ctx, "sh", append([]string{"-c", limited, "sh", fmt.Sprint(int(1.25*limit.Seconds()) + 1)}, command...)...)
	c.Env = append(c.Environ(), "GOMAXPROCS=1")
	c.WaitDelay = time.Second
	out, err := c.Output()
	if c.ProcessState == nil {
		return Result{}, err
	}
	r := Result{Out: out, Took: c.ProcessState.UserTime() + c.ProcessState.SystemTime(), Peak: peak(c.ProcessState)}
	if r.Took >= limit || c.ProcessState.ExitCode() < 0 { // it was stopped
		return Result{Took: limit, Peak: r.Peak, Stopped: true}, nil
	}
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		err = fmt.Errorf("%w after %v: %s", err, r.Took, failed.Stderr)
	}
	return r, err
}
