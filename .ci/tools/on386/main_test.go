package main

import (
	"bytes"
	"testing"
)

func TestRun(t *testing.T) {
	for dir, want := range map[string]string{
		"testdata/overflow": "fleet_test.go:6:14: cannot use Len << 10 (untyped int constant 1099511627776) as int value in variable declaration (overflows)\n",
		"testdata/shift":    "shift.go:3:40: n (32 bits) too small for shift of 40\n",
		".":                 "",
	} {
		var got bytes.Buffer
		found, err := run(&got, dir)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Count(got.Bytes(), []byte("\n")) != found || !bytes.HasSuffix(got.Bytes(), []byte(want)) || (want == "") != (found == 0) {
			t.Errorf("%s: found %d:\n%swant: %s", dir, found, got.Bytes(), want)
		}
	}
}

func TestRunOutsideAModule(t *testing.T) {
	if found, err := run(&bytes.Buffer{}, t.TempDir()); found == 0 && err == nil {
		t.Error("nothing is wrong with a folder that is no module")
	}
}
