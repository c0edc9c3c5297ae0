package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
	"github.com/ridethrough/ridethrough/topology"
)

// least finds the least cost of a fleet in files, and prints it, as a user's program would.
func least(ctx context.Context, w io.Writer, dir string) error {
	t, err := topology.ReadFile(filepath.Join(dir, "fleet.json"))
	if err != nil {
		return err
	}
	var offers []spare.Offer
	if err := read(dir, "offers.json", func(text []byte) error { return json.Unmarshal(text, &offers) }); err != nil {
		return err
	}
	var family cascade.Family
	if err := read(dir, "family", family.UnmarshalText); err != nil {
		return err
	}
	p, err := spare.Minimum(ctx, t, family, spare.Options{Offers: offers})
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(answer{Cost: p.Cost, Bound: p.Bound, None: p.Infeasible, Certainty: p.Certainty, Reason: p.Reason})
}

func read(dir, name string, into func([]byte) error) error {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	return into(text)
}

// write writes the integer program of a fleet in files, for CBC to read.
func write(dir string) error {
	var f lp.Fleet
	if err := read(dir, "groups.json", func(text []byte) error { return json.Unmarshal(text, &f) }); err != nil {
		return err
	}
	return create(filepath.Join(dir, "program.lp"), lp.New(&f).Write)
}
