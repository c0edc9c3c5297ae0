package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/openpsa"
)

// solve finds the figures of the tree in a file on this side.
func solve(ctx context.Context, file string) (*figures, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	spec, _, err := openpsa.Read(openpsa.Options{}, in)
	if faults := (topology.Faults)(nil); errors.As(err, &faults) && faults[0].Reason == openpsa.NotCoherent {
		return &figures{Refused: fmt.Sprintf("%s is not coherent", faults[0].Component)}, nil
	} else if err != nil {
		return nil, err
	}
	t, err := topology.New(spec)
	if err != nil {
		return nil, err
	}
	top, err := topOf(t)
	if err != nil {
		return nil, err
	}
	a, err := risk.Analyze(ctx, t, top, risk.Options{Failing: topology.Names{openpsa.BasicEvent}})
	if err != nil {
		return nil, err
	}
	if a.Certainty != cascade.Exact {
		return nil, fmt.Errorf("the probability is known to be %v only", a.Unavailability)
	}
	f := &figures{Count: a.Count, Probability: a.Unavailability.High}
	for id := range topology.ID(t.Len()) {
		if t.Kind(id) == openpsa.Gate {
			f.Gates++
		} else {
			f.Events++
		}
	}
	return f, nil
}

// topOf returns the gate that no other has as an argument.
func topOf(t *topology.Topology) (string, error) {
	tops, err := t.Select("top=yes")
	if err != nil || len(tops) != 1 {
		return "", fmt.Errorf("there is not one gate at the top: %w", err)
	}
	return t.Name(tops[0]), nil
}
