package openpsa

import (
	"fmt"
	"maps"
	"strings"
	"unicode"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxPath       = 400       // bytes of a name, with those of its containers
	maxAttributes = 2_000_000 // of all elements, those of their containers counted for each
)

// A sort is what an item is declared as.
type sort string

const (
	gate       sort = "gate"
	basicEvent sort = "basic event"
	houseEvent sort = "house event"
	parameter  sort = "parameter"
)

// The elements that declare items, and those that refer to events.
var (
	declared = map[string]sort{
		"define-gate": gate, "define-basic-event": basicEvent, "define-house-event": houseEvent, "define-parameter": parameter,
	}
	referred = map[string]sort{"event": "", "gate": gate, "basic-event": basicEvent, "house-event": houseEvent}
)

// An item is a gate, a basic event, a house event or a parameter.
type item struct {
	*element // that declares it
	sort
	name       string // unique among events, and among parameters
	scope      *scope
	attributes map[string]string

	formula  *formula // of a gate
	above    bool     // of a gate: another one refers to it
	constant truth    // of a gate that constants decide, and of a house event
	value    value    // of a basic event or a parameter
	group    *group   // that a basic event is in
	index    int      // among those that are sorted, or among the members of its group
}

// unmodelled are elements that belong to the format, and that are passed over.
const unmodelled = ` define-event-tree define-functional-event define-initiating-event define-rule define-sequence define-consequence
 define-consequence-group define-alignment define-mission define-phase define-substitution define-extern-library
 define-extern-function define-group define-exclusive-group `

// declareModel declares what a file holds.
func (r *reader) declareModel(root *element) {
	if root.tag != "opsa-mef" {
		r.fault(root.place, "", "", topology.BadSyntax, "<%s> where <opsa-mef> begins a model in Open-PSA MEF", root.tag)
		return
	}
	if r.name == "" {
		r.name = root.attr("name")
	}
	r.declareAll(root, r.root)
}

// declareAll declares what a container holds.
func (r *reader) declareAll(of *element, s *scope) {
	for _, e := range of.content() {
		switch sort, ok := declared[e.tag]; {
		case ok:
			r.declare(e, s, sort)
		case e.tag == "model-data":
			r.declareAll(e, s)
		case e.tag == "define-fault-tree" || e.tag == "define-component":
			r.container(e, s)
		case e.tag == "define-CCF-group":
			r.declareGroup(e, s)
		case e.tag == "include" || e.tag == "import":
			r.notRead = append(r.notRead, e.named())
		case strings.Contains(unmodelled, " "+e.tag+" "):
			r.unmodelled = append(r.unmodelled, strings.TrimSpace(strings.TrimPrefix(e.tag, "define-")+" "+e.attr("name")))
		default:
			r.fault(e.place, "", "", topology.BadSyntax, "<%s> does not belong in <%s>", e.tag, of.tag)
		}
	}
}

// named returns the file that an element names.
func (e *element) named() string {
	for _, a := range e.attrs {
		if a.Value != "" {
			return a.Value
		}
	}
	return "a file without a name"
}

// container declares what a fault tree or a component holds.
func (r *reader) container(e *element, s *scope) {
	name, ok := r.nameOf(e, s)
	if !ok {
		return
	}
	if r.name == "" {
		r.name = name
	}
	inner := s.inner[name]
	if inner == nil {
		inner = newScope(s, s.full(name))
		s.inner[name] = inner
	}
	inner.private = r.private(e, s)
	inner.attributes = r.attributesOf(e, s.attributes)
	r.declareAll(e, inner)
}

// private reports whether an element is, by its role or else by that of its container.
func (r *reader) private(e *element, s *scope) bool {
	role := e.attr("role")
	if role != "" && role != "private" && role != "public" {
		r.fault(e.place, e.attr("name"), "role", topology.BadSyntax, "%s: it is private or public", quote(role))
	}
	return role == "private" || role == "" && s.private
}

// nameOf returns the name that an element gives, and whether that is one.
func (r *reader) nameOf(e *element, s *scope) (string, bool) {
	name := e.attr("name")
	switch {
	case name == "":
		r.fault(e.place, "", "name", topology.NotFound, "<%s> needs a name", e.tag)
	case strings.ContainsFunc(name, unicode.IsControl):
		r.fault(e.place, "", "name", topology.BadSyntax, "%s: a name has no control characters", quote(name))
	case len(s.full(name)) > maxPath:
		r.fault(e.place, "", "name", topology.TooLarge, "%s: a name has at most %d bytes, with those of its containers", quote(name), maxPath)
	default:
		return name, true
	}
	return "", false
}

// declare declares an item; nil if it has no name, or one that is taken.
func (r *reader) declare(e *element, s *scope, sort sort) *item {
	name, ok := r.nameOf(e, s)
	if !ok {
		return nil
	}
	r.declaring = r.declaring || e.tag == "define-basic-event"
	private := r.private(e, s)
	i := &item{element: e, sort: sort, scope: s, name: name, attributes: r.attributesOf(e, s.attributes)}
	if private {
		i.name = s.full(name)
	}
	k := key{sort == parameter, name}
	if other := r.other(i, k); other != nil {
		r.fault(e.place, i.name, "", topology.NotUnique, "declared as a %s, and before as a %s (%s)", sort, other.sort, other.where())
		return nil
	}
	s.own[k] = i
	if !private {
		r.public[k] = i
	}
	if sort != parameter {
		r.names[i.name] = i
	}
	r.items = append(r.items, i)
	return i
}

// other returns an item that has the name of i; nil if there is none.
func (r *reader) other(i *item, k key) *item {
	if other := i.scope.own[k]; other != nil {
		return other
	}
	if !k.parameter {
		return r.names[i.name]
	}
	if i.name == k.name {
		return r.public[k]
	}
	return nil
}

// where names the place of an element.
func (e *element) where() string { return fmt.Sprintf("%s:%d", e.file.name, e.line) }

// attributesOf returns those of an element, over those of its container, as labels: "label" is its label.
func (r *reader) attributesOf(e *element, outer map[string]string) map[string]string {
	all := maps.Clone(outer)
	set := func(name, value string) {
		if name != "" && value != "" {
			if all == nil {
				all = map[string]string{}
			}
			all[name] = label(value)
		}
	}
	if list := e.child("attributes"); list != nil {
		for _, a := range list.children {
			set(a.attr("name"), a.attr("value"))
		}
	}
	delete(all, "label") // of the container
	if l := e.child("label"); l != nil {
		set("label", strings.Join(strings.Fields(l.text), " "))
	}
	if r.attributes -= len(all); r.attributes < 0 {
		r.attributes = 0
		r.fault(e.place, e.attr("name"), "attributes", topology.TooLarge,
			"with this, the elements have more than %d attributes, those of their containers counted for each", maxAttributes)
		return nil
	}
	return all
}

// label writes the value of a label so that it is read as it is.
func label(value string) string {
	if strings.Contains(value, "{") {
		return pattern(value)
	}
	return value
}
