package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

// String writes the answer for people, and what the importer found.
func (a *answer) String() string {
	var b strings.Builder
	mirrored := 0
	for _, id := range a.instances {
		if a.mirrored(id) {
			mirrored++
		}
	}
	fmt.Fprintf(&b, "%s: %s, %s, of which %s mirrored.\n", a.t.Spec().Name, count(len(a.nodes), "node"), count(len(a.instances), "instance"), isAre(mirrored))
	for _, o := range a.whole.intact {
		fmt.Fprintf(&b, "With nothing lost %s is over already: %s.\n", a.called(o.node), o)
	}
	a.verdict(&b, mirrored)
	a.describe(&b, a.whole)
	if a.now != nil && mirrored > 0 {
		a.describeNow(&b)
	}
	if a.places != nil && mirrored > 0 {
		a.describePlaces(&b)
	}
	if len(a.findings) > 0 {
		fmt.Fprintf(&b, "Found in the file:\n  %s\n", strings.ReplaceAll(a.findings.String(), "\n", "\n  "))
	}
	return b.String()
}

func (a *answer) verdict(b *strings.Builder, mirrored int) {
	bad := a.whole.badNodes()
	switch {
	case len(bad) > 0:
		fmt.Fprintf(b, "Not N+1: %s bad: with another lost, more would run there than memory allows. %s a disk on such a node.\n",
			are(len(bad), "node"), have(len(a.badInstances()), "instance"))
	case mirrored > 0:
		b.WriteString("N+1 for what is mirrored: whichever node is lost, its instances find memory on their secondaries.\n")
		if l, ok := a.whole.closest(); ok {
			fmt.Fprintf(b, "  At most %s of what a node has for instances is used: of %s, without %s.\n", topology.Quantity(100*l.use, "%"), bare(l.fullest), a.called(l.of))
		}
	case len(a.instances) == 0:
		b.WriteString("Nothing runs here that could be lost.\n")
	default:
		b.WriteString("Nothing is mirrored.\n")
	}
}

// describe writes one line for each node that some loss takes above its capacity: the worst for it, then the others.
func (a *answer) describe(b *strings.Builder, v view) {
	width := 0
	for _, id := range v.badNodes() {
		width = max(width, utf8.RuneCountInString(a.called(id)))
	}
	for _, id := range v.badNodes() {
		worst, without := v.worst(id)
		if len(without) == 0 {
			continue
		}
		fmt.Fprintf(b, "  %-*s  needs %s without %s", width, a.called(id), worst, a.called(without[0]))
		if len(without) > 1 {
			b.WriteString("; too much also without " + a.list(without[1:]))
		}
		b.WriteString("\n")
	}
}

// worst returns the highest load of a node, and the losses that take it above its capacity, that one first; none if they
// change nothing for it.
func (v view) worst(node topology.ID) (worst overflow, without []topology.ID) {
	for _, o := range v.intact {
		if o.node == node {
			worst = o
		}
	}
	for _, l := range v.losses {
		for _, o := range l.overflow {
			switch {
			case o.node == node && o.load > worst.load:
				worst, without = o, append([]topology.ID{l.of}, without...)
			case o.node == node && len(without) > 0:
				without = append(without, l.of)
			}
		}
	}
	return worst, without
}

// describeNow writes what differs when the nodes that are offline are gone.
func (a *answer) describeNow(b *strings.Builder) {
	fmt.Fprintf(b, "Now, with %s offline: ", a.list(a.offline))
	if !a.now.fails() {
		b.WriteString("the same, whichever node is lost next.\n")
		return
	}
	b.WriteString("the next loss is too much.\n")
	for _, o := range a.now.intact {
		fmt.Fprintf(b, "  %s is over already: %s\n", a.called(o.node), o)
	}
	a.describe(b, *a.now)
	a.stranded(b, *a.now)
}

// describePlaces writes what the loss of a location does, which is more than N+1 asks.
func (a *answer) describePlaces(b *strings.Builder) {
	if !a.places.fails() {
		b.WriteString("The same without any one location.\n")
		return
	}
	b.WriteString("Beyond N+1, the loss of a location is too much.\n")
	a.describe(b, *a.places)
	a.stranded(b, *a.places)
}

// stranded writes one line for each loss that leaves instances without a node.
func (a *answer) stranded(b *strings.Builder, v view) {
	for _, l := range v.losses {
		if len(l.stranded) > 0 {
			fmt.Fprintf(b, "  without %s nowhere to run: %s\n", a.called(l.of), a.list(l.stranded))
		}
	}
}

// String writes an overflow: "384 of 256 MiB, 128 MiB too much (150 %)".
func (o overflow) String() string {
	return fmt.Sprintf("%s, %s too much (%s)", topology.LoadOf(o.load, o.capacity, "MiB"), topology.Quantity(o.load-o.capacity, "MiB"),
		topology.Quantity(100*o.load/o.capacity, "%"))
}

// called returns what Ganeti calls a node, an instance or a location.
func (a *answer) called(id topology.ID) string { return bare(a.t.Name(id)) }

func bare(component string) string {
	_, name, _ := strings.Cut(component, "/")
	return name
}

func (a *answer) list(ids []topology.ID) string {
	names := make([]string, len(ids))
	for k, id := range ids {
		names[k] = a.called(id)
	}
	return strings.Join(topology.Fold(names), ", ")
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
