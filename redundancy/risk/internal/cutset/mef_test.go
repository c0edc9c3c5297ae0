package cutset

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

const aralia = "../../../../../shared/data/aralia"

// A formula is an element of the Open-PSA format: what a gate is made of.
type formula struct {
	XMLName xml.Name
	Name    string    `xml:"name,attr"`
	Min     int       `xml:"min,attr"`
	Inner   []formula `xml:",any"`
}

// A reader makes a tree of a fault tree of the Aralia set: gates of events and gates, the first of which is the top if no
// other has it as a child.
type reader struct {
	t      testing.TB
	gates  map[string]formula
	tree   *tree.Tree
	events map[string]int32
	names  []string
	done   map[string]int32
}

func readTree(t testing.TB, name string) (*tree.Tree, []string) {
	text, err := os.ReadFile(filepath.Join(aralia, name+".xml"))
	if err != nil {
		t.Skip("the Aralia trees are not here: ", err)
	}
	var file struct {
		Tree struct {
			Gates []formula `xml:"define-gate"`
		} `xml:"define-fault-tree"`
		Events []formula `xml:"model-data>define-basic-event"`
	}
	require.NoError(t, xml.Unmarshal(text, &file))
	r := &reader{t: t, gates: map[string]formula{}, events: map[string]int32{}, done: map[string]int32{}}
	for _, e := range file.Events {
		if _, ok := r.events[e.Name]; !ok {
			r.events[e.Name] = int32(len(r.names))
			r.names = append(r.names, e.Name)
		}
	}
	r.tree = tree.New(len(r.names))
	child := map[string]bool{}
	for _, g := range file.Tree.Gates {
		r.gates[g.Name] = g
		for _, f := range g.Inner {
			for _, c := range f.Inner {
				child[c.Name] = true
			}
		}
	}
	for _, g := range file.Tree.Gates {
		if !child[g.Name] {
			require.Equal(t, tree.None, r.tree.Top, "two tops")
			r.tree.Top = r.gate(g.Name)
		}
	}
	return r.tree, r.names
}

func (r *reader) gate(name string) int32 {
	if node, ok := r.done[name]; ok {
		return node
	}
	f := r.gates[name].Inner[0]
	if f.XMLName.Local == "gate" || f.XMLName.Local == "basic-event" {
		f = formula{Inner: []formula{f}, XMLName: xml.Name{Local: "or"}}
	}
	var children []int32
	for _, c := range f.Inner {
		if c.XMLName.Local == "gate" {
			children = append(children, r.gate(c.Name))
		} else {
			children = append(children, r.events[c.Name])
		}
	}
	least := map[string]int{"or": 1, "and": len(children), "atleast": f.Min}[f.XMLName.Local]
	node, err := r.tree.Add(least, children...)
	require.NoError(r.t, err, name)
	r.done[name] = node
	return node
}
