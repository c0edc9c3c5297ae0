// Package yaml reads topologies in YAML: the fields of [topology.Spec] as [topology.Read] reads them, and nothing else.
//
//	name: chat
//	kinds:
//	  server: {capacity: 100 requests/s}
//	components:
//	- {name: "board-[1-4]", kind: board}
//	- {name: "chat-[001-030]", kind: server, needs: board-1}
//
// Of YAML it reads one document with comments, anchors, aliases, merge keys (<<) and every way to write a text or a
// number. Texts that YAML takes for something else need quotes: "[1-4]" in brackets or braces, "12" as a label. Only
// true and false are booleans. Tags other than YAML's own for texts, numbers, lists and the like are faults, and so
// are aliases that stand for more than a hundred thousand values and ten times as much as is written.
package yaml

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ridethrough/ridethrough/topology"
)

// Read is [topology.Read] for YAML; the [topology.Faults] carry the lines and columns of the YAML.
// What comes from an anchor has its faults there. A fault of YAML's own syntax has no more than the line.
func Read(r io.Reader) (*topology.Topology, error) { return read(r, "") }

// ReadFile reads the named file as [Read] does. The faults name the file.
func ReadFile(name string) (*topology.Topology, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(f, name)
}

func read(r io.Reader, file string) (*topology.Topology, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	t, err := readText(text)
	var faults topology.Faults
	if !errors.As(err, &faults) {
		return t, err
	}
	last := countLines(text)
	for i, f := range faults {
		faults[i].File, faults[i].Line = file, min(f.Line, last) // the parser puts what is left out after the end
	}
	return nil, faults
}

// readText writes the values as JSON, each on a line of its own, and so finds out where a fault in a line came from.
func readText(text []byte) (*topology.Topology, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	w := newWriter(root)
	if fault := w.value(root.Content[0]); fault != nil {
		return nil, topology.Faults{*fault}
	}
	t, err := topology.Read(strings.NewReader(w.text.String()))
	var faults topology.Faults
	if !errors.As(err, &faults) {
		return t, err
	}
	for i, f := range faults {
		faults[i].Line, faults[i].Column = w.places[f.Line-1].line, w.places[f.Line-1].column
	}
	slices.SortStableFunc(faults, func(a, b topology.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return nil, faults
}

// parse returns the only document of a text; the error is a Faults.
func parse(text []byte) (root *yaml.Node, err error) {
	if faults := checkCharacters(text); faults != nil {
		return nil, faults
	}
	defer func() { // the parser panics where it meets what it has not foreseen
		if p := recover(); p != nil {
			root, err = nil, bad(1, 1, "the text cannot be read: %v", p)
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(text))
	root = &yaml.Node{}
	switch err := d.Decode(root); {
	case err == io.EOF:
		return nil, bad(1, 1, "the text is empty: write the components of a fleet")
	case err != nil:
		return nil, syntaxFault(text, err)
	}
	second := &yaml.Node{}
	switch err := d.Decode(second); {
	case err == nil:
		return nil, bad(second.Line, second.Column, "a second document begins here: write one")
	case err != io.EOF:
		return nil, syntaxFault(text, err)
	}
	return root, nil
}
