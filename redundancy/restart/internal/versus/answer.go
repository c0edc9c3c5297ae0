package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// An answer is what a side says of an instance.
type answer struct {
	finish int64
	proven bool
	took   time.Duration // of a core
}

func (a answer) String() string {
	if !a.proven {
		return "not proven"
	}
	return fmt.Sprintf("%d in %.2f s", a.finish, a.took.Seconds())
}

// A message is a line that a side prints, in the form of MiniZinc's --json-stream.
type message struct {
	Type   string `json:"type"`
	Status string `json:"status,omitempty"`
	Output struct {
		JSON struct {
			Finish float64 `json:"finish"`
		} `json:"json"`
	} `json:"output"`
}

// optimal is the status of a proof.
const optimal = "OPTIMAL_SOLUTION"

// read reads what a side printed. Lines of other messages, and what is no message, count for nothing.
func read(out []byte) (a answer) {
	for line := range bytes.Lines(out) {
		var m message
		if json.Unmarshal(line, &m) != nil {
			continue
		}
		switch {
		case m.Type == "solution":
			a.finish = int64(m.Output.JSON.Finish)
		case m.Type == "status" && m.Status == optimal:
			a.proven = true
		}
	}
	return a
}

// patience is how many times the limit a side may take on the clock, if others use the machine.
const patience = 30

// ask starts a side, and counts as no proof what takes more than a limit of the time of a core. What would take much more is stopped, by a limit
// of the shell's that each process of a side has.
func ask(ctx context.Context, limit time.Duration, command []string) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience*limit)
	defer cancel()
	const limited = `ulimit -t "$1" && shift && exec "$@"`
	c := exec.CommandContext(ctx, "sh", append([]string{"-c", limited, "sh", fmt.Sprint(int(1.25*limit.Seconds()) + 1)}, command...)...)
	c.Env = append(c.Environ(), "GOMAXPROCS=1")
	c.WaitDelay = time.Second
	out, err := c.Output()
	if c.ProcessState == nil {
		return answer{}, err
	}
	a := read(out)
	a.took = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	if a.took >= limit || c.ProcessState.ExitCode() < 0 { // it was stopped
		return answer{took: limit}, nil
	}
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		err = fmt.Errorf("%w after %v: %s", err, a.took, failed.Stderr)
	}
	return a, err
}
