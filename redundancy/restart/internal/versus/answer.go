package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/peer"
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

// ask starts a side, and counts as no proof what takes more than a limit of the time of a core.
func ask(ctx context.Context, limit time.Duration, command []string) (answer, error) {
	r, err := peer.Run(ctx, limit, command...)
	a := read(r.Out)
	a.took = r.Took
	return a, err
}
