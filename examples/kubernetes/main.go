// Does a Kubernetes cluster ride through the loss of a zone, or of a node? Reads what kubectl prints, or manifests:
//
//	kubectl get nodes,pods,deployments,statefulsets,services,pdb,hpa -A -o json | go run -C examples/kubernetes .
//	go run -C examples/kubernetes . -load 0.6 -domain example.com/rack -lose 'any 2 of zone' "$PWD/cluster.json"
//
// Files are read one after the other; "-" is standard input. (go run -C looks for files from there: give whole paths.)
// With measured usage it says more: add the answer of `kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods` to the input.
//
// It prints what looks wrong and what could not be known, then what each loss does, before anything is rescheduled.
// Who calls whom is taken from the workloads' *_ADDR variables, or from a file: `-calls`, in CSV with the columns from, to
// and, if it is known, rate; or what Prometheus answers of the service graph that OpenTelemetry makes of traces,
// traces_service_graph_request_total. A name without a namespace is that of the only workload called so.
//
// Exit status: 0 every scenario holds; 1 some does not, or that is not known; 2 the input is bad. (go run ends with 1 where
// the program ends with 2.)
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/redundancy/tipping"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
	"github.com/ridethrough/ridethrough/topology/kube"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, in io.Reader, out, problems io.Writer) int {
	q, err := parse(args, problems)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2 // it has been printed
	}
	fleet, findings, err := q.read(in)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	if q.spec {
		return writeSpec(fleet, findings, out, problems)
	}
	family, err := q.family(fleet)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	section(out, "What looks wrong, and what could not be known", findings.String())
	section(out, "Room", room(fleet, findings))
	return report(ctx, fleet, family, out, problems)
}

// read reads the cluster, and joins to it who calls whom.
func (q question) read(in io.Reader) (*topology.Topology, topology.Findings, error) {
	input, closeAll, err := open(q.files, in)
	if err != nil {
		return nil, nil, err
	}
	defer closeAll()
	spec, findings, err := kube.Read(input, q.options)
	if err != nil {
		return nil, nil, err
	}
	who, more, err := q.who(spec)
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, more...)
	if spec, more, err = calls.Join(spec, who); err != nil {
		return nil, nil, err
	}
	findings = append(findings, more...)
	if q.strict {
		if err := findings.Strict(); err != nil {
			return nil, nil, err
		}
	}
	fleet, err := topology.New(spec)
	return fleet, findings, err
}

// open returns the files one after the other.
func open(names []string, in io.Reader) (io.Reader, func(), error) {
	var all []io.Reader
	var files []*os.File
	closeAll := func() {
		for _, f := range files {
			f.Close()
		}
	}
	for i, name := range names {
		if i > 0 {
			all = append(all, strings.NewReader("\n---\n")) // a file in YAML seldom begins with it
		}
		if name == "-" {
			all = append(all, in)
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		files = append(files, f)
		all = append(all, f)
	}
	return io.MultiReader(all...), closeAll, nil
}

func writeSpec(fleet *topology.Topology, findings topology.Findings, out, problems io.Writer) int {
	fmt.Fprintln(problems, findings)
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(fleet.Spec()); err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	return 0
}

// report prints what each loss does.
func report(ctx context.Context, fleet *topology.Topology, family cascade.Family, out, problems io.Writer) int {
	if !serves(fleet) {
		fmt.Fprintln(out, "There is no workload in the input: no loss can be judged. Add pods, deployments and statefulsets to it.")
		return 1
	}
	fmt.Fprint(out, "Before rescheduling: what is lost is not yet started elsewhere.\n\n")
	r, err := redundancy.Analyze(ctx, fleet, redundancy.Options{Scenarios: family})
	if r != nil {
		trim(r)
		fmt.Fprintln(out, r)
	}
	switch {
	case r == nil:
		fmt.Fprintln(problems, err)
		return 2
	case err != nil:
		fmt.Fprintln(problems, err) // what is known by then has been printed
		return 1
	case !r.Holds():
		return 1
	}
	return 0
}

// trim takes out of a report what is not so of a cluster: that nodes may be lost on which no pod is known to run, and what
// to buy. A copy of a pod would have its memory in common with it, and its limit reserved on its node.
func trim(r *redundancy.Report) {
	placed := placed(r.Fleet)
	r.Tipping = slices.DeleteFunc(r.Tipping, func(p *tipping.Point) bool { return isPart(p) || !placed && p.Of != "pod" })
	own := placed || slices.Contains(r.Fleet.Kinds(), "pod memory")
	if own && !r.Holds() && r.Spare != nil && r.Spare.Certainty != cascade.Undetermined {
		r.Spare = &spare.Plan{Certainty: cascade.Undetermined, Reason: "a new pod brings its own memory, and a scheduler places it."}
	}
}

// isPart reports whether a point is of what is not lost by itself, but with its node or pod.
func isPart(p *tipping.Point) bool {
	return slices.Contains([]string{"node memory", "pod memory", "daemons"}, p.Of)
}

func serves(fleet *topology.Topology) bool {
	for id := range topology.ID(fleet.Len()) {
		if fleet.Demand(id) > 0 {
			return true
		}
	}
	return false
}

func section(out io.Writer, title, text string) {
	if text == "" {
		return
	}
	fmt.Fprintln(out, title)
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(out, "  "+line)
	}
	fmt.Fprintln(out)
}
