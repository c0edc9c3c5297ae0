package ganeti

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// The columns that are read.
const (
	nodeTotal, nodeOwn, nodeFree, nodeState, nodeGroup, nodeTags = 1, 2, 3, 7, 8, 10

	instanceMemory, instanceStatus, instanceAuto       = 1, 4, 5
	instancePrimary, instanceSecondary, instanceLayout = 6, 7, 8
	instanceTags, instancePlanned                      = 9, 12
)

// most is the most memory that a figure may give, in MiB: 95 TiB, small enough for one MiB too many to show.
const most = 1e8

// enough reports whether the line has at least so many columns.
func (r *reader) enough(what, columns string) bool {
	least := strings.Count(columns, "|") + 1
	if len(r.fields) < least {
		r.at("", "", -1, topology.BadSyntax, "%s with %d of at least %d columns: write %s",
			what, len(r.fields), least, columns)
	}
	return len(r.fields) >= least && !r.crowded()
}

// crowded reports, and says, that there are more nodes and instances than components of a topology.
func (r *reader) crowded() bool {
	if len(r.nodes)+len(r.instances) == topology.MaxComponents {
		r.stop("more than %d nodes and instances", topology.MaxComponents)
	}
	return r.full
}

func (r *reader) readGroup() {
	if !r.enough("a group", "name|uuid") {
		return
	}
	name, uuid := r.fields[0], r.fields[1]
	if _, twice := r.groups[uuid]; twice {
		r.at("group "+name, "uuid", 1, topology.NotUnique, "another group has %q: give each its own", uuid)
	}
	r.groups[uuid] = name
}

func (r *reader) readNode() {
	if !r.enough("a node", "name|total memory|node memory|free memory|total disk|free disk|cpus|offline|group uuid") {
		return
	}
	f := r.fields
	n := node{name: f[0], offline: f[nodeState] == "Y", unknown: slices.Contains(f[1:nodeState], "?"), line: r.line}
	r.checkName(n.id(), n.name)
	if _, twice := r.byName[n.name]; twice {
		r.at(n.id(), "", -1, topology.NotUnique, "it stands twice: give each node one line")
	}
	r.oneOf(n.id(), "offline", nodeState, []string{"Y", "N", "M"})
	group, ok := r.groups[f[nodeGroup]]
	if !ok {
		r.at(n.id(), "group uuid", nodeGroup, topology.NotFound,
			"there is no group with %q: take it from the first section", f[nodeGroup])
	}
	n.group = group
	if !n.down() { // else Ganeti does not look at figures either
		n.total = r.mebibytes(n.id(), "total memory", nodeTotal, 0)
		n.own = r.mebibytes(n.id(), "node memory", nodeOwn, -most)
		n.free = r.mebibytes(n.id(), "free memory", nodeFree, -most)
	}
	n.tags = r.optional(nodeTags)
	r.byName[n.name] = len(r.nodes)
	r.nodes = append(r.nodes, n)
}

func (r *reader) readInstance() {
	if !r.enough("an instance", "name|memory|disk|vcpus|status|auto balance|primary|secondary|disk template") {
		return
	}
	f := r.fields
	i := instance{called: f[0], status: f[instanceStatus], template: f[instanceLayout], auto: f[instanceAuto] == "Y",
		secondary: -1, forthcoming: r.optional(instancePlanned) == "Y", tags: r.optional(instanceTags), line: r.line}
	i.name = r.unique(i.called)
	i.memory = r.mebibytes(i.id(), "memory", instanceMemory, 0)
	r.oneOf(i.id(), "status", instanceStatus, statuses())
	r.oneOf(i.id(), "auto balance", instanceAuto, []string{"Y", "N"})
	r.oneOf(i.id(), "disk template", instanceLayout, templates())
	if len(f) > instancePlanned {
		r.oneOf(i.id(), "forthcoming", instancePlanned, []string{"Y", "N"})
	}
	i.primary = r.lookup(i.id(), "primary", instancePrimary)
	switch primary, secondary := f[instancePrimary], f[instanceSecondary]; {
	case secondary != "" && secondary == primary:
		r.at(i.id(), "secondary", instanceSecondary, topology.NotUnique, "%q is its primary too: name two nodes", secondary)
	case secondary != "":
		i.secondary = r.lookup(i.id(), "secondary", instanceSecondary)
	case i.template == "drbd":
		r.at(i.id(), "secondary", instanceSecondary, topology.NotFound,
			"there is none: name the node to which drbd mirrors its disks")
	}
	r.instances = append(r.instances, i)
}

// unique returns the name for an instance: its own or, if another has that or it has none, with its line.
func (r *reader) unique(called string) string {
	name := called
	if r.names[name] || name == "" {
		name = strings.TrimLeft(fmt.Sprintf("%s (line %d)", called, r.line), " ")
	}
	r.checkName("instance/"+name, name)
	if r.names[name] {
		r.at("instance/"+name, "", -1, topology.NotUnique, "it stands twice: give each instance one line")
	}
	r.names[name] = true
	return name
}

func (r *reader) checkName(id, name string) {
	if name == "" || strings.TrimSpace(name) != name {
		r.at(id, "name", 0, topology.BadSyntax, "%q: write a name that neither begins nor ends with a space", name)
	}
}

// optional returns a column that later versions added; "" if the line does not have it.
func (r *reader) optional(column int) string {
	if column < len(r.fields) {
		return r.fields[column]
	}
	return ""
}

func (r *reader) mebibytes(id, field string, column int, least float64) float64 {
	x, err := strconv.ParseFloat(r.fields[column], 64)
	if err != nil || !(x >= least && x <= most) {
		r.at(id, field, column, topology.BadNumber, "%q: write a number of MiB from %.0f to %.0f",
			r.fields[column], least, most)
		return 0
	}
	return math.Trunc(x)
}

func (r *reader) oneOf(id, field string, column int, known []string) {
	if !slices.Contains(known, r.fields[column]) {
		r.at(id, field, column, topology.BadSyntax, "%q: write one of %s", r.fields[column], strings.Join(known, ", "))
	}
}

func (r *reader) lookup(id, field string, column int) int {
	n, ok := r.byName[r.fields[column]]
	if !ok {
		r.at(id, field, column, topology.NotFound, "there is no node %q: take it from the second section", r.fields[column])
	}
	return n
}

func statuses() []string {
	return []string{"running", "ADMIN_down", "ADMIN_offline", "USER_down", "ERROR_down", "ERROR_up",
		"ERROR_nodedown", "ERROR_nodeoffline", "ERROR_wrongnode"}
}

func templates() []string {
	return []string{"drbd", "plain", "file", "diskless", "sharedfile", "blockdev", "rbd", "ext", "gluster"}
}
