package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
	"github.com/ridethrough/ridethrough/topology/prom"
)

// who returns who calls whom: what a file says, or else the workloads' variables.
func (q question) who(spec topology.Spec) ([]calls.Call, topology.Findings, error) {
	if q.calls == "" {
		return calls.Of(spec), nil, nil
	}
	f, err := os.Open(q.calls)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	who, findings, err := readCalls(f, filepath.Ext(q.calls) == ".csv")
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", q.calls, err)
	}
	full := fullNames(spec)
	for i := range who {
		who[i].From, who[i].To = full.of(who[i].From), full.of(who[i].To)
	}
	return who, findings, nil
}

// readCalls reads a table, or the service graph that Prometheus has of traces.
func readCalls(r io.Reader, table bool) ([]calls.Call, topology.Findings, error) {
	if table {
		who, err := calls.Read(r)
		return who, nil, err
	}
	series, findings, err := prom.Read(r)
	if err != nil {
		return nil, nil, err
	}
	who, more, err := prom.Calls(series, "", "")
	return who, append(findings, more...), err
}

// A directory finds workloads by their names without the namespace, as traces have them; "" for several.
type directory map[string]string

func fullNames(spec topology.Spec) directory {
	d := directory{}
	for _, c := range spec.Components {
		if _, name, ok := strings.Cut(c.Name, "/"); ok && c.Demand > 0 {
			if _, several := d[name]; several {
				d[name] = ""
			} else {
				d[name] = c.Name
			}
		}
	}
	return d
}

// of returns the full name, or the name as it is if that is not known.
func (d directory) of(name string) string {
	if full := d[name]; full != "" {
		return full
	}
	return name
}
