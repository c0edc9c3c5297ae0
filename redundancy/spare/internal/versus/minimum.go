package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
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

// An answer is what one side says.
type answer struct {
	Cost, Bound float64
	None        bool // no purchase helps
	Certainty   cascade.Certainty
	Reason      string
}

// agrees reports whether two answers can both be right. Costs are in hundredths.
func (a answer) agrees(b answer) bool {
	switch {
	case !a.sure() || !b.sure():
		return a.low() < b.high()+.001 && b.low() < a.high()+.001
	case a.None || b.None:
		return a.None == b.None
	default:
		return math.Abs(a.Cost-b.Cost) < .001
	}
}

func (a answer) sure() bool {
	return a.Certainty == cascade.Proven || a.Certainty == cascade.Exact
}

// low and high are what the least cost lies between.
func (a answer) low() float64 {
	if a.sure() {
		return a.high()
	}
	return a.Bound
}

func (a answer) high() float64 {
	if a.None || a.Certainty == cascade.Undetermined {
		return math.Inf(1)
	}
	return a.Cost
}

// String returns "39.5", or what is known of it.
func (a answer) String() string {
	switch {
	case a.Certainty == cascade.Undetermined:
		return fmt.Sprintf("not determined, %.2f or more", a.Bound)
	case a.None:
		return "none helps"
	case !a.sure():
		return fmt.Sprintf("%.2f to %.2f", a.Bound, a.Cost)
	default:
		return fmt.Sprintf("%.2f", a.Cost)
	}
}

func read(dir, name string, into func([]byte) error) error {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	return into(text)
}
