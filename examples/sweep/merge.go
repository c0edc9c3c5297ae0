package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
)

// merge puts all shards of a folder together. The error names each file that is wrong, or missing.
func merge(folder string) (*cascade.Screening, error) {
	of, err := count(folder)
	if err != nil {
		return nil, err
	}
	var parts []*cascade.Screening
	var files []string
	var problems []error
	for number := range of {
		file := shardFile(folder, number, of)
		part, err := load(file)
		switch {
		case errors.Is(err, os.ErrNotExist):
			problems = append(problems, missing(folder, number, of))
		case err != nil:
			problems = append(problems, err)
		default:
			if err := complete(file, part, cascade.Shard(part.Items(), number, of)); err != nil {
				problems = append(problems, err)
			}
			parts, files = append(parts, part), append(files, file)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	all, err := cascade.Merge(parts...)
	if wrong := (*cascade.PartError)(nil); errors.As(err, &wrong) {
		return nil, fmt.Errorf("%s does not go with %s: %s", files[wrong.Part], files[wrong.Other], wrong.Problem)
	}
	return all, err
}

// count returns how many shards the files of a folder are of.
func count(folder string) (int, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return 0, err
	}
	known, first := 0, ""
	for _, f := range files {
		file := filepath.Join(folder, f.Name())
		var number, of int
		if _, err := fmt.Sscanf(f.Name(), "shard-%d-of-%d.json", &number, &of); err != nil || file != shardFile(folder, number, of) {
			continue // a piece, or none of ours
		}
		switch {
		case number < 0 || number >= of || of > mostShards:
			return 0, fmt.Errorf("%s: there is no such shard", file)
		case known != 0 && of != known:
			return 0, fmt.Errorf("%s overlaps %s: remove the shards of one cut", file, first)
		}
		known, first = of, file
	}
	if known == 0 {
		return 0, fmt.Errorf("%s: there is no shard in it", folder)
	}
	return known, nil
}

// missing says how a shard that is missing is done.
func missing(folder string, number, of int) error {
	files, _ := os.ReadDir(folder)
	pieces := 0
	for _, f := range files {
		if strings.HasPrefix(f.Name(), fmt.Sprintf("shard-%d-of-%d.piece-", number, of)) && strings.HasSuffix(f.Name(), ".json") {
			pieces++
		}
	}
	file := shardFile(folder, number, of)
	if pieces > 0 {
		return fmt.Errorf("%s is missing, and of its pieces there are %d: go on with -shard %d/%d", file, pieces, number, of)
	}
	return fmt.Errorf("%s is missing: do it with -shard %d/%d", file, number, of)
}
