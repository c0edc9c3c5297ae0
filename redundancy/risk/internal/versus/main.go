// Versus holds risk.Analyze beside SCRAM (Debian: scram), whole process against whole process, on the same fault trees in the
// same run:
//
//	go run ./redundancy/risk/internal/versus -dir ../shared/data/aralia
//
// Each side reads a tree in Open-PSA MEF, finds the number of minimal cut sets of each size, and the probability of the top. This
// side is this program itself, started anew: topology/openpsa makes a fleet of the tree, of which risk.Analyze takes one component.
// SCRAM is told to use binary decision diagrams, and to find sets of any size; what it writes of these goes to a file that is
// thrown away. The time is that of the processor, of all threads, and memory the most that was resident.
//
// If the figures of both differ, or from those of expected.tsv in the directory if there is one, or from what is published of the Aralia
// trees, the exit status is 1. Of the 43 trees of that set, 39 are solved exactly, each in seconds at most; nus9601 is bounded only,
// and cea9601, das9601 and das9701 have NOT or XOR gates, and are refused.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	one := flag.String("tree", "", "only solve the tree in this file, and print its figures")
	dir := flag.String("dir", "", "the directory of the trees")
	limit := flag.Duration("limit", time.Minute, "the longest time of a core that a side may take")
	only := flag.String("only", "", "trees, separated by commas; none is all")
	flag.Parse()
	if err := run(context.Background(), *one, *dir, *only, *limit); err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, one, dir, only string, limit time.Duration) error {
	if one != "" {
		f, err := solve(ctx, one)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(f)
	}
	files, err := trees(dir, only)
	if err != nil {
		return err
	}
	known, err := expected(filepath.Join(dir, "expected.tsv"))
	if err != nil {
		return err
	}
	fmt.Println("| tree | events | gates | minimal cut sets | probability | here | | SCRAM | |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	wrong := 0
	for _, file := range files {
		l, err := compare(ctx, file, limit)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		fmt.Println(l)
		if text := l.differ(known[l.name]); text != "" {
			fmt.Fprintf(os.Stderr, "%s: %s\n", l.name, text)
			wrong++
		}
	}
	if wrong > 0 {
		return fmt.Errorf("the figures of %d trees differ", wrong)
	}
	return nil
}

// trees returns the files of a directory that are asked for.
func trees(dir, only string) ([]string, error) {
	if only != "" {
		var files []string
		for name := range strings.SplitSeq(only, ",") {
			files = append(files, filepath.Join(dir, name+".xml"))
		}
		return files, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("there is no tree in %q: give -dir", dir)
	}
	return files, err
}
