package main

import (
	"context"
	"encoding/json"
	"io"
	"os"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/redundancy/restart/internal/psplib"
	"github.com/ridethrough/ridethrough/topology"
)

// effort is more than there is time for.
const effort = 10_000

// solve finds the earliest finish of the instance in a file on this side, and prints it as the others do.
func solve(ctx context.Context, w io.Writer, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var in psplib.Instance
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	return answered(ctx, w, in)
}

// answered expresses an instance as a fleet and makes its way back.
func answered(ctx context.Context, w io.Writer, in psplib.Instance) error {
	fleet, err := topology.New(in.Spec())
	if err != nil {
		return err
	}
	p, err := restart.Make(ctx, fleet, in.Dark(), restart.Options{Soonest: true, Effort: effort})
	if err != nil {
		return err
	}
	print := json.NewEncoder(w)
	found := message{Type: "solution"}
	found.Output.JSON.Finish = float64(p.Finish / psplib.Unit)
	if err := print.Encode(found); err != nil || p.Certainty != cascade.Proven {
		return err
	}
	return print.Encode(message{Type: "status", Status: optimal})
}
