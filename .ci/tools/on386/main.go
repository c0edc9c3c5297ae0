// Command on386 checks the types of Go modules, their tests included, as they are on linux/386, where an int has 32 bits, and reports
// shifts that are too wide there: of what go vet looks for, all that the size of an int changes.
//
// It says what GOARCH=386 go vet ./... would, and reads dependencies from their source: to compile them all takes ten times as long.
// Its arguments are the directories of modules. It prints what it finds, and then exits 1.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/shift"
	"golang.org/x/tools/go/packages"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: on386 MODULE_DIR...")
		os.Exit(2)
	}
	status := 0
	for _, dir := range os.Args[1:] {
		found, err := run(os.Stdout, dir)
		if err != nil {
			fmt.Fprintf(os.Stderr, "on386: %s: %v\n", dir, err)
		}
		if found > 0 || err != nil {
			status = 1
		}
	}
	os.Exit(status)
}

// run writes what is wrong with the module in dir, and returns how much that is.
func run(w io.Writer, dir string) (found int, err error) {
	pkgs, err := packages.Load(&packages.Config{
		Mode:  packages.LoadAllSyntax,
		Dir:   dir,
		Env:   append(os.Environ(), "GOOS=linux", "GOARCH=386", "CGO_ENABLED=0"),
		Tests: true,
	}, "./...")
	if err != nil {
		return 0, err
	}
	faults := typeErrors(pkgs)
	if len(faults) == 0 {
		if faults, err = wideShifts(pkgs); err != nil {
			return 0, err
		}
	}
	slices.Sort(faults)
	faults = slices.Compact(faults) // a package is loaded again for its tests
	for _, fault := range faults {
		fmt.Fprintln(w, fault)
	}
	return len(faults), nil
}

// typeErrors lists what keeps the packages, or what they import, from being compiled.
func typeErrors(pkgs []*packages.Package) (faults []string) {
	packages.Visit(pkgs, nil, func(pkg *packages.Package) {
		for _, fault := range pkg.Errors {
			faults = append(faults, fault.Error())
		}
	})
	return faults
}

func wideShifts(pkgs []*packages.Package) (faults []string, err error) {
	graph, err := checker.Analyze([]*analysis.Analyzer{shift.Analyzer}, pkgs, nil)
	if err != nil {
		return nil, err
	}
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, act.Err
		}
		for _, d := range act.Diagnostics {
			faults = append(faults, fmt.Sprintf("%s: %s", act.Package.Fset.Position(d.Pos), d.Message))
		}
	}
	return faults, nil
}
