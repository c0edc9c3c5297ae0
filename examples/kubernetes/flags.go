package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

// A question is what the command line asks.
type question struct {
	files   []string
	options kube.Options
	lose    *cascade.Family // nil: what the cluster has
	calls   string
	strict  bool
	spec    bool
}

func parse(args []string, problems io.Writer) (q question, err error) {
	flags := flag.NewFlagSet("kubernetes", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: kubernetes [flags] [FILE...], or what kubectl prints on standard input")
		flags.PrintDefaults()
	}
	flags.Func("lose", "what fails, a `family` such as 'each zone; any 2 of node' (default: each region, zone and further domain of which there are several, and each node; with one node or none, or if no pod is on one, each pod)", func(text string) error {
		family, err := cascade.ParseFamily(text)
		q.lose = &family
		return err
	})
	flags.Func("domain", "a `label` of nodes that is a failure domain, such as example.com/rack; may be repeated", func(label string) error {
		q.options.Domains = append(q.options.Domains, label)
		return nil
	})
	flags.Float64Var(&q.options.Load, "load", 0, "load of pods that are not measured, as a `fraction` of what they may use: Load (default: what they request)")
	flags.BoolVar(&q.options.Guaranteed, "guaranteed", false, "the capacity of a pod is what it requests, not the limit to which it may burst")
	flags.Float64Var(&q.options.MemoryAtRest, "rest", 0, "`fraction` of its memory that a pod uses whatever its load: MemoryAtRest")
	flags.StringVar(&q.calls, "calls", "", "a `file` of who calls whom: from,to,rate in CSV, or a service graph in Prometheus (default: the *_ADDR variables)")
	flags.BoolVar(&q.strict, "strict", false, "assumptions are errors")
	flags.BoolVar(&q.spec, "spec", false, "write the fleet as JSON, for other programs, and the findings on standard error")
	if err := flags.Parse(args); err != nil {
		return q, err
	}
	q.files = flags.Args()
	if len(q.files) == 0 {
		q.files = []string{"-"}
	}
	return q, nil
}

// family returns what was asked for or else, of what the cluster has, each failure domain of which there are several,
// and each node; each pod, where it is known of none on which node it runs: no loss of a node would say anything.
func (q question) family(fleet *topology.Topology) (cascade.Family, error) {
	if q.lose != nil {
		return *q.lose, nil
	}
	kinds := []string{"region", "zone"}
	for _, label := range q.options.Domains {
		kinds = append(kinds, label[strings.LastIndexByte(label, '/')+1:])
	}
	var parts []string
	for _, kind := range append(kinds, "node") {
		if ids, err := fleet.Select(kind); err == nil && len(ids) > 1 && placed(fleet) {
			parts = append(parts, "each "+kind)
		}
	}
	if len(parts) == 0 {
		parts = []string{"each pod"}
	}
	return cascade.ParseFamily(strings.Join(parts, "; "))
}

// placed reports whether some pod draws on a node.
func placed(fleet *topology.Topology) bool {
	pods, err := fleet.Select("pod")
	return err == nil && slices.ContainsFunc(pods, func(pod topology.ID) bool {
		return slices.ContainsFunc(fleet.Links(pod), func(l topology.Link) bool {
			return slices.ContainsFunc(l.Members, func(id topology.ID) bool { return fleet.Kind(id) == "node" })
		})
	})
}
