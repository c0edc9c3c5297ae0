package ganeti

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// What a cluster tag begins with that says what tags of nodes or instances mean; its rest is what these begin with.
const (
	locationPrefix  = "htools:nlocation:"
	exclusionPrefix = "htools:iextags:"
)

// maxTags is the most tags of one sort that the cluster, a node or an instance has.
const maxTags = 100

// readTag keeps tags of the cluster that say what other tags mean.
func (r *reader) readTag() {
	tag := strings.Join(r.fields, "|")
	r.keep(&r.places, tag, locationPrefix)
	r.keep(&r.exclusions, tag, exclusionPrefix)
}

func (r *reader) keep(all *[]string, tag, prefix string) {
	rest, ok := strings.CutPrefix(tag, prefix)
	rest = strings.TrimSpace(rest)
	if !ok || rest == "" || slices.Contains(*all, rest) {
		return
	}
	if *all = append(*all, rest); len(*all) > maxTags {
		r.stop("more than %d cluster tags %s…", maxTags, prefix)
	}
}

// sortTags finds out what the tags of nodes and instances mean, once those of the cluster are known.
func (r *reader) sortTags() {
	var colons []string
	for _, place := range r.places {
		colons = append(colons, place+":")
	}
	known := map[string]int{}
	for k := range r.nodes {
		n := &r.nodes[k]
		for _, tag := range r.matches(n.tags, colons, n.line, n.id(), "locations") {
			if _, ok := known[tag]; !ok {
				known[tag] = len(r.locations)
				r.locations = append(r.locations, location{tag: tag, kind: kindOf(tag)})
			}
			n.locations = append(n.locations, known[tag])
		}
		slices.Sort(n.locations)
	}
	for k := range r.instances {
		i := &r.instances[k]
		i.services = r.matches(i.tags, r.exclusions, i.line, i.id(), "exclusion tags")
	}
}

// matches returns those tags of an object that begin with one of the prefixes, each once.
func (r *reader) matches(tags string, prefixes []string, line int, id, sort string) []string {
	var all []string
	for tag := range strings.SplitSeq(tags, ",") {
		tag = strings.TrimSpace(tag)
		begins := func(prefix string) bool { return strings.HasPrefix(tag, prefix) }
		if !slices.ContainsFunc(prefixes, begins) || slices.Contains(all, tag) {
			continue
		}
		if all = append(all, tag); len(all) > maxTags {
			r.fault(topology.Fault{File: r.file, Line: line, Column: 1, Component: id, Field: "tags", Reason: topology.TooLarge,
				Text: fmt.Sprintf("more than %d of them are %s", maxTags, sort)})
			return nil
		}
	}
	return all
}

// kindOf returns the kind of a location: what stands first in its tag, if that is not the kind of anything else.
// It has no slash, and so it is nobody's name.
func kindOf(tag string) string {
	kind := tag[:strings.IndexAny(tag, ":/")]
	if kind == "" || kind == "node" || kind == "instance" {
		return "location"
	}
	return kind
}

// shared returns what two rising lists have in common.
func shared(a, b []int) []int {
	var both []int
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); ok {
			both = append(both, x)
		}
	}
	return both
}
