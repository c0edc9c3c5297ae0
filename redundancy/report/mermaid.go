package report

import (
	"fmt"
	"strings"
	"unicode"
)

func (d *diagram) mermaid() string {
	m := mermaid{diagram: d}
	m.WriteString("flowchart TB\n")
	for i, n := range d.nodes {
		m.node("n", i, n.class, d.painted(n.class), n.lines...)
	}
	for _, e := range d.edges {
		m.edge("n", e.from, e.to, e.line, e.label)
	}
	m.legend()
	m.styles()
	return m.String()
}

// mermaid is a diagram being written.
type mermaid struct {
	*diagram
	strings.Builder
	links   int
	dashed  []string // the numbers of edges, in the order written,
	classed [classes][]string
}

func (m *mermaid) node(letter string, i int, c class, painted bool, lines ...string) {
	id := fmt.Sprintf("%s%d", letter, i)
	fmt.Fprintf(m, "  %s[%s]\n", id, mermaidText(lines...))
	if painted {
		m.classed[c] = append(m.classed[c], id)
	}
}

func (m *mermaid) edge(letter string, from, to int, l line, label string) {
	arrow := "-->"
	if l != loads {
		arrow = "-.->"
	}
	if l == needs {
		m.dashed = append(m.dashed, fmt.Sprint(m.links))
	}
	m.links++
	if label != "" {
		arrow += "|" + mermaidText(label) + "|"
	}
	fmt.Fprintf(m, "  %s%d %s %s%d\n", letter, from, arrow, letter, to)
}

// legend shows the colours and lines that occur, under the title.
func (m *mermaid) legend() {
	classes, lines := m.diagram.legend()
	fmt.Fprintf(m, "  subgraph legend[%s]\n", mermaidText(m.title))
	if len(classes)+len(lines) == 0 {
		m.WriteString("  k0[\"no links\"]\n")
	}
	for i, c := range classes {
		m.node("c", i, c, true, c.text())
	}
	for i, l := range lines {
		m.node("k", 2*i, 0, false, "a")
		m.node("k", 2*i+1, 0, false, "b")
		m.edge("k", 2*i, 2*i+1, l, l.text())
	}
	m.WriteString("  end\n")
}

func (m *mermaid) styles() {
	for c := range classes {
		if ids := m.classed[c]; len(ids) > 0 {
			p := c.paint()
			fmt.Fprintf(m, "  classDef %s fill:%s,color:%s,stroke:#333333\n", p.id, p.fill, p.text)
			fmt.Fprintf(m, "  class %s %s\n", strings.Join(ids, ","), p.id)
		}
	}
	if len(m.dashed) > 0 {
		fmt.Fprintf(m, "  linkStyle %s stroke-dasharray:9 4\n", strings.Join(m.dashed, ","))
	}
}

// mermaidText quotes the lines of a label. What Mermaid, Markdown or HTML could take for its own is written as the number
// of the character, which stands for nothing else: "#34;".
func mermaidText(lines ...string) string {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteString("<br/>")
		}
		runes := []rune(printable(line))
		for j, r := range runes {
			if plain(r) || j > 0 && j+1 < len(runes) && inside(r, runes[j+1]) {
				b.WriteRune(r)
			} else {
				fmt.Fprintf(&b, "#%d;", r)
			}
		}
	}
	return `"` + b.String() + `"`
}

// plain reports whether a character stands for itself wherever it is.
func plain(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("[],:/%×…", r)
}

// inside reports whether one stands for itself within a line, before another.
func inside(r, next rune) bool {
	switch r {
	case '-', '+', '=':
		return true
	case ' ':
		return next != ' '
	case '.':
		return unicode.IsLetter(next) || unicode.IsDigit(next)
	}
	return false
}
