// Is a Ganeti cluster N+1? Reads the text that `hscan` or `hbal -S` writes, and answers what `hcheck` answers:
//
//	go build -o ganeti ./examples/ganeti    (go run ends with 1 where ganeti ends with 2)
//	ganeti LOCAL.data                       (as hscan -L on the master writes it)
//	ssh master cat LOCAL.data | ganeti -
//
// A cluster is N+1 if, whichever node is lost, the instances that it ran find enough memory where their disks are
// mirrored. Package topology/ganeti makes of a node a component with a capacity in MiB, and of an instance a demand that
// draws on its primary node and, when that is down, on its secondary. Losing each node in turn then is one scenario each.
// A node is bad if some loss takes it above its capacity, and an instance is bad if its primary or its secondary is:
// Ganeti's own words. Where nodes have location tags, the loss of a location is told too. Below that stands what the
// importer found.
//
// What has no fixed secondary node is placed by a scheduler, instance by instance; this model divides load and does not
// pack, so the answer is not N+1 where there is such an instance, or one with its disks on one node alone.
//
// Exit status: 0 it is N+1, whatever becomes of locations; 1 it is not, or that is not known for all of it; 2 the input
// is bad, and all that is wrong with it is on standard error, one a line.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/ganeti"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, in io.Reader, out, problems io.Writer) int {
	if len(args) != 1 || len(args[0]) > 1 && args[0][0] == '-' {
		fmt.Fprintln(problems, "usage: ganeti FILE, or - for standard input")
		return 2
	}
	a, err := answerTo(args[0], in)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	fmt.Fprint(out, a)
	if !a.holds() {
		return 1
	}
	return 0
}

func answerTo(file string, in io.Reader) (*answer, error) {
	spec, findings, err := read(file, in)
	if err != nil {
		return nil, err
	}
	spec.Name = filepath.Base(file)
	if file == "-" {
		spec.Name = "cluster"
	}
	return ask(spec, findings)
}

func read(file string, in io.Reader) (topology.Spec, topology.Findings, error) {
	if file == "-" {
		return ganeti.Read(in)
	}
	return ganeti.ReadFile(file)
}
