package main

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// text writes the answer for people.
func (a *answer) text(file string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s, of which %s mirrored.\n", file, count(len(a.c.nodes), "node"), count(len(a.c.instances), "instance"), isAre(len(a.c.of(mirrored))))
	for _, o := range a.whole.intact {
		fmt.Fprintf(&b, "With nothing lost %s is over already: %s.\n", a.c.nodes[o.node].name, o)
	}
	bad := a.whole.badNodes()
	switch {
	case len(bad) > 0:
		fmt.Fprintf(&b, "Not N+1: %s bad: with another lost, more would run there than memory allows. %s a disk on such a node.\n",
			are(len(bad), "node"), have(len(a.badInstances()), "instance"))
	case len(a.c.of(mirrored)) > 0:
		b.WriteString("N+1 for what is mirrored: whichever node is lost, its instances find memory on their secondaries.\n")
		if l, ok := a.whole.closest(); ok {
			fmt.Fprintf(&b, "  At most %s of a node's memory is used: of %s, without %s.\n", topology.Quantity(100*l.use, "%"), l.fullest, a.c.nodes[l.node].name)
		}
	case len(a.c.instances) == len(a.c.of(absent)):
		b.WriteString("Nothing runs here that could be lost.\n")
	default:
		b.WriteString("Nothing is mirrored.\n")
	}
	a.c.describe(&b, a.whole)
	if a.now != nil && len(a.c.of(mirrored)) > 0 {
		a.describeNow(&b)
	}
	a.unknown(&b)
	return b.String()
}

// describe writes one line for each node that some loss takes above its capacity: the worst for it, then the others.
func (c *cluster) describe(b *strings.Builder, v view) {
	width := 0
	for _, k := range v.badNodes() {
		width = max(width, len(c.nodes[k].name))
	}
	for _, k := range v.badNodes() {
		worst, without := v.worst(k)
		if len(without) > 0 {
			fmt.Fprintf(b, "  %-*s  needs %s without %s%s\n", width, c.nodes[k].name, worst, c.nodes[without[0]].name, c.also(without[1:]))
		}
	}
}

// worst returns the highest load of a node, and the losses that take it above its capacity, that one first; none if they
// change nothing for it.
func (v view) worst(k int) (worst overflow, without []int) {
	for _, o := range v.intact {
		if o.node == k {
			worst = o
		}
	}
	for _, l := range v.losses {
		for _, o := range l.overflow {
			switch {
			case o.node == k && o.load > worst.load:
				worst, without = o, append([]int{l.node}, without...)
			case o.node == k && len(without) > 0:
				without = append(without, l.node)
			}
		}
	}
	return worst, without
}

// describeNow writes what differs when the nodes that are offline are gone.
func (a *answer) describeNow(b *strings.Builder) {
	var gone []string
	for _, n := range a.c.nodes {
		if n.offline {
			gone = append(gone, n.name)
		}
	}
	fmt.Fprintf(b, "Now, with %s offline: ", strings.Join(topology.Fold(gone), ", "))
	if !a.now.fails() {
		b.WriteString("the same, whichever node is lost next.\n")
		return
	}
	b.WriteString("the next loss is too much.\n")
	for _, o := range a.now.intact {
		fmt.Fprintf(b, "  %s is over already: %s\n", a.c.nodes[o.node].name, o)
	}
	a.c.describe(b, *a.now)
	for _, l := range a.now.losses {
		if len(l.stranded) == 0 {
			continue
		}
		names := make([]string, len(l.stranded))
		for k, i := range l.stranded {
			names[k] = a.c.instances[i].name
		}
		fmt.Fprintf(b, "  without %s nowhere to run: %s\n", a.c.nodes[l.node].name, strings.Join(topology.Fold(names), ", "))
	}
}

// unknown writes what the answer does not cover, and why.
func (a *answer) unknown(b *strings.Builder) {
	for _, g := range []struct {
		fate   fate
		reason string
	}{
		{placed, "Not determined for %s (%s): without a fixed secondary a scheduler chooses the node, and whether whole instances fit is a packing problem."},
		{local, "Not covered: %s (%s) with the disks on one node alone; no memory elsewhere helps."},
		{kept, "Left out, as Ganeti does: %s (%s) not to be balanced automatically."},
		{absent, "Left out, as Ganeti does: %s (%s) that are planned or marked offline."},
	} {
		if all := a.c.of(g.fate); len(all) > 0 {
			fmt.Fprintf(b, g.reason+"\n", count(len(all), "instance"), namesOf(all))
		}
	}
	stopped := 0
	for _, i := range a.c.of(mirrored) {
		if i.status != "running" && i.status != "ERROR_up" {
			stopped++
		}
	}
	if stopped > 0 {
		fmt.Fprintf(b, "%s stopped, and counted as if running, as Ganeti does.\n", are(stopped, "instance"))
	}
}

// String writes an overflow: "384 of 256 MiB, 128 MiB too much (150 %)".
func (o overflow) String() string {
	return fmt.Sprintf("%s of %s, %s too much (%s)", topology.Quantity(o.load, ""), topology.Quantity(o.capacity, "MiB"),
		topology.Quantity(o.load-o.capacity, "MiB"), topology.Quantity(100*o.load/o.capacity, "%"))
}

func namesOf(all []instance) string {
	names := make([]string, len(all))
	for k, i := range all {
		names[k] = i.name
	}
	folded := topology.Fold(names)
	if len(folded) > 4 {
		folded = append(folded[:4:4], "…")
	}
	return strings.Join(folded, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return topology.Quantity(float64(n), what+"s")
}

func are(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return count(n, what) + " are"
}

func isAre(n int) string {
	if n == 1 {
		return "1 is"
	}
	return topology.Quantity(float64(n), "are")
}

func have(n int, what string) string {
	if n == 1 {
		return "1 " + what + " has"
	}
	return count(n, what) + " have"
}

func (c *cluster) also(nodes []int) string {
	if len(nodes) == 0 {
		return ""
	}
	names := make([]string, len(nodes))
	for k, n := range nodes {
		names[k] = c.nodes[n].name
	}
	return "; too much also without " + strings.Join(topology.Fold(names), ", ")
}
