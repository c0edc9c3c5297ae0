package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/ridethrough/ridethrough/topology"
)

// What Graphviz makes of a diagram shows every label as it was meant.
func TestGraphvizReadsDOT(t *testing.T) {
	if _, err := exec.LookPath("dot"); err != nil {
		t.Skip("dot is not installed: get Graphviz to check what it makes of our output")
	}
	for name, c := range cases(t) {
		t.Run(name, func(t *testing.T) {
			d, err := draw(c.fleet, c.outcome)
			require.NoError(t, err)
			shown := graphviz(t, d.dot())
			for i, n := range d.nodes {
				require.Equal(t, visible(n.lines), shown["n"+strconv.Itoa(i)])
			}
			require.Equal(t, visible([]string{d.title}), shown["fleet"])
		})
	}
}

// graphviz returns the texts that dot draws for each node, and for the whole, by its identifier.
func graphviz(t *testing.T, dot string) map[string][]string {
	cmd := exec.Command("dot", "-Tsvg")
	cmd.Stdin = strings.NewReader(dot)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	require.NoError(t, cmd.Run(), complaints.String())
	require.Empty(t, complaints.String())

	shown := map[string][]string{}
	x, title, element := xml.NewDecoder(&out), "", ""
	for {
		token, err := x.Token()
		if err == io.EOF {
			return shown
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			element = token.Name.Local
		case xml.EndElement:
			element = ""
		case xml.CharData:
			switch element {
			case "title":
				title = string(token)
			case "text":
				shown[title] = append(shown[title], strings.TrimSpace(strings.ReplaceAll(string(token), "\u00a0", " ")))
			}
		}
	}
}

// visible is how lines look, but for the spaces at their ends.
func visible(lines []string) []string {
	var all []string
	for _, line := range lines {
		all = append(all, strings.TrimSpace(printable(line)))
	}
	return all
}

// The part of Mermaid's grammar that is used, one statement a line.
var (
	mermaidNode  = regexp.MustCompile(`^  ([nck][0-9]+)\[("[^"]*")\]$`)
	mermaidEdge  = regexp.MustCompile(`^  ([nk][0-9]+) (-->|-\.->)(?:\|("[^"]*")\|)? ([nk][0-9]+)$`)
	mermaidBegin = regexp.MustCompile(`^  subgraph legend\[("[^"]*")\]$`)
	mermaidDef   = regexp.MustCompile(`^  classDef ([a-z][a-z0-9]*) fill:#[0-9a-f]{6},color:#[0-9a-f]{6},stroke:#[0-9a-f]{6}$`)
	mermaidClass = regexp.MustCompile(`^  class ([nc][0-9]+(?:,[nc][0-9]+)*) ([a-z][a-z0-9]*)$`)
	mermaidLink  = regexp.MustCompile(`^  linkStyle ([0-9]+(?:,[0-9]+)*) stroke-dasharray:[0-9]+ [0-9]+$`)
	mermaidLabel = regexp.MustCompile(`^"(?:[\p{L}\p{Nd}\[\],:/%×… .+=-]|#[0-9]+;|<br/>)*"$`)
	mermaidCode  = regexp.MustCompile(`#[0-9]+;`)
)

// A readMermaid is a diagram read back.
type readMermaid struct {
	labels map[string][]string // of nodes; "" is the legend
	edges  []string            // "n0 --> n1"
	texts  []string            // of edges
}

