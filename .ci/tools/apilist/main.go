// Command apilist prints the exported API of Go modules, one line an identifier.
//
// Its arguments are module directories. For every package there that others can import (neither main nor internal)
// it prints a line with the import path and, indented, a line for each exported constant, variable, function, type,
// field and method, sorted. The listing is that of linux/amd64 wherever it is made, so it can be committed and compared.
//
// The number of exported top-level identifiers goes to standard error.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: apilist MODULE_DIR...")
		os.Exit(2)
	}
	count, err := run(os.Stdout, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "apilist:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "%d exported top-level identifiers\n", count)
}

// run writes the listing of the modules in dirs and returns the number of exported top-level identifiers.
func run(w io.Writer, dirs []string) (count int, err error) {
	var pkgs []*packages.Package
	for _, dir := range dirs {
		loaded, err := load(dir)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", dir, err)
		}
		pkgs = append(pkgs, loaded...)
	}
	slices.SortFunc(pkgs, func(a, b *packages.Package) int { return strings.Compare(a.PkgPath, b.PkgPath) })
	if len(pkgs) == 0 {
		return 0, errors.New("no importable package")
	}
	root := pkgs[0].Module.Path // the shortest import path comes first, and the root module's is a prefix of all
	for _, pkg := range pkgs {
		l := newListing(pkg.Types, root)
		count += l.topLevel
		if _, err := fmt.Fprintf(w, "package %s\n", pkg.PkgPath); err != nil {
			return 0, err
		}
		for _, line := range l.lines {
			if _, err := fmt.Fprintf(w, "\t%s\n", line); err != nil {
				return 0, err
			}
		}
	}
	return count, nil
}

// load returns the type-checked importable packages of the module in dir.
func load(dir string) ([]*packages.Package, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.LoadTypes | packages.NeedModule,
		Dir:  dir,
		Env:  append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"),
	}, "./...")
	if err != nil {
		return nil, err
	}
	var importable []*packages.Package
	var faults []error
	for _, pkg := range loaded {
		for _, fault := range pkg.Errors {
			faults = append(faults, fault)
		}
		internal := slices.Contains(strings.Split(pkg.PkgPath, "/"), "internal")
		if pkg.Name != "main" && !internal {
			importable = append(importable, pkg)
		}
	}
	return importable, errors.Join(faults...)
}
