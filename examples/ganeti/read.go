package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A fault is something wrong in a file, in a line of it from 1; 0 is the whole.
type fault struct {
	file string
	line int
	text string
}

func (f fault) Error() string {
	if f.line == 0 {
		return fmt.Sprintf("%s: %s", f.file, f.text)
	}
	return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text)
}

// A reader keeps what it has read, and everything that is wrong with it.
type reader struct {
	file   string
	line   int
	faults []fault
	c      cluster
	byUUID map[string]int
	byName map[string]int
}

// read reads a cluster: groups, nodes, instances, cluster tags and policies, a blank line after each. A line has fields
// divided by "|", of which later versions of Ganeti added some at the end: those that are missing are taken as Ganeti
// does. Tags and policies have no part in the memory check, and are skipped. It returns all faults, in order of lines.
func read(file, text string) (*cluster, []fault) {
	r := &reader{file: file, byUUID: map[string]int{}, byName: map[string]int{}}
	sections := []func([]string){r.group, r.node, r.instance}
	section := 0
	for i, line := range strings.Split(text, "\n") {
		r.line = i + 1
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			section++
		} else if section < len(sections) {
			sections[section](strings.Split(line, "|"))
		}
	}
	r.line = 0
	switch {
	case section < 2:
		r.fault("it has too few sections: write groups, nodes and instances, with a blank line after each")
	case len(r.c.nodes) == 0 && len(r.faults) == 0:
		r.fault("it has no nodes: they stand in the second section, after the first blank line")
	}
	return &r.c, r.faults
}

func (r *reader) fault(format string, args ...any) {
	r.faults = append(r.faults, fault{r.file, r.line, fmt.Sprintf(format, args...)})
}

// enough reports whether a line has at least so many fields.
func (r *reader) enough(what string, fields []string, least int, names string) bool {
	if len(fields) >= least {
		return true
	}
	r.fault("%s with %d of at least %d fields: write %s", what, len(fields), least, names)
	return false
}

func (r *reader) group(f []string) {
	if !r.enough("a group", f, 2, "name|uuid|policy|tags") {
		return
	}
	if _, twice := r.byUUID[f[1]]; twice {
		r.fault("group %s: another has the uuid %s: give each its own", f[0], f[1])
	}
	r.byUUID[f[1]] = len(r.c.groups)
	r.c.groups = append(r.c.groups, group{f[0], f[1]})
}

func (r *reader) node(f []string) {
	if !r.enough("a node", f, 9, "name|total memory|node memory|free memory|total disk|free disk|cpus|offline|group uuid") {
		return
	}
	n := node{name: f[0], offline: f[7] == "Y" || slices.Contains(f[1:7], "?")}
	at := "node " + n.name
	if n.name == "" {
		r.fault("a node without a name: write it before the first |")
	}
	if _, twice := r.byName[n.name]; twice {
		r.fault("%s stands twice: give each node one line", at)
	}
	if !slices.Contains([]string{"Y", "N", "M"}, f[7]) {
		r.fault("%s: offline %q: write Y, N, or M for the master", at, f[7])
	}
	if group, ok := r.byUUID[f[8]]; ok {
		n.group = group
	} else {
		r.fault("%s: there is no group with the uuid %q: take it from the first section", at, f[8])
	}
	if f[1] != "?" {
		n.total = r.mebibytes(at+": total memory", f[1], 0)
	}
	if f[3] != "?" {
		n.free = r.mebibytes(at+": free memory", f[3], -most)
	}
	r.byName[n.name] = len(r.c.nodes)
	r.c.nodes = append(r.c.nodes, n)
}

// most is the most memory that a figure may give, in MiB: 95 TiB, small enough for one MiB too many to show.
const most = 1e8

func (r *reader) mebibytes(what, text string, least float64) float64 {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= least && x <= most) {
		r.fault("%s %q: write a number of MiB from %.0f to %.0f", what, text, least, most)
		return 0
	}
	return math.Trunc(x)
}

func (r *reader) instance(f []string) {
	if !r.enough("an instance", f, 9, "name|memory|disk|vcpus|status|auto balance|primary|secondary|template") {
		return
	}
	at := "instance " + f[0]
	i := instance{name: f[0], status: f[4], auto: f[5] == "Y", template: f[8], line: r.line, secondary: -1}
	i.memory = r.mebibytes(at+": memory", f[1], 0)
	r.oneOf(at+": status", i.status, statuses())
	r.oneOf(at+": auto balance", f[5], []string{"Y", "N"})
	r.oneOf(at+": disk template", i.template, templates())
	i.primary = r.lookup(at+": primary", f[6])
	if f[7] != "" {
		i.secondary = r.lookup(at+": secondary", f[7])
	} else if i.template == "drbd" {
		r.fault("%s: drbd without a secondary: name the node that mirrors its disks", at)
	}
	if f[6] == f[7] {
		r.fault("%s: %s is both its primary and its secondary: name two nodes", at, f[6])
	}
	if len(f) > 12 {
		r.oneOf(at+": forthcoming", f[12], []string{"Y", "N"})
		i.forthcoming = f[12] == "Y"
	}
	r.c.instances = append(r.c.instances, i)
}

func statuses() []string {
	return []string{"running", "ADMIN_down", "ADMIN_offline", "USER_down", "ERROR_down", "ERROR_up",
		"ERROR_nodedown", "ERROR_nodeoffline", "ERROR_wrongnode"}
}

func templates() []string {
	return []string{"drbd", "plain", "file", "diskless", "sharedfile", "blockdev", "rbd", "ext", "gluster"}
}

func (r *reader) oneOf(what, text string, known []string) {
	if !slices.Contains(known, text) {
		r.fault("%s %q: write one of %s", what, text, strings.Join(known, ", "))
	}
}

func (r *reader) lookup(what, name string) int {
	n, ok := r.byName[name]
	if !ok {
		r.fault("%s: there is no node %q: take it from the second section", what, name)
	}
	return n
}