func readBack(t require.TestingT, text string) readMermaid {
	d := readMermaid{labels: map[string][]string{}}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	require.Equal(t, "flowchart TB", lines[0])
	open, defined := false, map[string]bool{}
	for _, line := range lines[1:] {
		if m := mermaidNode.FindStringSubmatch(line); m != nil {
			require.NotContains(t, d.labels, m[1])
			d.labels[m[1]] = label(t, m[2])
		} else if m := mermaidEdge.FindStringSubmatch(line); m != nil {
			require.Contains(t, d.labels, m[1])
			require.Contains(t, d.labels, m[4])
			d.edges = append(d.edges, m[1]+" "+m[2]+" "+m[4])
			d.texts = append(d.texts, strings.Join(label(t, m[3]), "\n"))
		} else if m := mermaidBegin.FindStringSubmatch(line); m != nil {
			require.False(t, open)
			open = true
			d.labels[""] = label(t, m[1])
		} else if line == "  end" {
			require.True(t, open)
			open = false
		} else if m := mermaidDef.FindStringSubmatch(line); m != nil {
			defined[m[1]] = true
		} else if m := mermaidClass.FindStringSubmatch(line); m != nil {
			require.True(t, defined[m[2]], line)
			for id := range strings.SplitSeq(m[1], ",") {
				require.Contains(t, d.labels, id)
			}
		} else if m := mermaidLink.FindStringSubmatch(line); m != nil {
			for number := range strings.SplitSeq(m[1], ",") {
				i, err := strconv.Atoi(number)
				require.NoError(t, err)
				require.Less(t, i, len(d.edges))
				require.Contains(t, d.edges[i], "-.->")
			}
		} else {
			require.Fail(t, "no statement: "+line)
		}
	}
	require.False(t, open)
	return d
}

// label reads a label's lines back.
func label(t require.TestingT, quoted string) []string {
	if quoted == "" {
		return nil
	}
	require.Regexp(t, mermaidLabel, quoted)
	var lines []string
	for line := range strings.SplitSeq(strings.Trim(quoted, `"`), "<br/>") {
		lines = append(lines, mermaidCode.ReplaceAllStringFunc(line, func(code string) string {
			n, err := strconv.Atoi(strings.Trim(code, "#;"))
			require.NoError(t, err)
			return string(rune(n))
		}))
	}
	return lines
}

func TestMermaidKeepsItsGrammar(t *testing.T) {
	for name, c := range cases(t) {
		t.Run(name, func(t *testing.T) {
			d, err := draw(c.fleet, c.outcome)
			require.NoError(t, err)
			checkMermaid(t, d)
		})
	}
}

func checkMermaid(t require.TestingT, d *diagram) {
	read := readBack(t, d.mermaid())
	for i, n := range d.nodes {
		require.Equal(t, printables(n.lines), read.labels["n"+strconv.Itoa(i)])
	}
	require.Equal(t, printables([]string{d.title}), read.labels[""])
	require.GreaterOrEqual(t, len(read.edges), len(d.edges))
	for i, e := range d.edges {
		arrow := map[line]string{loads: "-->", needs: "-.->", starts: "-.->"}[e.line]
		require.Equal(t, "n"+strconv.Itoa(e.from)+" "+arrow+" n"+strconv.Itoa(e.to), read.edges[i])
		require.Equal(t, e.label, read.texts[i])
	}
}

func printables(lines []string) []string {
	var all []string
	for _, line := range lines {
		all = append(all, printable(line))
	}
	return all
}

// Whatever a component is called, the diagram keeps its grammar, and shows the name.
func TestAnyName(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.OneOf(rapid.StringN(1, 30, -1), rapid.StringMatching("[-#&;<>`\"\\\\\\[\\](){}|=.~:/%+*_ \n\t\r1a]{1,12}")).Draw(r, "name")
		f, err := topology.New(topology.Spec{Components: []topology.Component{{Name: topology.Fold([]string{name})[0], Capacity: 1}}})
		if err != nil {
			r.Skip("no name")
		}
		d, err := draw(f, nil)
		require.NoError(r, err)
		require.Equal(r, name, d.nodes[0].lines[0])
		checkMermaid(r, d)
		quoted := dotText(name)
		require.Regexp(r, `^"([^"\\]|\\\\|\\")*"$`, quoted)
		require.Equal(r, printable(name), strings.NewReplacer(`\\`, `\`, `\"`, `"`, `&amp;`, `&`).Replace(quoted[1:len(quoted)-1]))
	})
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "a\nb": "a␊b", "\x00\x7f": "␀␡", "\xff": "\ufffd", "a\u202eb": "a\ufffdb", "日本": "日本", "\u0085": "\ufffd",
	} {
		require.Equal(t, want, printable(text))
	}
}

func TestShort(t *testing.T) {
	require.Equal(t, "äbc", short("äbc", 3))
	require.Equal(t, "äb…", short("äbcd", 3))
}
