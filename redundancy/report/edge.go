package report

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// A line is a sort of link.
type line int

const (
	loads  line = iota // solid
	needs              // dashed
	starts             // dotted
	lines
)

func (l line) text() string {
	return [lines]string{"passes load to", "needs", "needs to start"}[l]
}

// A tie is what is drawn of a link.
type tie struct {
	members *topology.ID // the first; links that name the same members share them
	of      int          // members
	need    int
	line    line
	share   topology.Share
}

func (p painter) tie(l *topology.Link) tie {
	t := tie{members: &l.Members[0], of: len(l.Members), need: l.Need, line: needs}
	switch {
	case l.Pool >= 0:
		t.line, t.share = loads, p.t.Pools()[l.Pool].Share
	case l.Start:
		t.line = starts
	}
	return t
}

// text says how many of the members are needed, and how load is split over them.
func (t tie) text() string {
	var parts []string
	switch {
	case t.need == 0:
		parts = append(parts, "optional")
	case t.need < t.of:
		parts = append(parts, fmt.Sprintf("needs %d of %d", t.need, t.of))
	case t.of > 1:
		parts = append(parts, fmt.Sprintf("needs all %d", t.of))
	}
	if t.line == loads && t.share != topology.Equal && t.of > 1 {
		parts = append(parts, string(t.share))
	}
	return strings.Join(parts, ", ")
}

// A bundle is the links from one group that are drawn alike.
type bundle struct {
	from int32
	tie  tie
}

// edges returns the edges between groups, in order of declaration of the owners and their links.
func (p painter) edges(g grouping) []edge {
	links := map[bundle]int{}
	var order []bundle
	members := map[*topology.ID][]topology.ID{}
	for id := range topology.ID(p.t.Len()) {
		for _, l := range p.t.Links(id) {
			b := bundle{g.of[id], p.tie(&l)}
			if links[b] == 0 {
				order = append(order, b)
			}
			links[b]++
			members[b.tie.members] = l.Members
		}
	}
	c := collector{known: map[edge]int{}}
	touched := map[*topology.ID][]int32{}
	for _, b := range order {
		groups, ok := touched[b.tie.members]
		if !ok {
			groups = g.among(members[b.tie.members])
			touched[b.tie.members] = groups
		}
		for _, to := range groups {
			c.add(edge{from: int(b.from), to: int(to), line: b.tie.line}, b.tie.text(), links[b])
		}
	}
	return c.labelled(g.fine)
}

// among returns the groups of components, each once, in order.
func (g grouping) among(ids []topology.ID) []int32 {
	seen := make([]bool, len(g.ids))
	var groups []int32
	for _, id := range ids {
		if group := g.of[id]; !seen[group] {
			seen[group] = true
			groups = append(groups, group)
		}
	}
	return groups
}

// A collector puts together the links of each edge.
type collector struct {
	known map[edge]int
	edges []edge
	texts [][]wording // by edge
}

// A wording is links that say the same.
type wording struct {
	text  string
	links int
}

func (c *collector) add(e edge, text string, links int) {
	i, ok := c.known[e]
	if !ok {
		i = len(c.edges)
		c.known[e] = i
		c.edges = append(c.edges, e)
		c.texts = append(c.texts, nil)
	}
	for j := range c.texts[i] {
		if c.texts[i][j].text == text {
			c.texts[i][j].links += links
			return
		}
	}
	c.texts[i] = append(c.texts[i], wording{text, links})
}

// labelled returns the edges. Where the owners of a group are not linked alike, the links are counted.
func (c *collector) labelled(alike bool) []edge {
	for i, texts := range c.texts {
		var parts []string
		for j, part := range texts {
			if j == 2 && len(texts) > 3 {
				parts = append(parts, "and others")
				break
			}
			if label := part.label(alike); label != "" {
				parts = append(parts, label)
			}
		}
		c.edges[i].label = short(strings.Join(parts, "; "), maxLine)
	}
	return c.edges
}

func (w wording) label(alike bool) string {
	switch {
	case alike:
		return w.text
	case w.text == "":
		return phrase.Plural(w.links, "link")
	default:
		return fmt.Sprintf("%s × %s", topology.Quantity(float64(w.links), ""), w.text)
	}
}
