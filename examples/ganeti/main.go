// Is a Ganeti cluster N+1? Reads the text that `hscan` or `hbal -S` writes, and answers what `hcheck` answers:
//
//	go run ./examples/ganeti FILE
//
// A cluster is N+1 if, whichever node is lost, the instances that it ran find enough memory where their disks are
// mirrored. Here a node is a component with a capacity in MiB; an instance is a demand that draws on its primary node
// and, when that is down, on its secondary. Losing each node in turn then is one scenario each. A node is bad if some
// loss takes it above its capacity, and an instance is bad if its primary or its secondary is: Ganeti's own words.
//
// As Ganeti does, it counts stopped instances as if they ran (they may be started), and leaves out those that are
// marked offline, forthcoming, or not to be balanced automatically. What has no fixed secondary node is placed by a
// scheduler, instance by instance; this model divides load and does not pack, so it says what is not determined.
//
// Exit status: 0 it is N+1; 1 it is not, or that is not known for all of it; 2 the file cannot be read.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, out, errors io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(errors, "usage: ganeti FILE")
		return 2
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		fmt.Fprintln(errors, err)
		return 2
	}
	name := filepath.Base(args[0])
	c, faults := read(name, string(text))
	if len(faults) > 0 {
		for _, f := range faults {
			fmt.Fprintln(errors, f)
		}
		return 2
	}
	a, err := ask(c)
	if err != nil {
		fmt.Fprintln(errors, err)
		return 2
	}
	fmt.Fprint(out, a.text(name))
	if !a.holds() {
		return 1
	}
	return 0
}
