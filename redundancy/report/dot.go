package report

import (
	"fmt"
	"strings"
)

func (d *diagram) dot() string {
	var b strings.Builder
	b.WriteString("digraph fleet {\n")
	fmt.Fprintf(&b, "\tgraph [label=%s, labelloc=t, fontname=\"Helvetica\"];\n", dotText(d.title))
	b.WriteString("\tnode [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", fontname=\"Helvetica\"];\n")
	b.WriteString("\tedge [fontname=\"Helvetica\", fontsize=10];\n")
	for i, n := range d.nodes {
		fmt.Fprintf(&b, "\tn%d [label=%s%s];\n", i, dotText(n.lines...), d.dotPaint(n.class))
	}
	for _, e := range d.edges {
		fmt.Fprintf(&b, "\tn%d -> n%d%s;\n", e.from, e.to, dotLine(e.line, e.label))
	}
	d.dotLegend(&b)
	b.WriteString("}\n")
	return b.String()
}

func (d *diagram) dotLegend(b *strings.Builder) {
	classes, lines := d.legend()
	if len(classes)+len(lines) == 0 {
		return
	}
	b.WriteString("\tsubgraph cluster_legend {\n\t\tlabel=\"legend\";\n\t\tnode [fontsize=10];\n")
	for i, c := range classes {
		fmt.Fprintf(b, "\t\tc%d [label=%s%s];\n", i, dotText(c.text()), d.dotPaint(c))
	}
	for i := range 2 * len(lines) {
		fmt.Fprintf(b, "\t\tk%d [shape=point, style=filled, fillcolor=\"#000000\"];\n", i)
	}
	for i, l := range lines {
		fmt.Fprintf(b, "\t\tk%d -> k%d%s;\n", 2*i, 2*i+1, dotLine(l, l.text()))
	}
	b.WriteString("\t}\n")
}

func (d *diagram) dotPaint(c class) string {
	if !d.painted(c) {
		return ""
	}
	p := c.paint()
	return fmt.Sprintf(", fillcolor=%q, fontcolor=%q", p.fill, p.text)
}

func dotLine(l line, label string) string {
	style := [lines]string{"solid", "dashed", "dotted"}[l]
	if label == "" {
		return fmt.Sprintf(" [style=%s]", style)
	}
	return fmt.Sprintf(" [style=%s, label=%s]", style, dotText(label))
}

// dotText quotes the lines of a label. Graphviz reads \n, \G, \N and the like in it, and entities as in HTML.
func dotText(lines ...string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(printable(line))
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}
