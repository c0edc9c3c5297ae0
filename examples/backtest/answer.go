package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/backtest"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/prom"
	"github.com/ridethrough/ridethrough/topology/yaml"
)

// answer makes the fleet as it was before the loss, and compares.
func (q question) answer(in io.Reader) (*backtest.Result, topology.Findings, error) {
	fleet, err := readFleet(q.fleet)
	if err != nil {
		return nil, nil, err
	}
	if _, ok := fleet.Lookup(q.demand); !ok {
		return nil, nil, fmt.Errorf("-demand: the fleet has no component %q", q.demand)
	}
	series, findings, err := readSeries(q.loads, in)
	if err != nil {
		return nil, nil, err
	}
	if len(series) == 0 {
		return nil, nil, errors.New("nothing was measured: the answer has no series; does the query give some at this time?")
	}
	q.times(series)
	if !q.before.Before(q.after) {
		return nil, nil, errors.New("there is no time before the loss and one after it: give -before and -after, and loads of both, as query_range answers")
	}
	before, after := prom.At(series, q.before, 0), prom.At(series, q.after, 0)
	spec, findings, err := prom.Join(fleet.Spec(), findings, before,
		prom.Rule{Metric: q.measured.Metric, Component: q.demand, Field: prom.Demand})
	if err != nil {
		return nil, nil, err
	}
	if fleet, err = topology.New(spec); err != nil {
		return nil, nil, err
	}
	was, more, err := prom.Values(before, q.measured)
	if err != nil {
		return nil, nil, err
	}
	is, _, err := prom.Values(after, q.measured) // what has ended is told as lost or gone
	if err != nil {
		return nil, nil, err
	}
	result, err := backtest.Run(fleet, cascade.Lose(q.lose...), was, is)
	return result, append(findings, more...), err
}

// times fills in the first and the last time of any series.
func (q *question) times(series []prom.Series) {
	var first, last time.Time
	for _, s := range series {
		for _, p := range s.Points {
			if first.IsZero() || p.Time.Before(first) {
				first = p.Time
			}
			if p.Time.After(last) {
				last = p.Time
			}
		}
	}
	if q.before.IsZero() {
		q.before = first
	}
	if q.after.IsZero() {
		q.after = last
	}
}

// right reports whether each survivor was predicted well enough, at the demand after the loss where that is known, and
// whether those that went down were.
func right(r *backtest.Result, within float64) bool {
	fit := r.After
	if r.Scaled != nil {
		fit = r.AfterScaled
	}
	for _, row := range r.Rows {
		pair := row.After
		if r.Scaled != nil {
			pair = row.Scaled
		}
		if state := pair.State(); state == backtest.Survived || state == backtest.Gone {
			return false
		}
	}
	return fit.Components > 0 && math.Abs(fit.Most) <= within
}

func readFleet(name string) (*topology.Topology, error) {
	if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" {
		return yaml.ReadFile(name)
	}
	return topology.ReadFile(name)
}

func readSeries(name string, in io.Reader) ([]prom.Series, topology.Findings, error) {
	if name == "-" {
		return prom.Read(in)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	return prom.Read(f)
}
