package main

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden listing in testdata")

func TestListing(t *testing.T) {
	const golden = "testdata/sample.txt"
	var got bytes.Buffer
	count, err := run(&got, []string{"testdata/sample"})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("got:\n%s\nwant:\n%s\nRewrite with -update if the change is meant.", got.Bytes(), want)
	}
	// Counted by hand: Limit, Third, ErrEmpty, New, Map, Shape, Closed, Pair, Number, Node, Set, Old;
	// and Part and Size in inner.
	if count != 14 {
		t.Errorf("got %d top-level identifiers, want 14", count)
	}
}

func TestListingReportsPackagesThatDoNotCompile(t *testing.T) {
	if _, err := run(&bytes.Buffer{}, []string{"testdata/broken"}); err == nil {
		t.Error("no error for a package with an undefined name")
	}
}
